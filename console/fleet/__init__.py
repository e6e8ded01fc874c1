"""The fleet file: TOML in, typed structs out, and every problem told at once with its file, line and key."""

from console.fleet.read import FleetFile, load_fleet, read_fleet, split_key

__all__ = ["FleetFile", "load_fleet", "read_fleet", "split_key"]

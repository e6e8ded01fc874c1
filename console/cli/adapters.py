"""`meridian adapters`: which kinds of source this installation can read, and the settings of each."""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from console.adapters.base import Manifest
    from console.adapters.registry import Entry

WIDTH = 100


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("adapters", help="list the adapters, what they can do and their settings")
    parser.add_argument("name", nargs="?", help="only this adapter")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """List them; 1 where the one that was asked for cannot be used."""
    from console.adapters.registry import Registry

    registry = Registry()
    entries = (registry.entry(args.name),) if args.name else registry.entries()
    sys.stdout.write("\n\n".join("\n".join(lines(entry)) for entry in entries) + "\n")
    return int(bool(args.name) and entries[0].adapter is None)


def lines(entry: Entry) -> Iterator[str]:
    """One adapter as plain text."""
    if entry.adapter is None:
        yield f"{entry.name}  cannot be used"
        yield from _wrapped(entry.error, "  ")
        return
    manifest = entry.adapter.manifest
    abilities = ", ".join(sorted(manifest.capabilities))
    yield f"{manifest.name}  {manifest.vendor}"
    yield f"  {manifest.rung}: {abilities}; at most {manifest.requests_per_s:g} requests a second to one host"
    yield from _wrapped(manifest.summary, "  ")
    yield from _settings(manifest)


def _settings(manifest: Manifest) -> Iterator[str]:
    from console.adapters.source_settings import settings_of

    for setting in settings_of(manifest.config):
        yield f"    {setting.key}: {setting.holds} ({setting.needed})"
        yield from _wrapped(setting.help, "        ")


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent)

"""Meridian: an operations console for a fleet of Bitcoin-mining and HPC sites."""

__version__ = "0.1.0"

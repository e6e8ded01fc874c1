"""`meridian lan-sweep`: the process in which the lan adapter looks at miners; started by Meridian, not by people."""

from __future__ import annotations

import argparse
from typing import Any


def add_parser(subparsers: Any) -> None:
    """Without a help text, so that it is not listed."""
    subparsers.add_parser("lan-sweep", description=__doc__).set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Serve requests on stdin until it ends."""
    from console.adapters.lan.sweep_process import serve

    serve()
    return 0

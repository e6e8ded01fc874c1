"""`meridian lan-orders`: the process in which the lan adapter commands miners; started by Meridian, not by people."""

from __future__ import annotations

import argparse
from typing import Any


def add_parser(subparsers: Any) -> None:
    """Without a help text, so that it is not listed."""
    subparsers.add_parser("lan-orders", description=__doc__).set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Serve orders on stdin until it ends."""
    from console.adapters.lan.order_process import serve

    serve()
    return 0

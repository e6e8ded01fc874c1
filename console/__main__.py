"""The command line: one subcommand a module of `console.cli`; no subcommand opens the desktop."""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import sys
from collections.abc import Sequence
from contextlib import suppress

from console import __version__, cli
from console.domain.errors import MeridianError

DESKTOP = "open_desktop"  # the module that runs when no subcommand is named


def build_parser() -> argparse.ArgumentParser:
    """The whole command line.

    Each module under `console/cli` offers `add_parser(subparsers)` and `run(args) -> int`, and imports what is
    heavy only inside `run`: the first paint must not wait for code that another subcommand needs.
    """
    parser = argparse.ArgumentParser(prog="meridian", description="Operations console for a mining and HPC fleet.")
    parser.add_argument("--version", action="version", version=f"meridian {__version__}")
    names = sorted(module.name for module in pkgutil.iter_modules(cli.__path__))
    if DESKTOP in names:
        desktop = importlib.import_module(f"console.cli.{DESKTOP}")
        desktop.add_arguments(parser)
        parser.set_defaults(run=desktop.run)
    subparsers = parser.add_subparsers(title="subcommands", metavar="SUBCOMMAND", required=DESKTOP not in names)
    for name in names:
        module = importlib.import_module(f"console.cli.{name}")
        if hasattr(module, "add_parser"):
            module.add_parser(subparsers)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand; 0 well, 1 a clear error on stderr, 2 wrong usage.

    Where nobody reads the answer to its end (`| head`) it is 1 without a word: not all of it was told.
    """
    args = build_parser().parse_args(argv)
    try:
        code = _run(args)
        if sys.stdout is not None:  # a program of Windows without a console has none
            sys.stdout.flush()
    except BrokenPipeError:
        _write_no_more()
        return 1
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        sys.stderr.write(f"meridian: cannot go on: {place}{error.strerror or error}\n")
        _write_no_more()
        return 1
    return code


def _run(args: argparse.Namespace) -> int:
    try:
        code: int = args.run(args)
    except MeridianError as error:
        sys.stderr.write(f"meridian: {error}\n")
        return 1
    return code


def _write_no_more() -> None:
    """What is still to be written would fail once more when Python ends, with a complaint of its own."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())

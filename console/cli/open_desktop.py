"""`meridian` without a subcommand: opens the desktop."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from console.cli.addresses import ADDRESSES
from console.cli.picture_file import picture_file

THEMES = ("dark", "print")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The desktop's own options, on the main parser."""
    parser.add_argument("--fleet", type=Path, metavar="FILE", help="the fleet file (default: the profile's own)")
    parser.add_argument("--profile", type=Path, metavar="DIR", help="where store, log and captures lie")
    parser.add_argument("--demo", action="store_true", help="start and show the simulated demo fleet")
    parser.add_argument("--offline", action="store_true", help="show the cached store only, ask no site")
    parser.add_argument("--read-only", action="store_true", help="disable every command")
    parser.add_argument("--after", type=float, metavar="SECONDS", help="leave after so long")
    picture = "with --after: save a picture (.png, .svg or .pdf) before leaving"
    parser.add_argument("--capture", type=picture_file, metavar="FILE", help=picture)
    parser.add_argument("--view", metavar="VIEW", help=f"{ADDRESSES} (default: where the last session was)")
    parser.add_argument("--size", type=size, metavar="WxH", help="size of the window in logical px")
    parser.add_argument("--scale", type=int, choices=(1, 2, 3), default=1, help="scale of the picture")
    parser.add_argument("--theme", choices=THEMES, default="dark", help="theme of the screen")


def size(text: str) -> tuple[int, int]:
    """`1920x1080` -> (1920, 1080); raises ArgumentTypeError on anything else."""
    width, cross, height = text.lower().partition("x")
    if not (cross and width.isdecimal() and height.isdecimal() and int(width) >= 640 and int(height) >= 400):
        raise argparse.ArgumentTypeError(f"found {text!r}, expected WxH of at least 640x400, as in 1920x1080")
    return int(width), int(height)


def run(args: argparse.Namespace) -> int:
    """Open the window, paint it, and only then import what it needs; stay until it is closed.

    Raises StoreMissing, before any window, where --offline finds nothing to show.
    """
    if args.offline:
        _require_store(args)

    from console.ui.first_light import Window
    from console.ui.process.application import make_application
    from console.ui.theme import THEMES as themes

    app = make_application()
    window = Window(themes[args.theme])
    window.open(args.size)

    from console.desktop import Options
    from console.desktop import run as fill

    options = Options(
        fleet=args.fleet,
        profile=args.profile,
        demo=args.demo,
        offline=args.offline,
        read_only=args.read_only,
        after_s=args.after,
        capture=args.capture,
        view=args.view,
        theme=args.theme,
        scale=args.scale,
    )
    code: int = fill(options, say, window)
    app.processEvents()  # what asked to be deleted is, before the application goes
    return code


def _require_store(args: argparse.Namespace) -> None:
    """Offline nothing fills a profile that was mistyped; to open it would also make its folder."""
    from console.settings import profile

    path = profile(args.profile, demo=args.demo).store
    if not path.exists():
        from console.store import StoreMissing

        raise StoreMissing(f"there is no store at {path}, and offline nothing fills one")


def say(line: str) -> None:
    """One line for whoever started us without a display."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()

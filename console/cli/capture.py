"""`meridian capture`: a stamped picture of a view from the store, without a window."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import Any

from console.cli.addresses import ADDRESSES
from console.cli.open_desktop import THEMES, size
from console.cli.picture_file import picture_file
from console.cli.reading import reader_of

LEAST_H, MOST_H = 1 / 60, 400 * 24.0  # the spans that a graph in the window reaches


def add_parser(subparsers: Any) -> None:
    """`capture` and its options."""
    parser = subparsers.add_parser("capture", help="save a picture of a view from the store", description=__doc__)
    parser.add_argument("view", metavar="VIEW", help=ADDRESSES)
    parser.add_argument("--out", type=picture_file, required=True, metavar="FILE", help="a .png, .svg or .pdf to write")
    parser.add_argument("--size", type=size, default=(1920, 1080), metavar="WxH", help="size in logical px")
    parser.add_argument("--scale", type=int, choices=(1, 2, 3), default=1, help="pixels a logical px")
    parser.add_argument("--theme", choices=THEMES, default="dark", help="dark as on the screen, print for paper")
    parser.add_argument("--profile", type=Path, metavar="DIR", help="where the store lies")
    parser.add_argument("--demo", action="store_true", help="the demo fleet's profile")
    parser.add_argument("--last", type=hours, metavar="HOURS", default=6.0, help="span of the plots (default: 6)")
    parser.add_argument("--view-only", action="store_true", help="leave out the bars of the window")
    parser.set_defaults(run=run)


def hours(text: str) -> float:
    """`6` -> 6.0; raises ArgumentTypeError for what no time bar can show."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not LEAST_H <= value <= MOST_H:
        raise argparse.ArgumentTypeError(
            f"found {text!r}, expected hours from {LEAST_H:.3f} (a minute) to {MOST_H:g} (400 days)"
        )
    return value


def run(args: argparse.Namespace) -> int:
    """0 with the picture written; raises StoreError, ConfigError or CaptureError."""
    from console.settings import profile as profile_at
    from console.ui.export.still import StillOptions, take_still

    reader_of(profile_at(args.profile, args.demo)).close()  # an older store is brought up to date before the picture

    options = StillOptions(
        view=args.view,
        out=args.out,
        size=args.size,
        scale=args.scale,
        theme=args.theme,
        profile=args.profile,
        demo=args.demo,
        span_s=round(args.last * 3600),
        window=not args.view_only,
    )
    code: int = take_still(options)
    return code

"""`meridian doctor`: can this machine run Meridian, and is the profile well?"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any


def add_parser(subparsers: Any) -> None:
    """`doctor` and its options."""
    parser = subparsers.add_parser("doctor", help="check this machine and the profile", description=__doc__)
    parser.add_argument("--profile", type=Path, metavar="DIR", help="where store, lock and link lie")
    parser.add_argument("--demo", action="store_true", help="the profile of the demo fleet")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when nothing is bad, 1 when something will not work; every finding is one line."""
    from console import settings
    from console.checkup import Level, check_up

    profile = settings.profile(args.profile, demo=args.demo)
    worst = Level.OK
    for finding in check_up(profile.folder, profile.store, _time_zones(profile.store)):
        sys.stdout.write(f"{finding.level:<5} {finding.topic:<18} {finding.text}\n")
        sys.stdout.flush()
        worst = Level.BAD if Level.BAD in (worst, finding.level) else worst
    return int(worst is Level.BAD)


def _time_zones(store: Path) -> tuple[str, ...]:
    """The time zones of the fleet as last loaded; none before the first start."""
    from console.domain.errors import StoreError
    from console.store import open_reader

    try:
        reader = open_reader(store)
        fleet = reader.fleet()
        reader.close()
    except StoreError:
        return ()
    return tuple(site.time_zone for site in fleet.sites) if fleet else ()

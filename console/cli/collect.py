"""`meridian collect`: the headless collector of a profile, also fit for systemd."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from console.collect.ending import Ending
    from console.domain.site import Fleet
    from console.settings import Profile

ONCE_S = 60.0


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The subcommand's arguments."""
    parser = subparsers.add_parser("collect", help="poll the fleet's sites into the store until told to end")
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--fleet", type=Path, metavar="FILE", help="the fleet file (default: the profile's own)")
    source.add_argument("--demo", action="store_true", help="start the simulated demo fleet and collect from it")
    parser.add_argument("--profile", type=Path, metavar="DIR", help="where store, lock and link lie")
    parser.add_argument("--once", action="store_true", help="poll every site once, print a line a site, then end")
    parser.add_argument("--refill", action="store_true", help="ask for the past again, also where it was cancelled")
    parser.add_argument("--read-only", action="store_true", help="command no site, whoever asks")
    parser.add_argument("--parent-pid", type=int, metavar="PID", help="end when this process is gone")
    parser.add_argument("--until-stdin-ends", action="store_true", help="end when standard input ends")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 well; 1 with `--once` when a site did not answer, and when the store's thread broke."""
    from console.collect.ending import Ending
    from console.collector import run as collect
    from console.credentials import Credentials
    from console.settings import profile as profile_at

    ending = Ending()
    ending.heed_signals()
    if args.parent_pid is not None:
        ending.watch_parent(args.parent_pid)
    if args.until_stdin_ends:
        ending.watch_stdin()
    profile = profile_at(args.profile, demo=args.demo)
    with ExitStack() as stack:
        fleet = _fleet(args, profile, stack)
        if args.once:
            return _once(fleet, profile, ending)
        return collect(fleet, profile, Credentials(), ending, refill=args.refill, read_only=args.read_only)


def _fleet(args: argparse.Namespace, profile: Profile, stack: ExitStack) -> Fleet:
    from console.demo import DemoFleet
    from console.fleet import load_fleet

    if args.demo:
        return stack.enter_context(DemoFleet())
    return load_fleet(args.fleet or profile.fleet)


def _once(fleet: Fleet, profile: Profile, ending: Ending) -> int:
    """Poll each site once and say how each answered."""
    from console.cli.table import site_lines
    from console.collector import run_once, wall_ms
    from console.credentials import Credentials
    from console.domain.fleet_state import judge
    from console.domain.link_state import Link
    from console.store import open_reader

    complete = run_once(fleet, profile, Credentials(), ending, ONCE_S)
    reader = open_reader(profile.store)
    now = judge(fleet, reader.rollups(), reader.links(), wall_ms())
    reader.close()
    sys.stdout.write("\n".join(site_lines(now)) + "\n")
    return 0 if complete and all(entry.link.link is Link.GOOD for entry in now.sites) else 1

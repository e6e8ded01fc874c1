"""`meridian simulate`: serves the demo fleet on this machine until it is told to end."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from console.simulator import DEFAULT_PORT

CREDENTIAL = "demo-site-api"  # what the fleet file calls the token, where one is asked for
CONTROL_CREDENTIAL = "demo-site-control"  # and the one that may command


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The subcommand's arguments."""
    parser = subparsers.add_parser("simulate", help="serve a simulated fleet that speaks the Site API")
    parser.add_argument("--miners", type=_some, metavar="N", help="about so many machines in all (default: 355,000)")
    parser.add_argument("--sites", type=_some, metavar="N", help="so many sites (default: 44)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="another seed is another past and present")
    parser.add_argument("--speed", type=_pace, default=1.0, metavar="X", help="weather and events run X times faster")
    parser.add_argument(
        "--fault", action="append", default=[], metavar="SITE=KIND",
        help="a site that misbehaves (`all` for every site): hang, drip, reset, truncated, 500, html, nan, gzip-bomb, "
        "wrong-units, mislabelled-units, clock-skew, redirect, 401, 429; or that takes orders and then "
        "accepts-and-does-nothing, applies-and-loses-the-answer, applies-half, answers-twice, wakes-low, "
        "fails-7-percent, or refuses; may be repeated",
    )  # fmt: skip
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--token", help="ask every client for this bearer token")
    parser.add_argument("--control-token", help="ask for this one where the site is commanded, and let it read too")
    parser.add_argument("--fleet-out", type=Path, metavar="FILE", help="write the fleet file with the real port")
    parser.add_argument("--parent-pid", type=int, metavar="PID", help="end when this process is gone")
    parser.add_argument("--until-stdin-ends", action="store_true", help="end when standard input ends")
    parser.set_defaults(run=run)


def _some(text: str) -> int:
    """A whole number above zero."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"found {text}, expected 1 or more")
    return number


def _pace(text: str) -> float:
    """A finite factor above zero."""
    number = float(text)
    if not 0.0 < number <= 10_000.0:
        raise argparse.ArgumentTypeError(f"found {text}, expected more than 0 and at most 10000")
    return number


def run(args: argparse.Namespace) -> int:
    """Serve until SIGTERM, SIGINT or the death of the parent; says `ready URL` on standard output."""
    from console.simulator.clock import Clock, wall_s
    from console.simulator.faults import parse_faults
    from console.simulator.fleet_file import fleet_toml
    from console.simulator.host import SiteHost
    from console.simulator.lifetime import Lifetime
    from console.simulator.plan import demo_sites, scaled
    from console.simulator.server import FleetServer

    lifetime = Lifetime()
    lifetime.heed_signals()
    plans = scaled(demo_sites(), args.sites, args.miners)
    clock = Clock(wall_s(), args.speed)
    hosts = {plan.id: SiteHost(plan, args.seed, clock) for plan in plans}
    server = FleetServer(args.port, hosts, args.token, parse_faults(args.fault, hosts), args.control_token)
    if args.fleet_out is not None:
        names = CREDENTIAL if args.token else None, CONTROL_CREDENTIAL if args.control_token else None
        args.fleet_out.write_text(fleet_toml(plans, server.base_url, *names), encoding="utf-8")
    if args.parent_pid is not None:
        lifetime.watch_parent(args.parent_pid)
    if args.until_stdin_ends:
        lifetime.watch_stdin()
    server.start()
    sys.stdout.write(f"ready {server.base_url}\n")
    sys.stdout.flush()
    lifetime.wait()
    server.end()
    return 0

"""`meridian command`: what the desktop does with a command, from a terminal: the same path, interlocks and audit."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

EXIT = """Exit code: 0 all verified; 1 refused, and nothing was sent; 3 partly, unverified or unknown. The password
comes from MERIDIAN_PASSWORD, a second person's from MERIDIAN_APPROVER_PASSWORD; else they are asked for."""
STEERS = {
    "pause": "send nothing more for now",
    "abort": "send nothing more for good",
    "cancel": "let a preview go",
    "confirm": "what would be taken back by itself stays",
}
WORDS = {
    "curtail": "let machines rest, least efficient first",
    "resume": "let machines hash again, most efficient first; or, with an ID, go on with a paused command",
    "power-target": "hold each machine at a power",
    "reboot": "start machines anew",
    "locate": "light the lamp of machines",
    "change-pool": "let machines work for another pool",
    "sleep-schedule": "let machines rest at hours of every day",
}


def add_parser(subparsers: Any) -> None:
    """One subcommand a verb, and those that look at commands and steer them."""
    parser = subparsers.add_parser("command", help="command machines, from a preview to the proof", description=__doc__)
    commands = parser.add_subparsers(metavar="VERB", required=True)
    for verb, words in WORDS.items():
        one = commands.add_parser(verb, help=words, description=f"{words.capitalize()}. {EXIT}")
        if verb == "resume":
            one.add_argument("id", nargs="?", metavar="ID", help="a paused or stopped command to go on with")
        _add_selection(one)
        _add_arguments(one, verb)
        _add_who(one)
        one.set_defaults(run=run_verb, verb=verb)
    for name, words in STEERS.items():
        one = commands.add_parser(name, help=words)
        one.add_argument("id", metavar="ID")
        _add_who(one)
        one.set_defaults(run=run_steer, steer=name)
    shown = commands.add_parser("list", help="the newest commands")
    shown.add_argument("--most", type=int, default=20, metavar="N")
    shown.set_defaults(run=run_list)
    one = commands.add_parser("show", help="one command: what was promised, and how far each batch is")
    one.add_argument("id", metavar="ID")
    one.set_defaults(run=run_show)
    for reading in (shown, one):
        _add_profile(reading)


def _add_selection(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("which machines")
    group.add_argument("--site", action="append", default=[], metavar="ID", help="a site; may be repeated")
    group.add_argument("--region", action="append", default=[], metavar="NAME", help="all sites of a region")
    group.add_argument("--fleet", action="store_true", help="every site")
    group.add_argument("--container", action="append", default=[], metavar="ID", help="a container of the one site")
    group.add_argument("--machines", type=Path, metavar="FILE", help="machines, a line each: ID, or SITE and ID")
    group.add_argument("--query", metavar="TEXT", help="the machines that `meridian query TEXT` finds")


def _add_arguments(parser: argparse.ArgumentParser, verb: str) -> None:
    if verb in ("curtail", "resume"):
        parser.add_argument("--power", metavar="20MW", help="what each site shall draw then (default: all of them)")
    if verb == "power-target":
        power = parser.add_mutually_exclusive_group(required=True)
        power.add_argument("--machine-power", metavar="3000W", help="for each machine")
        power.add_argument("--share", metavar="SHARE", help="of each machine's rated power, e.g. 80%%")
    if verb == "change-pool":
        parser.add_argument("--pool", required=True, metavar="URL", help="stratum+tcp://HOST:PORT")
        parser.add_argument("--worker", default="", metavar="NAME")
    if verb == "sleep-schedule":
        parser.add_argument(
            "--sleep", action="append", default=[], metavar="16:00-20:00", help="UTC; none: no schedule"
        )
    if verb == "locate":
        parser.add_argument("--off", action="store_true", help="put the lamp out")
    if verb not in ("reboot", "change-pool"):
        parser.add_argument("--revert-in", metavar="30min", help="take it back by itself unless it is confirmed")
    parser.add_argument("--emergency", action="store_true", help="stale sites too (supervisors)")
    parser.add_argument("--reason", metavar="TEXT", help="why; it stands in the audit")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--preview", action="store_true", help="only say what it would do")
    mode.add_argument("--execute", action="store_true", help="do it, and wait for the proof")
    parser.add_argument("--type", default="", metavar="NAME", help="the name that a fleet-wide command must be given")
    parser.add_argument("--approved-by", default="", metavar="NAME", help="the second person")


def _add_who(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as", dest="operator", default="", metavar="NAME", help="who asks (or MERIDIAN_OPERATOR)")
    _add_profile(parser)


def _add_profile(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="JSON, SI units, null for no value")
    parser.add_argument("--profile", type=Path, metavar="DIR", help="profile directory (default: your own)")
    parser.add_argument("--demo", action="store_true", help="the demo fleet's profile")


def run_verb(args: argparse.Namespace) -> int:
    """See EXIT; raises MeridianError with what keeps it from being asked at all."""
    from console.cli.command_errand import Errand
    from console.cli.command_wish import command_of

    if getattr(args, "id", None):
        args.steer = "resume"
        return run_steer(args)
    errand = Errand(args)
    try:
        return errand.carry_out(command_of(args, errand.reader, errand.fleet))
    finally:
        errand.close()


def run_steer(args: argparse.Namespace) -> int:
    """0 done, 1 refused."""
    from console.cli.command_errand import Errand
    from console.link.orders import Steer

    errand = Errand(args)
    try:
        return errand.steer(args.id, Steer(args.steer))
    finally:
        errand.close()


def run_list(args: argparse.Namespace) -> int:
    """Write the newest commands; 0."""
    from console.cli.command_text import list_lines, record_facts, write

    reader = _reader(args)
    try:
        records = reader.commands(most=args.most)
    finally:
        reader.close()
    write(args.json, [record_facts(record) for record in records], list_lines(records))
    return 0


def run_show(args: argparse.Namespace) -> int:
    """Write one command; raises MeridianError where there is none."""
    from console.cli.command_text import batch_lines, preview_lines, record_facts, record_lines, show_facts, write
    from console.domain.errors import StoreError

    reader = _reader(args)
    try:
        record, preview, batches = reader.command(args.id), reader.preview(args.id), reader.batches(args.id)
    finally:
        reader.close()
    if record is None:
        raise StoreError(f"there is no command {args.id!r}; `meridian command list` names them")
    shown = preview_lines(preview) if preview else []
    write(
        args.json,
        show_facts(record, preview, batches) if preview else record_facts(record),
        [*record_lines(record), *shown, *batch_lines(batches)],
    )
    return 0


def _reader(args: argparse.Namespace) -> Any:
    from console.cli.reading import reader_of
    from console.settings import profile as profile_at

    return reader_of(profile_at(args.profile, demo=args.demo))

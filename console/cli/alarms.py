"""`meridian alarms`: what stands now, what a shift hands over, and what a file of rules would have raised."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from console.cli.reading import reader_of
from console.domain.durations import DAY_MS, HOUR_MS

if TYPE_CHECKING:
    from console.domain.alarm_change import AlarmChange
    from console.operate.alarms.rules import RuleSet
    from console.store.reader import StoreReader


def add_parser(subparsers: Any) -> None:
    """`alarms list`, `alarms handover` and `alarms check`."""
    parser = subparsers.add_parser("alarms", help="list alarms, or try alarm rules on the past", description=__doc__)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    shown = commands.add_parser("list", help="the alarms that are not normal, as the screen orders them")
    _add_profile(shown)
    shown.set_defaults(run=run_list)
    shift = commands.add_parser("handover", help="who acted, what came, what stands and what is parked")
    shift.add_argument("--hours", type=float, default=8.0, metavar="N", help="how far back (default: %(default)g)")
    _add_profile(shift)
    shift.set_defaults(run=run_handover)
    check = commands.add_parser(
        "check",
        help="what a file of rules would have raised",
        description="Runs rules over the stored history and prints what they would have raised, against the targets of "
        "ISA-18.2. Ends with 1 where a measure is outside of what is manageable, or a rule is refused.",
    )
    check.add_argument("rules", nargs="?", type=Path, metavar="RULES", help="default: what the profile runs")
    check.add_argument("--days", type=float, default=30.0, metavar="N", help="how far back (default: %(default)g)")
    _add_profile(check)
    check.set_defaults(run=run_check)


def _add_profile(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--profile", type=Path, metavar="DIR", help="profile directory (default: your own)")
    parser.add_argument("--demo", action="store_true", help="the demo fleet's profile")
    parser.add_argument("--json", action="store_true", help="as JSON; no value is null")


def run_list(args: argparse.Namespace) -> int:
    """Write the alarms; 0. Raises StoreError where there is no store."""
    from console import settings
    from console.cli.alarms_text import alarm_facts, alarm_lines

    reader = reader_of(settings.profile(args.profile, demo=args.demo))
    try:
        alarms, titles = reader.alarms(), {rule.id: rule.title for rule in reader.alarm_rules()}
        flood = reader.flood()
    finally:
        reader.close()
    if args.json:
        _write_json([alarm_facts(alarm, titles) for alarm in alarms])
    else:
        sys.stdout.write("\n".join(alarm_lines(alarms, titles, flood, time.time_ns() // 1_000_000)) + "\n")
    return 0


def run_handover(args: argparse.Namespace) -> int:
    """Write the shift that ends now; 0. Raises StoreError where there is no store."""
    from console import settings
    from console.cli.alarms_text import handover_facts, handover_lines
    from console.domain.alarm_change import HistorySearch
    from console.domain.alarm_handover import hand_over
    from console.domain.errors import ConfigError

    if not 0 < args.hours <= 24 * 31:
        raise ConfigError((f"--hours: found {args.hours:g}, expected more than 0 and at most 744",))
    end_ms = time.time_ns() // 1_000_000
    start_ms = end_ms - round(args.hours * HOUR_MS)
    reader = reader_of(settings.profile(args.profile, demo=args.demo))
    try:
        lines = reader.alarm_history(HistorySearch(start_ms=start_ms, most=1_000_000))
        shift = hand_over(reader.alarms(), lines, start_ms, end_ms)
        titles = {rule.id: rule.title for rule in reader.alarm_rules()}
    finally:
        reader.close()
    if args.json:
        _write_json(handover_facts(shift, titles))
    else:
        sys.stdout.write("\n".join(handover_lines(shift, titles)) + "\n")
    return 0


def run_check(args: argparse.Namespace) -> int:
    """Write what the rules would have raised; 1 where that is more than anybody can manage."""
    from console import settings
    from console.cli.alarms_text import check_facts, check_lines
    from console.domain.alarm_measures import judged, measure
    from console.domain.errors import ConfigError
    from console.operate.alarms.rules_replay import untried

    if not 0 < args.days <= 3660:
        raise ConfigError((f"--days: found {args.days:g}, expected more than 0 and at most 3660",))
    profile = settings.profile(args.profile, demo=args.demo)
    rules = _rules(args.rules or profile.folder / "alarms.toml", named=args.rules is not None)
    reader = reader_of(profile)
    try:
        lines, span = _replayed(reader, rules, args.days)
    finally:
        reader.close()
    measures = measure(lines, *span)
    not_tried = untried(rules.rules)
    if args.json:
        _write_json(check_facts(measures, lines, rules, not_tried))
    else:
        sys.stdout.write("\n".join(check_lines(measures, lines, rules, not_tried)) + "\n")
    return int(any(one.grade == "bad" for one in judged(measures)))


def _rules(path: Path, named: bool) -> RuleSet:
    """The rules of a file over the shipped ones; raises ConfigError with all that is wrong with it."""
    from console import settings
    from console.operate.alarms.rules import load_rules, read_rules

    if named and not path.exists():
        read_rules(path, settings.resources())  # says in which way it cannot be read
    return load_rules(path, settings.resources())


def _replayed(reader: StoreReader, rules: RuleSet, days: float) -> tuple[list[AlarmChange], tuple[int, int]]:
    from console.domain.errors import StoreError
    from console.operate.alarms.rules_past import StoredPast
    from console.operate.alarms.rules_replay import replay

    fleet, newest_ms = reader.fleet(), reader.newest_ms()
    if fleet is None or newest_ms is None:
        raise StoreError("the store holds no history yet: start `meridian collect` on this profile first")
    past = StoredPast(reader, fleet, rules.rules, round(newest_ms - days * DAY_MS), newest_ms)
    return replay(fleet, rules.rules, past.places()), (past.start_ms, past.end_ms)


def _write_json(value: object) -> None:
    import msgspec

    sys.stdout.write(msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n")

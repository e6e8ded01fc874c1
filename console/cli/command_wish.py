"""Reads from the command line which machines are meant and what is asked of them; asks the store, and nobody else."""

from __future__ import annotations

import argparse
import re
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from console.domain.command import Arguments, Command, Selector, SleepWindow, Verb
from console.domain.errors import ConfigError, UnitError
from console.domain.units import Dimension, parse

if TYPE_CHECKING:
    from console.domain.site import Fleet
    from console.store.reader import StoreReader

SHARE = re.compile(r"\s*([0-9]{1,3}(?:\.[0-9]{1,3})?)\s*%\s*")
HOURS = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-3]):([0-5][0-9])")
ByName = dict[str, tuple[str, ...]]


def command_of(args: argparse.Namespace, reader: StoreReader, fleet: Fleet) -> Command:
    """The command that the arguments say; raises ConfigError, naming the option, for what cannot be meant."""
    if not args.reason:
        raise ConfigError(("--reason: found none, expected why this is done; it stands in the audit",))
    if not args.preview and not args.execute:
        raise ConfigError(("expected --preview (only say what it would do) or --execute (do it)",))
    return Command(
        id=uuid.uuid4().hex,
        verb=Verb(args.verb.replace("-", " ")),
        selector=selector_of(args, reader, fleet),
        reason=args.reason,
        by="",
        desk="",
        at_ms=time.time_ns() // 1_000_000,
        arguments=arguments_of(args),
        revert_after_s=_quantity(args, "revert_in", Dimension.DURATION),
        emergency=args.emergency,
    )


def arguments_of(args: argparse.Namespace) -> Arguments:
    """What the verb needs beyond its machines."""
    return Arguments(
        site_power_w=_quantity(args, "power", Dimension.POWER),
        machine_power_w=_quantity(args, "machine_power", Dimension.POWER),
        machine_share=_share(getattr(args, "share", None)),
        pool_url=getattr(args, "pool", ""),
        pool_worker=getattr(args, "worker", ""),
        led_on=not getattr(args, "off", False),
        sleep=tuple(_hours(text) for text in getattr(args, "sleep", ())),
    )


def _quantity(args: argparse.Namespace, name: str, dimension: Dimension) -> float | None:
    text = getattr(args, name, None)
    if text is None:
        return None
    try:
        return parse(text, dimension)
    except UnitError as error:
        raise ConfigError((f"--{name.replace('_', '-')}: {error}",)) from None


def _share(text: str | None) -> float | None:
    if text is None:
        return None
    found = SHARE.fullmatch(text)
    if found is None:
        raise ConfigError((f'--share: found "{text[:40]}", expected a percentage such as "80%"',))
    return float(found[1]) / 100


def _hours(text: str) -> SleepWindow:
    found = HOURS.fullmatch(text.strip())
    if found is None:
        raise ConfigError((f'--sleep: found "{text[:40]}", expected UTC hours such as "16:00-20:00"',))
    start_h, start_min, end_h, end_min = map(int, found.groups())
    return SleepWindow(start_h * 60 + start_min, end_h * 60 + end_min)


def selector_of(args: argparse.Namespace, reader: StoreReader, fleet: Fleet) -> Selector:
    """Whom the command is for, with the title that a fleet-wide one must be typed with."""
    sites = _sites(args, fleet)
    query = args.query or ""
    if query and args.machines:
        raise ConfigError(("--query and --machines: expected one of them",))
    if query:
        machines = _found(query, reader, fleet, sites)
    elif args.machines:
        machines = _listed(args.machines, fleet, sites)
    else:
        machines = {}
        if not sites:
            raise ConfigError(("which machines? expected --site, --region, --fleet, --machines or --query",))
    if args.container and (machines or len(sites) != 1):
        raise ConfigError(("--container: expected exactly one --site beside it, and no --machines or --query",))
    containers = {sites[0]: tuple(args.container)} if args.container else {}
    return Selector(tuple(machines) or sites, containers, machines, _title(args, fleet), query)


def _sites(args: argparse.Namespace, fleet: Fleet) -> tuple[str, ...]:
    known, regions = {site.id for site in fleet.sites}, fleet.regions()
    problems = [
        f"--site: the fleet has no {site}, only {', '.join(sorted(known))}" for site in args.site if site not in known
    ]
    problems += [
        f"--region: the fleet has no {name}, only {', '.join(regions)}" for name in args.region if name not in regions
    ]
    if problems:
        raise ConfigError(tuple(problems))
    of_regions = [site.id for site in fleet.sites if args.fleet or site.region in args.region]
    return tuple(dict.fromkeys([*args.site, *of_regions]))


def _title(args: argparse.Namespace, fleet: Fleet) -> str:
    if args.fleet:
        return fleet.name
    return " and ".join(args.region) if args.region and not args.site else ""


def _found(query: str, reader: StoreReader, fleet: Fleet, sites: Sequence[str]) -> ByName:
    from console.domain.query import parse_query
    from console.store.machines import machines

    table = machines(reader, fleet, time.time_ns() // 1_000_000)
    rows = table.select(parse_query(query)).tolist()
    pairs = ((str(table.text["site"][row]), str(table.text["id"][row])) for row in rows)
    found = _grouped(pair for pair in pairs if not sites or pair[0] in sites)
    if not found:
        raise ConfigError((f'--query: "{query}" finds no machine',))
    return found


def _listed(file: Path, fleet: Fleet, sites: Sequence[str]) -> ByName:
    """Machines by line; raises ConfigError, naming file and line."""
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError((f"{file}: cannot be read ({error})",)) from None
    known, pairs = {site.id for site in fleet.sites}, []
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if len(words) == 1 and len(sites) == 1:
            words = [sites[0], *words]
        if len(words) != 2 or words[0] not in known:
            raise ConfigError((f"{file}:{number}: found {line.strip()[:60]!r}, expected a site's id and a machine's",))
        pairs.append((words[0], words[1]))
    if not pairs:
        raise ConfigError((f"{file}: found no machine, expected one a line",))
    return _grouped(iter(pairs))


def _grouped(pairs: Iterator[tuple[str, str]]) -> ByName:
    found: dict[str, list[str]] = {}
    for site_id, machine in pairs:
        found.setdefault(site_id, []).append(machine)
    return {site_id: tuple(dict.fromkeys(machines)) for site_id, machines in found.items()}

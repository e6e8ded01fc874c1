"""`meridian check`: is a fleet file right, are its sources' settings, and does every site answer?"""

from __future__ import annotations

import argparse
import datetime as dt
import math
import queue
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from console.domain.errors import ConfigError
from console.domain.site import Site, Source

CONNECT_S = 20.0  # the whole reading of one site; all sites are read at once
GRACE_S = 0.5


def add_parser(subparsers: Any) -> None:
    """`check` and its options."""
    parser = subparsers.add_parser("check", help="check a fleet file and its sources", description=__doc__)
    parser.add_argument("fleet", type=Path, metavar="FLEET", help="the fleet file")
    parser.add_argument("--connect", action="store_true", help="also read every site once")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when all is well, 1 when a site did not answer; raises ConfigError with every problem of file and sources."""
    from console.adapters.registry import Registry
    from console.fleet import read_fleet, split_key

    registry = Registry()
    file = read_fleet(args.fleet, lambda source: _problems(registry, source))
    problems = [
        f"{file.place(site.id, key)}: {'.'.join(filter(None, ('site.source', key)))}: {what}"
        for site in file.fleet.sites
        for key, what in map(split_key, registry.check(site))
    ]
    if problems:
        raise ConfigError(tuple(problems))
    count = len(file.fleet.sites)
    sites = f"{count} site{'' if count == 1 else 's'}"
    sys.stdout.write(f"{args.fleet}: {file.fleet.name}, {sites}, no problem found\n")
    return _connect(registry, file.fleet.sites) if args.connect else 0


def _problems(registry: Any, source: Source) -> tuple[str, ...]:
    """What is wrong with a source's settings by themselves."""
    try:
        registry.config(source)
    except ConfigError as error:
        return error.problems
    return ()


@dataclass(frozen=True, slots=True)
class Answer:
    """How one site answered: `line` for people, and whether it was read at all."""

    site: Site
    line: str
    good: bool


def _connect(registry: Any, sites: tuple[Site, ...]) -> int:
    good = 0
    for answer in read_once(registry, sites):
        good += answer.good
        sys.stdout.write(f"{answer.site.id:<20} {answer.line}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{good} of {len(sites)} sites answered\n")
    return 0 if good == len(sites) else 1


def read_once(registry: Any, sites: Iterable[Site], within_s: float = CONNECT_S) -> Iterator[Answer]:
    """Read every site once, all at the same time; an answer as it comes, TooSlow for those that keep no deadline."""
    from console.credentials import Credentials

    waiting = {site.id: site for site in sites}
    answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
    secrets, ends_s = Credentials(), time.monotonic() + within_s
    for site in waiting.values():
        work = (registry, site, secrets, ends_s, answers)
        threading.Thread(target=_read, args=work, name=f"check {site.id}", daemon=True).start()
    while waiting:
        try:
            answer = answers.get(timeout=max(0.0, ends_s + GRACE_S - time.monotonic()))
        except queue.Empty:
            break
        del waiting[answer.site.id]
        yield answer
    for site in waiting.values():
        yield Answer(site, f"FAILED  TooSlow: no complete answer within {within_s:g} s", good=False)


def _read(registry: Any, site: Site, secrets: Any, ends_s: float, answers: queue.SimpleQueue[Answer]) -> None:
    """The whole life of one site's thread."""
    from console.adapters.base import Deadline
    from console.adapters.redaction import plain

    began_s = time.monotonic()
    try:
        reader = registry.open(site, secrets)
        try:
            reading = reader.read(Deadline(ends_s))
        finally:
            reader.close()
        answers.put(Answer(site, f"ok      {_summary(reading)}, in {time.monotonic() - began_s:.2f} s", good=True))
    except Exception as error:  # noqa: BLE001 - an adapter is foreign code, and this thread must answer
        answers.put(Answer(site, f"FAILED  {type(error).__name__}: {plain(str(error))}", good=False))


def _summary(reading: Any) -> str:
    """`1,234 miners, 1.33 EH/s, 30.1 MW, measured 12:00:03 UTC`."""
    frame = reading.frame
    measured = dt.datetime.fromtimestamp(frame.at_ms / 1000, dt.UTC)
    miners = len(reading.roster.miners) if reading.roster is not None else 0
    hashrate, power = (_total(reading, name) for name in ("hashrate_hs", "power_w"))
    figures = [f"{miners:,} miners", _scaled(hashrate, 1e15, "PH/s"), _scaled(power, 1e6, "MW")]
    return ", ".join([*figures, f"measured {measured:%Y-%m-%d %H:%M:%S} UTC"])


def _total(reading: Any, name: str) -> float:
    import numpy as np

    column = reading.frame.columns.get(name)
    if column is not None and np.isfinite(column).any():
        return float(np.nansum(column, dtype=np.float64))
    return float(reading.site_values.get(name, math.nan))


def _scaled(value: float, factor: float, unit: str) -> str:
    return f"{value / factor:.4g} {unit}" if math.isfinite(value) else f"no {unit}"

"""The collector's side of a soak: the real collector, its clock in fast motion and its sites in the same process."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from console import collector as collector_module
from console.adapters.base import Reader
from console.collect import poll, rounds
from console.collector import Collector
from console.domain.site import Fleet, Site
from console.settings import Profile
from tests.soak.measure import Book, growers, objects_by_type, process, store_files
from tests.soak.pace import DAY_MS, HOUR_MS, START_MS, FastTime, SharedMoment
from tests.soak.source import QuickSite, fleet_of, plans

STEP_MS = 20_000
TIDY_EVERY_H = 1.0


class QuickCollector(Collector):
    """The real one, but for the network."""

    sites: Callable[[Site], Reader]

    def _open(self, site: Site) -> Reader:
        return self.sites(site)


def begin(fleet: Fleet, profile: Profile, fast: FastTime, speed: float, plan_of: dict[str, Any]) -> QuickCollector:
    """A started collector that believes in `fast`."""
    replaced: list[Any] = [collector_module, rounds, poll]
    for module in replaced:
        module.time = fast
    replaced[0].wall_ms = fast.now_ms
    replaced[0].TIDY_FIRST_S = replaced[0].TIDY_EVERY_S = TIDY_EVERY_H * 3600 / speed
    made = QuickCollector(fleet, profile, lambda name: "")
    made.sites = lambda site: QuickSite(site, plan_of[site.id], fast.now_ms)
    made.start()
    return made


def turn(made: QuickCollector) -> None:
    """One step: who is due is polled, and every answer is taken, as the collector's own loop does."""
    made.rounds.turn()
    poller = made._poller
    while poller.next_deadline_s() != float("inf"):
        poller.woken.wait(5)
        made.rounds.turn()
    made._alarms.tick(made._links)


def run(folder: Path, days: float, speed: float, sites: int, miners: int) -> None:
    """Collect so many days, measuring every hour; ends early when the desktop's side is gone."""
    profile = Profile(folder / "profile").create()
    fast = FastTime(SharedMoment(folder / "moment"), speed)
    plan_of = {plan.id: plan for plan in plans(sites, miners)}
    made = begin(fleet_of(folder, sites, miners), profile, fast, speed, plan_of)
    book, parent = Book(folder / "collector.jsonl"), os.getppid()
    first = objects_by_type()
    end_ms, next_ms = START_MS + round(days * DAY_MS), START_MS + HOUR_MS
    try:
        while fast.now_ms() < end_ms and os.getppid() == parent:
            fast.step(STEP_MS)
            turn(made)
            if made._ingest.failure is not None:
                raise made._ingest.failure
            if fast.now_ms() >= next_ms:
                hour = (next_ms - START_MS) // HOUR_MS
                waiting = len(made._ingest._lanes.frames) + len(made._ingest._lanes.notes)
                book.add(hour=hour, queue=waiting, **process(), **store_files(profile.store))
                first = objects_by_type() if hour == round(days * 24 * 0.2) else first
                next_ms += HOUR_MS
        book.add(growers=growers(first, objects_by_type()), simulated_days=(fast.now_ms() - START_MS) / DAY_MS)
    finally:
        made.stop("the soak is over")


if __name__ == "__main__":
    run(Path(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5]))

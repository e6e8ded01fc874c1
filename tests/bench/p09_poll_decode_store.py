"""P9: the collector's whole path of 60 sites, beside fetching and decoding alone, and beside json.loads alone.

Processor time of this process on every side, not time on the wall: the path rests between frames on purpose (a
refresh of the totals is shared by the frames of 0.2 s), and a rest costs nobody anything.
"""

from __future__ import annotations

import gc
import json
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from console.adapters.base import Deadline
from console.adapters.budget import Budgets
from console.adapters.http import HttpSession, HttpSource
from console.adapters.siteapi.client import SiteApiSession
from console.adapters.siteapi.parse import Parser
from console.collect.ingest import Ingest
from console.collect.poll import Poller
from console.domain.site import Fleet, Site, Source
from console.link.messages import FrameStored
from console.store import open_writer
from tests.bench.harness import Measurement
from tests.bench.noise import make_fleet
from tests.bench.site_host import in_rows, site_host, telemetry

ID, TITLE, TARGET, UNIT = "P9", "poll, decode and store 60 sites x 8,000 miners", 2.0, "ms"
JSON_TARGET = 1.0
SITES, MINERS, ROUNDS = 60, 8_000, 7
UNLIMITED = 1e6


def measure() -> list[Measurement]:
    """Real polls with their roll-ups, totals and messages, against the same requests typed and thrown away."""
    with site_host(SITES, MINERS) as base_url, tempfile.TemporaryDirectory() as folder:
        fleet = _fleet(base_url)
        whole = _Collector(fleet, Path(folder) / "store.db")
        fetch = _Fetch(fleet)
        bodies = [telemetry(number, MINERS) for number in range(SITES)]
        rows = [in_rows(body) for body in bodies]
        works = (whole.round, fetch.round, lambda: _loads(bodies), lambda: _loads(rows))
        for work in works:
            work()
        taken = [[_processor_ms(work) for work in works] for _ in range(ROUNDS)]
        whole_ms, fetch_ms, json_ms, rows_ms = (statistics.median(column) for column in zip(*taken, strict=True))
        whole.close()
    note = f"({statistics.mean(map(len, bodies)) / 1000:.0f} kB a body)"
    return [
        Measurement(whole_ms, fetch_ms, UNIT, TARGET, note=note),
        Measurement(whole_ms, json_ms, UNIT, JSON_TARGET, part="json", note="beside json.loads of the same bodies"),
        Measurement(whole_ms, rows_ms, UNIT, JSON_TARGET, part="rows", note="beside json.loads of the same as rows"),
    ]


def _loads(bodies: list[bytes]) -> None:
    for body in bodies:
        json.loads(body)


def _processor_ms(work: Callable[[], object]) -> float:
    gc.collect()
    began_s = time.process_time()
    work()
    return (time.process_time() - began_s) * 1000


def _fleet(base_url: str) -> Fleet:
    fleet = make_fleet(SITES)
    sites = tuple(
        msgspec.structs.replace(site, source=Source("siteapi", {"base_url": f"{base_url}/sites/{number}"}))
        for number, site in enumerate(fleet.sites)
    )
    return msgspec.structs.replace(fleet, sites=sites)


def _session(site: Site) -> HttpSession:
    return HttpSession(HttpSource(base_url=site.source.settings["base_url"]), Budgets(UNLIMITED, UNLIMITED))


class _Collector:
    """The collector's own parts, from the poll's threads to the message of the stored frame."""

    def __init__(self, fleet: Fleet, store: Path) -> None:
        self.fleet, self.stored = fleet, threading.Semaphore(0)
        self.writer = open_writer(store)
        self.ingest = Ingest(self.writer, fleet, self._told, lambda error: None)
        self.ingest.start()
        self.poller = Poller(
            fleet.sites,
            lambda site: SiteApiSession(site.id, _session(site)),
            self.ingest.offer,
            lambda site_id: None,
            lambda: time.time_ns() // 1_000_000,
        )

    def _told(self, message: FrameStored) -> None:
        self.stored.release()

    def round(self) -> None:
        """Every site once, to the last message; one after another, as the spread schedule has them."""
        for site in self.fleet.sites:
            self.poller.start(site.id)
            while not (outcomes := self.poller.outcomes()):
                self.poller.woken.wait(10)
            assert all(outcome.error is None for outcome in outcomes), outcomes
        for _ in self.fleet.sites:
            assert self.stored.acquire(timeout=60), "a frame was not stored"

    def close(self) -> None:
        """Leave nothing open."""
        self.ingest.stop()
        self.poller.close()
        self.writer.close()


class _Fetch:
    """The same requests, decoded into the wire's typed structs and dropped."""

    def __init__(self, fleet: Fleet) -> None:
        self.lines = [(_session(site), Parser()) for site in fleet.sites]

    def round(self) -> None:
        """Every site once."""
        for line in self.lines:
            self._one(line)

    @staticmethod
    def _one(line: tuple[HttpSession, Parser]) -> None:
        http, parser = line
        parser.telemetry(http.get("/v1/telemetry", deadline=Deadline.after(60.0)).json_body())

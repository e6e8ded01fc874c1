"""Asks a host's Site API: telemetry every poll, the roster only when its version changes. Parses nothing itself."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

from console.adapters.base import Deadline
from console.adapters.http import HttpSession
from console.adapters.siteapi.machine import machine_detail
from console.adapters.siteapi.parse import Parser, TelemetryWire, columns_length, iso, reading
from console.domain.durations import DAY_MS
from console.domain.errors import BadAnswer, Unsupported
from console.domain.frame import HistoryChunk, Reading
from console.domain.machine_detail import MachineDetail
from console.domain.roster import Miner, Roster

FRESH, UNCHANGED = 200, 304
NO_DETAIL = frozenset({404, 405, 501})  # of hosts without that path, or without that machine
NO_HISTORY = frozenset({404, 405, 501})  # a host that has come no further than telemetry
ROSTER_AGAIN_S = 3600.0  # a host that changes the list and forgets to change its tag is found out within this
LEVELS = (("site", 60, 2), ("container", 900, 6))  # step in seconds, and how many days are asked for at once
PAGE_POINTS = 2 * 1440
MOST_PAGES = 64  # of one window


def windows(start_ms: int, end_ms: int, span_ms: int) -> Iterator[tuple[int, int]]:
    """A stretch cut at multiples of `span_ms` since the epoch, newest first; nothing where it is empty."""
    window_ms = (end_ms - 1) // span_ms * span_ms
    while window_ms + span_ms > start_ms and end_ms > start_ms:
        yield max(window_ms, start_ms), min(window_ms + span_ms, end_ms)
        window_ms -= span_ms


class SiteApiSession:
    """An open session with one site: a `Reader` with `History` and `Details`. Used by one thread at a time."""

    def __init__(self, site_id: str, http: HttpSession) -> None:
        self._site_id, self._http = site_id, http
        self._parser = Parser()
        self._known: tuple[str, int] | None = None  # version and size; 355,000 machines themselves are 350 MiB
        self._last: tuple[str, Reading] | None = None
        self._roster_read_s = 0.0

    def read(self, deadline: Deadline) -> Reading:
        """The newest sample; with the roster when it is new or changed. Raises a SourceError."""
        tag = {"If-None-Match": self._last[0]} if self._last else {}
        answer = self._http.get("/v1/telemetry", headers=tag, deadline=deadline, expect={FRESH, UNCHANGED})
        received_ms = time.time_ns() // 1_000_000
        if answer.status == UNCHANGED:
            return self._again(received_ms)
        wire = self._parser.telemetry(answer.json_body())
        roster = self._changed_roster(wire, deadline)
        known = (roster.version, len(roster.miners)) if roster else self._known
        if known is None or known[0] != wire.roster_version:
            raise BadAnswer("the roster changed while it was read; the next poll asks again")
        now = reading(wire, self._site_id, known[1], received_ms)
        self._known = known
        tag_now = answer.headers.get("ETag")
        self._last = (tag_now, now) if tag_now else None
        return replace(now, roster=roster)

    def history(self, start_ms: int, end_ms: int, deadline: Deadline) -> Iterator[HistoryChunk]:
        """The site by the minute, then its containers by the quarter of an hour; newest days first.

        A host keeps what it keeps: where its past begins later than `start_ms`, less comes; where it keeps
        none, Unsupported is raised.
        """
        for level, step_s, days in LEVELS:
            for from_ms, until_ms in windows(start_ms, end_ms, days * DAY_MS):
                yield from self._pages(level, step_s, from_ms, until_ms, deadline)

    def detail(self, machine: Miner, deadline: Deadline) -> MachineDetail:
        """The parts of one machine, by its name; raises Unsupported where the host does not tell them, or not of it."""
        path = f"/v1/miners/{quote(machine.id, safe='')}"
        answer = self._http.get(path, deadline=deadline, expect={FRESH, *NO_DETAIL})
        if answer.status in NO_DETAIL:
            raise Unsupported("the site's source does not tell boards and fans of this machine")
        return machine_detail(answer.json_body(), machine.id)

    def _pages(self, level: str, step_s: int, start_ms: int, end_ms: int, deadline: Deadline) -> Iterator[HistoryChunk]:
        params: dict[str, str | int | float] = {
            "level": level, "step": step_s, "start": iso(start_ms), "end": iso(end_ms),
            "limit": PAGE_POINTS,
        }  # fmt: skip
        for _ in range(MOST_PAGES):
            answer = self._http.get("/v1/history", params, deadline=deadline, expect={FRESH, *NO_HISTORY})
            if answer.status in NO_HISTORY:
                raise Unsupported("the site keeps no history")
            chunks, cursor = self._parser.history(answer.json_body(), self._site_id)
            yield from chunks
            if cursor is None:
                return
            params["cursor"] = cursor
        raise BadAnswer(f"one stretch of history has more than {MOST_PAGES} pages")

    def close(self) -> None:
        """Close the connection; safe to call twice."""
        self._http.close()

    def _again(self, received_ms: int) -> Reading:
        """The last reading once more: the site has measured nothing since, and says so."""
        if self._last is None:
            raise BadAnswer("the site says that nothing changed, though it was not asked that")
        last = self._last[1]
        return replace(last, frame=replace(last.frame, received_ms=received_ms))

    def _changed_roster(self, wire: TelemetryWire, deadline: Deadline) -> Roster | None:
        known = self._known == (wire.roster_version, columns_length(wire))
        if known and time.monotonic() - self._roster_read_s < ROSTER_AGAIN_S:
            return None
        answer = self._http.get("/v1/roster", deadline=deadline)
        self._roster_read_s = time.monotonic()
        return self._parser.roster(answer.json_body(), self._site_id)

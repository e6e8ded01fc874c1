"""Asks a host's Site API: telemetry every poll, the roster only when its version changes. Parses nothing itself."""

from __future__ import annotations

import time
from dataclasses import replace

from console.adapters.base import Deadline
from console.adapters.http import HttpSession
from console.adapters.siteapi.parse import Parser, TelemetryWire, reading
from console.domain.errors import BadAnswer
from console.domain.frame import Reading
from console.domain.roster import Roster

FRESH, UNCHANGED = 200, 304


class SiteApiSession:
    """An open session with one site: a `Reader`. Used by one thread at a time."""

    def __init__(self, site_id: str, http: HttpSession) -> None:
        self._site_id, self._http = site_id, http
        self._parser = Parser()
        self._roster: Roster | None = None
        self._last: tuple[str, Reading] | None = None

    def read(self, deadline: Deadline) -> Reading:
        """The newest sample; with the roster when it is new or changed. Raises a SourceError."""
        tag = {"If-None-Match": self._last[0]} if self._last else {}
        answer = self._http.get("/v1/telemetry", headers=tag, deadline=deadline, expect={FRESH, UNCHANGED})
        received_ms = time.time_ns() // 1_000_000
        if answer.status == UNCHANGED:
            return self._again(received_ms)
        wire = self._parser.telemetry(answer.json_body())
        roster = self._changed_roster(wire, deadline)
        known = roster or self._roster
        if known is None or known.version != wire.roster_version:
            raise BadAnswer("the roster changed while it was read; the next poll asks again")
        now = reading(wire, self._site_id, len(known.miners), received_ms)
        self._roster = known
        tag_now = answer.headers.get("ETag")
        self._last = (tag_now, now) if tag_now else None
        return replace(now, roster=roster)

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
        if self._roster is not None and self._roster.version == wire.roster_version:
            return None
        answer = self._http.get("/v1/roster", deadline=deadline)
        return self._parser.roster(answer.json_body(), self._site_id)

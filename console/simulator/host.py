"""One site's side of the Site API: every answer, in the site's units."""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import msgspec
import numpy as np

from console.domain.errors import BadAnswer
from console.simulator.answer import Answer, Refused, ok
from console.simulator.archive import history
from console.simulator.clock import Clock, from_iso, iso
from console.simulator.desk import Desk
from console.simulator.effects import Verb, overlay
from console.simulator.events import events
from console.simulator.faults import Fault
from console.simulator.history import Past, joined, observed, past
from console.simulator.live import Machines, machines
from console.simulator.noise import Floats, key_of
from console.simulator.orders import Order, Request, order, read_request
from console.simulator.parts import parts
from console.simulator.plan import SitePlan
from console.simulator.unfaithful import check_willing
from console.simulator.wire import DIALECTS, STATE_WORDS, column, quantity, state_codes
from console.simulator.yard import Yard

API_VERSION = "1.0"
SAMPLE_S = 10.0  # a site measures its machines so often
DROPPING = frozenset({"om-nizwa-1"})  # sites whose link is poor
DROP_EVERY_S, DROP_S = 3 * 3600.0, 12 * 60.0
_KEY = re.compile(r"[!-~]{1,128}")
METRICS = ("hashrate", "power", "board_temperature", "inlet_temperature")


class SiteHost:
    """Answers for one site; safe to call from many threads."""

    def __init__(self, plan: SitePlan, seed: int, clock: Clock) -> None:
        self.plan, self.seed, self.clock = plan, seed, clock
        self.yard = Yard.of(plan, seed)
        self.desk = Desk(self.yard, seed)
        self.units = DIALECTS[plan.wire]
        self.roster_version = f"r{int(key_of(seed, plan.id, plan.machines)) & 0xFFFFFFFF:08x}"
        self._offset_s = int(key_of(seed, plan.id, "sample")) % int(SAMPLE_S)
        self._lock = threading.Lock()
        self._sampled: tuple[float, Machines] | None = None
        self._body: tuple[float, bytes] | None = None

    def facts(self) -> Answer:
        """GET /v1/site."""
        plan = self.plan
        return ok(
            {
                "site_id": plan.id,
                "name": plan.name,
                "operator": "Demo host",
                "api_version": API_VERSION,
                "clock": iso(self.clock.wall()),
                "time_zone": plan.time_zone,
                "latitude": plan.latitude_deg,
                "longitude": plan.longitude_deg,
                "capacity": {"unit": "MW", "value": plan.capacity_w / 1e6},
                "deployed": {"unit": "PH/s", "value": round(plan.deployed_hs / 1e15, 3)},
                "miners": plan.miners,
                "containers": list(self.yard.containers),
                "roster_version": self.roster_version,
                "sample_interval_s": int(SAMPLE_S),
                "meter": {"present": True, "covers": "miners, cooling and auxiliaries"},
                "capabilities": ["telemetry", "history", "commands", "events", "miners"],
                "verbs": list(Verb),
                "simulated": True,
            }
        )

    def link_down(self) -> bool:
        """Whether the site's link has dropped for now: it does, now and then, at one site of the demo fleet."""
        if self.plan.id not in DROPPING:
            return False
        into_s = (float(self.clock.physics(self.clock.wall())) + self._offset_s * 97.0) % DROP_EVERY_S
        return into_s < DROP_S

    def roster(self, if_none_match: str | None) -> Answer:
        """GET /v1/roster; built when asked, because it is asked once a version."""
        tag = {"ETag": f'"{self.roster_version}"'}
        if if_none_match is not None and tag["ETag"] in if_none_match:
            return Answer(HTTPStatus.NOT_MODIFIED, headers=tag)
        return ok(
            {
                "site_id": self.plan.id,
                "roster_version": self.roster_version,
                "units": {"rated_hashrate": "TH/s", "rated_power": "W"},
                "miners": self.yard.miners(self.seed),
            },
            headers=tag,
        )

    def telemetry(self, query: Mapping[str, str], if_none_match: str | None) -> Answer:
        """GET /v1/telemetry: the newest sample, columnar or as rows; 304 or 204 where the client has it already."""
        shape = query.get("format", "columns")
        if shape not in ("columns", "rows"):
            raise Refused(HTTPStatus.BAD_REQUEST, "format must be columns or rows")
        since = _time(query, "since")
        at_s = self.sampled_s()
        tag = {"ETag": f'"{self.roster_version}-{int(at_s)}-{shape}"'}
        if if_none_match is not None and tag["ETag"] in if_none_match:
            return Answer(HTTPStatus.NOT_MODIFIED, headers=tag)
        if since is not None and at_s <= since:
            return Answer(HTTPStatus.NO_CONTENT)
        if shape == "rows":
            return ok(self._rows(self.sample(at_s)), headers=tag)
        return ok(self._columns(at_s), headers=tag)

    def machine(self, miner_id: str) -> Answer:
        """GET /v1/miners/{id}: the parts of one machine, as of the newest sample."""
        if miner_id not in self.yard.miner_ids:
            raise Refused(HTTPStatus.NOT_FOUND, "no such machine")
        at_s, place = self.sampled_s(), self.yard.miner_ids.index(miner_id)
        head = {"site_id": self.plan.id, "miner_id": miner_id, "measured_at": iso(at_s)}
        return ok(head | parts(self.sample(at_s), place, miner_id, self.seed, self.units))

    def history(self, query: Mapping[str, str]) -> Answer:
        """GET /v1/history: the site by the minute, its containers by the quarter of an hour, 30 days back."""
        return history(self.yard, self.clock, self.units, query, self._past)

    def _past(self, at_s: Floats) -> Past:
        """The containers at wall times: by the levels, and by single machines from the first command's effect on."""
        split = int(np.searchsorted(at_s, self.desk.first_effect_s))
        before = past(self.yard, self.seed, self.clock.physics(at_s[:split]))
        if split == at_s.size:
            return before
        return joined(before, observed(self.yard, [self._machines(moment) for moment in at_s[split:].tolist()]))

    def _machines(self, at_s: float) -> Machines:
        return machines(self.yard, self.seed, float(self.clock.physics(at_s)), self.desk.overlay(at_s))

    def events(self, query: Mapping[str, str]) -> Answer:
        """GET /v1/events: what happened, oldest first."""
        listed = events(self.yard, self.seed, self.clock, _time(query, "since"), self.desk.commands())
        return ok({"site_id": self.plan.id, "events": listed})

    def preview(self, body: bytes) -> Answer:
        """POST /v1/commands/preview: what a command would touch and change; nothing happens."""
        request = read_request(body)
        now = self.sample(self.sampled_s())
        head = {"site_id": self.plan.id, "roster_version": self.roster_version, "measured_at": iso(self.sampled_s())}
        return ok(head | self._order(request).preview(now, self.yard.miner_ids))

    def command(self, body: bytes, key: str | None, fault: Fault | None = None) -> Answer:
        """POST /v1/commands: takes an order once for each Idempotency-Key; the answer is its progress so far."""
        if key is None or not _KEY.fullmatch(key):
            raise Refused(HTTPStatus.BAD_REQUEST, "the header Idempotency-Key is needed: 1 to 128 visible characters")
        request, now_s = read_request(body), self.clock.wall()
        check_willing(fault)
        command = self.desk.accept(key, body, request, now_s, self._order, fault)
        progress = command.progress(self.yard.miner_ids, now_s)
        return ok(progress, HTTPStatus.ACCEPTED, {"Location": f"/sites/{self.plan.id}/v1/commands/{command.id}"})

    def progress(self, command_id: str) -> Answer:
        """GET /v1/commands/{id}: how far it has come at every target."""
        return ok(self.desk.command(command_id).progress(self.yard.miner_ids, self.clock.wall()))

    def _order(self, request: Request) -> Order:
        """What a request means now: told by the machines of this second, not by the last sample."""
        at_s = self.clock.wall()
        orders = overlay(self.desk.acts, self.yard.row.size, at_s)
        return order(request, self.yard, self._machines(at_s), orders, at_s)

    def sampled_s(self) -> float:
        """When the newest sample was measured, wall time; sites do not all sample at the same second."""
        return math.floor((self.clock.wall() - self._offset_s) / SAMPLE_S) * SAMPLE_S + self._offset_s

    def sample(self, at_s: float) -> Machines:
        """The machines as sampled at the wall time `at_s`; computed once for all who ask."""
        with self._lock:
            if self._sampled is None or self._sampled[0] != at_s:
                self._sampled = at_s, self._machines(at_s)
            return self._sampled[1]

    def _columns(self, at_s: float) -> bytes:
        now = self.sample(at_s)
        with self._lock:
            if self._body is None or self._body[0] != at_s:
                content = self._head(at_s, now)
                content["metrics"] = {
                    "hashrate": quantity(now.hashrate_hs, self.units.hashrate),
                    "power": quantity(now.power_w, self.units.power),
                    "board_temperature": quantity(now.board_c, self.units.temperature),
                    "inlet_temperature": quantity(now.inlet_c, self.units.temperature),
                }
                content["state"] = {"words": STATE_WORDS, "values": state_codes(now.state)}
                self._body = at_s, msgspec.json.encode(content)
            return self._body[1]

    def _rows(self, now: Machines) -> dict[str, Any]:
        units = self.units
        kinds = (units.hashrate, units.power, units.temperature, units.temperature)
        values = (now.hashrate_hs, now.power_w, now.board_c, now.inlet_c)
        columns = [column(part, unit) for part, unit in zip(values, kinds, strict=True)]
        words = [None if code is None else STATE_WORDS[code] for code in state_codes(now.state)]
        names = ("miner", *METRICS, "state")
        content = self._head(self.sampled_s(), now)
        content["units"] = {name: unit.name for name, unit in zip(METRICS, kinds, strict=True)}
        content["rows"] = [
            dict(zip(names, row, strict=True)) for row in zip(self.yard.miner_ids, *columns, words, strict=True)
        ]
        return content

    def _head(self, at_s: float, now: Machines) -> dict[str, Any]:
        return {
            "site_id": self.plan.id,
            "roster_version": self.roster_version,
            "measured_at": iso(at_s),
            "site": {"meter_power": {"unit": "MW", "value": round(now.meter_w / 1e6, 4)}},
        }


def _time(query: Mapping[str, str], name: str) -> float | None:
    """A time in the query, UTC epoch seconds."""
    if name not in query:
        return None
    try:
        return from_iso(query[name])
    except BadAnswer as error:
        raise Refused(HTTPStatus.BAD_REQUEST, f"{name}: {error}") from error

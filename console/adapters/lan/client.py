"""One session with the miners of a site: sweeps, keeps the roster, and makes a frame of what was seen."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np

from console.adapters.base import Deadline
from console.adapters.lan.addresses import Addresses, Places
from console.adapters.lan.book import RosterBook
from console.adapters.lan.sighting import Sighting
from console.domain.errors import BadAnswer, Unreachable, Unsupported
from console.domain.frame import Column, Frame, Reading
from console.domain.machine_detail import MachineDetail
from console.domain.metric import MinerState
from console.domain.roster import Miner, Roster

FIELDS = ("hashrate_hs", "power_w", "board_c", "inlet_c")


class Sweeps(Protocol):
    """What a session needs of its sweeper."""

    def sweep(self, addresses: Sequence[str], deadline: Deadline) -> list[Sighting]:
        """What answered before the deadline."""
        ...

    def look_closely(self, address: str, deadline: Deadline) -> tuple[Sighting, MachineDetail] | None:
        """One device with its parts."""
        ...

    def close(self) -> None:
        """Free everything."""
        ...


class LanSession:
    """A `Reader` with `Details`. Used by one thread at a time."""

    def __init__(
        self,
        site_id: str,
        addresses: Addresses,
        places: Places,
        sweeper: Sweeps,
        wall_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self._site_id, self._addresses, self._sweeper, self._wall_ms = site_id, addresses, sweeper, wall_ms
        self._book = RosterBook(site_id, addresses, places)
        self._version = ""

    def read(self, deadline: Deadline) -> Reading:
        """One sweep; machines that were silent are NaN. Raises Unreachable when not one answered."""
        at_ms = self._wall_ms()  # no value is older than the beginning of its sweep
        sightings = self._sweeper.sweep(self._addresses.all, deadline)
        if not sightings:
            raise Unreachable(f"none of {len(self._addresses.all)} addresses answered as a miner")
        roster = self._book.update(sightings)
        new = roster.version != self._version
        self._version = roster.version
        frame = Frame(self._site_id, at_ms, self._wall_ms(), roster.version, columns(roster, sightings))
        return Reading(frame, roster if new else None)

    def detail(self, machine: Miner, deadline: Deadline) -> MachineDetail:
        """The parts of one machine; it is asked at its address, and must be itself."""
        if machine.ip not in self._addresses.all:
            raise Unsupported("the machine's address is none of this site's")
        found = self._sweeper.look_closely(machine.ip, deadline)
        if found is None:
            raise Unreachable(f"{machine.ip} did not answer as a miner")
        seen, detail = found
        for known, told in ((machine.serial, seen.serial), (machine.mac, seen.mac)):
            if known and told and known != told:
                raise BadAnswer(f"another machine answers at {machine.ip} now")
        return detail

    def close(self) -> None:
        """End the sweeping process; safe to call twice."""
        self._sweeper.close()


def columns(roster: Roster, sightings: Sequence[Sighting]) -> dict[str, Column]:
    """Each metric of every machine in roster order, shape (miners,); what was not told is NaN, never zero."""
    rows = {miner.ip: row for row, miner in enumerate(roster.miners)}
    filled = {name: np.full(len(rows), math.nan, dtype=np.float32) for name in (*FIELDS, "state")}
    for sighting in sightings:
        row = rows.get(sighting.ip)
        if row is None:
            continue
        for name in FIELDS:
            value = getattr(sighting, name)
            filled[name][row] = math.nan if value is None else value
        if sighting.curtailed:
            filled["state"][row] = MinerState.CURTAILED
    return {name: column for name, column in filled.items() if name == "hashrate_hs" or np.isfinite(column).any()}

"""Reads a site's breakers: each is a row that stands for its container. Machines behind a breaker are unknown here."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from console.adapters.base import Deadline
from console.adapters.modbus.breakers import Breaker
from console.adapters.modbus.talk import Talk, talking
from console.domain.errors import SourceError, Unreachable
from console.domain.frame import Column, Frame, Reading
from console.domain.metric import MinerState
from console.domain.roster import Miner, Roster, fingerprint

AT_ONCE = 16  # gateways; one of them is never asked two things at a time
SHARE = 0.8  # of the deadline: a gateway that hangs must not take the others' answers with it


@dataclass(frozen=True, slots=True)
class Seen:
    """One breaker as it was found; `trouble` where it could not be asked. `power_w` is NaN where none is known."""

    on: bool | None = None
    power_w: float = math.nan
    trouble: SourceError | None = None


class BreakerSession:
    """A `Reader`. Used by one thread at a time."""

    def __init__(
        self,
        site_id: str,
        breakers: Mapping[str, Breaker],
        wall_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self._site_id, self._breakers, self._wall_ms = site_id, breakers, wall_ms
        self._roster: Roster | None = roster_of(site_id, breakers)
        self._version = self._roster.version

    def read(self, deadline: Deadline) -> Reading:
        """Every breaker now; the roster with the first reading. Raises a SourceError where not one could be asked."""
        at_ms = self._wall_ms()  # no value is older than the beginning of its round
        seen = look(self._breakers, deadline)
        if all(one.trouble is not None for one in seen.values()):
            raise next(iter(seen.values())).trouble or Unreachable("no breaker could be asked")
        roster, self._roster = self._roster, None
        return Reading(
            Frame(self._site_id, at_ms, self._wall_ms(), self._version, columns(list(seen.values()))), roster
        )

    def close(self) -> None:
        """Nothing is held between readings."""


def look(breakers: Mapping[str, Breaker], deadline: Deadline) -> dict[str, Seen]:
    """What every breaker shows, in their order: gateways side by side, each within its share of the deadline."""
    by_gateway: dict[tuple[str, int], list[str]] = {}
    for name, breaker in breakers.items():
        by_gateway.setdefault(breaker.gateway, []).append(name)
    ends = Deadline.after(SHARE * deadline.remaining_s(), deadline.clock)
    found: dict[str, Seen] = {}
    with ThreadPoolExecutor(min(AT_ONCE, len(by_gateway)), "modbus") as pool:
        rounds = [pool.submit(_round, breakers, names, ends) for names in by_gateway.values()]
        for done in rounds:
            found |= done.result()
    return {name: found[name] for name in breakers}


def _round(breakers: Mapping[str, Breaker], names: Sequence[str], deadline: Deadline) -> dict[str, Seen]:
    """The breakers behind one gateway, one after another; a breaker that fails does not end the others' turn."""
    return {name: _look_at(breakers[name], deadline) for name in names}


def _look_at(breaker: Breaker, deadline: Deadline) -> Seen:
    try:
        with talking(breaker, deadline) as talk:
            on = talk.is_on(breaker)
            return Seen(on, _power_w(talk, breaker))
    except SourceError as error:
        return Seen(trouble=error)


def _power_w(talk: Talk, breaker: Breaker) -> float:
    """NaN for a meter that cannot be read: the breaker's state, which was read, stays worth telling."""
    if breaker.power is None:
        return math.nan
    try:
        return talk.power_w(breaker, breaker.power)
    except SourceError:
        return math.nan


def roster_of(site_id: str, breakers: Mapping[str, Breaker]) -> Roster:
    """One row a breaker, named like its container."""
    miners = tuple(
        Miner(
            id=name,
            model="container breaker",
            ip=breaker.host,
            container=name,
            rated_w=None if breaker.rated_power_kw is None else breaker.rated_power_kw * 1e3,
        )
        for name, breaker in breakers.items()
    )
    return Roster(site_id, fingerprint(miners), miners)


def columns(seen: Sequence[Seen]) -> dict[str, Column]:
    """Shape (breakers,). No hashrate is known of a breaker: an open one rests on purpose, a closed one has a power."""
    power = np.array([one.power_w for one in seen], dtype=np.float32)
    state = np.array([MinerState.CURTAILED if one.on is False else math.nan for one in seen], dtype=np.float32)
    unknown = np.full(len(seen), math.nan, dtype=np.float32)
    return {"hashrate_hs": unknown, "state": state} | ({"power_w": power} if np.isfinite(power).any() else {})

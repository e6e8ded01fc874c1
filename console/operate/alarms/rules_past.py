"""Reads the past that rules are tried on from a store: every site, its containers, the regions and the fleet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from console.domain.alarm_rule import Level, Rule
from console.domain.alarm_signals import Columns, Values
from console.domain.durations import MINUTE_MS
from console.domain.frame import minute_of
from console.domain.metric import SIGNAL_INDEX
from console.domain.place import FLEET, container_key, region_key, site_key
from console.domain.site import Fleet, Site
from console.operate.alarms.rules_replay import PlacePast, Times, link_columns, signals_of, told
from console.store.face import TelemetryReader

EVERY_MINUTE = 1_000_000_000  # buckets: more than any span has minutes, so that none is folded


class StoredPast:
    """The minutes [start_ms, end_ms) of a fleet, as far as `rules` need them; one place in memory at a time."""

    def __init__(
        self, reader: TelemetryReader, fleet: Fleet, rules: Sequence[Rule], start_ms: int, end_ms: int
    ) -> None:
        self._reader, self._fleet, self._rules = reader, fleet, rules
        self.start_ms, self.end_ms = minute_of(start_ms), minute_of(end_ms)
        self._at_ms: Times = np.arange(self.start_ms, self.end_ms, MINUTE_MS, dtype=np.int64)

    def places(self) -> Iterator[PlacePast]:
        """Every place of a level that a rule watches."""
        told_hs = self._all(0.0)
        containers = {site: rollup.containers for site, rollup in self._reader.rollups().items()}
        for site in self._fleet.sites:
            columns, present = self._site(site)
            told_hs += np.where(told(present, self._at_ms), site.deployed_hs, 0.0)
            yield from self._place(Level.SITE, site_key(site.id), columns)
            for name in containers.get(site.id, ()):
                yield from self._place(Level.CONTAINER, container_key(site.id, name), None)
        for region in self._fleet.regions():
            yield from self._place(Level.REGION, region_key(region), None)
        yield from self._place(Level.FLEET, FLEET, {"target_hs": self._fleet.target_ratio * told_hs})

    def _place(self, level: Level, place: str, known: Columns | None) -> Iterable[PlacePast]:
        names = [name for name in signals_of(self._rules, level) if name in SIGNAL_INDEX]
        if any(rule.level is level for rule in self._rules):
            measured = {name: self._minutes(place, name) for name in names}
            yield PlacePast(level, place, self._at_ms, {**measured, **(known or {})})

    def _site(self, site: Site) -> tuple[Columns, NDArray[np.bool_]]:
        """What the fleet file and the gaps of the history tell of a site, and in which minutes it was heard."""
        present = np.isfinite(self._minutes(site_key(site.id), "hashrate_hs"))
        rated = {"deployed_hs": self._all(site.deployed_hs), "capacity_w": self._all(site.capacity_w)}
        return {**rated, **link_columns(present, self._at_ms, site.poll_period_s)}, present

    def _all(self, value: float) -> Values:
        return np.full(self._at_ms.shape, value)

    def _minutes(self, place: str, signal: str) -> Values:
        return self._reader.series(place, signal, self.start_ms, self.end_ms, EVERY_MINUTE).mean.astype(np.float64)

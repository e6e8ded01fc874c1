"""Each machine's own state by container, in roster order, from a site's newest frame; read off the GUI thread."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from console.domain.health import miner_states
from console.domain.metric import HASHRATE, implausible
from console.domain.rollup import RosterIndex
from console.store.face import TelemetryReader

Cells = Mapping[str, NDArray[np.uint8]]


class CellReader:
    """Reads cells for one site at a time; keeps the roster's index, because a roster rarely changes."""

    def __init__(self) -> None:
        self._index: tuple[str, RosterIndex] | None = None

    def read(self, telemetry: TelemetryReader, site_id: str) -> Cells:
        """States by container; empty where no frame, no machine, or frame and roster of two kinds are stored.

        Worker thread; one call at a time.
        """
        hashrate = telemetry.column(site_id, "hashrate_hs")
        if hashrate is None:
            return {}
        index = self._roster_index(telemetry, site_id, hashrate.roster_version)
        if index is None or index.row.shape != hashrate.values.shape or not index.containers:
            return {}
        told = telemetry.column(site_id, "state")
        matches = told is not None and told.at_ms == hashrate.at_ms and told.values.shape == hashrate.values.shape
        wrong = implausible(HASHRATE.name, hashrate.values, HASHRATE.high)  # no value, as in every total
        measured = np.where(wrong, np.float32(np.nan), hashrate.values)
        states = miner_states(measured, index.rated_hs, told.values if told is not None and matches else None)
        order = np.argsort(index.row, kind="stable")
        bounds = np.searchsorted(index.row[order], np.arange(1, len(index.containers)))
        return dict(zip(index.containers, np.split(states[order], bounds), strict=True))

    def _roster_index(self, telemetry: TelemetryReader, site_id: str, version: str) -> RosterIndex | None:
        if self._index is None or self._index[0] != site_id or self._index[1].version != version:
            roster = telemetry.roster(site_id)
            if roster is None or roster.version != version:
                return None
            self._index = (site_id, RosterIndex.of(roster))
        return self._index[1]

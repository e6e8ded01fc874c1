"""The names of a few sites' machines, read when somebody first asks: a pointer needs no fleet of names."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QObject, Signal

from console.domain.roster_columns import RosterColumns
from console.store.face import TelemetryReader
from console.ui.models.live import LiveFleet

MOST_KEPT = 4  # a few MB each at 8,000 machines


class SiteNames(QObject):
    """`arrived` says that names asked for are there now."""

    arrived = Signal()

    def __init__(self, live: LiveFleet, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._live = live
        self._kept: OrderedDict[tuple[str, str], RosterColumns] = OrderedDict()
        self._asked: set[tuple[str, str]] = set()

    def of(self, site_id: str, version: str) -> RosterColumns | None:
        """The names of that roster version; None until they are read."""
        key = (site_id, version)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        if key not in self._asked:
            self._asked = {key}  # a pointer that crosses twenty sites asks for the last one again if it stays
            telemetry = self._live.telemetry
            self._live.reads.run(lambda: _read(telemetry, site_id), lambda found: self._take(key, found))
        return None

    def _take(self, key: tuple[str, str], found: RosterColumns | None) -> None:
        self._asked.discard(key)
        if found is None or found.version != key[1]:
            return
        self._kept[key] = found
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        self.arrived.emit()


def _read(telemetry: TelemetryReader, site_id: str) -> RosterColumns | None:
    roster = telemetry.roster(site_id)
    return None if roster is None else RosterColumns.of(roster)

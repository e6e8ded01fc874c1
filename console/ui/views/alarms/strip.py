"""Measures the last day of the alarms once a minute, where somebody looks at the strip that shows it."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent

from console.domain.durations import DAY_MS
from console.ui.models.alarms.measures import read_performance
from console.ui.models.live import LiveFleet
from console.ui.theme import DARK, Theme
from console.ui.widgets.alarms.strip import AlarmStrip

EVERY_MS = 60_000


class DayStrip(AlarmStrip):
    """The strip with its reads."""

    def __init__(self, live: LiveFleet, theme: Theme = DARK) -> None:
        super().__init__(theme)
        self._live, self._measured_ms = live, 0
        live.changed.connect(self.measure)

    def measure(self, _now: object = None, *, anew: bool = False) -> None:
        """Read the day, where it is due or asked `anew`."""
        now_ms, reader = self._live.clock(), self._live.operations
        if self.isVisible() and (anew or abs(now_ms - self._measured_ms) >= EVERY_MS):
            self._measured_ms = now_ms
            self._live.reads.run(lambda: read_performance(reader, DAY_MS, now_ms), self.show_performance)

    def showEvent(self, event: QShowEvent) -> None:
        """What was not measured while nobody looked."""
        super().showEvent(event)
        self.measure()

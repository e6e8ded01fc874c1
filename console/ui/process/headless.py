"""Says in one line what the fleet does, at every poll, where nobody can see a window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from console.domain.fleet_state import FleetNow
from console.ui.models.live import LiveFleet
from console.ui.numbers import efficiency_text, hashrate_text, percent, power_text, utc_date, utc_time


def fleet_line(now: FleetNow) -> str:
    """`2026-11-22 14:32:07 UTC  44/44 sites fresh  44.87 EH/s of 50.00 EH/s (89.7 %)  1,050 MW  22.4 J/TH`."""
    total = now.total
    hashrate, unit = hashrate_text(total.value("hashrate_hs"))
    deployed, deployed_unit = hashrate_text(total.value("deployed_hs"))
    power, power_unit = power_text(total.value("power_w"))
    efficiency, efficiency_unit = efficiency_text(total.efficiency_j_per_th)
    return (
        f"{utc_date(now.now_ms)} {utc_time(now.now_ms)} UTC  {total.fresh}/{total.sites} sites fresh  "
        f"{hashrate} {unit} of {deployed} {deployed_unit} ({percent(total.operational_ratio)} %)  "
        f"{power} {power_unit}  {efficiency} {efficiency_unit}"
    )


class HeadlessReport(QObject):
    """One line a poll period, and one at once when the coverage changes."""

    def __init__(self, live: LiveFleet, say: Callable[[str], None], parent: QObject) -> None:
        super().__init__(parent)
        self._live, self._say = live, say
        self._told_ms, self._told_fresh = 0, -1
        live.changed.connect(self._fleet_changed)

    def _fleet_changed(self, now: FleetNow) -> None:
        period_s = min((entry.site.poll_period_s for entry in now.sites), default=30.0)
        due = now.now_ms - self._told_ms >= period_s * 1000
        if now.sites and (due or (now.total.fresh != self._told_fresh and now.total.fresh == now.total.sites)):
            self.tell()

    def tell(self) -> None:
        """Say it now."""
        now = self._live.now
        self._told_ms, self._told_fresh = now.now_ms, now.total.fresh
        self._say(fleet_line(now))

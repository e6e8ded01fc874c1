"""A store whose machines have names, places and values that a test can reason about."""

from __future__ import annotations

import numpy as np

from console.domain.metric import MinerState
from console.domain.roster import Miner, Roster
from console.store.face import MinerSeries, StoredColumn
from tests.ui.fakes import NOW_MS, FakeStore

MINERS = 120
MODELS = ("S19 XP", "S21", "M60S")
RATED_HS = 140e12
MEASURED_MS = NOW_MS - 9000


class Yard(FakeStore):
    """120 machines a site: 4 containers of 3 racks of 10. The first of each rack is off, the second degraded."""

    def __init__(self, miners: int = MINERS) -> None:
        super().__init__()
        self.miners, self.version, self.measured_ms = miners, "v1", MEASURED_MS
        self.hashrate = np.full(miners, 138e12, dtype=np.float32) + np.arange(miners, dtype=np.float32) * 1e9
        self.hashrate[0::10] = 0.0
        self.hashrate[1::10] = 70e12
        self.hashrate[2::40] = np.nan
        self.told = np.full(miners, MinerState.HASHING, dtype=np.float32)
        self.told[3::40] = MinerState.CURTAILED
        self.hashrate[3::40] = 1e12

    def roster(self, site_id: str) -> Roster | None:
        return Roster(site_id, self.version, tuple(self._miner(site_id, number) for number in range(self.miners)))

    def _miner(self, site_id: str, number: int) -> Miner:
        container, rack, slot = number // 30 + 1, number % 30 // 10 + 1, number % 10 + 1
        return Miner(
            id=f"C{container:02d}-R{rack:02d}-{slot:02d}",
            model=MODELS[number % 3],
            serial=f"SN{site_id}{number:05d}",
            mac=f"02:00:00:00:{number // 256:02X}:{number % 256:02X}",
            ip=f"10.0.0.{number % 250}",
            container=f"C{container:02d}",
            rack=f"R{rack:02d}",
            slot=f"{slot:02d}",
            firmware="=cmd|' /C calc'!A0" if number == 0 else "2024.11",
            rated_hs=RATED_HS,
            rated_w=3010.0,
        )

    def column(self, site_id: str, metric: str, at_ms: int | None = None) -> StoredColumn | None:
        values = {
            "hashrate_hs": self.hashrate,
            "power_w": np.where(np.nan_to_num(self.hashrate) > 0, 3000.0, 20.0).astype(np.float32),
            "board_c": np.linspace(40, 90, self.miners, dtype=np.float32),
            "state": self.told,
        }.get(metric)
        return None if values is None else StoredColumn(self.measured_ms, self.version, values)

    def miner_series(self, site_id: str, miner_id: str, metric: str, start_ms: int, end_ms: int) -> MinerSeries:
        if metric == "inlet_c":
            return MinerSeries(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32))
        at_ms = np.arange(start_ms - start_ms % 60_000, min(end_ms, self.measured_ms), 60_000, dtype=np.int64)
        usual = {"hashrate_hs": 1.4e14, "power_w": 3_100.0, "board_c": 70.0}[metric]
        values = np.full(at_ms.shape, usual, dtype=np.float32)
        values[at_ms // 60_000 % 720 == 100] = usual / 7  # one minute, twice a day
        return MinerSeries(at_ms, values)

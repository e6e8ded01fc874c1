"""Sites of machines for tests: a store with as many of them as a test asks for, in states it can name."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from console.domain.frame import Frame, Reading
from console.domain.metric import MinerState
from console.domain.rollup import RosterIndex, SiteRollup, roll_up
from console.domain.roster import Miner, Roster
from console.domain.roster_columns import RosterColumns
from console.store.face import StoredColumn
from tests.ui.fakes import NOW_MS, FakeStore

RATED_HS, RATED_W = 140e12, 3000.0


def miner(number: int, container: str, rack: str, slot: int, serial: str = "") -> Miner:
    """A machine at its place."""
    return Miner(
        id=f"{container}-{rack}-{slot:02d}",
        model="S19 XP",
        serial=serial or f"SN{number:08d}",
        mac=f"02:00:00:{number >> 16 & 255:02X}:{number >> 8 & 255:02X}:{number & 255:02X}",
        ip=f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
        container=container,
        rack=rack,
        slot=f"{slot:02d}",
        rated_hs=RATED_HS,
        rated_w=RATED_W,
    )


def yard(containers: int = 2, racks: int = 4, slots: int = 30) -> tuple[Miner, ...]:
    """Full containers of full racks, as built."""
    places = [
        (f"C{box + 1:02d}", f"R{rack + 1:02d}", slot + 1)
        for box in range(containers)
        for rack in range(racks)
        for slot in range(slots)
    ]
    return tuple(miner(number, *place) for number, place in enumerate(places))


def healthy(miners: tuple[Miner, ...]) -> dict[str, np.ndarray]:
    """Every machine at its rating."""
    count = len(miners)
    rated = np.array([one.rated_hs or 0.0 for one in miners], dtype=np.float32)
    return {
        "hashrate_hs": rated,
        "power_w": np.full(count, RATED_W, dtype=np.float32),
        "board_c": np.full(count, 68.0, dtype=np.float32),
        "inlet_c": np.full(count, 27.0, dtype=np.float32),
        "state": np.full(count, MinerState.HASHING, dtype=np.float32),
    }


class RackStore(FakeStore):
    """A fake store whose first site has a roster and frames that the test writes; the others have none."""

    def __init__(self, miners: tuple[Miner, ...], columns: Mapping[str, np.ndarray] | None = None, site: int = 0):
        super().__init__()
        self.site = self.of.sites[site]
        self.reads: list[str] = []
        self._rosters: dict[str, Roster] = {}
        self._frames: dict[str, tuple[int, dict[str, np.ndarray]]] = {}
        self.put(self.site.id, miners, healthy(miners) if columns is None else columns)

    def put(
        self, site_id: str, miners: tuple[Miner, ...], columns: Mapping[str, np.ndarray], at_ms: int = NOW_MS - 3000
    ) -> None:
        """A frame of a site, with its roll-up as the collector would make it."""
        version = f"v{len(miners)}-{hash(miners) & 0xFFFF}"
        roster = Roster(site_id, version, miners)
        self._rosters[site_id] = roster
        self._frames[site_id] = (at_ms, dict(columns))
        site = next(site for site in self.of.sites if site.id == site_id)
        frame = Frame(site_id, at_ms, at_ms + 200, version, dict(columns))
        self.rollups_by_site[site_id] = self._rolled(site, roster, frame)

    @staticmethod
    def _rolled(site: object, roster: Roster, frame: Frame) -> SiteRollup:
        return roll_up(site, RosterIndex.of(roster), Reading(frame))

    def roster(self, site_id: str) -> Roster | None:
        self.reads.append("roster")
        return self._rosters.get(site_id)

    def ratings(self, site_id: str) -> RosterColumns | None:
        self.reads.append("ratings")
        roster = self._rosters.get(site_id)
        if roster is None:
            return None
        whole = RosterColumns.of(roster)
        return RosterColumns(site_id, whole.version, whole.rated_hs, whole.rated_w, {})

    def column(self, site_id: str, metric: str, at_ms: int | None = None) -> StoredColumn | None:
        self.reads.append(metric)
        at, columns = self._frames.get(site_id, (0, {}))
        if metric not in columns:
            return None
        return StoredColumn(at, self._rosters[site_id].version, columns[metric].astype(np.float32))


def troubled(miners: tuple[Miner, ...]) -> dict[str, np.ndarray]:
    """One machine of each tone, in the first rack: rows 0 to 7."""
    columns = healthy(miners)
    hashrate = columns["hashrate_hs"]
    hashrate[1], hashrate[2], hashrate[3] = 0.8 * RATED_HS, 0.5 * RATED_HS, 0.0
    for column in columns.values():
        column[4] = np.nan
    columns["state"][5], hashrate[5] = MinerState.CURTAILED, 0.0
    hashrate[6] = 9e15
    hashrate[7] = np.nan
    return columns


def fields(miner: Miner) -> dict[str, object]:
    """What a machine is made of, to make another one of it."""
    return {name: getattr(miner, name) for name in miner.__struct_fields__}

"""The containers of one site as of now, from its newest roll-up, and the same as a sortable table (Qt model)."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from console.domain.metric import SIGNAL_INDEX, MinerState
from console.domain.rollup import SiteRollup
from console.ui.numbers import decimal, hashrate_text, integer, percent, power_text

Index = QModelIndex | QPersistentModelIndex
STATE_SIGNAL = {
    MinerState.HASHING: "hashing",
    MinerState.DEGRADED: "degraded",
    MinerState.OFF: "off",
    MinerState.CURTAILED: "curtailed",
    MinerState.UNKNOWN: "unknown",
}
LOOSE = "no container"  # machines whose source names none
SORT_ROLE = int(Qt.ItemDataRole.UserRole)


@dataclass(frozen=True, slots=True)
class ContainerNow:
    """One container: its machines by state (each machine in exactly one) and its sums; NaN = no value."""

    name: str
    counts: dict[MinerState, int]
    miners: int
    hashrate_hs: float
    power_w: float
    board_c: float
    inlet_c: float
    suspect: int

    @property
    def running(self) -> int:
        """Machines that hash, degraded ones included."""
        return self.counts[MinerState.HASHING] + self.counts[MinerState.DEGRADED]

    @property
    def hashing_ratio(self) -> float:
        """Machines that hash of those that are there; NaN where there is none, or not one can be judged."""
        return self.running / self.miners if self.miners and not self.dark else math.nan

    def share(self, decimals: int = 0) -> str:
        """The same in words."""
        return share_words(self.running, self.counts[MinerState.UNKNOWN], self.suspect, self.miners, decimals)

    @property
    def title(self) -> str:
        """Its name, or that it has none."""
        return self.name or LOOSE

    @property
    def dark(self) -> bool:
        """Whether not one of its machines tells anything."""
        return self.miners > 0 and self.counts[MinerState.UNKNOWN] == self.miners


def share_words(running: int, unknown: int, suspect: int, miners: int, decimals: int = 0) -> str:
    """`97 %` hash. Where none can be judged that is no 0 %, but `suspect` if all tell nonsense, or `no data`."""
    if miners and unknown == miners:
        return "suspect" if suspect == miners else "no data"
    return f"{percent(running / miners if miners else None, decimals)} %"


def containers_of(rollup: SiteRollup | None) -> tuple[ContainerNow, ...]:
    """The containers in roster order; none where the site never had a sample."""
    if rollup is None:
        return ()
    return tuple(_container(name, row) for name, row in zip(rollup.containers, rollup.values[1:], strict=True))


def _container(name: str, row: object) -> ContainerNow:
    def value(signal: str) -> float:
        return float(row[SIGNAL_INDEX[signal]])  # type: ignore[index]  # a row of the roll-up's matrix

    def count(signal: str) -> int:
        number = value(signal)
        return round(number) if math.isfinite(number) else 0

    counts = {state: count(signal) for state, signal in STATE_SIGNAL.items()}
    miners = count("miners")
    counts[MinerState.UNKNOWN] += max(0, miners - sum(counts.values()))  # a roster without a frame is unknown, not off
    return ContainerNow(
        name,
        counts,
        miners,
        value("hashrate_hs"),
        value("power_w"),
        value("board_c"),
        value("inlet_c"),
        count("suspect"),
    )


def state_totals(containers: tuple[ContainerNow, ...]) -> dict[MinerState, int]:
    """Machines of the whole site by state."""
    return {state: sum(container.counts[state] for container in containers) for state in STATE_SIGNAL}


COLUMNS = (
    ("container", "its name", Qt.AlignmentFlag.AlignLeft),
    ("hash", "machines that hash, degraded included, of all", Qt.AlignmentFlag.AlignRight),
    ("hashrate", "sum of its machines", Qt.AlignmentFlag.AlignRight),
    ("power", "miners at the wall", Qt.AlignmentFlag.AlignRight),
    ("board", "hottest board", Qt.AlignmentFlag.AlignRight),
    ("down", "off, curtailed and unknown machines", Qt.AlignmentFlag.AlignRight),
)


class ContainerTable(QAbstractTableModel):
    """The twin of the container grid: every card is a row, so that each can be reached and read by keyboard."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[ContainerNow, ...] = ()

    def show(self, containers: tuple[ContainerNow, ...]) -> None:
        """Other values in place; another set of containers resets the table."""
        if [row.name for row in containers] != [row.name for row in self._rows]:
            self.beginResetModel()
            self._rows = containers
            self.endResetModel()
        elif containers:
            self._rows = containers
            self.dataChanged.emit(self.index(0, 0), self.index(len(containers) - 1, len(COLUMNS) - 1))

    def container(self, row: int) -> ContainerNow:
        """The container of a source row."""
        return self._rows[row]

    def row_of(self, name: str) -> int | None:
        """The source row of a container."""
        return next((index for index, row in enumerate(self._rows) if row.name == name), None)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """One row a container."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """The columns of `COLUMNS`."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Short names; what they mean in the tool tip."""
        if orientation is Qt.Orientation.Vertical:
            return None
        name, meaning, align = COLUMNS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return align | Qt.AlignmentFlag.AlignVCenter
        return {int(Qt.ItemDataRole.DisplayRole): name, int(Qt.ItemDataRole.ToolTipRole): meaning}.get(int(role))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Texts for the eye, numbers for sorting."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return _texts(row)[index.column()]
        if role == SORT_ROLE:
            return _numbers(row)[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return COLUMNS[index.column()][2] | Qt.AlignmentFlag.AlignVCenter
        return None


def _texts(row: ContainerNow) -> tuple[str, ...]:
    return (
        row.title,
        row.share(1),
        " ".join(hashrate_text(row.hashrate_hs)),
        " ".join(power_text(row.power_w)),
        f"{decimal(row.board_c, 0)} °C",
        integer(row.miners - row.running),
    )


def _numbers(row: ContainerNow) -> tuple[object, ...]:
    values = (row.hashing_ratio, row.hashrate_hs, row.power_w, row.board_c)
    return (row.title, *(value if math.isfinite(value) else -1e30 for value in values), row.miners - row.running)

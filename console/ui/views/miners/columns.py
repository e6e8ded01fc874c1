"""Which columns the miner table shows, in which order: kept for a site and for the fleet, changed by menu and drag."""

from __future__ import annotations

from PySide6.QtCore import QObject

from console.ui.density import Density, density_at
from console.ui.models.miners.columns import known_columns, usual_columns
from console.ui.models.miners.kept import Kept
from console.ui.models.miners.machines import FLEET
from console.ui.widgets.miner_table.table import MinerTable


class ColumnChoice(QObject):
    """The columns of one table."""

    def __init__(self, table: MinerTable, kept: Kept) -> None:
        super().__init__(table)
        self._table, self.kept = table, kept
        self._scope = FLEET
        table.horizontalHeader().sectionMoved.connect(self._moved)

    def show(self, scope: str | None) -> None:
        """As kept for this kind of scope."""
        self._scope = scope or FLEET
        liking = self.kept.liking
        names = liking.fleet_columns if self._scope == FLEET else liking.site_columns
        self._table.rows.set_columns(known_columns(names) or self.usual)
        self._table.fit_columns()

    @property
    def usual(self) -> tuple[str, ...]:
        """What this kind of scope shows before anybody chose."""
        return usual_columns(self._scope, density_at(self._table.window().width()) is Density.WALL)

    def refit(self) -> None:
        """Another width of the window: unless somebody chose, a wall shows more."""
        self.show(self._scope)

    def choose(self, names: tuple[str, ...]) -> None:
        """Show these and keep them."""
        self._table.rows.set_columns(names)
        self._table.fit_columns()
        self.kept.keep(**{"fleet_columns" if self._scope == FLEET else "site_columns": names})

    def _moved(self, *_: int) -> None:
        """A column was dragged: the new order becomes the model's own, so that there is one order and not two."""
        header, columns = self._table.horizontalHeader(), self._table.rows.columns
        names = tuple(columns[header.logicalIndex(place)] for place in range(len(columns)))
        if names == columns:
            return
        header.blockSignals(True)
        for section in range(len(names)):
            header.moveSection(header.visualIndex(section), section)
        header.blockSignals(False)
        self.choose(names)

"""The two maps of the racks' view, one on screen: all containers of a site, or the racks of one; one metric."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from console.ui.heat_map.heat_map import HeatMap
from console.ui.heat_map.panel import HeatPanel
from console.ui.models.selection import How, Selection
from console.ui.theme import DARK, Theme, apply_theme
from console.ui.widgets.racks.rack_view import RackView


class RacksMaps(QWidget):
    """What pointer and keys do on either map, as one set of signals; brush and Space go to the shared selection."""

    row_pointed = Signal(int)
    row_opened = Signal(int)
    container_opened = Signal(str)
    metric_chosen = Signal(str)

    def __init__(
        self, selection: Selection, words: Callable[[int], str], theme: Theme = DARK, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.racks = HeatPanel(RackView("racks", theme), theme, self)
        self.site_map = HeatPanel(HeatMap("machines of the site", theme), theme, self)
        self._panels = (self.racks, self.site_map)
        self.panel = self.site_map
        self.setAccessibleName("maps")
        for panel in self._panels:
            heat_map = panel.heat_map
            heat_map.describe_by(words)
            heat_map.row_pointed.connect(self.row_pointed)
            heat_map.row_opened.connect(self.row_opened)
            heat_map.block_opened.connect(self.container_opened)
            heat_map.brushed.connect(lambda rows: selection.choose(rows, How.BRUSHED))
            heat_map.toggled.connect(selection.toggle)
            heat_map.lifted.connect(selection.clear)
            panel.metric_chosen.connect(self._choose_metric)

    def show_level(self, *, whole_site: bool) -> None:
        """Put one of the two on screen."""
        self.panel = self.site_map if whole_site else self.racks
        for panel in self._panels:
            panel.setVisible(panel is self.panel)

    def show_reading(self, trouble: str) -> None:
        """Nothing is known yet, or nothing can be read."""
        for panel in self._panels:
            panel.set_words("Machines", f"cannot be read: {trouble}" if trouble else "reading")

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        apply_theme(self, theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Either fills the room."""
        for panel in self._panels:
            panel.setGeometry(self.rect())

    def _choose_metric(self, name: str) -> None:
        for panel in self._panels:
            if panel.metric != name:
                panel.tabs.show_tab(name)
        self.metric_chosen.emit(name)

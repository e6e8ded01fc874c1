"""The region table with every site beneath it: the map's list twin, with a filter. Composes; judges nothing."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from console.domain.fleet_state import FleetNow
from console.ui.fonts import Role, font, px
from console.ui.keys import ENTER
from console.ui.models.alarms.sites import NO_ALARMS, SiteAlarms
from console.ui.models.regions import RegionTree, branches_of
from console.ui.models.spark import Spark
from console.ui.theme import DARK, Theme
from console.ui.widgets.panel import Panel
from console.ui.widgets.place_row import HEAD_PX, REGION_PX, SITE_PX, PlaceDelegate, paint_heads
from console.ui.widgets.press_button import PressButton
from console.ui.widgets.row_list import RowTree

FILTER_PX, FILTER_WIDTH_PX = 24, 150


class FilterField(QLineEdit):
    """A line of text that narrows the list; Escape empties it, then gives the focus back."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape and Down belong to the list."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Down, *ENTER):
            self.left.emit()
        else:
            super().keyPressEvent(event)


class RegionPanel(Panel):
    """`site_opened` carries a site id. Regions unfold to their sites with one click, Enter or the right arrow."""

    site_opened = Signal(str)
    command_asked = Signal()

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__("Regions", theme, pad=0, foot=6, parent=parent)
        self._now: FleetNow | None = None
        self._alarms: SiteAlarms = NO_ALARMS
        self._unfolds = False
        self.model = RegionTree(self)
        self.tree = RowTree(theme)
        self._delegate = PlaceDelegate(self.model, theme)
        self.tree.setModel(self.model)
        self.tree.setItemDelegate(self._delegate)
        self.tree.setAccessibleName("regions and sites")
        self.tree.chosen.connect(self._choose)
        self.filter = FilterField(self)
        self.filter.setAccessibleName("filter sites")
        self.filter.setPlaceholderText("Filter sites  /")
        self.filter.textChanged.connect(lambda _text: self._show())
        self.filter.left.connect(self.tree.setFocus)
        self.command = PressButton("Command…", name="command a region or several sites", theme=theme, parent=self)
        self.command.set_height(FILTER_PX)
        self.command.clicked.connect(lambda _checked=False: self.command_asked.emit())
        self.set_body(self.tree)
        self.set_words("Regions", "operational of deployed")
        self._dress()

    def show_fleet(self, now: FleetNow, alarms: SiteAlarms = NO_ALARMS) -> None:
        """The fleet as of now; `alarms` by site."""
        self._now, self._alarms = now, alarms
        self._show()

    def show_hours(self, hours: Mapping[str, Spark]) -> None:
        """The last 60 minutes by region name."""
        self.model.set_hours(hours)

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        self._delegate.theme = theme
        super().set_theme(theme)
        self._dress()

    def unfold(self, region: int, *, open_it: bool = True) -> None:
        """Show or hide the sites of a region."""
        self.tree.setExpanded(self.model.index(region, 0), open_it)

    def unfold_while_room(self) -> None:
        """On a wall nobody clicks: the regions show their sites, from the first on, where there is room."""
        self._unfolds = True
        room = self.body_area().height() - px(REGION_PX) * self.model.rowCount()
        for row, branch in enumerate(self.model.branches):
            wanted = px(SITE_PX) * len(branch.sites)
            self.unfold(row, open_it=wanted <= room)
            room -= wanted if wanted <= room else 0

    def _show(self) -> None:
        if self._now is None:
            return
        asked = self.filter.text()
        unfolded = {row for row in range(self.model.rowCount()) if self.tree.isExpanded(self.model.index(row, 0))}
        names = {self.model.branches[row].region.name for row in unfolded}
        if not self.model.set_branches(branches_of(self._now, asked, self._alarms)):
            return
        if self._unfolds and not asked.strip():
            self.unfold_while_room()
            return
        for row, branch in enumerate(self.model.branches):
            self.unfold(row, open_it=bool(asked.strip()) or branch.region.name in names)

    def _choose(self, index: QModelIndex) -> None:
        row = self.model.row(index)
        if row is None:
            return
        if row.site_id:
            self.site_opened.emit(row.site_id)
        else:
            self.tree.setExpanded(index, not self.tree.isExpanded(index))

    def _dress(self) -> None:
        theme, palette = self._theme, self.filter.palette()
        palette.setColor(QPalette.ColorRole.PlaceholderText, theme.t3)
        self.filter.setPalette(palette)
        self.filter.setFont(font(Role.CAPTION))
        self.filter.setStyleSheet(
            f"QLineEdit {{ background: {theme.bg0.name()}; color: {theme.t1.name()};"
            f" border: 1px solid {theme.edge.name()}; border-radius: 3px; padding: 0 6px; }}"
            f"QLineEdit:focus {{ border: 2px solid {theme.t1.name()}; padding: 0 5px; }}"
        )

    def body_area(self) -> QRectF:
        """Below the words over the columns."""
        return super().body_area().adjusted(0, px(HEAD_PX) - 6, 0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The filter stands at the right of the title."""
        super().resizeEvent(event)
        width = px(FILTER_WIDTH_PX)
        self.filter.setGeometry(self.width() - 16 - width, px(8), width, px(FILTER_PX))
        hint = self.command.sizeHint()
        self.command.setGeometry(self.filter.x() - 8 - hint.width(), px(8), hint.width(), hint.height())
        self.command.setVisible(self.command.x() > px(230))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The words over the columns."""
        super().paintEvent(event)
        with QPainter(self) as painter:
            paint_heads(painter, self.width(), px(33), self._theme)

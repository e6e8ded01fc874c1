"""The panel of what needs a look: the worst first, or one calm line. Composes; the rows come from a model."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPointF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from console.domain.fleet_state import FleetNow, SiteMark
from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_text
from console.ui.map.site_glyph import paint_site
from console.ui.models.attention import AttentionModel, attention_rows, calm_line, headline
from console.ui.theme import DARK, Theme
from console.ui.widgets.attention_row import AttentionDelegate
from console.ui.widgets.panel import Panel
from console.ui.widgets.row_list import RowList

TWIN_HINT = "list twin of the map, F7 moves the focus here"


class AttentionPanel(Panel):
    """`site_opened` carries a site id; `site_pointed` the one under the keyboard, for the map's ring."""

    site_opened = Signal(str)
    site_pointed = Signal(str)

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__("Needs attention", theme, pad=0, foot=6, parent=parent)
        self._calm = ""
        self.model = AttentionModel(self)
        self.list = RowList(theme)
        self._delegate = AttentionDelegate(theme, self)
        self.list.setModel(self.model)
        self.list.setItemDelegate(self._delegate)
        self.list.setAccessibleName("sites that need attention")
        self.list.chosen.connect(self._choose)
        self.list.selectionModel().currentChanged.connect(self._point)
        self.model.modelReset.connect(self._settle)
        self.set_body(self.list)

    def show_fleet(self, now: FleetNow) -> None:
        """The fleet as of now."""
        self.model.set_rows(attention_rows(now))
        self._calm = "" if self.model.rows else calm_line(now)
        self.list.setVisible(bool(self.model.rows))
        self.set_words("Needs attention", f"{headline(now)} · {TWIN_HINT}" if self.model.rows else "")
        self.update()

    @property
    def pointed(self) -> str | None:
        """The site of the row that the keyboard stands on."""
        index = self.list.currentIndex()
        return self.model.rows[index.row()].site_id if index.isValid() else None

    def point_at(self, site_id: str | None) -> None:
        """Stand on a site's row, where it has one."""
        for row, entry in enumerate(self.model.rows):
            if entry.site_id == site_id:
                self.list.setCurrentIndex(self.model.index(row))

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        self._delegate.theme = theme
        super().set_theme(theme)

    def minimumSizeHint(self) -> QSize:
        """Title and two rows."""
        return QSize(px(300), px(120))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Rows are lower where they are wide."""
        super().resizeEvent(event)
        self.list.scheduleDelayedItemsLayout()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The calm line, where there is nothing to list."""
        super().paintEvent(event)
        if self._calm:
            with QPainter(self) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                middle = px(62)
                paint_site(painter, QPointF(26, middle), px(6.5), SiteMark.NORMAL, self._theme, self._theme.bg1)
                paint_text(painter, QPointF(48, middle + px(5)), self._calm, font(Role.BODY), self._theme.t2)

    def _choose(self, index: QModelIndex) -> None:
        self.site_opened.emit(self.model.rows[index.row()].site_id)

    def _point(self, index: QModelIndex, _before: QModelIndex) -> None:
        if index.isValid() and self.list.hasFocus():
            self.site_pointed.emit(self.model.rows[index.row()].site_id)

    def _settle(self) -> None:
        """A row is always current, so that the keyboard never lands on nothing."""
        if self.model.rows:
            self.list.setCurrentIndex(self.model.index(0))

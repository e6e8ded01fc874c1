"""The parts of the miners' view on one panel: head, filter, table or groups, foot. Knows where they stand."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from console.ui.density import density_at
from console.ui.models.live import LiveFleet
from console.ui.models.miners.rows import MinerRows
from console.ui.models.selection import Selection
from console.ui.models.span import TimeBarModel
from console.ui.theme import DARK, Theme
from console.ui.views.machines_view import MachinesView
from console.ui.views.miners.foot import MinersFoot
from console.ui.views.miners.head import MinersHead
from console.ui.widgets.filter_field import FilterField
from console.ui.widgets.grouping import GroupRows, GroupTable
from console.ui.widgets.miner_table.table import MinerTable


class MinersBoard(MachinesView):
    """`rows` and `selection` are shown by the table."""

    def __init__(
        self, live: LiveFleet, span: TimeBarModel, theme: Theme = DARK, selection: Selection | None = None
    ) -> None:
        super().__init__(live, span, theme, selection)
        self.rows = MinerRows(live)
        self.rows.setParent(self)
        self._build(theme)

    def _build(self, theme: Theme) -> None:
        self.head = MinersHead(theme)
        self.filter = FilterField(theme)
        self.table = MinerTable(self.rows, self.selection, theme)
        self.group_rows = GroupRows(self)
        self.groups = GroupTable(self.group_rows, theme)
        self.foot = MinersFoot(theme)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.groups)
        self._column = column = QVBoxLayout(self)
        column.setSpacing(0)
        inner = QVBoxLayout()
        inner.setContentsMargins(16, 0, 16, 6)
        inner.addWidget(self.filter)
        column.addWidget(self.head)
        column.addLayout(inner)
        column.addWidget(self._stack, 1)
        column.addWidget(self.foot)
        self.setFocusProxy(self.table)
        self.setAccessibleName("miners view")
        self._arrange()

    def go_to_filter(self) -> None:
        """The keyboard into the filter line."""
        self.filter.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.edit.selectAll()

    def _to_table(self) -> None:
        self._stack.currentWidget().setFocus(Qt.FocusReason.OtherFocusReason)

    def _arrange(self) -> None:
        measures = density_at(self.window().width() if self.window() else self.width()).value
        self._column.setContentsMargins(measures.margin, measures.gap, measures.margin, measures.gap)

    def resizeEvent(self, event: QEvent) -> None:
        """Margins by density."""
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        """One panel for all of it."""
        measures = density_at(self.window().width()).value
        area = self.rect().adjusted(measures.margin, measures.gap, -measures.margin, -measures.gap)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.bg1)
            painter.drawRoundedRect(area, 4, 4)

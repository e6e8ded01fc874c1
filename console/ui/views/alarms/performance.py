"""The performance page: how many alarms there were, against the targets, in a day, a week or a month."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from console.ui.models.alarms.measures import SPANS, Performance, read_performance
from console.ui.models.live import LiveFleet
from console.ui.theme import DARK, Theme, apply_theme, slim_scroll_bars
from console.ui.widgets.alarms.measures import MeasuresPage
from console.ui.widgets.tab_row import TabRow

ROW_PX = 36


class PerformancePage(QWidget):
    """Measured when it is opened, and when another span is chosen."""

    def __init__(self, live: LiveFleet, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._live = live
        self._asked = ""
        self.spans = TabRow([name for name, _ in SPANS], theme)
        self.spans.setFixedHeight(ROW_PX)
        self.page = MeasuresPage(theme)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self.page)
        self.page.setMinimumHeight(self.page.sizeHint().height())
        self._scroll.viewport().setAutoFillBackground(False)
        self.page.setAutoFillBackground(False)
        slim_scroll_bars(self._scroll, theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.spans)
        column.addWidget(self._scroll, 1)
        self.setFocusProxy(self.page)
        self.spans.chosen.connect(self.read)

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        slim_scroll_bars(self._scroll, theme)
        apply_theme(self, theme)

    def read(self, name: str = "") -> None:
        """Measure the span in force."""
        self._asked = name or self.spans.current
        span_ms, reader, now_ms = dict(SPANS)[self._asked], self._live.operations, self._live.clock()
        asked = self._asked
        self._live.reads.run(lambda: read_performance(reader, span_ms, now_ms), lambda found: self._take(asked, found))

    def _take(self, asked: str, found: Performance) -> None:
        if asked == self._asked:
            self.page.show_performance(found, self._live.now.fleet.site_names())

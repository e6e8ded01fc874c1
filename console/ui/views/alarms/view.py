"""The alarms: one list in sections (two on a wall), guidance beside it, history behind a tab (mock-up 3).

Knows the alarms as they stand and asks the engine through their model; moves no alarm itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from console.domain.alarm import Alarm
from console.domain.alarm_change import AlarmChange, HistorySearch
from console.ui.background import Newest
from console.ui.density import Density, density_at
from console.ui.fonts import px
from console.ui.models.alarms.live import LiveAlarms
from console.ui.models.alarms.rows import AlarmRow, ListWish, RowKind, alarm_rows, section_counts
from console.ui.models.alarms.words import calm_words
from console.ui.models.live import LiveFleet
from console.ui.models.span import TimeBarModel
from console.ui.plain import safe_text
from console.ui.theme import DARK, Theme, apply_theme
from console.ui.views.alarms.head import HISTORY, PERFORMANCE, AlarmsHead
from console.ui.views.alarms.pane import AlarmPane
from console.ui.views.alarms.performance import PerformancePage
from console.ui.views.alarms.sheets import AlarmSheets
from console.ui.views.alarms.strip import DayStrip
from console.ui.widgets.alarms.history import HistoryList, history_rows
from console.ui.widgets.alarms.tables import AlarmTables
from console.ui.widgets.two_parts import TwoParts

RADIUS_PX, PANE_PX, LOW_PANE_PX, SETTLE_MS = 4, 512, 236, 200


class AlarmsView(QWidget):
    """`show_place` takes an alarm's key. Keys: A acknowledge, H shelve, O service, Enter display, / filter."""

    place_asked = Signal(str)
    closed = Signal()

    def __init__(self, live: LiveFleet, span: TimeBarModel, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._live, self._span, self._theme = live, span, theme
        self.alarms = LiveAlarms.of(live)
        self._wish, self._wanted = ListWish(), ""
        self._group_asked: bool | None = None
        self._searches = Newest(live.reads)
        self.sheets = AlarmSheets(self.alarms, self)
        self.head = AlarmsHead(theme)
        self.table = AlarmTables(self.alarms.blink, theme)
        self.history = HistoryList(theme)
        self.performance = PerformancePage(live, theme)
        self.pane = AlarmPane(self.alarms, theme)
        self.strip = DayStrip(live, theme)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._lay_out()
        self._connect()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self.table)
        self.setAccessibleName("alarms view")
        self._show()

    def _lay_out(self) -> None:
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.history)
        self._stack.addWidget(self.performance)
        self._left = QWidget()
        column = QVBoxLayout(self._left)
        column.setContentsMargins(0, 6, 0, 6)
        column.setSpacing(4)
        column.addWidget(self.head)
        column.addWidget(self._stack, 1)
        self._parts = TwoParts(self._left, self.pane, self.pane, PANE_PX, LOW_PANE_PX)
        self._whole = QVBoxLayout(self)
        self._whole.addWidget(self.strip)
        self._whole.addLayout(self._parts, 1)

    def _connect(self) -> None:
        self.head.section_asked.connect(self._open_section)
        self.head.group_asked.connect(self._group)
        self.head.sound_asked.connect(self.open_sound)
        self.head.handover_asked.connect(lambda: self.sheets.open_handover(self._theme))
        self.head.filter.textChanged.connect(lambda _text: self._settle.start())
        self.head.filter.left.connect(self._leave_filter)
        self.head.filter.returnPressed.connect(self.table.setFocus)
        self._settle.timeout.connect(self._filtered)
        self.table.changed.connect(self._show_pane)
        self.table.opened.connect(self._open_row)
        self.table.fold_asked.connect(self._fold)
        self.pane.display_asked.connect(self.place_asked)
        self.alarms.changed.connect(self._show)
        self._live.changed.connect(self._tick)

    # what it is told

    def show_place(self, key: str) -> None:
        """Select an alarm, whatever filter hides it; one that is not there yet is selected when it comes."""
        self._wanted = key
        self.head.show_section("")
        self._open_section("")
        if key and not self.table.go_to(key):
            self.head.filter.clear()
            self._filtered()
        self._go_to_wanted()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        self._theme = theme
        apply_theme(self, theme)
        self._fit()
        self.update()

    @property
    def pending(self) -> bool:
        """Whether something asked for is still to come (R50)."""
        return self._settle.isActive()

    # what it shows

    @property
    def _sites(self) -> Mapping[str, str]:
        return self._live.now.fleet.site_names()

    def _tick(self, _now: object) -> None:
        """Ages go on."""
        if self.isVisible():
            self._show()

    def _show(self, _now: object = None) -> None:
        now = self.alarms.now
        grouped = now.flood.active if self._group_asked is None else self._group_asked
        self._wish = ListWish(self.head.filter.text().strip(), grouped, self._wish.open)
        self.head.show_counts(section_counts(now), grouped)
        at_ms = self._live.clock()
        cutoff_ms = self._live.cutoff_ms if self.alarms.offline else None
        calm = calm_words(now, self._wish.text, self._sites, at_ms, cutoff_ms)
        self.table.show_rows(alarm_rows(now, self._sites, self._wish, at_ms), calm)
        self._go_to_wanted()
        if self.table.current is None and self.table.rows:
            self.table.go_to(next(row.key for row in self.table.rows if row.kind is not RowKind.SECTION))
        self._show_pane()

    def _go_to_wanted(self) -> None:
        if self._wanted and self.table.go_to(self._wanted):
            self._wanted = ""

    def _show_pane(self) -> None:
        by_key = self.alarms.now.by_key
        row = self.table.current
        current = None if row is None or row.alarm is None else by_key.get(row.alarm.key)
        selected: tuple[Alarm, ...] = tuple(by_key[one.key] for one in self.table.selected() if one.key in by_key)
        others = len(row.group.members) - 1 if row is not None and row.group is not None and not selected else 0
        self.pane.show_alarms(current, selected, others)

    # what is done in it

    def _open_section(self, name: str) -> None:
        page = {HISTORY: self.history, PERFORMANCE: self.performance}.get(name, self.table)
        self._stack.setCurrentWidget(page)
        self.setFocusProxy(page)
        self.pane.setVisible(page is self.table)
        self._fit()
        self.head.show_tools(group=page is self.table, filtered=page is not self.performance)
        if page is self.history:
            self._read_history()
        elif page is self.performance:
            self.performance.read()
        elif name:
            self.table.go_to_section(name)
        page.setFocus()

    def _group(self, grouped: bool) -> None:
        self._group_asked = grouped
        self._show()

    def _fold(self, key: str) -> None:
        self._wish = ListWish(self._wish.text, self._wish.grouped, self._wish.open ^ {key})
        self._show()
        self.table.go_to(key)

    def _open_row(self, row: AlarmRow | None) -> None:
        if row is None or row.kind is RowKind.SECTION:
            return
        if row.kind is RowKind.GROUP:
            self._fold(row.key)
        else:
            self.pane.press_open()

    def _filtered(self) -> None:
        self._settle.stop()
        if self._stack.currentWidget() is self.history:
            self._read_history()
        else:
            self._show()

    def _leave_filter(self) -> None:
        self.head.filter.clear()
        self._stack.currentWidget().setFocus()

    def _read_history(self) -> None:
        """The newest lines that hold the words, over all that is kept."""
        search = HistorySearch(text=self.head.filter.text().strip())
        operations = self._live.operations
        self._searches.run(lambda: operations.alarm_history(search), self._take_history)

    def _take_history(self, lines: list[AlarmChange]) -> None:
        self.history.rows.set_rows(history_rows(lines, self.alarms.now.rules, self._sites))
        text = safe_text(self.head.filter.text().strip())
        found = f"Nothing recorded holds \u201c{text}\u201d\nEscape clears the filter"
        self.history.say_when_empty(found if text else "No alarm is recorded yet")

    # what is opened over it

    def keep_in(self, folder: Path) -> None:
        """Where saved handovers lie."""
        self.sheets.folder = folder

    def open_sound(self) -> None:
        """S: the tones of this desk."""
        self.sheets.open_sound(self.head.sound, self._theme)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Single keys that no field in focus wanted for itself."""
        acts = {
            "a": self.pane.press_acknowledge,
            "h": self.pane.press_shelve,
            "g": self.head.group.click,
            "o": self.pane.press_service,
            "s": self.open_sound,
            "/": self.head.filter.setFocus,
        }
        act = acts.get(event.text().lower())
        if act is not None:
            act()
        else:
            super().keyPressEvent(event)

    # where it is

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may be another layout."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        density = density_at(self.width())
        low = self._parts.fit(density)
        margin, gap = density.value.margin, density.value.gap
        self._whole.setContentsMargins(margin, gap, margin, gap)
        self._whole.setSpacing(gap)
        self.strip.setVisible(not low and self._stack.currentWidget() is self.table)
        self.pane.lie_down(low)
        self.table.set_apart(density is Density.WALL, gap)

    def minimumSizeHint(self) -> QSize:
        """Below this nothing can be read."""
        return QSize(px(900), px(420))

    def hasHeightForWidth(self) -> bool:
        """Never: the guidance scrolls by itself, and must not push the view below the window's edge."""
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, and the panel beneath head and list; the strip has its own."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(self.rect(), self._theme.bg0)
            painter.setPen(self._theme.bg1)
            painter.setBrush(self._theme.bg1)
            painter.drawRoundedRect(QRectF(self._left.geometry()), RADIUS_PX, RADIUS_PX)

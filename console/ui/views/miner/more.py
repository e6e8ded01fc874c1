"""What else is known of a machine, one tab at a time: notes, boards and fans, identity, the events of its site."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QWidget

from console.ui.fonts import px
from console.ui.models.live import LiveFleet
from console.ui.models.live_detail import DetailNow, LiveDetail
from console.ui.theme import DARK, Theme, apply_theme, slim_scroll_bars
from console.ui.views.miner.parts import is_old, part_groups, parts_line
from console.ui.views.notes_body import NotesBody
from console.ui.widgets.fact_list import Fact, FactList
from console.ui.widgets.panel import PAD_PX, TITLE_PX, Panel
from console.ui.widgets.part_rows import PartRows
from console.ui.widgets.tab_row import TabRow

NOTES, PARTS, IDENTITY, EVENTS = TABS = ("Notes", "Boards and fans", "Identity", "Events")
BESIDE_BAR_PX = 6
TABS_INSET_PX = 4  # a tab has as much space inside


class MinerMore(Panel):
    """`open` says of which machine; `left` is Escape in the note's text."""

    left = Signal()

    def __init__(self, live: LiveFleet, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__("", theme, foot=12, parent=parent)
        self._live, self._events = live, ""
        self.setAccessibleName("notes, boards and fans, identity, events")
        self.detail = LiveDetail(live, self)
        self.tabs = TabRow(TABS, theme, self)
        self.notes = NotesBody(live, theme)
        self.parts = PartRows("boards and fans", theme)
        self.facts = FactList("identity", theme)
        self.events = FactList("events of its site", theme)
        self._stack = QStackedWidget(self)
        for each in (self.notes, self._scrolled(self.parts), self.facts, self.events):
            self._stack.addWidget(each)
        self.set_body(self._stack)
        self.tabs.chosen.connect(self._show_tab)
        self.notes.left.connect(self.left)
        self.detail.changed.connect(self._show_parts)
        live.changed.connect(self._tick)
        self._show_parts(DetailNow())

    def _scrolled(self, inner: QWidget) -> QScrollArea:
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName("boards and fans, scrolled")
        area.setWidget(inner)
        area.viewport().setAutoFillBackground(False)
        area.setViewportMargins(0, 0, BESIDE_BAR_PX, 0)
        inner.setAutoFillBackground(False)
        slim_scroll_bars(area, self._theme)
        return area

    def open(self, site_id: str, miner_id: str, place: str, number: str) -> None:
        """A machine: `place` is its key, `number` what tells it apart (see `Note`)."""
        self.notes.open(place, miner_id, number)
        self._asked = site_id, miner_id
        self._show_tab(self.tabs.current)

    def rest(self) -> None:
        """Nobody looks."""
        self.notes.rest()
        self.detail.rest()

    def show_events(self, facts: tuple[Fact, ...], note: str) -> None:
        """The events of its site; `note` says why there are none."""
        self._events = note
        self.events.show_facts(facts)
        self._say()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme, every tab of it."""
        super().set_theme(theme)
        for each in (self.notes, self.parts, self.facts, self.events):
            each.set_theme(theme)
        apply_theme(self, theme)
        self._place()

    def _show_tab(self, name: str) -> None:
        self._stack.setCurrentIndex(TABS.index(name))
        if name == PARTS and hasattr(self, "_asked"):
            self.detail.open(*self._asked)
        else:
            self.detail.rest()
        self._say()

    def _say(self) -> None:
        self.set_words("", "", self._events if self.tabs.current == EVENTS else "")

    def _show_parts(self, now: DetailNow) -> None:
        now_ms = self._live.now.now_ms
        self.parts.show_groups(part_groups(now.detail), parts_line(now, now_ms), old=is_old(now, now_ms))

    def _tick(self, _now: object) -> None:
        if self.isVisible():
            self._show_parts(self.detail.now)

    def _place(self) -> None:
        super()._place()
        if hasattr(self, "tabs"):
            left = PAD_PX - 2 * TABS_INSET_PX
            self.tabs.setGeometry(QRect(left, 2, min(self.width() - left, self.tabs.width_wanted()), px(TITLE_PX) - 6))

"""A panel with a heat map in it: the choice of metric, the scale with its counts, and signs of what is odd below.

Knows machines as columns and blocks of rows; must not know which site or rack a block is.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from console.ui.fonts import Role, font, px
from console.ui.heat_map.canvas import EDGE_PX
from console.ui.heat_map.heat_map import HeatMap
from console.ui.heat_map.picture import Block
from console.ui.heat_map.scale import METRICS, Tone, counted, metric_named, tones
from console.ui.heat_map.scale_key import HeatKey
from console.ui.lettering import paint_elided, text_width
from console.ui.models.miners.machines import MachinesNow
from console.ui.plain import safe_text, set_tip
from console.ui.theme import DARK, Theme, apply_theme
from console.ui.widgets.panel import PAD_PX, TITLE_PX, Panel
from console.ui.widgets.tab_row import TabRow

FOOT_PX, TABS_PX, SPACE_PX = 34, 30, 10


class HeatPanel(Panel):
    """`metric_chosen` carries the metric's name; `heat_map` is the map itself."""

    metric_chosen = Signal(str)

    def __init__(self, heat_map: HeatMap, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__("Machines", theme, foot=px(FOOT_PX), parent=parent)
        self.heat_map = heat_map
        heat_map.setParent(self)
        self.tabs = TabRow([metric.name for metric in METRICS], theme, self)
        self.key = HeatKey(theme, self)
        self._machines: MachinesNow | None = None
        self._rows = np.zeros(0, dtype=np.intp)
        self._stamp: object = None
        self._signs: tuple[str, ...] = ()
        self._foot_words = ""
        self.tabs.chosen.connect(self._choose)

    @property
    def metric(self) -> str:
        """The metric in force."""
        return self.tabs.current

    @property
    def signs(self) -> tuple[str, ...]:
        """What is odd about the machines shown, in words."""
        return self._signs

    def show_machines(self, machines: MachinesNow, blocks: Sequence[Block], empty: str) -> None:
        """Other machines, or the same with other values."""
        self._machines = machines
        stamp = (machines.versions, tuple((block.key, block.rows.size) for block in blocks))
        if stamp != self._stamp:
            self._rows = np.concatenate([np.zeros(0, dtype=np.intp), *(block.rows for block in blocks)])
            self._rows = self._rows[self._rows >= 0]
        self._stamp = stamp
        self.heat_map.show_blocks(blocks, len(machines), empty, stamp)
        self._tone()

    def show_foot(self, words: str, signs: Sequence[str]) -> None:
        """Signs come first and in full strength; `words` say what can be done."""
        self._signs, self._foot_words = tuple(signs), words
        line = " · ".join((*self._signs, words))
        set_tip(self, "\n".join(self._signs))
        self.setAccessibleDescription(safe_text(line))
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        super().set_theme(theme)
        apply_theme(self, theme)
        self._lay_out()

    def _choose(self, name: str) -> None:
        self._tone()
        self.metric_chosen.emit(name)

    def _tone(self) -> None:
        if self._machines is None:
            return
        metric = metric_named(self.metric)
        found = tones(self._machines, metric)
        self.key.show_counts(metric, counted(found[self._rows]))
        self.heat_map.show_tones(found)
        self._lay_out()

    def counts(self) -> dict[Tone, int]:
        """How many of the machines shown have each tone."""
        return dict(self.key.counts)

    # layout

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tabs and key share a line where both fit."""
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        left, top, room = PAD_PX, px(TITLE_PX), self.width() - 2 * PAD_PX
        wanted, tabs = self.key.width_wanted(), self.tabs.width_wanted()
        self.tabs.setGeometry(left, top, min(room, tabs), px(TABS_PX))
        if tabs + px(24) + wanted <= room:
            high, wide = px(TABS_PX), round(wanted)
            key_top = top + (high - self.key.height_for(wide)) // 2
            self.key.setGeometry(left + room - wide, key_top, wide, self.key.height_for(wide))
            below = top + high
        else:
            self.key.setGeometry(left, top + px(TABS_PX) + 4, room, self.key.height_for(room))
            below = top + px(TABS_PX) + 4 + self.key.height_for(room)
        below += SPACE_PX
        high = max(0, self.height() - below - px(FOOT_PX))
        self.heat_map.setGeometry(left - EDGE_PX, below, room + EDGE_PX, high)  # the first cells stand under the title

    def paintEvent(self, event: QPaintEvent) -> None:
        """Panel and foot."""
        super().paintEvent(event)
        theme, caption = self._theme, font(Role.CAPTION)
        with QPainter(self) as painter:
            area = QRectF(PAD_PX, self.height() - px(26), self.width() - 2 * PAD_PX, px(18))
            signs, strong = safe_text(" · ".join(self._signs)), font(Role.CAPTION_BOLD)
            if signs:
                paint_elided(painter, area, signs, strong, theme.t1)
                area.setLeft(area.left() + text_width(strong, signs) + px(16))
            if area.width() > px(80):
                paint_elided(painter, area, safe_text(self._foot_words), caption, theme.t3)

"""The containers of a site as cards: machines by state, share hashing, hashrate, power, temperature and age.

Each card is one target for pointer and keyboard; its cells are not. Knows frozen values only.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from console.ui.fonts import Role, font, px
from console.ui.keys import ENTER
from console.ui.lettering import paint_elided, paint_text, text_width
from console.ui.models.containers import ContainerNow
from console.ui.models.state_words import WORDS
from console.ui.numbers import NO_VALUE, decimal, hashrate_text, power_text
from console.ui.plain import set_tip
from console.ui.theme import DARK, Theme
from console.ui.widgets.card_layout import CARD_WIDTH_PX, LEAST_CARD_PX, CardLayout
from console.ui.widgets.painted_layer import PaintedLayer
from console.ui.widgets.scroll_style import scroll_style
from console.ui.widgets.state_cells import CellGrid, grouped, paint_blocks

PAD_PX = 4
HEAD_PX, FOOT_PX = 20, 36
MOST_DIGITS = 4  # with the point


class ContainerGrid(QAbstractScrollArea):
    """`chosen` carries a container's name; arrows move, Enter or a click chooses, Escape lifts (an empty name)."""

    chosen = Signal(str)

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._containers: tuple[ContainerNow, ...] = ()
        self._cells: Mapping[str, NDArray[np.uint8]] = {}
        self._age = ""
        self._old = False
        self._layer = PaintedLayer()
        self._layout = CardLayout.fitting(0, self.viewport().size())
        self._focus_index = 0
        self._selected: str | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setMouseTracking(True)
        self.setAccessibleName("containers")
        self.verticalScrollBar().setStyleSheet(scroll_style(theme))

    def show_containers(self, containers: tuple[ContainerNow, ...], age: str, old: bool) -> None:
        """Other values; `old` dims every card, since all come from one frame."""
        self._containers, self._age, self._old = containers, age, old
        self._focus_index = min(self._focus_index, max(0, len(containers) - 1))
        self._fit()

    def show_cells(self, cells: Mapping[str, NDArray[np.uint8]]) -> None:
        """Each machine's own state by container, roster order; where absent, cells are grouped by state."""
        self._cells = cells
        self.viewport().update()

    @property
    def in_roster_order(self) -> bool:
        """Whether each cell is a machine in its own place, for every container."""
        return bool(self._containers) and all(self._tells(container) for container in self._containers)

    def _tells(self, container: ContainerNow) -> bool:
        """Whether the cells at hand belong to this roll-up's machines."""
        cells = self._cells.get(container.name)
        return cells is not None and cells.size == container.miners

    def select(self, name: str | None) -> None:
        """Mark a container as selected without telling anybody."""
        self._selected = name
        for index, container in enumerate(self._containers):
            if container.name == name:
                self._focus_index = index
        self.viewport().update()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        self._theme = theme
        self.verticalScrollBar().setStyleSheet(scroll_style(theme))
        self._fit()

    # layout

    def _card(self, index: int) -> QRectF:
        """Where a card lies in the viewport, in logical px."""
        return self._layout.card(index, self.verticalScrollBar().value())

    def _fit(self) -> None:
        layout = CardLayout.fitting(len(self._containers), self.viewport().size())
        if layout != self._layout:
            self._layout = layout  # an equal one stays the same object: what is painted of it may then be kept
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, self._layout.whole_px - self.viewport().height()))
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(px(LEAST_CARD_PX) // 2)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cards follow the width."""
        self._fit()

    def sizeHint(self) -> QSize:
        """Two rows of fourteen."""
        return QSize(px(1328), px(380))

    def minimumSizeHint(self) -> QSize:
        """One card."""
        return QSize(px(CARD_WIDTH_PX) + 12, px(LEAST_CARD_PX))

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the cards in view."""
        with QPainter(self.viewport()) as painter:
            painter.fillRect(self.viewport().rect(), self._theme.bg1)
            if not self._containers:
                self._paint_empty(painter)
                return
            for card, container in self._in_view():
                self._paint_card(painter, card, container)
            key = (self._containers, self._cells, self._theme, self._layout, self.verticalScrollBar().value())
            self._layer.paint(painter, self.viewport().size(), key, self._paint_machines)
            if self.hasFocus():
                self._ring(painter, self._card(self._focus_index), 2)

    def _in_view(self) -> list[tuple[QRectF, ContainerNow]]:
        view = QRectF(self.viewport().rect())
        cards = ((self._card(index), container) for index, container in enumerate(self._containers))
        return [(card, container) for card, container in cards if card.intersects(view)]

    def _paint_machines(self, painter: QPainter) -> None:
        """The cells of all cards in view: thousands, and new only with a new frame."""
        blocks = [
            (
                self._cell_area(card),
                self._cells[container.name] if self._tells(container) else grouped(container.counts),
            )
            for card, container in self._in_view()
        ]
        paint_blocks(painter, blocks, self._cell_grid(), self._theme)

    def _cell_grid(self) -> CellGrid:
        """One pitch for all cards: a small container looks small."""
        most = max(container.miners for container in self._containers)
        area = self._cell_area(self._card(0))
        return CellGrid.fitting(most, area.width(), area.height())

    @staticmethod
    def _cell_area(card: QRectF) -> QRectF:
        return card.adjusted(PAD_PX, px(HEAD_PX), -PAD_PX, -px(FOOT_PX))

    def _paint_empty(self, painter: QPainter) -> None:
        area = QRectF(self.viewport().rect())
        words = "no containers: this site has sent no sample yet"
        paint_elided(painter, area, words, font(Role.BODY), self._theme.t3)

    def _paint_card(self, painter: QPainter, card: QRectF, container: ContainerNow) -> None:
        theme, caption = self._theme, font(Role.CAPTION)
        if container.name == self._selected:
            painter.fillRect(card, theme.bg2)
            self._ring(painter, card, 1)
        elif container.dark:
            pen = QPen(theme.t2, 1.2)
            pen.setDashPattern([3, 2])
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(card.adjusted(0.5, 0.5, -0.5, -0.5))
        inner = card.adjusted(PAD_PX, 0, -PAD_PX, 0)
        share = container.share()
        head = px(15)
        width = paint_text(
            painter, QPointF(inner.right(), card.top() + head), share, caption, self._ink, Qt.AlignmentFlag.AlignRight
        )
        name = QRectF(inner.left(), card.top() + 1, inner.width() - width - 6, px(18))
        paint_elided(painter, name, container.title, caption, theme.t2)
        self._paint_foot(painter, inner, container)

    def _paint_foot(self, painter: QPainter, inner: QRectF, container: ContainerNow) -> None:
        theme, caption = self._theme, font(Role.CAPTION)
        first, second = inner.bottom() - px(20), inner.bottom() - px(5)
        right = Qt.AlignmentFlag.AlignRight
        hashrate = _short(hashrate_text(container.hashrate_hs))
        left = inner.left() + paint_text(painter, QPointF(inner.left(), first), hashrate, caption, self._ink)
        power = _short(power_text(container.power_w))
        used = paint_text(painter, QPointF(inner.left(), second), power, caption, theme.t2)
        degrees = _degrees(container, inner.width() - used - 6)
        paint_text(painter, QPointF(inner.right(), second), degrees, caption, theme.t2, right)
        if text_width(caption, self._age) < inner.right() - left - 6:
            paint_text(painter, QPointF(inner.right(), first), self._age, caption, theme.t3, right)

    @property
    def _ink(self) -> object:
        return self._theme.t2 if self._old else self._theme.t1

    def _ring(self, painter: QPainter, card: QRectF, width: int) -> None:
        painter.setPen(QPen(self._theme.t1, width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inset = width / 2
        painter.drawRect(card.adjusted(inset, inset, -inset, -inset))

    # pointer and keyboard

    def _index_at(self, at: QPointF) -> int | None:
        return next((index for index in range(len(self._containers)) if self._card(index).contains(at)), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses."""
        index = self._index_at(event.position())
        if index is not None and event.button() is Qt.MouseButton.LeftButton:
            self._focus_index = index
            self.chosen.emit(self._containers[index].name)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The card under the pointer in words."""
        index = self._index_at(event.position())
        set_tip(self.viewport(), "" if index is None else sentence(self._containers[index]))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move, Enter chooses, Escape lifts."""
        across = self._layout.across
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -across, Qt.Key.Key_Down: across}
        key = Qt.Key(event.key())
        if not self._containers:
            event.ignore()
        elif key in steps:
            self._focus_index = min(len(self._containers) - 1, max(0, self._focus_index + steps[key]))
            self._reveal()
        elif key in ENTER:
            self.chosen.emit(self._containers[self._focus_index].name)
        elif key == Qt.Key.Key_Escape and self._selected is not None:
            self.chosen.emit("")
        else:
            event.ignore()

    def _reveal(self) -> None:
        card, bar = self._card(self._focus_index), self.verticalScrollBar()
        if card.top() < 0:
            bar.setValue(int(bar.value() + card.top()))
        elif card.bottom() > self.viewport().height():
            bar.setValue(int(bar.value() + card.bottom() - self.viewport().height()))
        self.setAccessibleDescription(sentence(self._containers[self._focus_index]))
        self.viewport().update()

    def card_rect(self, index: int) -> QRect:
        """Where a card is in the viewport: for tests and for whoever points at it."""
        return self._card(index).toRect()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the focus is."""
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide it."""
        self.viewport().update()


def sentence(container: ContainerNow) -> str:
    """One container in words."""
    states = ", ".join(
        f"{container.counts[state]:,} {word}" for state, word in WORDS.items() if container.counts[state]
    )
    hashrate, power = " ".join(hashrate_text(container.hashrate_hs)), " ".join(power_text(container.power_w))
    return f"{container.title}: {container.miners:,} miners, {states}; {hashrate}, {power}"


def _short(pair: tuple[str, str]) -> str:
    """Value and unit in as few characters as a card has; a missing value needs no unit."""
    value, unit = pair
    if value == NO_VALUE:
        return value
    if len(value) > MOST_DIGITS and "." in value:
        value = decimal(float(value.replace(",", "")), max(0, MOST_DIGITS - 1 - value.index(".")))
    return f"{value} {unit}"


def _degrees(container: ContainerNow, room: float) -> str:
    """The hottest board, without the letter of its scale where a card is narrow."""
    if not math.isfinite(container.board_c):
        return NO_VALUE
    number = decimal(container.board_c, 0)
    whole = f"{number} °C"
    return whole if text_width(font(Role.CAPTION), whole) <= room else f"{number}°"

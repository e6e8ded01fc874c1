"""All containers of a site as a strip of small cards: number and share hashing; the open one is filled (mock-up 7)."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from console.ui.fonts import Role, font, px
from console.ui.keys import ENTER
from console.ui.lettering import paint_elided, text_width
from console.ui.models.containers import ContainerNow
from console.ui.numbers import NO_VALUE
from console.ui.plain import safe_text, set_tip
from console.ui.theme import DARK, Theme
from console.ui.widgets.container_grid import sentence

LEAST_PX, MOST_PX, HIGH_PX, GAP_PX, PAD_PX = 40, 56, 36, 4, 3
ALL = "All"


class ContainerStrip(QWidget):
    """`chosen` carries a container's name, or None for all of them."""

    chosen = Signal(object)

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._containers: tuple[ContainerNow, ...] = ()
        self._open: str | None = None
        self._focus = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("containers of this site")

    def show_containers(self, containers: tuple[ContainerNow, ...], open_name: str | None) -> None:
        """The containers as of now; `open_name` None: all are on screen."""
        if open_name != self._open:
            names = [container.name for container in containers]
            self._focus = names.index(open_name) + 1 if open_name in names else 0
        self._containers, self._open = containers, open_name
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        self._theme = theme
        self.update()

    def height_for(self, width: int) -> int:
        """As many lines as the cards need."""
        lines = -(-(len(self._containers) + 1) // self._across(width))
        return lines * (px(HIGH_PX) + GAP_PX) - GAP_PX

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(px(1328), px(HIGH_PX))

    def _across(self, width: int) -> int:
        """Cards a line, in lines of equal length; no card is too narrow for the longest share."""
        count = len(self._containers) + 1
        least = max(px(LEAST_PX), ceil(text_width(font(Role.CAPTION), "100 %")) + 2 * PAD_PX)
        most = max(1, (width + GAP_PX) // (least + GAP_PX))
        return -(-count // -(-count // most))

    def card_rect(self, index: int) -> QRect:
        """Where card `index` is; 0 is the card of all."""
        across = self._across(self.width())
        wide = min(px(MOST_PX), (self.width() + GAP_PX) // across - GAP_PX)
        return QRect(index % across * (wide + GAP_PX), index // across * (px(HIGH_PX) + GAP_PX), wide, px(HIGH_PX))

    def _name(self, index: int) -> str | None:
        return None if index == 0 else self._containers[index - 1].name

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the cards."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for index in range(len(self._containers) + 1):
                self._paint_card(painter, QRectF(self.card_rect(index)), index)

    def _paint_card(self, painter: QPainter, card: QRectF, index: int) -> None:
        theme, container = self._theme, self._containers[index - 1] if index else None
        is_open = self._name(index) == self._open
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.t1 if is_open else theme.bg2)
        painter.drawRoundedRect(card, 3, 3)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        ink, second = (theme.paper, theme.paper) if is_open else (theme.t1, theme.t2)
        if container is not None and container.dark:
            pen = QPen(theme.paper if is_open else theme.t2, 1.2)
            pen.setDashPattern([3, 2])
            painter.setPen(pen)
            painter.drawRoundedRect(card.adjusted(1, 1, -1, -1), 3, 3)
        if index == self._focus and self.hasFocus():
            painter.setPen(QPen(theme.paper if is_open else theme.t1, 2))
            painter.drawRoundedRect(card.adjusted(2, 2, -2, -2), 2, 2)
        self._paint_words(painter, card, container, (ink, second))

    @staticmethod
    def _paint_words(painter: QPainter, card: QRectF, container: ContainerNow | None, inks: tuple) -> None:
        inner = card.adjusted(PAD_PX, 2, -PAD_PX, -2)
        upper, lower = QRectF(inner.topLeft(), QPointF(inner.right(), card.center().y())), QRectF(inner)
        lower.setTop(card.center().y())
        title = ALL if container is None else safe_text(container.title)
        share = "site" if container is None else container.share()
        if container is not None and container.dark and text_width(font(Role.CAPTION), share) > inner.width():
            share = NO_VALUE  # a value is never cut: where its words do not fit, its dash
        for area, words, role, ink in (
            (upper, title, Role.CAPTION_BOLD, inks[0]),
            (lower, share, Role.CAPTION, inks[1]),
        ):
            paint_elided(painter, area, words, font(role), ink)

    # pointer and keyboard

    def _index_at(self, at: QPointF) -> int | None:
        cards = range(len(self._containers) + 1)
        return next((index for index in cards if QRectF(self.card_rect(index)).contains(at)), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click opens."""
        index = self._index_at(event.position())
        if index is not None and event.button() is Qt.MouseButton.LeftButton:
            self._choose(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The card under the pointer in words."""
        index = self._index_at(event.position())
        set_tip(self, "" if index is None else sentence(self._containers[index - 1]) if index else "all containers")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move, Enter or Space opens."""
        across = self._across(self.width())
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -across, Qt.Key.Key_Down: across}
        key = Qt.Key(event.key())
        if key in steps:
            self._focus = min(len(self._containers), max(0, self._focus + steps[key]))
            self.setAccessibleDescription(
                sentence(self._containers[self._focus - 1]) if self._focus else "all containers"
            )
            self.update()
        elif key in (*ENTER, Qt.Key.Key_Space):
            self._choose(self._focus)
        else:
            event.ignore()

    def _choose(self, index: int) -> None:
        self._focus = index
        self.chosen.emit(self._name(index))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the focus is."""
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide it."""
        self.update()

"""The four dots of a command: requested, sent, accepted, verified; what went wrong stands at the fourth (R37)."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.domain.alarm import Priority
from console.domain.command import TargetState
from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_elided, paint_text, text_width
from console.ui.models.commands.words import STATE_MARKS, counts_words
from console.ui.numbers import integer
from console.ui.theme import DARK, Theme
from console.ui.widgets.alarms.symbol import Form, paint_alarm

S = TargetState
TRACK = (S.REQUESTED, S.SENT, S.ACCEPTED, S.VERIFIED)
TROUBLE = (S.UNVERIFIED, S.UNKNOWN, S.REFUSED)
REACHED = {S.REQUESTED: 0, S.SENT: 1, S.UNKNOWN: 1, S.REFUSED: 1, S.ACCEPTED: 2, S.UNVERIFIED: 2, S.VERIFIED: 3}
HEIGHT_PX, DOT_PX, PAD_PX = 62, 12, 28


class CommandTrack(QWidget):
    """How many machines have come how far: a dot is filled once every one of them has."""

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._counts: Mapping[TargetState, int] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_counts({})

    @property
    def text(self) -> str:
        """The states in words."""
        return counts_words(self._counts) or "no command"

    def show_counts(self, counts: Mapping[TargetState, int]) -> None:
        """Other counts."""
        self._counts = {state: count for state, count in counts.items() if count}
        self.setAccessibleName(f"command track: {self.text}")
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme or scale."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Dots and words."""
        return QSize(px(400), px(HEIGHT_PX))

    def reached(self, step: int) -> tuple[int, int]:
        """How many machines have come as far as a dot, of how many that are commanded."""
        every = sum(count for state, count in self._counts.items() if state is not S.SKIPPED)
        there = sum(count for state, count in self._counts.items() if REACHED.get(state, -1) >= step)
        return there, every

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The line, its dots, their words; trouble with the alarm's symbol and in words."""
        theme, caption = self._theme, font(Role.CAPTION)
        middle, left, right = px(14), px(PAD_PX), self.width() - px(PAD_PX) * 2
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.line2, 1.4))
            painter.drawLine(QPointF(left, middle), QPointF(right, middle))
            for step, state in enumerate(TRACK):
                there, every = self.reached(step)
                at = QPointF(left + (right - left) * step / (len(TRACK) - 1), middle)
                self._paint_dot(painter, at, there, every)
                tone = theme.t1 if every and there else theme.t3
                word = f"{state.value} {integer(there)}" if there else state.value
                base = QPointF(max(at.x(), text_width(caption, word) / 2 + 1), middle + px(24))
                paint_text(painter, base, word, caption, tone, Qt.AlignmentFlag.AlignHCenter)
            self._paint_trouble(painter, middle + px(30))

    def _paint_dot(self, painter: QPainter, at: QPointF, there: int, every: int) -> None:
        theme, radius = self._theme, px(DOT_PX) / 2
        circle = QRectF(at.x() - radius, at.y() - radius, 2 * radius, 2 * radius)
        painter.setPen(QPen(theme.t1 if there else theme.edge, 1.5))
        painter.setBrush(theme.t1 if every and there == every else theme.bg1)
        painter.drawEllipse(circle)
        if 0 < there < every:
            painter.setBrush(theme.t1)
            painter.drawPie(circle, 90 * 16, round(-360 * 16 * there / every))

    def _paint_trouble(self, painter: QPainter, top: float) -> None:
        found = [(state, self._counts[state]) for state in TROUBLE if state in self._counts]
        if not found:
            return
        side, face = px(14), font(Role.CAPTION_BOLD)
        words = " · ".join(f"{STATE_MARKS[state]} {integer(count)} {state.value}" for state, count in found)
        left = max(px(26.0), self.width() - px(8) - text_width(face, words))
        paint_alarm(painter, QPointF(left - px(14), top + side / 2), side, Priority.HIGH, Form.OUTLINE, self._theme)
        paint_elided(painter, QRectF(left, top - 2, self.width() - left, px(18)), words, face, self._theme.t1)

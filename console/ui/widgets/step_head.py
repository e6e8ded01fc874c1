"""The head of one step of several: its number in a ring, or a tick once it is done, and what it asks for."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_elided, paint_text
from console.ui.theme import DARK, Theme

RING_PX, HEIGHT_PX = 24, 28


class StepHead(QWidget):
    """Done, under way or still to come; said in the accessible name too."""

    def __init__(self, number: int, label: str, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number, self._label, self._theme = number, label, theme
        self._done, self._active = False, False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_step(done=False, active=False)

    @property
    def done(self) -> bool:
        """Whether its tick is shown."""
        return self._done

    def show_step(self, *, done: bool, active: bool) -> None:
        """How far it is."""
        self._done, self._active = done, active
        word = "done" if done else "now" if active else "later"
        self.setAccessibleName(f"step {self._number}, {self._label}, {word}")
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme or scale."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Ring and words."""
        return QSize(px(190), px(HEIGHT_PX))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ring, number or tick, words."""
        theme, side = self._theme, px(RING_PX)
        tone = theme.t1 if self._done or self._active else theme.t3
        ring = QRectF(1, (self.height() - side) / 2 + 1, side - 2, side - 2)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(tone, 1.5))
            painter.setBrush(tone if self._done else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(ring)
            if self._done:
                painter.setPen(QPen(theme.paper, 2.2))
                a, b, c = (QPointF(x * side, y * side) + QPointF(0, (self.height() - side) / 2) for x, y in TICK)
                painter.drawLine(a, b)
                painter.drawLine(b, c)
            else:
                base = QPointF(ring.center().x(), ring.center().y() + px(13) * 0.36)
                paint_text(painter, base, f"{self._number}", font(Role.BODY_BOLD), tone, Qt.AlignmentFlag.AlignHCenter)
            words = QRectF(side + px(10), 0, self.width() - side - px(10), self.height())
            paint_elided(painter, words, self._label, font(Role.BODY_BOLD), tone)


TICK = ((0.28, 0.52), (0.44, 0.68), (0.72, 0.34))

"""Paints the symbol of an alarm: shape, letter and colour tell its priority, its form the state (7-look.md, section 5).

Knows no alarm of its own: whoever paints says priority, form and whether the blink is in its dark half.
"""

from __future__ import annotations

import enum
import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from console.domain.alarm import AlarmState, Priority
from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_haloed, paint_text
from console.ui.theme import DARK, Theme

EDGE_PX, HATCH_PITCH_PX = 1.6, 3.6
WIDEST = 0.92  # of the box, so that an edge of 1.6 px stays inside it


class Form(enum.Enum):
    """How a symbol is drawn."""

    FILLED = enum.auto()
    OUTLINE = enum.auto()
    HATCHED = enum.auto()


FORMS = {
    AlarmState.UNACKNOWLEDGED: Form.FILLED,
    AlarmState.RETURNED: Form.FILLED,
    AlarmState.SHELVED: Form.HATCHED,
}


def form_of(state: AlarmState, *, dark_half: bool = False) -> Form:
    """The form of a state; only an unacknowledged one changes with the blink."""
    if state is AlarmState.UNACKNOWLEDGED and dark_half:
        return Form.OUTLINE
    return FORMS.get(state, Form.OUTLINE)


def hue(priority: Priority, theme: Theme) -> QColor:
    """The colour of a priority: the only use of the alarm hues."""
    return getattr(theme, priority.name.lower())


def paint_calm(painter: QPainter, at: QPointF, size: float, priority: Priority, theme: Theme) -> None:
    """The shape and letter of a priority of which there is no alarm: no hue, so that a healthy screen has none."""
    painter.save()
    painter.setPen(_edge(theme.line2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(_shape(priority, at, size))
    _paint_letter(painter, at, size, priority, theme.t3)
    painter.restore()


def paint_alarm(painter: QPainter, at: QPointF, size: float, priority: Priority, form: Form, theme: Theme) -> None:
    """One symbol centred at `at` in a box of `size` logical px. Expects antialiasing to be on."""
    shape, colour, paper = _shape(priority, at, size), hue(priority, theme), theme.name != "dark"
    painter.save()
    painter.setPen(_edge(theme.t1 if paper else colour))
    painter.setBrush(colour if form is Form.FILLED else theme.bg1)
    painter.drawPath(shape)
    if paper and form is not Form.FILLED:  # on paper a thin line of a bright hue is lost: an inner band carries it
        painter.setClipPath(shape)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, max(3.0, size * 0.3)))
        painter.drawPath(shape)
        painter.setClipping(False)
        painter.setPen(_edge(theme.t1))
        painter.drawPath(shape)
    if form is Form.HATCHED:
        _paint_hatch(painter, shape, theme.t1 if paper else colour)
    letter = theme.ink if form is Form.FILLED or paper else colour
    _paint_letter(painter, at, size, priority, letter, theme.bg1 if form is Form.HATCHED else None)
    painter.restore()


def _edge(colour: QColor) -> QPen:
    pen = QPen(colour, EDGE_PX)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def _shape(priority: Priority, at: QPointF, size: float) -> QPainterPath:
    """Octagon, triangle, diamond or bar, each within the box."""
    reach, path = size * WIDEST / 2, QPainterPath()
    if priority is Priority.LOW:
        path.addRect(QRectF(at.x() - reach, at.y() - reach / 1.6, 2 * reach, 2 * reach / 1.6))
        return path
    if priority is Priority.CRITICAL:
        angles = [math.radians(22.5 + 45 * corner) for corner in range(8)]
        points = [at + QPointF(math.cos(angle), math.sin(angle)) * reach for angle in angles]
    elif priority is Priority.HIGH:
        points = [at + QPointF(x, y) * reach for x, y in ((0.0, -0.92), (1.0, 0.82), (-1.0, 0.82))]
    else:
        points = [at + QPointF(x, y) * reach for x, y in ((0.0, -1.06), (1.06, 0.0), (0.0, 1.06), (-1.06, 0.0))]
    path.addPolygon(QPolygonF(points))
    path.closeSubpath()
    return path


def _paint_hatch(painter: QPainter, shape: QPainterPath, colour: QColor) -> None:
    box = shape.boundingRect()
    painter.save()
    painter.setClipPath(shape)
    painter.setPen(QPen(colour, 1.0))
    x = box.left() - box.height()
    while x < box.right():
        painter.drawLine(QPointF(x, box.bottom()), QPointF(x + box.height(), box.top()))
        x += HATCH_PITCH_PX
    painter.restore()


def _paint_letter(
    painter: QPainter, at: QPointF, size: float, priority: Priority, colour: QColor, halo: QColor | None = None
) -> None:
    pointed = priority is Priority.HIGH
    letters = QFont(font(Role.CAPTION_BOLD))
    letters.setPixelSize(max(7, round(size * (0.42 if pointed else 0.48))))
    base = at + QPointF(0, letters.pixelSize() * 0.36 + (size * 0.10 if pointed else 0.0))
    middle = Qt.AlignmentFlag.AlignHCenter
    if halo is not None:
        paint_haloed(painter, base, priority.letter, letters, colour, halo, middle)
    else:
        paint_text(painter, base, priority.letter, letters, colour, middle)


class AlarmSymbol(QWidget):
    """One symbol as a widget of its own, with room for a finger of 24 px."""

    def __init__(self, size: int = 24, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size, self._theme = size, theme
        self._priority, self._form = Priority.LOW, Form.OUTLINE
        self.setAccessibleName("alarm symbol")

    def show_alarm(self, priority: Priority, form: Form) -> None:
        """Another symbol."""
        self._priority, self._form = priority, form
        self.setAccessibleName(f"{priority.name.lower()} alarm, {form.name.lower()}")
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        """Its box, never below a target."""
        side = max(24, px(self._size) + 4)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The symbol."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            middle = QRectF(self.rect()).center()
            paint_alarm(painter, middle, px(self._size), self._priority, self._form, self._theme)

"""A machine's values one below the other, each with what is expected, its age and its state (mock-up 7)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_elided, paint_text, text_width
from console.ui.plain import set_tip
from console.ui.theme import DARK, Theme
from console.ui.views.miner.words import ValueRow
from console.ui.widgets.row_list import paint_rule
from console.ui.widgets.state_glyph import ValueState, paint_state

ROW_PX, AGE_PX, MARK_PX, RING_RADIUS_PX = 41, 84, 20, 6
RIGHT = Qt.AlignmentFlag.AlignRight


class MinerValues(QWidget):
    """A painted list; all rows are of one frame and share its age."""

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows: tuple[ValueRow, ...] = ()
        self._state, self._age = ValueState.NEVER, ""
        self.setAccessibleName("values")

    @property
    def rows(self) -> tuple[ValueRow, ...]:
        """The rows shown."""
        return self._rows

    @property
    def age(self) -> str:
        """The age behind each value."""
        return self._age

    @property
    def state(self) -> ValueState:
        """How far the values may be trusted."""
        return self._state

    def show_rows(self, rows: Sequence[ValueRow], state: ValueState, age: str) -> None:
        """Other values, in place."""
        self._rows, self._state, self._age = tuple(rows), state, age
        words = "\n".join((*(row.words for row in rows), f"age {age}, {state.value}"))
        self.setAccessibleDescription(words)
        set_tip(self, words)
        self.updateGeometry()
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """All rows."""
        return QSize(px(320), px(ROW_PX) * len(self._rows))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Row by row."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for number, row in enumerate(self._rows):
                top = px(ROW_PX) * number
                self._paint_row(painter, row, top)
                paint_rule(painter, 0, self.width(), top + px(ROW_PX) - 1, self._theme)

    def _paint_row(self, painter: QPainter, row: ValueRow, top: float) -> None:
        theme, caption, middle = self._theme, font(Role.CAPTION), top + px(ROW_PX) / 2
        ink = theme.t2 if self._state.is_old else theme.t1
        paint_state(painter, QPointF(px(7), middle), px(RING_RADIUS_PX) * 0.8, self._state, theme.t1)
        right = self.width() - paint_text(
            painter, QPointF(self.width(), middle + px(5)), self._age, caption, self._age_ink(), RIGHT
        )
        right = min(right - px(12), self.width() - px(AGE_PX))
        unit = font(Role.CAPTION)
        paint_text(painter, QPointF(right, middle + px(6)), row.unit, unit, theme.t2, RIGHT)
        right -= text_width(unit, row.unit) + px(5)
        used = paint_text(painter, QPointF(right, middle + px(6)), row.value, font(Role.FIELD), ink, RIGHT)
        if row.suspect:
            self._paint_hollow(painter, right - used - px(14), middle)
        left = px(MARK_PX)
        room = right - used - px(20) - left
        paint_elided(painter, QRectF(left, top + px(4), room, px(17)), row.label, font(Role.BODY), theme.t1)
        paint_elided(painter, QRectF(left, top + px(21), room, px(15)), row.context, caption, theme.t3)

    def _age_ink(self) -> object:
        return self._theme.t3 if self._state is ValueState.FRESH else self._theme.t1

    def _paint_hollow(self, painter: QPainter, x: float, middle: float) -> None:
        """The hollow square of a value that no machine can have."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._theme.t1, 1.2))
        painter.drawRect(QRectF(x, middle - px(4), px(8), px(8)))

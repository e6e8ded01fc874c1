"""The compared places as rows: tone, name, latest, mean, lowest and highest of the span. Paints; knows no store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_elided
from console.ui.plain import safe_text
from console.ui.plot.paint import paint_focus
from console.ui.theme import DARK, Theme

ROW_PX, PAD_PX, MARK_PX, LEAST_NAME_PX, MOST_COLUMN_PX, CROSS_PX = 28, 16, 18, 130, 150, 28
COLUMNS = ("Latest", "Mean", "Lowest", "Highest", "Against reference", "With data")
NARROW_COLUMNS = ("Latest", "Mean", "Lowest", "Highest")
CROSS = "×"


@dataclass(frozen=True, slots=True)
class Line:
    """One place: its key, the token of its curve, and its figures as text in the order of COLUMNS."""

    key: str
    tone: str
    title: str
    detail: str
    figures: tuple[str, ...]
    reference: bool = False

    @property
    def words(self) -> str:
        """For a screen reader."""
        figures = ", ".join(f"{name} {text}" for name, text in zip(COLUMNS, self.figures, strict=True))
        return safe_text(f"{self.title}: {figures}")


class CompareTable(QWidget):
    """`marked` carries the key of the row that is looked at (or nothing), `removed` one that goes."""

    marked = Signal(str)
    removed = Signal(str)

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lines: tuple[Line, ...] = ()
        self._unit, self._marked = "", ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("compared places")

    @property
    def lines(self) -> tuple[Line, ...]:
        """The rows shown."""
        return self._lines

    @property
    def marked_key(self) -> str:
        """The row that is looked at; nothing when none is."""
        return self._marked

    def show_lines(self, lines: Sequence[Line], unit: str) -> None:
        """Other rows, all in one unit."""
        if (tuple(lines), unit) == (self._lines, self._unit):
            return
        grown = len(lines) != len(self._lines)
        self._lines, self._unit = tuple(lines), unit
        self.setAccessibleDescription("\n".join(line.words for line in self._lines))
        if grown:
            self.updateGeometry()
        self.update()

    def height_wanted(self) -> int:
        """A heading and one row a place."""
        return px(ROW_PX) * (1 + len(self._lines)) + px(6)

    def sizeHint(self) -> QSize:
        """All rows."""
        return QSize(px(480), self.height_wanted())

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def mark(self, key: str) -> None:
        """Look at a row; the same once more lifts it."""
        self._marked = "" if key == self._marked else key
        self.marked.emit(self._marked)
        self.update()

    # mouse and keys

    def _line_at(self, y: float) -> Line | None:
        row = int(y // px(ROW_PX)) - 1
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A row is looked at; its cross takes it away."""
        line = self._line_at(event.position().y())
        if line is None:
            return
        if event.position().x() >= self.width() - PAD_PX - px(CROSS_PX) and not line.reference:
            self.removed.emit(line.key)
        else:
            self.mark(line.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down walk, Delete takes away, Escape lifts."""
        keys = [line.key for line in self._lines]
        here = keys.index(self._marked) if self._marked in keys else -1
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and keys:
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            there = min(len(keys) - 1, max(0, here + step))
            if there != here:
                self.mark(keys[there])
        elif event.key() == Qt.Key.Key_Delete and here >= 0 and not self._lines[here].reference:
            self.removed.emit(keys[here])
        elif event.key() == Qt.Key.Key_Escape and self._marked:
            self.mark(self._marked)
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the ring."""
        self.update()

    # painting

    def _columns(self) -> tuple[str, ...]:
        """As many columns as the width has room for."""
        room = self.width() - 2 * PAD_PX - px(LEAST_NAME_PX) - px(CROSS_PX)
        return COLUMNS if room >= len(COLUMNS) * px(110) else NARROW_COLUMNS

    def paintEvent(self, event: QPaintEvent) -> None:
        """Heading, rows, ring."""
        theme, columns = self._theme, self._columns()
        free = self.width() - 2 * PAD_PX - px(CROSS_PX)
        wide = min(px(MOST_COLUMN_PX), (free - px(LEAST_NAME_PX)) / len(columns))
        name = free - wide * len(columns)
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.bg1)
            for index, title in enumerate(columns):
                text = f"{title}, {self._unit}" if index == 0 else title
                area = QRectF(PAD_PX + name + wide * index, 0, wide - 8, px(ROW_PX))
                paint_elided(painter, area, text, font(Role.CAPTION), theme.t3, right=True)
            for row, line in enumerate(self._lines, 1):
                area = QRectF(PAD_PX, row * px(ROW_PX), free, px(ROW_PX))
                self._paint_line(painter, area, line, name, wide)
            if self.hasFocus():
                paint_focus(painter, QRectF(self.rect()), theme)

    def _paint_line(self, painter: QPainter, area: QRectF, line: Line, name: float, wide: float) -> None:
        theme = self._theme
        if line.key == self._marked:
            painter.fillRect(QRectF(0, area.top(), self.width(), area.height()), theme.bg3)
        painter.fillRect(QRectF(0, area.bottom() - 1, self.width(), 1), theme.line)
        self._paint_mark(painter, area, line)
        left = area.left() + px(MARK_PX) + 8
        room = name - px(MARK_PX) - 16
        face = font(Role.BODY_BOLD)
        words = f"{safe_text(line.title)} · {line.detail}" if room > px(260) else safe_text(line.title)
        paint_elided(painter, QRectF(left, area.top(), room, area.height()), words, face, theme.t1)
        for index, text in enumerate(line.figures[: len(self._columns())]):
            box = QRectF(area.left() + name + wide * index, area.top(), wide - 8, area.height())
            role = Role.BODY_BOLD if index == 0 else Role.BODY
            paint_elided(painter, box, text, font(role), theme.t1 if index < 2 else theme.t2, right=True)
        if not line.reference:
            cross = QRectF(area.right(), area.top(), px(CROSS_PX), area.height())
            paint_elided(painter, cross, CROSS, font(Role.UNIT), theme.t3, right=True)

    def _paint_mark(self, painter: QPainter, area: QRectF, line: Line) -> None:
        """The curve as it is drawn: a stroke, or dashes for the reference."""
        middle, tone = area.center().y() - 1, getattr(self._theme, line.tone)
        strokes = ((0.0, 0.4), (0.6, 1.0)) if line.reference else ((0.0, 1.0),)
        for start, end in strokes:
            left = area.left() + px(MARK_PX) * start
            painter.fillRect(QRectF(left, middle, px(MARK_PX) * (end - start), 2.5), tone)

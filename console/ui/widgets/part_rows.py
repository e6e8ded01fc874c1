"""A small table of parts, painted: a heading a group, then rows of a name and cells at the right. Knows no machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_elided, text_width
from console.ui.plain import safe_text, set_tip
from console.ui.theme import DARK, Theme

ROW_PX, SPACE_PX, BETWEEN_PX = 22, 8, 14


@dataclass(frozen=True, slots=True)
class PartGroup:
    """`columns` head the cells; a group without columns holds plain lines."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]  # a name and one cell a column

    @property
    def words(self) -> str:
        """For a screen reader."""
        lines = [
            f"{row[0]}: {', '.join(f'{head} {cell}'.strip() for head, cell in zip(self.columns, row[1:], strict=True))}"
            for row in self.rows
        ]
        return "\n".join((self.name, *lines))


class PartRows(QWidget):
    """As high as its groups; a line of words stands above them."""

    def __init__(self, name: str, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._groups: tuple[PartGroup, ...] = ()
        self._line, self._old = "", False
        self.setAccessibleName(name)

    @property
    def groups(self) -> tuple[PartGroup, ...]:
        """What is shown."""
        return self._groups

    @property
    def line(self) -> str:
        """The words above."""
        return self._line

    def show_groups(self, groups: Sequence[PartGroup], line: str, *, old: bool) -> None:
        """Other parts; `old` ones are dimmed."""
        groups = tuple(
            PartGroup(group.name, group.columns, tuple(tuple(map(safe_text, row)) for row in group.rows))
            for group in groups
        )
        if (groups, line, old) == (self._groups, self._line, self._old):
            return
        self._groups, self._line, self._old = groups, line, old
        self.setAccessibleDescription("\n".join((line, *(group.words for group in groups))))
        set_tip(self, line)
        self.setFixedHeight(self.sizeHint().height())
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme or scale."""
        self._theme = theme
        self.setFixedHeight(self.sizeHint().height())
        self.update()

    def sizeHint(self) -> QSize:
        """The line, and all groups."""
        lines = sum(1 + len(group.rows) for group in self._groups)
        return QSize(px(300), px(ROW_PX) * (1 + lines) + px(SPACE_PX) * len(self._groups))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Line, then group by group."""
        with QPainter(self) as painter:
            line = QRectF(0, 0, self.width(), px(ROW_PX))
            paint_elided(painter, line, self._line, font(Role.CAPTION), self._theme.t2)
            top = float(px(ROW_PX))
            for group in self._groups:
                top = self._paint_group(painter, group, top + px(SPACE_PX))

    def _paint_group(self, painter: QPainter, group: PartGroup, top: float) -> float:
        theme, caption = self._theme, font(Role.CAPTION)
        widths = self._widths(group)
        self._paint_row(painter, top, (group.name, *group.columns), widths, caption, theme.t3, theme.t3)
        ink = theme.t2 if self._old else theme.t1
        for row in group.rows:
            top += px(ROW_PX)
            self._paint_row(painter, top, row, widths, font(Role.BODY), theme.t2, ink)
        return top + px(ROW_PX)

    def _widths(self, group: PartGroup) -> list[float]:
        """Of each column: its widest cell."""
        cells = zip(group.columns, *(row[1:] for row in group.rows), strict=True)
        return [max(text_width(font(Role.BODY), cell) for cell in column) + 1 for column in cells]

    def _paint_row(
        self,
        painter: QPainter,
        top: float,
        cells: Sequence[str],
        widths: Sequence[float],
        face: object,
        name_ink: QColor,
        ink: QColor,
    ) -> None:
        right = float(self.width())
        for cell, width in zip(reversed(cells[1:]), reversed(widths), strict=True):
            painter.setFont(face)
            painter.setPen(ink)
            box = QRectF(right - width, top, width, px(ROW_PX))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), cell)
            right -= width + px(BETWEEN_PX)
        paint_elided(painter, QRectF(0, top, max(0.0, right), px(ROW_PX)), cells[0], face, name_ink)

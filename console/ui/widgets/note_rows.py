"""A list of notes, painted: who, when, how old, and the text as plain text; a note on its way has its mark.

Knows rows of words; no store and no queue.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QTextLayout, QTextOption
from PySide6.QtWidgets import QWidget

from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_elided, text_width
from console.ui.plain import safe_text
from console.ui.theme import DARK, Theme
from console.ui.widgets.row_list import paint_rule

MARK_PX, RADIUS_PX, PAD_PX, HEAD_PX = 24, 7, 8, 18
DASH = (2.2, 1.8)


class NoteState(enum.StrEnum):
    """How far a note has come."""

    KEPT = "kept"
    WAITING = "waiting to sync"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class NoteRow:
    """One note in words. `where` is empty where the list is of that very place; `reason` is a refusal's.

    `doubt` says why it may not be of that place.
    """

    text: str
    who: str
    when: str
    age: str
    where: str = ""
    state: NoteState = NoteState.KEPT
    reason: str = ""
    doubt: str = ""

    @property
    def head(self) -> str:
        """Who and where, in one line."""
        return safe_text(" · ".join(part for part in (self.where, self.who) if part))

    @property
    def tail(self) -> str:
        """When and how old; what waits says so instead of passing for kept."""
        return f"{self.when} UTC · {self.age}"

    @property
    def body(self) -> str:
        """The text with what cannot be seen shown as an escape; a doubt and a refusal's reason beneath."""
        said = {NoteState.WAITING: "\nwaiting to sync", NoteState.REFUSED: f"\nrefused: {self.reason}"}
        doubt = f"\n{self.doubt}" if self.doubt else ""
        return safe_text(self.text) + safe_text(doubt + said.get(self.state, ""))

    @property
    def words(self) -> str:
        """For a screen reader."""
        return f"{self.head}, {self.tail}: {self.body}"


class NoteRows(QWidget):
    """As high as its rows at its width; stands in a scroll area."""

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows: tuple[NoteRow, ...] = ()
        self._empty = ""
        self.setAccessibleName("notes")

    @property
    def rows(self) -> tuple[NoteRow, ...]:
        """The rows shown."""
        return self._rows

    def show_rows(self, rows: Sequence[NoteRow], empty: str) -> None:
        """Other rows; `empty` says in words why there are none."""
        if (tuple(rows), empty) == (self._rows, self._empty):
            return
        self._rows, self._empty = tuple(rows), empty
        self.setAccessibleDescription("\n".join(row.words for row in self._rows) or empty)
        self.fit(self.width())
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme or scale."""
        self._theme = theme
        self.fit(self.width())
        self.update()

    def fit(self, width: int) -> None:
        """As high as the rows are at a width."""
        self.resize(width, max(px(HEAD_PX), round(sum(self._height(row, width) for row in self._rows))))

    def sizeHint(self) -> QSize:
        """All rows."""
        return self.size()

    def _left(self, row: NoteRow) -> float:
        return 0.0 if row.state is NoteState.KEPT else px(MARK_PX)

    def _height(self, row: NoteRow, width: float) -> float:
        return px(HEAD_PX) + laid_out(row.body, width - self._left(row)).boundingRect().height() + 2 * PAD_PX

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows that are in sight."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if not self._rows:
                line = QRectF(0, 0, self.width(), px(HEAD_PX))
                paint_elided(painter, line, self._empty, font(Role.BODY), self._theme.t3)
            top = 0.0
            for row in self._rows:
                height = self._height(row, self.width())
                if top + height >= event.rect().top() and top <= event.rect().bottom():
                    self._paint_row(painter, row, QRectF(0, top, self.width(), height))
                top += height

    def _paint_row(self, painter: QPainter, row: NoteRow, area: QRectF) -> None:
        theme, caption = self._theme, font(Role.CAPTION)
        left, top = self._left(row), area.top() + PAD_PX
        if row.state is not NoteState.KEPT:
            centre = QPointF(px(RADIUS_PX) + 2, top + px(HEAD_PX) / 2)
            paint_waiting(painter, centre, px(RADIUS_PX), theme.mode, crossed=row.state is NoteState.REFUSED)
        tail = min(text_width(caption, row.tail) + 1, area.width() * 0.7)
        line = QRectF(left, top, area.width() - left - tail - px(8), px(HEAD_PX))
        paint_elided(painter, line, row.head, font(Role.CAPTION_BOLD), theme.t1)
        paint_elided(painter, QRectF(area.width() - tail, top, tail, px(HEAD_PX)), row.tail, caption, theme.t3)
        painter.setPen(theme.t1)
        laid_out(row.body, area.width() - left).draw(painter, QPointF(left, top + px(HEAD_PX)))
        paint_rule(painter, 0, area.width(), area.bottom() - 1, theme)


def laid_out(text: str, width: float) -> QTextLayout:
    """Plain text broken between words, inside a word only where it is longer than a line."""
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout = QTextLayout(text.replace("\n", "\u2028"), font(Role.BODY))
    layout.setTextOption(option)
    layout.beginLayout()
    top = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(1.0, width))
        line.setPosition(QPointF(0, top))
        top += line.height()
    layout.endLayout()
    return layout


def paint_waiting(painter: QPainter, centre: QPointF, radius: float, colour: QColor, *, crossed: bool = False) -> None:
    """The dashed round with an arrow up of what waits to sync (7-look.md, section 5); a refused one is crossed."""
    painter.save()
    pen = QPen(colour, 1.4)
    pen.setDashPattern([length / 1.4 for length in DASH])
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)  # Qt's own cap would fill the gaps
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(centre, radius, radius)
    painter.setPen(QPen(colour, 1.4))
    arm = radius * 0.45
    if crossed:
        painter.drawLine(centre + QPointF(-arm, -arm), centre + QPointF(arm, arm))
        painter.drawLine(centre + QPointF(-arm, arm), centre + QPointF(arm, -arm))
    else:
        painter.drawLine(centre + QPointF(0, arm), centre + QPointF(0, -arm))
        painter.drawLine(centre + QPointF(0, -arm), centre + QPointF(-arm, 0))
        painter.drawLine(centre + QPointF(0, -arm), centre + QPointF(arm, 0))
    painter.restore()

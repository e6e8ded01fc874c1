"""Lines of a mark, a bold name and words, wrapped as far as they need: what is skipped, checked, or will happen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_elided, text_width
from console.ui.plain import safe_text, set_tip
from console.ui.theme import DARK, Theme

ROW_PX, MARK_PX, NAME_PX, GAP_PX = 24, 22, 200, 12
MOST_LINES = 4


@dataclass(frozen=True, slots=True)
class Note:
    """One line; `strong` brings its words forward."""

    mark: str
    name: str
    words: str
    strong: bool = False

    @property
    def sentence(self) -> str:
        """All of it."""
        return safe_text(" ".join(part for part in (self.mark, self.name, self.words) if part))


class NoteLines(QWidget):
    """As high as its lines at the width that it has."""

    def __init__(self, name: str, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._notes: tuple[Note, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(name)

    @property
    def text(self) -> str:
        """Every line in words."""
        return "\n".join(note.sentence for note in self._notes)

    def show_notes(self, notes: Sequence[Note]) -> None:
        """Other lines."""
        self._notes = tuple(notes)
        self.setAccessibleDescription(self.text)
        set_tip(self, self.text)
        self.updateGeometry()
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme or scale."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        """Words wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """All lines at a width."""
        return sum(self._height(note, width) for note in self._notes)

    def sizeHint(self) -> QSize:
        """At the width that it has."""
        return QSize(px(300), self.heightForWidth(self.width() or px(460)))

    def _name_px(self, width: int) -> float:
        widest = max((text_width(font(Role.BODY_BOLD), safe_text(note.name)) for note in self._notes), default=0.0)
        return min(widest, px(NAME_PX), width * 0.4) + px(GAP_PX) if widest else 0.0

    def _left(self, width: int) -> float:
        return (px(MARK_PX) if any(note.mark for note in self._notes) else 0) + self._name_px(width)

    def _height(self, note: Note, width: int) -> int:
        face = QFontMetricsF(font(Role.BODY))
        room = QRectF(0, 0, max(80.0, width - self._left(width)), 10_000)
        wanted = face.boundingRect(room, int(Qt.TextFlag.TextWordWrap), safe_text(note.words)).height()
        return max(px(ROW_PX), round(min(wanted, MOST_LINES * face.lineSpacing())) + px(6))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The lines."""
        theme, body, bold = self._theme, font(Role.BODY), font(Role.BODY_BOLD)
        width, top, left = self.width(), 0.0, self._left(self.width())
        mark_px = left - self._name_px(width)
        with QPainter(self) as painter:
            for note in self._notes:
                height = self._height(note, width)
                first = px(ROW_PX)
                paint_elided(
                    painter, QRectF(0, top, mark_px, first), note.mark, bold, theme.t1 if note.strong else theme.t2
                )
                name = QRectF(mark_px, top, left - mark_px - px(GAP_PX), first)
                paint_elided(painter, name, safe_text(note.name), bold, theme.t1)
                painter.setFont(bold if note.strong else body)
                painter.setPen(theme.t1 if note.strong else theme.t2)
                box = QRectF(left, top + (px(ROW_PX) - QFontMetricsF(body).lineSpacing()) / 2, width - left, height)
                painter.drawText(box, int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop), safe_text(note.words))
                top += height

"""How long a preview still lives: minutes and seconds, a bar that empties, and what happens then. Knows a time only."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_elided, text_width
from console.ui.models.commands.words import countdown
from console.ui.theme import DARK, Theme

HEIGHT_PX, BAR_PX, BAR_HIGH_PX = 36, 260, 6
THEN = "then it is computed again, from step 1"


class ExpiryBar(QWidget):
    """`show_left` once a second; `show_word` instead of it while it is computed."""

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._left_s, self._of_s, self._word = 0.0, 1.0, ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """What it says."""
        return self._word or f"Preview expires in {countdown(self._left_s)}, {THEN}"

    def show_left(self, left_s: float, of_s: float) -> None:
        """So much is left of so much."""
        if (int(left_s), self._word) != (int(self._left_s), ""):
            self._left_s, self._of_s, self._word = left_s, of_s, ""
            self._said()

    def show_word(self, word: str) -> None:
        """It does not run."""
        if word != self._word:
            self._word = word
            self._said()

    def _said(self) -> None:
        self.setAccessibleName(self.text)
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme or scale."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Words and bar."""
        return QSize(px(420), px(HEIGHT_PX))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Label, time, bar, what then."""
        theme, body, big = self._theme, font(Role.BODY), font(Role.CLOCK)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(self.rect())
            if self._word:
                paint_elided(painter, box, self._word, font(Role.BODY_BOLD), theme.t1)
                return
            label = "Preview expires in"
            left = text_width(body, label) + px(8)
            paint_elided(painter, box, label, body, theme.t2)
            time = countdown(self._left_s)
            paint_elided(painter, box.adjusted(left, 0, 0, 0), time, big, theme.t1)
            left += text_width(big, "0:00") + px(16)
            wide = min(px(BAR_PX), self.width() - left)
            if wide < px(60):
                return
            bar = QRectF(left, (self.height() - px(BAR_HIGH_PX)) / 2, wide, px(BAR_HIGH_PX))
            painter.fillRect(bar, theme.bg0)
            share = max(0.0, min(1.0, self._left_s / self._of_s))
            painter.fillRect(QRectF(bar.left(), bar.top(), bar.width() * share, bar.height()), theme.disc)
            rest = box.adjusted(left + wide + px(16), 0, 0, 0)
            if rest.width() > px(120):
                paint_elided(painter, rest, THEN, font(Role.CAPTION), theme.t2)

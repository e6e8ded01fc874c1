"""The permanent frame round a simulated fleet, the word at each corner (R60); lets every click through."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from console.ui.fonts import Role, font, font_scale
from console.ui.lettering import text_width
from console.ui.theme import DARK, Theme

WIDTH, DASH, TAG_PADDING, TAG_HEIGHT = 4, (3.0, 2.0), 6, 14
WORD = "SIMULATED"


def paint_frame(painter: QPainter, box: QRectF, theme: Theme) -> None:
    """4 px dashes inside `box` and the word at its corners; also drawn on every export.

    The word is of one size at every size of text: larger it would lie on the bars, where a chip says it too.
    """
    pen = QPen(theme.mode, WIDTH)
    pen.setDashPattern(list(DASH))
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box.adjusted(WIDTH / 2, WIDTH / 2, -WIDTH / 2, -WIDTH / 2))
    face = font(Role.CAPTION_BOLD, 1 / font_scale())
    painter.setFont(face)
    width = text_width(face, WORD) + 2 * TAG_PADDING
    for left in (box.left(), box.right() - width):
        for top in (box.top(), box.bottom() - TAG_HEIGHT):
            tag = QRectF(left, top, width, TAG_HEIGHT)
            painter.fillRect(tag, theme.mode)
            painter.setPen(theme.paper)
            painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, WORD)


class ModeFrame(QWidget):
    """An overlay as large as the window."""

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("Frame: simulated fleet")
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Repaint."""
        self._theme = theme
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The frame alone."""
        with QPainter(self) as painter:
            paint_frame(painter, QRectF(self.rect()), self._theme)

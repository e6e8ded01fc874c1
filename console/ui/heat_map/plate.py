"""A plate beside the pointer that says in plain words what is there; it never takes the pointer itself."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_elided, text_width
from console.ui.plain import safe_text
from console.ui.theme import DARK, Theme

PAD_PX, LINE_PX, OFF_PX, MOST_PX = 10, 18, 14, 420


class Plate(QWidget):
    """Lines of text, the first one stronger; kept inside its parent."""

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lines: tuple[str, ...] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName("what is there")
        self.hide()

    @property
    def text(self) -> str:
        """What it says; empty while it is hidden."""
        return "\n".join(self._lines) if self.isVisible() else ""

    def say(self, text: str, at: QPoint) -> None:
        """Show `text` near a point of the parent; empty text hides the plate."""
        lines = tuple(safe_text(line) for line in text.split("\n")) if text else ()
        if not lines:
            self.hide()
            return
        self._lines = lines
        room = self.parentWidget().rect()
        widths = [text_width(font(self._role(index)), line) for index, line in enumerate(lines)]
        wide = min(round(max(widths)) + 2 * PAD_PX + 2, px(MOST_PX), room.width())
        self.resize(wide, px(LINE_PX) * len(lines) + 2 * PAD_PX - 4)
        x, y = at.x() + OFF_PX, at.y() + OFF_PX
        if x + self.width() > room.right():
            x = at.x() - OFF_PX - self.width()
        if y + self.height() > room.bottom():
            y = at.y() - OFF_PX - self.height()
        self.move(max(0, x), max(0, y))
        self.show()
        self.raise_()
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        self._theme = theme
        self.update()

    @staticmethod
    def _role(index: int) -> Role:
        return Role.MONO_BOLD if index == 0 else Role.CAPTION

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A pop-over's ground and edge, and the words."""
        theme = self._theme
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.edge, 1))
            painter.setBrush(theme.bg3)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            for index, line in enumerate(self._lines):
                area = QRectF(PAD_PX, PAD_PX - 3 + index * px(LINE_PX), self.width() - 2 * PAD_PX, px(LINE_PX))
                paint_elided(painter, area, line, font(self._role(index)), theme.t1 if index == 0 else theme.t2)

"""One line of text in the console's hand: outline, focus ring, letters that stay letters. Knows no alarm."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QLineEdit, QWidget

from console.ui.fonts import Role, font, px
from console.ui.theme import Theme

FIELD_PX, RADIUS_PX, LONGEST = 32, 3, 500


class TextField(QLineEdit):
    """`left` says that Escape was pressed in it."""

    left = Signal()

    def __init__(self, name: str, hint: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFrame(False)
        self.setMaxLength(LONGEST)
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Tokens and the font scale."""
        self._theme = theme
        palette = theme.palette()
        palette.setColor(QPalette.ColorRole.Base, theme.bg0)
        self.setPalette(palette)
        self.setFont(font(Role.BODY))
        self.setFixedHeight(px(FIELD_PX))
        self.setTextMargins(px(8), 0, px(8), 0)

    def event(self, event: QEvent) -> bool:
        """The single keys of the window belong to the text while it is written."""
        if event.type() is QEvent.Type.ShortcutOverride and event.text().isprintable() and event.text():
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Text, then outline or ring."""
        super().paintEvent(event)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            wide = 2 if self.hasFocus() else 1
            painter.setPen(QPen(self._theme.t1 if self.hasFocus() else self._theme.edge, wide))
            inset = wide / 2
            painter.drawRoundedRect(self.rect().toRectF().adjusted(inset, inset, -inset, -inset), RADIUS_PX, RADIUS_PX)

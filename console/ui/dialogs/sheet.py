"""The plain dialog that others are made of: title, edge, Escape closes, Enter presses nothing by itself."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from console.ui.fonts import Role
from console.ui.plain import PlainLabel
from console.ui.theme import Theme

PADDING = 24


class Sheet(QDialog):
    """Window-modal, so that it never blocks another window, and without a default button."""

    def __init__(self, title: str, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setWindowTitle(title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setPalette(theme.palette())
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
        self.column.setSpacing(16)
        self.column.addWidget(PlainLabel(title, Role.HEADING, theme=theme))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground and edge."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self.theme.bg1)
            painter.setPen(QPen(self.theme.edge, 1))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

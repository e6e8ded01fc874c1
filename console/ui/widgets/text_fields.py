"""Text that is written, a line or some: outline, focus ring, letters that stay letters. Knows no alarm and no note."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette, QPen, QTextOption
from PySide6.QtWidgets import QFrame, QLineEdit, QPlainTextEdit, QWidget

from console.ui.fonts import Role, font, px
from console.ui.keys import ENTER, is_written
from console.ui.theme import Theme, slim_scroll_bars

FIELD_PX, BOX_PX, RADIUS_PX, INSIDE_PX, LONGEST = 32, 60, 3, 6, 500
MOST_PASTED = 20_000  # characters: what is longer than any note is cut, and the counter says that it is too long


class _Written:
    """What a line and a box do alike; stands before Qt's widget among the bases of both."""

    def set_theme(self, theme: Theme) -> None:
        """Tokens and the font scale."""
        self._theme = theme
        palette = theme.palette()
        palette.setColor(QPalette.ColorRole.Base, theme.bg0)
        self.setPalette(palette)
        self.setFont(font(Role.BODY))

    def event(self, event: QEvent) -> bool:
        """The single keys of the window belong to the text while it is written."""
        if is_written(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _paint_edge(self, on: QWidget) -> None:
        """The outline, or the ring of the focus, over the text."""
        focused = self.hasFocus()
        wide = 2 if focused else 1
        with QPainter(on) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self._theme.t1 if focused else self._theme.edge, wide))
            inset = wide / 2
            box = on.rect().toRectF().adjusted(inset, inset, -inset, -inset)
            painter.drawRoundedRect(box, RADIUS_PX, RADIUS_PX)


class TextField(_Written, QLineEdit):
    """One line. `left` says that Escape was pressed in it."""

    left = Signal()

    def __init__(self, name: str, hint: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrame(False)
        self.setMaxLength(LONGEST)
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Tokens and the font scale."""
        super().set_theme(theme)
        self.setFixedHeight(px(FIELD_PX))
        self.setTextMargins(px(8), 0, px(8), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Text, then outline or ring."""
        super().paintEvent(event)
        self._paint_edge(self)


class TextBox(_Written, QPlainTextEdit):
    """Some lines. `entered`: Ctrl+Enter was pressed. `left`: Escape was. Tab goes on to the next control."""

    entered = Signal()
    left = Signal()

    def __init__(self, name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setAccessibleName(name)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Tokens and the font scale."""
        super().set_theme(theme)
        self.document().setDocumentMargin(px(INSIDE_PX))
        slim_scroll_bars(self, theme)

    def sizeHint(self) -> QSize:
        """Three lines."""
        return QSize(px(280), px(BOX_PX))

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Plain text and no more of it than can be judged at a glance: a pasted megabyte must not hold the window."""
        self.insertPlainText(source.text()[:MOST_PASTED])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter is done, Escape leaves."""
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if control and event.key() in ENTER:
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Text, then outline or ring."""
        super().paintEvent(event)
        self._paint_edge(self.viewport())

"""The name that has to be typed, letter by letter: it cannot be pasted or dropped. Knows a name, no command."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_elided, text_width
from console.ui.plain import safe_text
from console.ui.theme import Theme
from console.ui.widgets.text_fields import TextField

HEIGHT_PX = 40


def same_name(typed: str, name: str) -> bool:
    """Whether it is the name, without case and outer or double spaces."""
    return bool(typed.strip()) and " ".join(typed.split()).casefold() == " ".join(safe_text(name).split()).casefold()


class TypedConfirm(TextField):
    """`matched` tells each time whether what stands there is the name."""

    matched = Signal(bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._wanted = ""
        super().__init__("type the name", "", theme, parent)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setAcceptDrops(False)
        self.textChanged.connect(lambda _text: self.matched.emit(self.matches))

    def want(self, name: str) -> None:
        """Which name."""
        self._wanted = name
        self.setPlaceholderText(safe_text(name))
        self.setAccessibleDescription(f"type {safe_text(name)}")
        self.clear()

    @property
    def matches(self) -> bool:
        """Whether the name stands there."""
        return same_name(self.text(), self._wanted)

    def set_theme(self, theme: Theme) -> None:
        """A fixed pitch and more room than a line of text."""
        super().set_theme(theme)
        self.setFont(font(Role.MONO_BOLD))
        self.setFixedHeight(px(HEIGHT_PX))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A pasted name was not typed."""
        if not event.matches(QKeySequence.StandardKey.Paste):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The text, and whether it is the name."""
        super().paintEvent(event)
        word = "matches" if self.matches else "not the name yet" if self.text() else "type it"
        width = text_width(font(Role.CAPTION), word)
        if width + px(24) + self.fontMetrics().horizontalAdvance(self.text() or self._wanted) < self.width():
            with QPainter(self) as painter:
                box = QRectF(self.width() - width - px(12), 0, width + 1, self.height())
                paint_elided(painter, box, word, font(Role.CAPTION), self._theme.t1 if self.matches else self._theme.t2)

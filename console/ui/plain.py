"""Brings text from outside to the screen as text and nothing else (5-trust.md, S1)."""

from __future__ import annotations

import html
import unicodedata

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolTip, QWidget

from console.ui.fonts import Role, font
from console.ui.theme import DARK, Theme

BIDI = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def safe_text(text: str) -> str:
    """`text` with control characters and direction marks shown as escapes, so that no name can pose as another."""
    if text.isprintable() and not BIDI.intersection(text):
        return text
    return "".join(_visible(character) for character in text)


def _visible(character: str) -> str:
    hidden = character in BIDI or (unicodedata.category(character) in {"Cc", "Cf", "Cs"} and character != "\n")
    return f"\\u{ord(character):04x}" if hidden else character


def set_tip(widget: QWidget, text: str) -> None:
    """A tool tip that shows `text` literally; Qt would read a tag in it as mark-up."""
    widget.setToolTip(tip_text(text))


def tip_text(text: str) -> str:
    """The same for the rows of a model."""
    return f"<qt>{html.escape(safe_text(text))}</qt>" if text else ""


def dress_tips(theme: Theme) -> None:
    """Tool tips in the theme's colours and the chosen size of text: Qt makes their windows itself, in its own."""
    QToolTip.setPalette(theme.palette())
    QToolTip.setFont(font(Role.BODY))


class PlainLabel(QLabel):
    """A line of plain text in a role and a token. With `elide` it shortens and keeps the whole in its tool tip."""

    def __init__(
        self,
        text: str = "",
        role: Role = Role.BODY,
        tone: str = "t1",
        *,
        elide: bool = False,
        theme: Theme = DARK,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._role, self._tone, self._elide = role, tone, elide
        if elide:
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.set_theme(theme)
        self.show_text(text)

    def show_text(self, text: str) -> None:
        """Replace the text."""
        shown = safe_text(text)
        if shown == self.text():
            return
        self.setText(shown)
        if self._elide:
            set_tip(self, text)

    def set_tone(self, tone: str, theme: Theme) -> None:
        """Change the tone."""
        self._tone = tone
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colour and the font at the chosen scale."""
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, getattr(theme, self._tone))
        self.setPalette(palette)
        self.setFont(font(self._role))

    def minimumSizeHint(self) -> QSize:
        """An eliding label may shrink to nothing; any other keeps its whole text."""
        hint = super().minimumSizeHint()
        return QSize(0, hint.height()) if self._elide else hint

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the text, shortened where it does not fit."""
        if not self._elide:
            super().paintEvent(event)
            return
        with QPainter(self) as painter:
            painter.setFont(self.font())
            painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
            shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
            painter.drawText(self.rect(), int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), shown)


def wrapped_label(text: str, role: Role, tone: str, theme: Theme) -> PlainLabel:
    """A label that takes the width it is given and as many lines as that needs."""
    label = PlainLabel(text, role, tone, theme=theme)
    label.setWordWrap(True)
    policy = label.sizePolicy()  # as the label made it: its height follows its width
    policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
    label.setSizePolicy(policy)
    return label

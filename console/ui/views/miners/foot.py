"""The foot of the miners' view: exactly what is selected, what may be done with it, and what was done last."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from console.ui.fonts import Role
from console.ui.models.selection import Chosen
from console.ui.plain import PlainLabel
from console.ui.theme import DARK, Theme
from console.ui.widgets.press_button import Look, PressButton

SAID_MS = 10_000


class MinersFoot(QWidget):
    """`all_asked` and `none_asked` are the two ways to change the selection from here."""

    all_asked = Signal()
    none_asked = Signal()

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._said_ms: int | None = None
        self.words = PlainLabel("none selected", Role.BODY_BOLD, theme=theme)
        self.note = PlainLabel("", Role.CAPTION, "t2", elide=True, theme=theme)
        self.note.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.every = PressButton("Select all", Look.OUTLINE, hint="Ctrl+A", theme=theme)
        self.none = PressButton("Clear", Look.OUTLINE, hint="Esc", name="clear the selection", theme=theme)
        self.every.clicked.connect(self.all_asked)
        self.none.clicked.connect(self.none_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 12, 6)
        row.setSpacing(12)
        for button in (self.every, self.none):
            button.set_height(26)
        row.addWidget(self.words)
        row.addWidget(self.every)
        row.addWidget(self.none)
        row.addWidget(self.note, 1)

    def show_selection(self, chosen: Chosen, hidden: int, matching: int, whole: str) -> None:
        """What is selected; `hidden` of it the filter does not show; `matching` could be selected at once.

        `whole` names the scope where nothing is filtered: nobody selects a fleet without reading so.
        """
        words = chosen.words
        if whole and matching and len(chosen) == matching:
            words += f": {whole}"
        words += f", {hidden:,} of them not shown by the filter" if hidden else ""
        self.words.show_text(words)
        self.setAccessibleDescription(words)
        every = f"Select all {matching:,}: {whole}" if whole else f"Select all {matching:,} that match"
        self.every.setText({0: "Select all", 1: "Select the one that matches"}.get(matching, every))
        self.every.setAccessibleName(self.every.text())
        self.every.updateGeometry()
        self.every.switch(matching > 0, "No miner matches the filter")
        self.none.switch(len(chosen) > 0, "Nothing is selected")

    def say(self, words: str, at_ms: int) -> None:
        """What was done just now."""
        self._said_ms = at_ms
        self.note.show_text(words)

    def tell(self, words: str, now_ms: int) -> None:
        """What the table rests on, unless something was said so shortly before that nobody has read it."""
        if self._said_ms is None or now_ms - self._said_ms > SAID_MS:
            self._said_ms = None
            self.note.show_text(words)

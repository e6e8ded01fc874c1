"""One line about the program's own doings, and the way to stop one: never a window in the operator's way (R12)."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from console.ui.fonts import Role, font
from console.ui.lettering import text_width
from console.ui.plain import PlainLabel, set_tip
from console.ui.theme import DARK, Theme, apply_theme
from console.ui.widgets.press_button import Look, PressButton

SPACE_PX = 8
FEWEST = "Back-fill 100 %"


class Notice(QWidget):
    """What was said last stays until it is replaced, so that nothing is missed by looking away.

    The collector's word goes before the back-fill's progress; `cancel_asked` belongs to the latter. Where there is no
    room for every word, the progress is said in few; `room_asked` goes when those need another room than before.
    """

    cancel_asked = Signal()
    room_asked = Signal()

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._said, self._progress, self._tidying = "", "", ""
        self._few = ""
        self._line = PlainLabel("", Role.CAPTION, "t2", elide=True, theme=theme)
        self._cancel = PressButton("Cancel", Look.OUTLINE, name="Cancel filling the past", theme=theme)
        self._cancel.explain("Stop filling the past; live data goes on")
        self._cancel.set_height(26)
        self._cancel.clicked.connect(self.cancel_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_PX)
        self._line.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        row.addWidget(self._line)
        row.addWidget(self._cancel)
        row.addStretch(1)
        self._show()

    @property
    def text(self) -> str:
        """The whole line."""
        return "  ·  ".join(part for part in (self._said, self._progress, self._tidying) if part)

    @property
    def busy(self) -> bool:
        """Whether the past is being filled."""
        return bool(self._progress)

    def say(self, text: str) -> None:
        """About the collector or the store; empty takes the word back."""
        self._said = text
        self._show()

    def says(self, text: str) -> bool:
        """Whether `text` is what was said last."""
        return self._said == text

    def take_back(self, text: str) -> None:
        """Unsay `text`, if it is still what was said last."""
        if self._said == text:
            self.say("")

    def show_progress(self, done: int, total: int, *, running: bool) -> None:
        """How far the past is filled, in site-days."""
        self._progress = f"Filling the past: {done:,} of {total:,} site-days" if running and total else ""
        self._few = f"Back-fill {100 * done // total} %" if self._progress else ""
        self._show()

    def show_tidying(self, done: int, total: int, *, running: bool) -> None:
        """How many finished days were closed, one a place: nothing to stop, it takes seconds."""
        self._tidying = f"Closing finished days: {done:,} of {total:,}" if running and total else ""
        self._show()

    def set_theme(self, theme: Theme) -> None:
        """Repaint."""
        apply_theme(self, theme)

    def _show(self) -> None:
        self._fit()
        self._line.setAccessibleName(f"Notice: {self.text}" if self.text else "Notice")
        if self._cancel.isHidden() is bool(self._progress):
            self._cancel.setVisible(bool(self._progress))
            self.updateGeometry()
            self.room_asked.emit()

    def _fit(self) -> None:
        """How far it is in few words and first, with all of them in the tool tip, where there is no room for more."""
        room = self.width() - (self._cancel.sizeHint().width() + SPACE_PX if self._progress else 0)
        short = bool(self._few) and text_width(font(Role.CAPTION), self.text) > room
        few = "  ·  ".join(part for part in (self._few, self._said, self._tidying) if part)
        self._line.show_text(few if short else self.text)
        set_tip(self._line, self.text)

    def minimumSizeHint(self) -> QSize:
        """While the past is filled there is room for how far it is, and for stopping it."""
        hint = super().minimumSizeHint()
        words = round(text_width(font(Role.CAPTION), FEWEST)) + 1 if self._few else 0
        return QSize(hint.width() + words, hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another room may hold other words."""
        super().resizeEvent(event)
        self._fit()

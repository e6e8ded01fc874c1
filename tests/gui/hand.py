"""An operator's hand that knows the screen by what is written on it: buttons by their words, fields by their labels."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot


class Hand:
    """Acts in the window that has the floor: the open dialog, else the main window."""

    def __init__(self, qtbot: QtBot, window: QWidget, patience_s: float = 240.0) -> None:
        self._qtbot, self._window, self._patience_s = qtbot, window, patience_s

    @property
    def floor(self) -> QWidget:
        """Where a hand can act."""
        return QApplication.activeModalWidget() or self._window

    def reads(self) -> str:
        """Every word on the floor: labels, buttons, and what painted widgets say of themselves."""
        parts = [self.floor, *self.floor.findChildren(QWidget)]
        words = []
        for part in parts:
            if part.isVisible():
                text = part.text() if isinstance(part, QLabel | QAbstractButton | QLineEdit) else ""
                told = getattr(part, "text", "")
                words += [text, part.accessibleDescription(), told if isinstance(told, str) else ""]
        return "\n".join(word for word in words if word)

    def waits_for(self, *words: str) -> str:
        """Until all of these stand on the floor."""
        self.waits_until(lambda: all(word in self.reads() for word in words), f"never read {words}")
        return self.reads()

    def waits_until(self, true: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + self._patience_s
        while not true():
            assert time.monotonic() < end, f"{what}\n{self.reads()}"
            self._qtbot.wait(100)

    def button(self, words: str) -> QAbstractButton | None:
        """The button that says so and can be pressed."""
        for part in self.floor.findChildren(QAbstractButton):
            if part.isVisible() and part.isEnabled() and part.text() == words:
                return part
        return None

    def presses(self, words: str) -> None:
        """One click on a button."""
        self.waits_until(lambda: self.button(words) is not None, f"no button {words!r} that can be pressed")
        self._qtbot.mouseClick(self.button(words), Qt.MouseButton.LeftButton)

    def holds(self, words: str) -> None:
        """A button that has to be held, until it has taken it: the one whose words begin so."""

        def found() -> QAbstractButton | None:
            for part in self.floor.findChildren(QAbstractButton):
                if part.isVisible() and part.isEnabled() and part.text().startswith(words) and hasattr(part, "held"):
                    return part
            return None

        self.waits_until(lambda: found() is not None, f"no button to hold that begins with {words!r}")
        button, taken = found(), []
        button.held.connect(lambda: taken.append(True))
        self._qtbot.mousePress(button, Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
        self.waits_until(lambda: bool(taken), f"{words!r} was held and never taken")
        self._qtbot.mouseRelease(button, Qt.MouseButton.LeftButton, pos=QPoint(20, 10))

    def writes(self, label: str, text: str) -> None:
        """Into the field beneath a label."""
        self.waits_until(lambda: self._field(label) is not None, f"no field under {label!r}")
        field = self._field(label)
        field.setFocus()
        self._qtbot.keyClicks(field, text)

    def _field(self, label: str) -> QLineEdit | None:
        """The nearest field below the words."""
        for words in self.floor.findChildren(QLabel):
            if words.isVisible() and words.text().startswith(label):
                top = words.mapTo(self.floor, QPoint(0, 0)).y()
                fields = [field for field in self.floor.findChildren(QLineEdit) if field.isVisible()]
                below = [field for field in fields if field.mapTo(self.floor, QPoint(0, 0)).y() > top]
                return min(below, key=lambda field: field.mapTo(self.floor, QPoint(0, 0)).y(), default=None)
        return None

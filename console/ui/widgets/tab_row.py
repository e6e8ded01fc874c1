"""A row of tabs for windows too narrow to show everything at once; knows names only."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QWidget

from console.ui.theme import DARK, Theme, apply_theme
from console.ui.widgets.press_button import Look, PressButton

GAP_PX = 4


class TabRow(QWidget):
    """`chosen` carries the name of the tab in force."""

    chosen = Signal(str)

    def __init__(self, names: Sequence[str], theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._buttons = [PressButton(name, Look.CHOICE, name=f"tab {name}", theme=theme, parent=self) for name in names]
        for button in self._buttons:
            button.set_height(30)
            self._group.addButton(button)
        self._buttons[0].setChecked(True)
        self._group.buttonClicked.connect(lambda button: self.chosen.emit(button.text()))
        self.setAccessibleName("tabs")

    @property
    def current(self) -> str:
        """The name of the tab in force."""
        return next(button.text() for button in self._buttons if button.isChecked())

    def width_wanted(self) -> int:
        """All tabs beside each other."""
        return sum(button.sizeHint().width() + GAP_PX for button in self._buttons)

    def show_tab(self, name: str) -> None:
        """Choose a tab as a click would."""
        next(button for button in self._buttons if button.text() == name).click()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        apply_theme(self, theme)
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """From the left, each as wide as its name."""
        self._place()

    def _place(self) -> None:
        left = 0
        for button in self._buttons:
            hint = button.sizeHint()
            button.setGeometry(left, (self.height() - hint.height()) // 2, hint.width(), hint.height())
            left += hint.width() + GAP_PX

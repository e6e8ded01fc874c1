"""A button of a dangerous dialog: the mouse and Space press it, Enter never does (R35)."""

from __future__ import annotations

from PySide6.QtGui import QKeyEvent

from console.ui.keys import ENTER
from console.ui.widgets.press_button import PressButton


class GestureButton(PressButton):
    """Enter is handed on to the dialog, which does nothing with it."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space presses, Enter does not."""
        if event.key() in ENTER:
            event.ignore()
        else:
            super().keyPressEvent(event)

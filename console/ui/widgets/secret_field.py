"""A line for a password: never readable, copied or kept; emptied as soon as it was handed over or is out of sight."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from console.domain.account import LONGEST_SECRET
from console.ui.theme import Theme
from console.ui.widgets.text_fields import TextField


class SecretField(TextField):
    """Shows a dot for each letter; Qt itself refuses copy, cut, drag and undo in this mode."""

    def __init__(self, name: str, hint: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(name, hint, theme, parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setMaxLength(LONGEST_SECRET)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhHiddenText
        )

    def take(self) -> str:
        """The secret; the field is empty afterwards."""
        secret = self.text()
        self.clear()
        return secret

    def hideEvent(self, event: QHideEvent) -> None:
        """Out of sight: nothing stays."""
        self.clear()
        super().hideEvent(event)

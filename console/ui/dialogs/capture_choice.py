"""What to capture, how large, and on which ground."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from console.ui.dialogs.sheet import Sheet
from console.ui.export.capture import SCALES, Wish
from console.ui.fonts import Role
from console.ui.plain import PlainLabel
from console.ui.theme import PRINT, Theme
from console.ui.widgets.press_button import Look, PressButton


class CaptureChoice(Sheet):
    """`chosen` carries the Wish; `csv_chosen` asks for the data behind the plots; Escape carries nothing."""

    chosen = Signal(object)
    csv_chosen = Signal()

    def __init__(self, wish: Wish, theme: Theme, parent: QWidget) -> None:
        super().__init__("Capture", theme, parent)
        self._window = self._row("What", {"View": False, "Window": True}, wish.window)
        self._scale = self._row("Scale", {f"{scale}x": scale for scale in SCALES}, wish.scale)
        self._form = self._row("Form", {"PNG": "png", "SVG": "svg", "PDF": "pdf"}, wish.form)
        self._ground = self._row("Ground", {"As on screen": None, "Print, light": PRINT}, wish.theme)
        self.column.addWidget(
            PlainLabel("Time range, freshness, mode, user and version are stamped on it.", Role.CAPTION, "t2")
        )
        self._add_actions()

    def _row(self, label: str, options: dict[str, Any], chosen: Any) -> dict[QWidget, Any]:
        row = QHBoxLayout()
        row.setSpacing(2)
        name = PlainLabel(label, Role.BODY, "t2", theme=self.theme)
        name.setMinimumWidth(72)
        row.addWidget(name)
        group = QButtonGroup(self)
        buttons: dict[QWidget, Any] = {}
        for text, value in options.items():
            button = PressButton(text, Look.CHOICE, name=f"{label}: {text}", theme=self.theme)
            button.setChecked(value == chosen)
            group.addButton(button)
            row.addWidget(button)
            buttons[button] = value
        row.addStretch(1)
        self.column.addLayout(row)
        return buttons

    def _add_actions(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        cancel = PressButton("Cancel", Look.OUTLINE, hint="Esc", theme=self.theme)
        cancel.clicked.connect(self.reject)
        csv = PressButton("Plot data as CSV", Look.OUTLINE, hint="Ctrl+E", theme=self.theme)
        csv.clicked.connect(self._save_csv)
        QShortcut(QKeySequence("Ctrl+E"), self).activated.connect(self._save_csv)  # the window's own is shut out here
        save = PressButton("Save", Look.FILLED, theme=self.theme)
        save.clicked.connect(self._save)
        row.addWidget(cancel)
        row.addWidget(csv)
        row.addWidget(save)
        self.column.addLayout(row)
        save.setFocus()

    @property
    def wish(self) -> Wish:
        """What is chosen now."""
        return Wish(_chosen(self._scale), _chosen(self._window), _chosen(self._ground), _chosen(self._form))

    def _save_csv(self) -> None:
        self.accept()
        self.csv_chosen.emit()

    def _save(self) -> None:
        wish = self.wish
        self.accept()
        self.chosen.emit(wish)


def _chosen(buttons: dict[QWidget, Any]) -> Any:
    return next(value for button, value in buttons.items() if button.isChecked())

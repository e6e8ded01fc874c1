"""What to do, step by step: numbers in a column of their own, so that a wrapped step stays one step to the eye."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from console.ui.fonts import Role
from console.ui.plain import PlainLabel, wrapped_label
from console.ui.theme import DARK, Theme, apply_theme

GAP_PX, LINE_GAP_PX = 8, 2


class NumberedSteps(QWidget):
    """As many rows as there are steps; a screen reader hears the number with the step."""

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows: list[tuple[PlainLabel, PlainLabel]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GAP_PX)
        self._grid.setVerticalSpacing(LINE_GAP_PX)
        self._grid.setColumnStretch(1, 1)

    def text(self) -> str:
        """One line a step, with its number."""
        return "\n".join(f"{number.text()}  {step.text()}" for number, step in self._rows if not step.isHidden())

    def show_text(self, text: str) -> None:
        """Replace the steps, one a line of `text`; with none the widget takes no room."""
        steps = text.splitlines()
        while len(self._rows) < len(steps):
            self._add_row()
        for place, (number, step) in enumerate(self._rows):
            words = steps[place] if place < len(steps) else ""
            step.show_text(words)
            step.setAccessibleName(f"{place + 1}. {words}")
            number.setVisible(place < len(steps))
            step.setVisible(place < len(steps))
        self.setVisible(bool(steps))

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        self._theme = theme
        apply_theme(self, theme)

    def _add_row(self) -> None:
        place = len(self._rows)
        number = PlainLabel(str(place + 1), Role.BODY, "t2", theme=self._theme)
        step = wrapped_label("", Role.BODY, "t1", self._theme)
        self._grid.addWidget(number, place, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
        self._grid.addWidget(step, place, 1)
        self._rows.append((number, step))

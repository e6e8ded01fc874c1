"""The row of choices over a comparison: measure, scale, reference line, places. Knows no store and no curve."""

from __future__ import annotations

import enum
from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QWidget

from console.ui.density import Density
from console.ui.fonts import Role
from console.ui.models.comparison import Measure, Scale
from console.ui.plain import PlainLabel
from console.ui.theme import DARK, Theme, apply_theme
from console.ui.widgets.press_button import Look, PressButton
from console.ui.widgets.two_halves import TwoHalves

NO_OWNED = "The fleet has no site of its own to hold others against"
IS_A_RATIO = "Efficiency is a ratio already: J/TH on every scale"
HIGH_PX = 40


class CompareHead(QWidget):
    """`measure_chosen` and `scale_chosen` carry the choice, `reference_chosen` whether the line is on."""

    measure_chosen = Signal(object)
    scale_chosen = Signal(object)
    reference_chosen = Signal(bool)
    places_asked = Signal()

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.title = PlainLabel("Comparison", Role.MARK, theme=theme)
        self.measures = self._choices(Measure, self.measure_chosen, "Compare")
        self.scales = self._choices(Scale, self.scale_chosen, "Scale")
        self.reference = PressButton("Reference", Look.CHOICE, hint="R", name="Reference line", theme=theme)
        self.reference.clicked.connect(self.reference_chosen)
        self.pick = PressButton("Choose places", Look.OUTLINE, hint="P", theme=theme)
        self.pick.clicked.connect(lambda _checked=False: self.places_asked.emit())
        self._lay_out()

    def _choices(self, of: Iterable[enum.StrEnum], chosen: Signal, what: str) -> dict[enum.StrEnum, PressButton]:
        group = QButtonGroup(self)
        made = {}
        for value in of:
            button = PressButton(value.value, Look.CHOICE, name=f"{what}: {value.value}", theme=self._theme)
            button.clicked.connect(lambda _checked=False, value=value: chosen.emit(value))
            group.addButton(button)
            made[value] = button
        return made

    def _lay_out(self) -> None:
        self._halves = TwoHalves(self)
        first, second = self._halves.first, self._halves.second
        first.addWidget(self.title)
        first.addSpacing(8)
        for button in self.measures.values():
            first.addWidget(button)
        first.addStretch(1)
        for button in (*self.scales.values(), self.reference):
            second.addWidget(button)
        second.addStretch(1)
        second.addWidget(self.pick)

    def show_choice(self, measure: Measure, scale: Scale, reference: str | None, *, on: bool) -> None:
        """What is chosen; `reference` names the owned site, None where the fleet has none."""
        self.measures[measure].setChecked(True)
        self.scales[scale].setChecked(True)
        for button in self.scales.values():
            button.switch(measure is not Measure.EFFICIENCY, IS_A_RATIO)
        label = f"{reference} as reference" if reference else "Reference"
        self.reference.set_face(label, "R", "", f"Reference line: {reference or 'none'}")
        self.reference.switch(reference is not None, NO_OWNED)
        self.reference.setChecked(on and reference is not None)

    def fit(self, density: Density, width: int) -> None:
        """Measures of the window's width; two rows where one would be clipped."""
        for button in (*self.measures.values(), *self.scales.values(), self.reference, self.pick):
            button.set_height(density.value.button)
        self._halves.fit(density, width, HIGH_PX, 4)

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme or scale."""
        self._theme = theme
        apply_theme(self, theme)

"""Beside the racks: the machine under the pointer, or the one that was clicked, and what is selected."""

from __future__ import annotations

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from console.ui.fonts import Role, px
from console.ui.models.machines import MachinesNow
from console.ui.models.selection import Chosen
from console.ui.plain import PlainLabel
from console.ui.theme import DARK, Theme, apply_theme
from console.ui.views.racks_words import machine_facts, text_of
from console.ui.widgets.fact_list import FactList
from console.ui.widgets.heat_map_picture import NOWHERE
from console.ui.widgets.panel import PAD_PX, TITLE_PX, Panel
from console.ui.widgets.press_button import PressButton

HINT = "Point at a cell, or walk with the arrow keys"
BUTTON_PX = 32


class RacksSide(Panel):
    """`open_asked` opens the machine shown; `lift_asked` lifts the selection."""

    open_asked = Signal(int)
    lift_asked = Signal()

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__("Machine", theme, parent=parent)
        self._row = NOWHERE
        self._machines: MachinesNow | None = None
        self.name = PlainLabel("", Role.MONO_BOLD, "t1", elide=True, theme=theme, parent=self)
        self.facts = FactList("machine", theme, self)
        self.chosen = PlainLabel("none selected", Role.BODY, "t2", elide=True, theme=theme, parent=self)
        self.open = PressButton("Open machine", name="open the machine", theme=theme, parent=self)
        self.lift = PressButton("Clear selection", name="clear the selection", theme=theme, parent=self)
        self.open.clicked.connect(lambda: self.open_asked.emit(self._row))
        self.lift.clicked.connect(self.lift_asked)
        self.show_nothing()
        self.show_chosen(Chosen.none())

    @property
    def row(self) -> int:
        """The machine shown, or NOWHERE."""
        return self._row

    def show_nothing(self) -> None:
        """No machine."""
        self._row = NOWHERE
        self.set_words("Machine", "")
        self.name.show_text(HINT)
        self.facts.show_facts(())
        self.open.switch(False, "no machine is chosen")

    def show_machine(self, machines: MachinesNow, row: int, now_ms: int, *, pinned: bool) -> None:
        """Its last known values; `pinned` stays when the pointer goes on."""
        self._row = row
        self.set_words("Machine", "clicked" if pinned else "pointed at")
        self.name.show_text(text_of(machines, row, "id") or HINT)
        self.facts.show_facts(machine_facts(machines, row, now_ms))
        self.open.switch(True)

    def show_chosen(self, chosen: Chosen) -> None:
        """What exactly is selected."""
        self.chosen.show_text(chosen.words)
        self.lift.switch(bool(len(chosen)), "nothing is selected")

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        super().set_theme(theme)
        apply_theme(self, theme)
        self._lay_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Facts take what name, selection and buttons leave."""
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        left, wide, bottom = PAD_PX, self.width() - 2 * PAD_PX, self.height() - PAD_PX
        line = px(22)
        self.name.setGeometry(left, px(TITLE_PX), wide, line)
        for button, index in ((self.open, 0), (self.lift, 1)):
            hint = button.sizeHint()
            beside = self.open.sizeHint().width() + 8 + self.lift.sizeHint().width() <= wide
            x = left + (self.open.sizeHint().width() + 8 if index and beside else 0)
            y = bottom - hint.height() - (0 if beside or index else hint.height() + 8)
            button.setGeometry(QRect(x, y, hint.width(), hint.height()))
        foot = min(self.open.y(), self.lift.y()) - line - 6
        self.chosen.setGeometry(left, foot, wide, line)
        top = px(TITLE_PX) + line + 6
        self.facts.setGeometry(left, top, wide, max(0, foot - top - 6))

"""Beside the racks: the machine under the pointer, or the one that was clicked, and what is selected."""

from __future__ import annotations

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from console.ui.fonts import Role, px
from console.ui.heat_map.picture import NOWHERE
from console.ui.models.miners.machines import MachinesNow
from console.ui.models.selection import Chosen
from console.ui.plain import PlainLabel
from console.ui.theme import DARK, Theme, apply_theme
from console.ui.views.commands.menu import CommandMenu
from console.ui.views.racks.words import machine_facts, text_of
from console.ui.widgets.fact_list import FactList
from console.ui.widgets.panel import PAD_PX, TITLE_PX, Panel
from console.ui.widgets.press_button import PressButton
from console.ui.widgets.racks.worst import WorstList

HINT = "Point at a cell, or walk with the arrow keys"


class RacksSide(Panel):
    """`open_asked` opens the machine shown; `lift_asked` lifts the selection; `table_asked` leads to the table."""

    open_asked = Signal(int)
    lift_asked = Signal()
    table_asked = Signal()

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None, command: CommandMenu | None = None) -> None:
        super().__init__("Machine", theme, parent=parent)
        self._row = NOWHERE
        self._machines: MachinesNow | None = None
        self.name = PlainLabel("", Role.MONO_BOLD, "t1", elide=True, theme=theme, parent=self)
        self.hint = PlainLabel(HINT, Role.BODY, "t3", elide=True, theme=theme, parent=self)
        self.facts = FactList("machine", theme, self)
        self.worst = WorstList(theme, self)
        self.chosen = PlainLabel("none selected", Role.BODY, "t2", elide=True, theme=theme, parent=self)
        self.open = PressButton("Open machine", name="open the machine", theme=theme, parent=self)
        self.lift = PressButton("Clear selection", name="clear the selection", theme=theme, parent=self)
        self.table = PressButton("As a table", name="the same machines as a table", theme=theme, parent=self)
        self._command = command
        if command is not None:
            command.setParent(self)
        self.open.clicked.connect(lambda: self.open_asked.emit(self._row))
        self.lift.clicked.connect(self.lift_asked)
        self.table.clicked.connect(self.table_asked)
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
        self.name.show_text("")
        self.hint.show()
        self.facts.show_facts(())
        self.open.switch(False, "no machine is chosen")
        self._lay_out()

    def show_machine(self, machines: MachinesNow, row: int, now_ms: int, *, pinned: bool) -> None:
        """Its last known values; `pinned` stays when the pointer goes on."""
        self._row = row
        self.set_words("Machine", "clicked" if pinned else "pointed at")
        self.name.show_text(text_of(machines, row, "id") or "without a name")
        self.hint.hide()
        self.facts.show_facts(machine_facts(machines, row, now_ms))
        self.open.switch(True)
        self._lay_out()

    def show_chosen(self, chosen: Chosen) -> None:
        """What exactly is selected."""
        self.chosen.show_text(chosen.words)
        self.lift.switch(bool(len(chosen)), "nothing is selected")
        self.place()

    def place(self) -> None:
        """The command's button may say something else, and is as wide as that."""
        if self._command is not None:
            self._command.refresh()
        self._lay_out()

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
        left, wide, line = PAD_PX, self.width() - 2 * PAD_PX, px(22)
        foot = self._lay_buttons(left, wide) - line - 6
        self.chosen.setGeometry(left, foot, wide, line)
        top = px(TITLE_PX)
        for label in (self.name, self.hint):
            label.setGeometry(left, top, wide, line)
        top += line + 6
        high = min(self.facts.height_for(wide), max(0, foot - top - 6))
        self.facts.setGeometry(left, top, wide, high)
        top += high + px(10)
        self.worst.setGeometry(left, top, wide, max(0, foot - top - 6))
        self.worst.setVisible(bool(self.worst.shown) or not self.facts.facts)

    def _lay_buttons(self, left: int, wide: int) -> int:
        """From the left and from the bottom, as many lines as they need; where the first begins."""
        rows: list[list[PressButton]] = [[]]
        used = 0
        every = [self.open, self.table, self.lift, *([self._command] if self._command is not None else [])]
        for button in every:
            own = button.sizeHint().width()
            if rows[-1] and used + own > wide:
                rows.append([])
                used = 0
            rows[-1].append(button)
            used += own + 8
        high = self.open.sizeHint().height()
        top = self.height() - PAD_PX - len(rows) * (high + 8) + 8
        for index, row in enumerate(rows):
            x = left
            for button in row:
                button.setGeometry(QRect(x, top + index * (high + 8), button.sizeHint().width(), high))
                x += button.width() + 8
        return top

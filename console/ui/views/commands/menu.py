"""The button that begins a command for what is chosen in a view: says for how many, and why it is off.

Knows the verbs and the shared selection; asks for a form and commands nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from console.domain.command import Selector, Verb
from console.domain.site import Site
from console.ui.models.commands.live import LiveCommands
from console.ui.models.commands.selector import CannotSelect, names_from, selector_of
from console.ui.models.commands.wish import BUTTONS, CommandWish
from console.ui.models.miners.machines import MachinesNow
from console.ui.models.selection import Chosen
from console.ui.theme import DARK, Theme
from console.ui.widgets.press_button import PressButton
from console.ui.widgets.token_menu import token_menu

NONE_CHOSEN = "Off: no machine is selected"


class CommandMenu(PressButton):
    """`wished` carries a CommandWish. `place` names what is meant where no machine is chosen; None: nothing is."""

    wished = Signal(object)

    def __init__(
        self,
        commands: LiveCommands,
        chosen: Callable[[], tuple[MachinesNow | None, Chosen]],
        theme: Theme = DARK,
        parent: QWidget | None = None,
        place: Callable[[], tuple[Selector, str] | None] = lambda: None,
        query: Callable[[], str] = lambda: "",
    ) -> None:
        super().__init__("Command…", name="command", theme=theme, parent=parent)
        self._commands, self._chosen, self._place_of, self._query = commands, chosen, place, query
        self.clicked.connect(lambda _checked=False: self._popup())
        commands.changed.connect(lambda _now: self.refresh())
        commands.desk.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """For how many, and why it is off."""
        machines, chosen = self._chosen()
        place = self._place_of()
        words = f"{len(chosen):,} machines" if len(chosen) != 1 else "1 machine"
        what = words if len(chosen) else place[1] if place else ""
        label = f"Command {what}…" if what else "Command…"
        if label != self.text():
            self.set_face(label, "", "", label.rstrip("…").lower())
        reason = self._commands.why_not() or ("" if what and (machines or place) else NONE_CHOSEN)
        self.switch(not reason, reason)

    def menu(self) -> QMenu:
        """One entry a verb."""
        menu = token_menu(self, self.accessibleName(), self._theme)
        for verb, label in BUTTONS.items():
            action = QAction(label, menu)
            action.triggered.connect(lambda _checked=False, verb=verb: self.wish(verb))
            menu.addAction(action)
        return menu

    def _popup(self) -> None:
        self.menu().popup(self.mapToGlobal(QPoint(0, self.height() + 4)))

    def wish(self, verb: Verb) -> None:
        """Ask for the form; the names of many machines are read off the GUI thread."""
        machines, chosen = self._chosen()
        if not len(chosen) or machines is None:
            place = self._place_of()
            if place is not None:
                self.wished.emit(CommandWish(verb, place[0], place[1]))
            return
        names, query = names_from(self._commands.live.telemetry), self._query()
        self._commands.live.reads.run(
            lambda: _named(machines, chosen, names, query), lambda found: self._take(verb, found, chosen)
        )

    def _take(self, verb: Verb, found: Selector | str, chosen: Chosen) -> None:
        if isinstance(found, str):
            self._commands.said.emit(found)
            return
        words = f"{chosen.words} at {found.title}"
        self.wished.emit(CommandWish(verb, found, words, len(chosen)))


def _named(machines: MachinesNow, chosen: Chosen, names: object, query: str) -> Selector | str:
    try:
        return selector_of(machines, chosen, names, query)
    except CannotSelect as error:
        return str(error)


def container_selector(site: Site, container: str | None) -> tuple[Selector, str] | None:
    """The open container, where no machine is chosen; never a whole site by the way."""
    if container is None:
        return None
    words = f"{container} of {site.name}"
    return Selector(sites=(site.id,), containers={site.id: (container,)}, title=words), words

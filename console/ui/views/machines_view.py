"""What every view of many machines is made of: one scope of them, the shared selection, and when it follows which.

Knows the models; must not know how machines are drawn.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from console.ui.models.live import LiveFleet
from console.ui.models.miners.machines import Machines, MachinesNow
from console.ui.models.selection import Chosen, Selection
from console.ui.models.span import TimeBarModel
from console.ui.theme import DARK, Theme, apply_theme


class MachinesView(QWidget):
    """Base of heat maps and table. `place_asked` carries another view's address, `closed` asks for the way back.

    `names`: whether the machines' names are read with their numbers. What raises NotImplementedError is for the
    views to say: Qt's metaclass is not `abc`'s, which would refuse a view without it.
    """

    place_asked = Signal(str)
    notes_asked = Signal(str)
    command_asked = Signal(object)
    closed = Signal()

    def __init__(
        self,
        live: LiveFleet,
        span: TimeBarModel,
        theme: Theme = DARK,
        selection: Selection | None = None,
        *,
        names: bool = True,
    ) -> None:
        super().__init__()
        self._live, self._span, self._theme = live, span, theme
        self.machines = Machines(live, self, names=names)
        self.selection = selection or Selection(self)

    def _follow(self) -> None:
        """Hear of everything that moves; called once the parts are there."""
        self.machines.changed.connect(self._take_machines)
        self.machines.troubled.connect(self._tell_trouble)
        self.selection.changed.connect(self._take_chosen)
        self._live.changed.connect(self._take)
        self._span.changed.connect(self._take)

    @property
    def theme(self) -> Theme:
        """The theme in force."""
        return self._theme

    @property
    def pending(self) -> bool:
        """Whether something asked for is still to come (R50)."""
        return self.machines.busy

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        self._theme = theme
        apply_theme(self, theme)
        self._arrange()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: read nothing."""
        self.machines.rest()

    def _take_machines(self, machines: MachinesNow) -> None:
        """Other machines, or newer numbers of the same."""
        raise NotImplementedError

    def _tell_trouble(self) -> None:
        """The store could not tell the machines."""
        raise NotImplementedError

    def _take_chosen(self, chosen: Chosen) -> None:
        """Another selection."""
        raise NotImplementedError

    def _take(self, _changed: object) -> None:
        """The fleet was judged again, or the span moved."""
        raise NotImplementedError

    def _arrange(self) -> None:
        """Another size or another scale of the fonts."""
        raise NotImplementedError

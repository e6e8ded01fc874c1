"""Connects who sits here, the commands and the link: words for them go there, and alarms and notes hear who asks.

Knows the models and the bridge; decides nothing.
"""

from __future__ import annotations

from PySide6.QtCore import QObject

from console.link.orders import CommandAnswer
from console.ui.bridge import Arrived, Bridge
from console.ui.models.alarms.live import LiveAlarms
from console.ui.models.commands.live import LiveCommands
from console.ui.models.desk import Desk
from console.ui.models.live import LiveFleet
from console.ui.models.notes.queue import NoteQueue
from console.ui.startup import author_here, desk_here, os_user


class Switchboard(QObject):
    """One a desktop; `start` once there is a link."""

    def __init__(self, live: LiveFleet, bridge: Bridge) -> None:
        super().__init__(live)
        self._bridge = bridge
        self._alarms, self._notes = LiveAlarms.of(live), NoteQueue.of(live)
        self.desk, self.commands = Desk.of(live), LiveCommands.of(live)
        self.desk.name, self.desk.os_user = desk_here(), os_user()  # offline no link ever starts, and exports name them
        self.desk.changed.connect(self._person_changed)
        bridge.arrived.connect(self._heard)

    def start(self) -> None:
        """Ask over the link from now on."""
        self.desk.use(self._bridge.ask, self.desk.name, self.desk.os_user)
        self.commands.use(self._bridge.ask)
        self._person_changed()

    def _heard(self, arrived: Arrived) -> None:
        if arrived.hello is not None:
            self.desk.greeted(arrived.hello)
        if arrived.commands_moved:
            self.commands.read()
        for word in arrived.words_to_us:
            if isinstance(word, CommandAnswer):
                self.commands.heard(word)
            else:
                self.desk.heard(word)

    def _person_changed(self) -> None:
        """Whoever signed in asks from now on; nobody acknowledges or commands while the desk is locked."""
        desk = self.desk
        self._alarms.use(self._bridge.ask, desk.person, desk.name, desk.session)
        self._notes.person = desk.person if desk.signed_in else author_here()

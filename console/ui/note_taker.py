"""Ctrl+N and every "Notes" button: opens the notes of a place over the window that asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from console.domain.place import container_key, container_of, miner_key, site_key, site_of
from console.ui.models.live import LiveFleet
from console.ui.shell import Shell

if TYPE_CHECKING:
    from console.ui.torn_off import TornWindow


class NoteTaker(QObject):
    """Imports what it needs when it is asked first: nobody waits for it at the start (P1).

    `shell` is the main window, or that of a view torn off: both answer to the same names.
    """

    def __init__(self, shell: Shell | TornWindow) -> None:
        super().__init__(shell)
        self._shell = shell
        shell.notes_asked.connect(self.open)

    def open(self, place: str) -> None:
        """The notes of a place's key; without one, of what the window shows."""
        shell = self._shell
        place = place or shown_place(shell.address)
        if not place:
            shell.top_bar.notice.say("Notes belong to a site, a container or a machine: open one first")
            return
        self._sheet(place, shell)

    def _sheet(self, place: str, over: QWidget) -> None:
        from console.ui.dialogs.notes import NotesSheet

        number = getattr(self._shell.view_widget, "machine_number", "") if place.startswith("miner:") else ""
        NotesSheet(self._shell.live, place, name_of(self._shell.live, place), number, self._shell.theme, over).open()


def shown_place(address: str) -> str:
    """The key of the place that an address of the shell shows; empty where it is none that can bear a note."""
    view, _, rest = address.partition(":")
    site_id, _, inner = rest.partition("?")[0].partition("/")
    if not site_id or site_id == "*" or view in ("world", "compare", "alarms", "fleet"):
        return ""
    if not inner:
        return site_key(site_id)
    return miner_key(site_id, inner) if view == "miner" else container_key(site_id, inner)


def name_of(live: LiveFleet, place: str) -> str:
    """How a place is called: `Georgia 1`, `Georgia 1, container C07`, `B17-R03-112`."""
    site_id = site_of(place) or ""
    site = live.now.fleet.site_names().get(site_id, site_id)
    container = container_of(place)
    if container is not None:
        return f"{site}, container {container[1]}"
    return place.partition("/")[2] if place.startswith("miner:") else site

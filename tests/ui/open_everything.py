"""Run as a process of its own: prints what of the console is imported when views are opened, what came ahead apart.

Every view is opened at the first site or machine, then Find and the manual; how many views came is told first.
"""

from __future__ import annotations

import importlib
import sys

from PySide6.QtWidgets import QApplication

from console.ui.dialogs.manual import Manual
from console.ui.finder import Finder
from console.ui.models.live import LiveFleet
from console.ui.models.span import TimeBarModel
from console.ui.process.application import make_application
from console.ui.shell import Shell
from console.ui.startup import AHEAD, VIEWS, WHOLE_FLEET
from tests.ui.alarms.made import signed_in, store_of_a_day
from tests.ui.fakes import NOW_MS


def main() -> None:
    """The window as the desktop makes it, without a link."""
    make_application()
    store = store_of_a_day()
    live = LiveFleet(store, store, store.of, clock=lambda: NOW_MS)
    live.load()
    signed_in(live)
    shell = Shell(live, TimeBarModel(NOW_MS), VIEWS)
    shell.open_view("world")
    shell.show()
    while live.reads.pending or not shell.view_widget.graphs:  # they come when the world was painted
        QApplication.processEvents()
    for module in AHEAD:
        importlib.import_module(module)
    known = set(sys.modules)
    site = live.now.sites[0].site.id
    roster = live.telemetry.roster(site)
    miner = roster.miners[0].id if roster else ""
    opened = set()
    for slot in VIEWS:
        place = "" if slot.view in WHOLE_FLEET else f":{site}/{miner}" if slot.view == "miner" else f":{site}"
        shell.open_place(slot.view + place)
        opened.add(shell.view)
        QApplication.processEvents()
    Finder(shell).open()
    Manual(shell.theme, shell).open()
    QApplication.processEvents()
    sys.stdout.write(" ".join(["opened", str(len(opened)), *sorted(set(sys.modules) - known)]))


if __name__ == "__main__":
    main()

"""Who sits here is known with a link and without one."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from console.ui.bridge import Bridge
from console.ui.models.live import LiveFleet, Mode
from console.ui.models.span import TimeBarModel
from console.ui.reception import Reception
from console.ui.shell import Shell
from console.ui.startup import desk_here, os_user, who_sits_here
from console.ui.switchboard import Switchboard
from tests.ui.fakes import NOW_MS, FakeStore
from tests.ui.stand_in import SLOTS


def test_r47_offline_an_export_names_user_and_desk(qtbot: QtBot) -> None:
    store = FakeStore()
    live = LiveFleet(store, store, store.of, Mode.OFFLINE, clock=lambda: NOW_MS)
    shell = Shell(live, TimeBarModel(NOW_MS), SLOTS)
    qtbot.addWidget(shell)
    switchboard = Switchboard(live, Bridge(live))
    Reception(shell)
    assert shell.who == who_sits_here() == f"{os_user()}, not signed in · {desk_here()}"
    assert switchboard.desk.why_not_sign_in() == "Off: opened offline, nobody is there to prove it to"
    shell.close()
    live.close()

"""Messages of another thread become one signal at a human pace."""

from __future__ import annotations

import threading
import time

from PySide6.QtCore import QThread
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.link.messages import BackfillProgress, CancelBackfill, FrameStored, LinkChanged, Stopping
from console.ui.bridge import Bridge


def from_another_thread(act) -> None:
    thread = threading.Thread(target=act)
    thread.start()
    thread.join()


def test_a_storm_of_messages_is_one_signal_and_names_each_site_once(qtbot: QtBot) -> None:
    bridge = Bridge()
    threads = []
    bridge.arrived.connect(lambda _arrived: threads.append(QThread.currentThread()))

    def storm() -> None:
        for number in range(200):
            bridge.heard(FrameStored(f"site-{number % 4}", number))
        bridge.heard(LinkChanged("site-9", "down"))
        bridge.heard(BackfillProgress(3, 10, True))
        bridge.heard(BackfillProgress(4, 10, True))

    with qtbot.waitSignal(bridge.arrived) as caught:
        from_another_thread(storm)
    arrived = caught.args[0]
    assert arrived.sites == {"site-0", "site-1", "site-2", "site-3", "site-9"}
    assert arrived.backfill == BackfillProgress(4, 10, True)
    assert arrived.hello is None
    assert threads == [QApplication.instance().thread()]


def test_a_site_is_told_of_at_most_twice_a_second(qtbot: QtBot) -> None:
    bridge = Bridge()
    told = []
    bridge.arrived.connect(told.append)
    began_s = time.monotonic()
    for number in range(12):
        bridge.heard(FrameStored("site-1", number))
        qtbot.wait(100)
    assert 1 <= len(told) <= 2 * (time.monotonic() - began_s) + 2


def test_the_end_of_a_collector_is_heard(qtbot: QtBot) -> None:
    bridge = Bridge()
    with qtbot.waitSignal(bridge.arrived) as caught:
        bridge.heard(Stopping("told to"))
    assert caught.args[0].stopping == Stopping("told to")


def test_attached_is_told_on_change_only(qtbot: QtBot) -> None:
    bridge = Bridge()
    changes = []
    bridge.attached_changed.connect(changes.append)
    with qtbot.waitSignal(bridge.attached_changed):
        from_another_thread(lambda: bridge.on_attached(True))
    assert bridge.attached
    bridge.on_attached(True)
    with qtbot.waitSignal(bridge.attached_changed):
        from_another_thread(lambda: bridge.on_attached(False))
    assert changes == [True, False]


def test_a_request_without_a_collector_is_refused() -> None:
    bridge = Bridge()
    assert not bridge.ask(CancelBackfill())

    class Client:
        def ask(self, request: object) -> bool:
            return request == CancelBackfill()

    bridge.use(Client())
    assert bridge.ask(CancelBackfill())

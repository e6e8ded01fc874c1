"""The desktop process: puts window, store and children together, and knows in which order they may cost time.

The window is painted first; the store, the link and the processes it needs come after (P1).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from console.domain.errors import ConfigError, StoreError
from console.domain.site import Fleet
from console.fleet import load_fleet
from console.settings import Profile, resources
from console.settings import profile as profile_of
from console.ui.ahead import Ahead
from console.ui.bridge import Arrived, Bridge
from console.ui.collector_word import CollectorWord
from console.ui.export.camera import Camera
from console.ui.export.capture import Wish
from console.ui.finder import Finder
from console.ui.first_light import Window
from console.ui.icons import application_icon
from console.ui.models.alarms.horn import AlarmHorn
from console.ui.models.alarms.live import LiveAlarms
from console.ui.models.live import LiveFleet, Mode
from console.ui.models.live_detail import DetailLine
from console.ui.models.no_store import NoStore
from console.ui.models.notes.pending import PendingNotes
from console.ui.models.notes.queue import NoteQueue
from console.ui.models.span import TimeBarModel
from console.ui.note_taker import NoteTaker
from console.ui.process.application import close_on_signals, has_display
from console.ui.session import SessionKeeper, read_session
from console.ui.shell import Shell
from console.ui.startup import AHEAD, COMMANDING, VIEWS, author_here, desk_here, module_of, open_view, who_sits_here
from console.ui.switchboard import Switchboard
from console.ui.theme import THEMES
from console.ui.torn_off import TornOff

if TYPE_CHECKING:
    from console.ui.reception import Reception

LOG = logging.getLogger(__name__)
STORE_RETRY_MS = 500
SESSION_FILE = "desktop-session.json"


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asked for."""

    fleet: Path | None = None
    profile: Path | None = None
    demo: bool = False
    offline: bool = False
    read_only: bool = False
    after_s: float | None = None
    capture: Path | None = None
    view: str | None = None
    theme: str = "dark"
    scale: int = 1


def first_fleet(options: Options, profile: Profile) -> Fleet:
    """What is known of the fleet before the store is open; raises ConfigError where no fleet is named at all."""
    if options.offline:
        return Fleet(name="", sites=())
    if options.demo:
        return load_fleet(resources() / "demo" / "fleet.toml")
    path = options.fleet or profile.fleet
    if options.fleet is None and not path.exists():
        raise ConfigError((f"{path}: no fleet file; name one with --fleet FILE, or look at --demo first",))
    return load_fleet(path)


class Desktop(QObject):
    """Everything of one desktop process, from the first paint to the last child's end."""

    def __init__(self, options: Options, say: Callable[[str], None], window: Window) -> None:
        super().__init__()
        self._options, self._window = options, window
        self.profile = profile_of(options.profile, options.demo).create()
        fleet = first_fleet(options, self.profile)
        mode = Mode.OFFLINE if options.offline else Mode.LIVE
        mode |= Mode.READ_ONLY if options.read_only else Mode.LIVE
        nothing = NoStore()
        self.live = LiveFleet(nothing, nothing, fleet, mode, parent=self)
        self.span = TimeBarModel(self.live.clock(), parent=self)
        self.shell = Shell(self.live, self.span, VIEWS, who_sits_here(), THEMES[options.theme])
        self.shell.folder = self.profile.folder
        self.camera = Camera(self.shell, self.profile.captures)
        self.ahead = Ahead(AHEAD, self)
        self.finder = Finder(self.shell)
        self.notes = NoteQueue.of(self.live)
        self.notes.keep_in(PendingNotes(self.profile.pending_notes), author_here(), desk_here())
        self.note_taker = NoteTaker(self.shell)
        self.details = DetailLine.of(self.live)
        self.torn_off = TornOff(self.shell, self.profile.folder)
        self.torn_off.opened.connect(lambda window: (Camera(window, self.profile.captures), NoteTaker(window)))
        self.alarms = LiveAlarms.of(self.live)
        self.alarms.answered.connect(self.shell.top_bar.notice.say)
        self.bridge = Bridge(self)
        self.switchboard = Switchboard(self.live, self.bridge)
        self.word = CollectorWord(self.shell.top_bar.notice, time.monotonic, self)
        self._say = say
        self.reception: Reception | None = None
        self._store_trouble = ""
        self._upgraded: tuple[str, ...] = ()
        self._parts: list[Callable[[], None]] = []  # how to end what was started, in order

    def show(self) -> None:
        """Take over the window that is on the screen already; all that costs time begins after the next paint."""
        shell, window = self.shell, self._window
        shell.first_painted.connect(self._begin, Qt.ConnectionType.QueuedConnection)
        shell.closing.connect(self.end)
        shell.help_asked.connect(self._open_manual)
        shell.resize(window.size())
        shell.open_view("world")
        self.live.changed.connect(self._open_asked_view)
        window.adopt(shell)
        window.setWindowIcon(application_icon())

    def _open_asked_view(self, _now: object) -> None:
        """`--view site:ID`, or where the last session was, as soon as the fleet is known."""
        if not self.live.now.sites:
            return
        self.live.changed.disconnect(self._open_asked_view)
        asked = self._options.view
        if asked is None and self._options.after_s is None:
            address, go = read_session(self.profile.folder / SESSION_FILE).address, self._go_on
        else:  # a script's picture does not depend on who sat here before
            address, go = asked or "world", self._open_named_view
        self.ahead.when(COMMANDING, self._open_reception)
        self.ahead.when(module_of(address), go)
        self.ahead.start()

    def _open_named_view(self) -> None:
        try:
            open_view(self.shell, self._options.view or "world")
        except ConfigError as error:
            self.shell.top_bar.notice.say(str(error))

    def _go_on(self) -> None:
        """Where the last session was (R59)."""
        keeper = SessionKeeper(self.shell, self.live, self.span, self.profile.folder / SESSION_FILE)
        word = keeper.restore()
        if word:
            self.shell.top_bar.notice.say(word)
        self.torn_off.restore()
        self._parts.insert(0, keeper.end)

    def _begin(self) -> None:
        from console.ui.process.flight_log import start_log
        from console.ui.process.free_memory import FreeMemory
        from console.ui.process.watchdog import Watchdog

        self._crash_file = start_log(self.profile.desktop_log)
        self._open_store()
        if not self._options.offline:
            self._start_children()
            self._start_link()
            if has_display():
                self._start_horn()
        self._parts.insert(0, Watchdog(self).close)
        FreeMemory(self.live, self)
        if self._options.after_s is not None:
            QTimer.singleShot(round(self._options.after_s * 1000), self._leave)
        if not has_display():
            self._start_headless_report()

    def _open_reception(self) -> None:
        """Who sits here and what they may ask: after the first values, or once it is known that there are none."""
        if self.reception is not None:
            return
        from console.ui.commanding import Commanding
        from console.ui.idle_watch import IdleWatch
        from console.ui.reception import Reception

        self.reception = Reception(self.shell)
        self.commanding = Commanding(self.shell, self.profile.folder / "exports")
        self._idle = IdleWatch(self.switchboard.desk)

    def _open_store(self) -> None:
        self.live.reads.run(self._try_store, self._store_tried)

    def _try_store(self) -> object:
        """On a worker thread: the store's own imports cost as much as the window."""
        from console.store import open_reader

        try:
            if self._options.offline:
                self._upgraded += self._bring_up_to_date()
            return open_reader(self.profile.store)
        except StoreError as error:
            return error

    def _bring_up_to_date(self) -> tuple[str, ...]:
        """No collector will come to an offline desktop: it upgrades an older store itself; what it did, in words."""
        from console.older_store import bring_up_to_date

        return bring_up_to_date(self.profile)

    def _store_tried(self, outcome: object) -> None:
        if isinstance(outcome, StoreError):
            if self._options.offline or "no store" not in str(outcome):
                self._store_trouble = str(outcome)
                self.shell.top_bar.notice.say(self._store_trouble)
                self.live.refused(self._store_trouble)
            self._open_reception()
            QTimer.singleShot(STORE_RETRY_MS, self._open_store)
            return
        self._parts.append(outcome.close)
        self.shell.top_bar.notice.take_back(self._store_trouble)  # a collector may have mended it meanwhile
        for notice in (*self._upgraded, *outcome.opened.notices):
            self.shell.top_bar.notice.say(notice)
        self.live.attach(outcome, outcome)
        self.live.start()

    def _start_children(self) -> None:
        from console.ui.process.children import Children, own_command

        folder = self.profile.folder
        demo_fleet = folder / "demo-fleet.toml"
        simulator = own_command("simulate", "--port", "0", "--fleet-out", str(demo_fleet))
        fleet = demo_fleet if self._options.demo else self._options.fleet or self.profile.fleet
        collector = own_command("collect", "--fleet", str(Path(fleet).resolve()), "--profile", str(folder.resolve()))
        self.children = Children(
            folder,
            lambda: collector,
            lambda: self.bridge.attached,
            time.monotonic,
            simulator if self._options.demo else None,
            self,
        )
        self.children.said.connect(self.word.ended)
        self.children.restarted.connect(self.word.started_again)
        self._parts.insert(0, self.children.end)
        if self.live.now.total.at_ms is None:
            self.word.starting()
        self.children.start()

    def _start_link(self) -> None:
        from console.link.client import LinkClient

        client = LinkClient(self.profile, self.bridge.heard, self.bridge.on_attached)
        self.bridge.use(client)
        self.bridge.arrived.connect(self._heard)
        self.switchboard.start()
        self.notes.use(self.bridge.ask)
        self.details.use(self.bridge.ask)
        self.bridge.attached_changed.connect(self._attached)
        self.shell.top_bar.notice.cancel_asked.connect(self._cancel_backfill)
        self._parts.insert(0, client.stop)
        client.start()

    def _start_horn(self) -> None:
        from console.own_program import own_program
        from console.ui.process.tone_player import TonePlayer

        player = TonePlayer(own_program("sound", "--serve"), self)
        AlarmHorn.of(self.alarms).use(player, self.profile.folder)
        self._parts.insert(0, player.end)
        player.start()

    def _heard(self, arrived: Arrived) -> None:
        self.live.note_frame()
        self.word.heard()
        if arrived.alarms_moved:
            self.alarms.read()
        for answer in arrived.answers:
            self.alarms.heard(answer)
        for note in arrived.notes:
            self.notes.heard(note)
        for detail in arrived.details:
            self.details.heard(detail)
        if arrived.backfill is not None:
            progress = arrived.backfill
            self.shell.top_bar.notice.show_progress(progress.done, progress.total, running=progress.running)
        if arrived.tidy is not None:
            self.shell.top_bar.notice.show_tidying(arrived.tidy.done, arrived.tidy.total, running=arrived.tidy.running)

    def _attached(self, attached: bool) -> None:
        self.word.attached(attached)
        self.notes.attached(attached)
        if attached:
            self.children.settled()

    def _cancel_backfill(self) -> None:
        from console.link.messages import CancelBackfill

        if not self.bridge.ask(CancelBackfill()):
            self.shell.top_bar.notice.say("No collector is attached: nothing to cancel")

    def _start_headless_report(self) -> None:
        from console.ui.process.headless import HeadlessReport

        self._report = HeadlessReport(self.live, self._say, self)

    def _open_manual(self) -> None:
        from console.ui.dialogs.manual import Manual

        Manual(self.shell.theme, self.shell).open()

    def _leave(self) -> None:
        """`--after`: the picture, then the way out."""
        if not has_display():
            self._report.tell()
        if self._options.capture is None:
            self._window.close()
            return
        self.camera.saved.connect(lambda _path: self._window.close())
        self.camera.failed.connect(lambda _reason: self._window.close())
        self.camera.shoot(Wish(self._options.scale, window=True), self._options.capture)

    def end(self) -> None:
        """End link, children, reads and store, in this order; safe to call twice."""
        parts, self._parts = self._parts, []
        self.ahead.close()
        self.live.close()
        for end in parts:
            end()
        QApplication.quit()


def run(options: Options, say: Callable[[str], None], window: Window) -> int:
    """Fill the window, which is open already, and stay until it is closed; the exit code."""
    desktop = Desktop(options, say, window)
    close_on_signals(window)
    desktop.show()
    code: int = QApplication.exec()
    desktop.end()
    return code

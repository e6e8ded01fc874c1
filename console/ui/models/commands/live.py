"""The commands as they are for every widget: read from the journal off the GUI thread, asked of the collector by id.

Knows the store's command face and the words of the link; executes nothing and never decides that something is done:
what is shown changes when the journal has it (R37).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from console.domain.access import Right
from console.domain.command import Command, Preview
from console.domain.command_journal import HOLDS_TARGETS, UNDER_WAY, Batch, CommandRecord, Phase
from console.domain.fleet_state import NOTHING_LIVE, SiteNow
from console.link.messages import FromDesktop
from console.link.orders import (
    ApproveCommand,
    CommandAnswer,
    ExecuteCommand,
    HoldCommand,
    PrepareCommand,
    Steer,
    SteerCommand,
)
from console.ui.background import Reread
from console.ui.models.awaited import Awaited, new_id
from console.ui.models.desk import NO_COLLECTOR, Desk
from console.ui.models.live import LiveFleet

COMMANDABLE = "gold"  # the rung of adapters that command and read back
READ_AT_LEAST_EVERY_MS = 3000  # a lost word costs at most this
HOLD_EVERY_MS = 10_000
PREPARE_WITHIN_MS, ANSWER_WITHIN_MS = 60_000, 20_000  # preparing reads every target afresh
LOST = "No answer from the collector: what is shown is what is recorded"
LOST_EXECUTION = "No answer from the collector: it may have begun. Look at it in Commands before anything else"
Answered = Callable[[tuple[str, ...]], None]  # the reasons why not, none where it was done


@dataclass(frozen=True, slots=True)
class CommandPage:
    """One command in full."""

    record: CommandRecord
    preview: Preview | None
    batches: tuple[Batch, ...] = ()


class LiveCommands(QObject):
    """`changed` carries every record, newest first; `page_changed` the id of a command that is followed."""

    changed = Signal(object)
    page_changed = Signal(str)
    said = Signal(str)
    steer_refused = Signal(str, str)  # a command's id, and why it was not steered

    def __init__(self, live: LiveFleet) -> None:
        super().__init__(live)
        self.live, self.desk = live, Desk.of(live)
        self.now: tuple[CommandRecord, ...] = ()
        self.pages: dict[str, CommandPage] = {}
        self._followed: dict[str, int] = {}
        self._ask: Callable[[FromDesktop], bool] | None = None
        self._awaited = Awaited(self)
        self._held: set[str] = set()
        self._reread = Reread(live.reads, self._fetch, self._take)
        self._read_at_ms = 0
        self._holding = QTimer(self)
        self._holding.setInterval(HOLD_EVERY_MS)
        self._holding.timeout.connect(self._say_held)
        live.changed.connect(self._beat)

    @classmethod
    def of(cls, live: LiveFleet) -> LiveCommands:
        """The one model that all views over this fleet share."""
        return live.findChild(cls) or cls(live)

    def use(self, ask: Callable[[FromDesktop], bool]) -> None:
        """Ask through this."""
        self._ask = ask

    # reading

    def load(self) -> None:
        """Read at once on this thread: for captures and tests, not for a running window."""
        self._take(self._fetch())

    @property
    def pending(self) -> bool:
        """Whether a read is on its way (R50)."""
        return self._reread.busy

    def read(self) -> None:
        """Something moved: read now, or once more after the read that is on its way."""
        self._read_at_ms = self.live.clock()
        self._reread.ask()

    def follow(self, command_id: str) -> None:
        """Keep this command's page up to date; say `unfollow` once for each."""
        self._followed[command_id] = self._followed.get(command_id, 0) + 1
        self.read()

    def unfollow(self, command_id: str) -> None:
        """Nobody looks at it any more."""
        self._followed[command_id] = self._followed.get(command_id, 1) - 1
        if self._followed[command_id] <= 0:
            self._followed.pop(command_id)
            self.pages.pop(command_id, None)

    def record(self, command_id: str) -> CommandRecord | None:
        """One of the records."""
        return next((record for record in self.now if record.id == command_id), None)

    def newest_of(self, site_id: str) -> CommandRecord | None:
        """The command that was or is under way at a site, the newest; None where there was none."""
        for record in self.now:
            started = record.started_ms is not None or record.phase in UNDER_WAY
            if started and site_id in record.command.selector.sites:
                return record
        return None

    def _beat(self, _now: object) -> None:
        if abs(self.live.clock() - self._read_at_ms) >= READ_AT_LEAST_EVERY_MS:
            self.read()

    def _fetch(self) -> tuple[tuple[CommandRecord, ...], Mapping[str, CommandPage]]:
        reader = self.live.operations
        pages = {}
        for command_id in tuple(self._followed):
            record = reader.command(command_id)
            if record is not None:
                held = self.pages.get(command_id)
                preview = (held.preview if held else None) or reader.preview(command_id)
                pages[command_id] = CommandPage(record, preview, tuple(reader.batches(command_id)))
        return tuple(reader.commands()), pages

    def _take(self, found: tuple[tuple[CommandRecord, ...], Mapping[str, CommandPage]]) -> None:
        records, pages = found
        moved = [command_id for command_id, page in pages.items() if self.pages.get(command_id) != page]
        self.pages.update({key: page for key, page in pages.items() if key in self._followed})
        if records != self.now:
            self.now = records
            self.changed.emit(records)
        for command_id in moved:
            self.page_changed.emit(command_id)

    # what may be asked

    def why_not(self, sites: Iterable[str] = (), right: Right = Right.COMMAND) -> str:
        """Why these sites cannot be commanded from here now; empty where they can."""
        reason = self.desk.why_not(right)
        if reason:
            return reason
        if self._ask is None:
            return "Off: no link to the collector"
        asked = tuple(sites)
        return self._why_not_deaf(asked) or self._why_not_dark(asked) or self._why_not_held(asked)

    def _entries(self, sites: Sequence[str]) -> list[SiteNow]:
        """The sites as of now; one that left the fleet is not among them."""
        return [entry for entry in self.live.now.sites if entry.site.id in sites]

    def _why_not_deaf(self, sites: Sequence[str]) -> str:
        """A source that only reads takes no command; of several sites those are skipped by name in the preview."""
        links = [(entry.site.name, entry.link) for entry in self._entries(sites)]
        deaf = [(name, link) for name, link in links if link is not None and link.rung not in ("", COMMANDABLE)]
        if not deaf or len(deaf) < len(sites):
            return ""
        name, link = deaf[0]
        return f"Off: {name} is read through {link.adapter}, {link.rung}: it takes no commands"

    def _why_not_dark(self, sites: Sequence[str]) -> str:
        """A site without a fresh sample is commanded in an emergency only (R36)."""
        dark = [entry.site.name for entry in self._entries(sites) if entry.mark in NOTHING_LIVE]
        if not dark or len(dark) < len(sites) or self.may_in_emergency:
            return ""
        return f"Off: {dark[0]} has no fresh sample, nothing could be read back"

    def _why_not_held(self, sites: Sequence[str]) -> str:
        if len(sites) != 1:
            return ""
        for record in self.now:
            if record.phase in HOLDS_TARGETS and sites[0] in record.command.selector.sites:
                whose = f"{record.command.by} at {record.command.desk}"
                return f"Off: a command of {whose} holds this site: {record.command.verb}, {record.phase.value}"
        return ""

    @property
    def may_in_emergency(self) -> bool:
        """Whether this person may command what is stale."""
        return not self.desk.why_not(Right.EMERGENCY)

    # asking

    def prepare(self, command: Command, answered: Answered) -> None:
        """Select: what it would do is in the journal once `answered` hears no reason."""
        message = PrepareCommand(request=new_id(), session=self.desk.session, command=command)
        self._send(message, answered, PREPARE_WITHIN_MS)

    def execute(self, command_id: str, typed: str, answered: Answered) -> None:
        """Operate."""
        message = ExecuteCommand(request=new_id(), session=self.desk.session, command_id=command_id, typed=typed)
        self._send(message, answered, PREPARE_WITHIN_MS, LOST_EXECUTION)

    def approve(
        self, command_id: str, name: str, secret: str, answered: Answered, agreed: bool = True, note: str = ""
    ) -> None:
        """A second person's word; the secret is kept nowhere."""
        message = ApproveCommand(
            request=new_id(),
            command_id=command_id,
            name=name,
            secret=secret,
            desk=self.desk.name,
            agreed=agreed,
            note=note,
        )
        self._send(message, answered, ANSWER_WITHIN_MS)

    def steer(self, command_id: str, steer: Steer, answered: Answered | None = None) -> None:
        """Cancel, pause, resume, abort, confirm; what came of it is said where nobody else listens."""
        message = SteerCommand(request=new_id(), session=self.desk.session, command_id=command_id, steer=steer)
        self._send(message, answered or (lambda reasons: self._say_reasons(command_id, reasons)), ANSWER_WITHIN_MS)

    def hold(self, command_id: str) -> None:
        """A dialog is open on it: say so every 10 s, so that its targets stay ours."""
        self._held.add(command_id)
        self._holding.start()

    def let_go(self, command_id: str) -> None:
        """The dialog is closed."""
        self._held.discard(command_id)
        if not self._held:
            self._holding.stop()

    def _say_held(self) -> None:
        for command_id in self._held:
            if self._ask is not None and self.desk.signed_in:
                self._ask(HoldCommand(self.desk.session, command_id))

    def _say_reasons(self, command_id: str, reasons: tuple[str, ...]) -> None:
        if reasons:
            words = "Refused: " + "; ".join(reasons)
            self.said.emit(words)
            self.steer_refused.emit(command_id, words)

    def _send(self, message: Any, answered: Answered, within_ms: int, lost: str = LOST) -> None:
        self._awaited.send(self._ask, message, answered, nobody=(NO_COLLECTOR,), late=(lost,), within_ms=within_ms)

    def heard(self, answer: CommandAnswer) -> None:
        """An answer to a request of this desk; the journal is read before anybody acts on it."""
        self.read()
        self._awaited.answer(answer.request, answer.refused)

    def anew(self, command: Command) -> Command:
        """The same intent, asked once more: another id, because the one before it is over."""
        return msgspec.structs.replace(command, id=new_id(), at_ms=self.live.clock())


def waits_for_second(record: CommandRecord) -> bool:
    """Whether nothing leaves before somebody else agreed."""
    return record.phase is Phase.PREVIEWED and record.needs_second and record.approval is None

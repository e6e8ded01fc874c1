"""The desk that answers every request about a command: who may, in which order, and what is said back. Sends nothing.

Requests that read sites afresh take seconds, so each gets a thread; the same press twice waits for the first and gets
its answer. What a person is refused is written into the audit chain as well.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial

from msgspec.structs import replace

from console.domain.access import Person, Right, may
from console.domain.command import Command
from console.domain.command_journal import Phase
from console.domain.command_words import problems_of
from console.domain.errors import StoreError
from console.domain.site import Fleet
from console.link.orders import (
    ApproveCommand,
    CommandAnswer,
    ExecuteCommand,
    HoldCommand,
    PrepareCommand,
    Steer,
    SteerCommand,
)
from console.link.server import Reply
from console.operate.commands.audit import acting, row
from console.operate.commands.book import CommandBook, Live
from console.operate.commands.execute import Executing
from console.operate.commands.reads import FreshReads, Measured
from console.operate.commands.run import Runner
from console.operate.commands.select import Selecting
from console.operate.commands.steer import Steering
from console.operate.commands.watch import Watch
from console.store.commands_face import CommandReader, CommandWriter

CommandRequest = PrepareCommand | HoldCommand | ExecuteCommand | ApproveCommand | SteerCommand
Answered = PrepareCommand | ExecuteCommand | ApproveCommand | SteerCommand
Prove = Callable[[str, str, str, str], Person | str]  # name, secret, desk, purpose -> who it is, or why not
LOG = logging.getLogger(__name__)
READ_ONLY = "this collector is read-only: it commands nothing"
SIGN_IN = "sign in first: nobody is signed in at this desk"
NO_RIGHT = "your role may only look"
NO_EMERGENCY = "a stale site may be commanded only by a supervisor, as an emergency"
NOT_OPEN = "there is no such open command"
FAULT = "a fault of the collector; its log tells more"


class CommandDesk:
    """`answer` and `heard` may be called from any thread and return at once.

    `forbidden` says why nothing may be commanded for now, for example a journal that cannot be read; empty: nothing.
    What is under way may be paused or ended all the same.
    """

    def __init__(
        self,
        fleet: Fleet,
        reader: CommandReader,
        writer: CommandWriter,
        book: CommandBook,
        reads: FreshReads,
        selecting: Selecting,
        executing: Executing,
        runner: Runner,
        watch: Watch,
        prove: Prove,
        forbidden: Callable[[], str],
    ) -> None:
        self._fleet, self._reader, self._writer, self._book, self._reads = fleet, reader, writer, book, reads
        self._selecting, self._executing, self._runner, self._watch = selecting, executing, runner, watch
        self._steering = Steering(book, runner.begin)
        self._prove, self._forbidden = prove, forbidden
        self._turns: dict[str, threading.Lock] = {}
        self._turning = threading.Lock()

    def start(self) -> None:
        """Look after what is open."""
        self._watch.start()

    def stop(self) -> None:
        """Send nothing more, and leave the rest in the journal."""
        self._runner.end()
        self._watch.stop()

    def heard(self, measured: Iterable[Measured]) -> None:
        """What polls have just brought."""
        for one in measured:
            self._reads.heard(one)
        self._watch.wake()

    def answer(self, request: CommandRequest, reply: Reply, person: Person | None, desk: str) -> None:
        """Do what is asked and say so to who asked; `person` is who is signed in at `desk`."""
        if isinstance(request, HoldCommand):
            self._hold(request, person, desk)
            return
        work = partial(self._work, request, reply, person, desk)
        threading.Thread(target=work, name="command request", daemon=True).start()

    def _hold(self, request: HoldCommand, person: Person | None, desk: str) -> None:
        with self._book.lock:
            live = self._book.get(request.command_id)
            if live is not None and person is not None and live.desk == desk:
                live.heard_ms = self._book.wall_ms()

    def _work(self, request: Answered, reply: Reply, person: Person | None, desk: str) -> None:
        command_id = _id_of(request)
        try:
            with self._turn(command_id):
                refused = self._do(request, person, desk)
        except StoreError as error:
            refused = (f"nothing was done, because it could not be kept: {error}",)
        except Exception:  # whatever it was, the desk that asked waits for an answer, and a fault is never a yes
            LOG.exception("command %s", command_id)
            refused = (FAULT,)
        reply(CommandAnswer(request=request.request, command_id=command_id, refused=refused))

    def _do(self, request: Answered, person: Person | None, desk: str) -> tuple[str, ...]:
        forbidden = "" if _only_ends(request) else self._forbidden()
        if forbidden:
            return (forbidden,)
        if isinstance(request, ApproveCommand):
            return self._approve(request)
        if person is None:
            return (SIGN_IN,)
        if isinstance(request, PrepareCommand):
            return self._prepare(request, person, desk)
        live = self._book.get(request.command_id)
        if isinstance(request, ExecuteCommand):
            return self._execute(request, live, person, desk)
        if live is None:
            return (NOT_OPEN,)
        if not may(person, Right.COMMAND):
            return self._refused(person, desk, live.record.command, str(request.steer), NO_RIGHT)
        return self._steering.steer(live, request.steer, person, desk)

    def _prepare(self, request: PrepareCommand, person: Person, desk: str) -> tuple[str, ...]:
        """What a desk says of itself does not count: who asks and where is known from the session."""
        command = replace(request.command, by=person.name, desk=desk, at_ms=self._book.wall_ms(), takes_back="")
        if not may(person, Right.COMMAND):
            return self._refused(person, desk, command, "preview", NO_RIGHT)
        if command.emergency and not may(person, Right.EMERGENCY):
            return self._refused(person, desk, command, "preview", NO_EMERGENCY)
        problems = problems_of(command, self._fleet)
        if problems:
            return problems
        selected = self._selecting.select(command, int(person.role), acting(person, desk))
        if selected.refused:
            return self._refused(person, desk, command, "preview", *selected.refused)
        return ()

    def _execute(self, request: ExecuteCommand, live: Live | None, person: Person, desk: str) -> tuple[str, ...]:
        if live is None:
            record = self._reader.command(request.command_id)
            if record is None:
                return (NOT_OPEN,)
            return () if record.started_ms else (f"this command is {record.phase}: {record.words or 'select again'}",)
        if not may(person, Right.COMMAND):
            return self._refused(person, desk, live.record.command, "execute", NO_RIGHT)
        live.heard_ms = self._book.wall_ms()
        refused = self._executing.execute(live, acting(person, desk), request.typed)
        if refused and live.record.phase is Phase.PREVIEWED:
            return self._refused(person, desk, live.record.command, "execute", *refused)
        return refused

    def _approve(self, request: ApproveCommand) -> tuple[str, ...]:
        live = self._book.get(request.command_id)
        if live is None:
            return (NOT_OPEN,)
        person = self._prove(request.name, request.secret, request.desk, f"agree to {request.command_id}")
        if isinstance(person, str):
            return (person,)
        refused = self._executing.approve(live, person, request.desk, request.agreed, request.note)
        return self._refused(person, request.desk, live.record.command, "approve", *refused) if refused else ()

    def _refused(self, person: Person, desk: str, command: Command, action: str, *words: str) -> tuple[str, ...]:
        """A refusal is told, and written down where it can be: it moves nothing, so a full disk does not change it."""
        audit = row(acting(person, desk), command, self._book.wall_ms(), action, result=f"refused: {'; '.join(words)}")
        with suppress(StoreError):
            self._writer.put_audit([audit])
        return words

    def _turn(self, command_id: str) -> threading.Lock:
        """One request about a command at a time."""
        with self._turning:
            if len(self._turns) > 1000:
                self._turns = {known: lock for known, lock in self._turns.items() if lock.locked()}
            return self._turns.setdefault(command_id, threading.Lock())


def _only_ends(request: Answered) -> bool:
    return isinstance(request, SteerCommand) and request.steer in (Steer.PAUSE, Steer.ABORT, Steer.CANCEL)


def _id_of(request: Answered) -> str:
    return request.command.id if isinstance(request, PrepareCommand) else request.command_id

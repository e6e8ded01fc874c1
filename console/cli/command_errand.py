"""Carries a command from a terminal to the collector and waits for its end; what may be done the collector decides."""

from __future__ import annotations

import argparse
import os
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from console.cli.command_text import batch_lines, preview_lines, progress_line, record_facts, show_facts, write
from console.cli.operators import here
from console.cli.reading import reader_of
from console.cli.secret_input import encodable, secret
from console.domain.command import Command, Preview, Risk, TargetState, name_to_type
from console.domain.command_journal import CommandRecord, Phase
from console.domain.errors import ConfigError, MeridianError, StoreError
from console.link.asking import Asking, NoAnswer
from console.link.messages import FromDesktop
from console.link.orders import (
    ApproveCommand,
    CommandAnswer,
    ExecuteCommand,
    HoldCommand,
    PrepareCommand,
    SignedIn,
    SignIn,
    SignOut,
    Steer,
    SteerCommand,
)
from console.settings import profile as profile_at

OPERATOR, OWN, APPROVER = "MERIDIAN_OPERATOR", "MERIDIAN_PASSWORD", "MERIDIAN_APPROVER_PASSWORD"
ALL_VERIFIED, REFUSED, PARTLY = 0, 1, 3
PREPARES_S, LOOK_S, HOLD_S = 45.0, 0.5, 10.0
ENDS = frozenset({Phase.DONE, Phase.STOPPED, Phase.CANCELLED, Phase.EXPIRED})


class Errand:
    """Everything of one call of `meridian command`. Raises MeridianError where it cannot even begin."""

    def __init__(self, args: argparse.Namespace) -> None:
        self._args, self._profile = args, profile_at(args.profile, demo=args.demo)
        self._how = " --demo" if args.demo else f" --profile {args.profile}" if args.profile else ""
        try:
            self.reader = reader_of(self._profile)
        except StoreError as error:
            raise MeridianError(f"{error}; start `meridian collect{self._how}` first") from None
        fleet = self.reader.fleet()
        if fleet is None:
            raise MeridianError(f"no fleet was collected yet: start `meridian collect{self._how}` first")
        self.fleet = fleet

    def close(self) -> None:
        """Let go of the store."""
        self.reader.close()

    def carry_out(self, command: Command) -> int:
        """Preview it, and with --execute let it leave and wait for its end; the exit code."""
        with self._signed_in() as (asking, session):
            refused = _asked(asking, PrepareCommand(request=_token(), session=session, command=command))
            if refused:
                return self._say_refused(refused)
            with _held(asking, session, command.id):
                preview = self.reader.preview(command.id)
                record = self.reader.command(command.id)
                if preview is None or record is None:
                    raise MeridianError("the collector has no preview of it")
                if not self._args.execute or not preview.allowed:
                    return self._only_shown(asking, session, preview, record)
                self._say(preview_lines(preview))
                refused = self._agreed(asking, record) or self._left(asking, session, preview)
                if refused:
                    self._steered(asking, session, command.id, Steer.CANCEL)
                    return self._say_refused(refused)
            return self._waited(command.id)

    def steer(self, command_id: str, steer: Steer) -> int:
        """Pause, resume …; the exit code."""
        with self._signed_in() as (asking, session):
            refused = self._steered(asking, session, command_id, steer)
        if refused:
            return self._say_refused(refused)
        sys.stdout.write(f"{command_id}: {steer}\n")
        return 0

    @contextmanager
    def _signed_in(self) -> Iterator[tuple[Asking, str]]:
        name = self._args.operator or os.environ.get(OPERATOR, "")
        if not self.reader.accounts():
            add = f"`meridian operators add NAME --role administrator{self._how}`"
            raise MeridianError(f"nobody has an account here yet: {add} makes the first")
        if not name:
            raise ConfigError((f"--as: nobody is named, expected who asks, here or in {OPERATOR}",))
        asking = Asking(self._profile)
        try:
            asking.__enter__()
        except NoAnswer:
            raise MeridianError(f"no collector runs on this profile: start `meridian collect{self._how}`") from None
        try:
            session = _session(asking, encodable(name, "--as"))
            try:
                yield asking, session
            finally:
                asking.tell(SignOut(session))
        finally:
            asking.__exit__(None, None, None)

    def _only_shown(self, asking: Asking, session: str, preview: Preview, record: CommandRecord) -> int:
        self._steered(asking, session, record.id, Steer.CANCEL)
        write(self._args.json, show_facts(record, preview, ()), preview_lines(preview))
        if preview.allowed:
            return 0
        failed = [f"{check.name}: {check.detail}" for check in preview.checks if not check.passed]
        return self._say_refused(tuple(failed))

    def _agreed(self, asking: Asking, record: CommandRecord) -> tuple[str, ...]:
        """The second person's word, where one is needed."""
        if not record.needs_second:
            return ()
        if not self._args.approved_by:
            return ("it needs a second person: --approved-by NAME, with their password",)
        name = encodable(self._args.approved_by, "--approved-by")
        word = ApproveCommand(
            request=_token(), command_id=record.id, name=name, secret=secret(f"password of {name}", APPROVER),
            desk=here(), agreed=True,
        )  # fmt: skip
        return _asked(asking, word)

    def _left(self, asking: Asking, session: str, preview: Preview) -> tuple[str, ...]:
        typed = self._args.type
        if preview.risk is Risk.FLEET and not typed and sys.stdin is not None and sys.stdin.isatty():
            typed = input(f"type “{name_to_type(preview)}” to let it leave: ")
        return _asked(
            asking, ExecuteCommand(request=_token(), session=session, command_id=preview.command.id, typed=typed)
        )

    def _steered(self, asking: Asking, session: str, command_id: str, steer: Steer) -> tuple[str, ...]:
        return _asked(asking, SteerCommand(request=_token(), session=session, command_id=command_id, steer=steer))

    def _waited(self, command_id: str) -> int:
        """Tell how far it is until it is over or has stopped; a Ctrl-C leaves it to the collector."""
        told = ""
        try:
            while (record := self._record(command_id)).phase not in ENDS:
                line = progress_line(record)
                if line != told:
                    told = line
                    self._say([line])
                time.sleep(LOOK_S)
        except KeyboardInterrupt:
            self._say([f"it goes on in the collector; `meridian command abort {command_id}{self._how}` ends it"])
            return PARTLY
        batches = self.reader.batches(command_id)
        preview = self.reader.preview(command_id)
        facts = show_facts(record, preview, batches) if preview else record_facts(record)
        write(self._args.json, facts, [*batch_lines(batches), progress_line(record)])
        if record.phase is Phase.DONE and set(record.counts) == {TargetState.VERIFIED}:
            return ALL_VERIFIED
        return PARTLY if record.batches_sent else REFUSED

    def _record(self, command_id: str) -> CommandRecord:
        record = self.reader.command(command_id)
        if record is None:
            raise StoreError("the command is gone from the store")
        return record

    def _say(self, lines: list[str]) -> None:
        """For people; a script that wants JSON gets nothing else on standard output."""
        out = sys.stderr if self._args.json else sys.stdout
        out.write("\n".join(lines) + "\n")
        out.flush()

    def _say_refused(self, reasons: tuple[str, ...]) -> int:
        sys.stderr.write("".join(f"refused: {reason}\n" for reason in reasons))
        return REFUSED


def _session(asking: Asking, name: str) -> str:
    answer = asking.ask(SignIn(request=_token(), name=name, secret=secret(f"password of {name}", OWN), desk=here()))
    if not isinstance(answer, SignedIn) or answer.refused:
        raise MeridianError(getattr(answer, "refused", "") or "the collector answered something else")
    return answer.session


def _asked(asking: Asking, request: FromDesktop) -> tuple[str, ...]:
    answer = asking.ask(request, PREPARES_S)
    if not isinstance(answer, CommandAnswer):
        raise MeridianError("the collector answered something else")
    return answer.refused


@contextmanager
def _held(asking: Asking, session: str, command_id: str) -> Iterator[None]:
    """Keep the targets while somebody reads, types or fetches a second person."""
    over = threading.Event()

    def hold() -> None:
        while not over.wait(HOLD_S):
            try:
                asking.tell(HoldCommand(session, command_id))
            except NoAnswer:
                return

    threading.Thread(target=hold, name="hold", daemon=True).start()
    try:
        yield
    finally:
        over.set()


def _token() -> str:
    return uuid.uuid4().hex

"""Knows what a person may do to a command after it was selected, and does it in the journal; sends nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from console.domain.access import Person
from console.domain.command import FAILED, TargetState
from console.domain.command_journal import Batch, Phase
from console.link.orders import Steer
from console.operate.commands.audit import acting, row
from console.operate.commands.book import REQUESTED_CODE, CommandBook, Live, WrongStep, all_in


class Steering:
    """May be used from any thread. `begin` goes on sending a command that runs again."""

    def __init__(self, book: CommandBook, begin: Callable[[Live], None]) -> None:
        self._book, self._begin = book, begin

    def steer(self, live: Live, steer: Steer, person: Person, desk: str) -> tuple[str, ...]:
        """Do it, or say why not. Raises StoreError where it could not be kept, and then nothing has changed."""
        with self._book.lock:
            try:
                words = self._steps[steer](self, live, person, desk)
            except WrongStep as error:
                return (str(error),)
        if steer is Steer.RESUME and not words:
            self._begin(live)
        return (words,) if words else ()

    def _cancel(self, live: Live, person: Person, desk: str) -> str:
        words = f"cancelled by {person.name}"
        ended_ms = self._book.wall_ms()
        self._move(live, person, desk, "cancel", phase=Phase.CANCELLED, words=words, ended_ms=ended_ms)
        self._book.forget(live)
        return ""

    def _pause(self, live: Live, person: Person, desk: str) -> str:
        if not live.unsent:
            return "everything of it is sent"
        words = f"paused by {person.name}"
        self._move(live, person, desk, "pause", phase=Phase.PAUSED, words=words, next_batch_ms=None)
        return ""

    def _resume(self, live: Live, person: Person, desk: str) -> str:
        if live.record.phase not in (Phase.PAUSED, Phase.STOPPED):
            return f"it is {live.record.phase}: only what was paused or has stopped goes on"
        if not live.unsent:
            return "nothing of it is left to be sent"
        live.asked_before = live.record.machines - live.many((TargetState.REQUESTED, TargetState.SKIPPED))
        live.failed_before = live.many(FAILED)
        self._move(live, person, desk, "resume", phase=Phase.RUNNING, words="")
        return ""

    def _abort(self, live: Live, person: Person, desk: str) -> str:
        words = f"aborted by {person.name}"
        batches = tuple(unsent_skipped(live, {}, words))
        self._move(live, person, desk, "abort", batches, phase=Phase.ABORTED, words=words, next_batch_ms=None)
        return ""

    def _confirm(self, live: Live, person: Person, desk: str) -> str:
        if live.record.revert_at_ms is None:
            return "it was not to be taken back"
        if live.record.reverted_by:
            return f"it is being taken back already, by {live.record.reverted_by}"
        self._move(live, person, desk, "confirm", confirmed=True)
        return ""

    def _alert(self, live: Live, person: Person, desk: str) -> str:
        if live.record.phase is not Phase.PREVIEWED or not live.record.needs_second:
            return "nobody else need agree to it"
        self._move(live, person, desk, "ask for a second person", words=f"{person.name} asks for a second person")
        return ""

    def _move(
        self, live: Live, person: Person, desk: str, action: str, batches: tuple[Batch, ...] = (), **changes: Any
    ) -> None:
        audit = [row(acting(person, desk), live.record.command, self._book.wall_ms(), action)]
        self._book.move(live, batches, audit, **changes)

    _steps: Mapping[Steer, Callable[[Steering, Live, Person, str], str]] = {
        Steer.CANCEL: _cancel,
        Steer.PAUSE: _pause,
        Steer.RESUME: _resume,
        Steer.ABORT: _abort,
        Steer.CONFIRM: _confirm,
        Steer.ALERT: _alert,
    }


def unsent_skipped(live: Live, changed: Mapping[int, Batch], words: str) -> Iterator[Batch]:
    """The batches, `changed` ones among them, with everything that was not sent skipped."""
    for number, known in live.batches.items():
        batch = changed.get(number, known)
        if REQUESTED_CODE in batch.states:
            yield all_in(batch, TargetState.REQUESTED, TargetState.SKIPPED, words=words)
        elif number in changed:
            yield batch

"""Looks after every open command twice a second, in one thread: leases, proofs, ways back, what the disk refused."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from console.domain.command import LEASE_MS
from console.domain.command_journal import Phase
from console.operate.commands.audit import COLLECTOR, row
from console.operate.commands.book import CommandBook, Live, is_over
from console.operate.commands.execute import DIED
from console.operate.commands.readback import ReadBack
from console.operate.commands.recover import may_come_true, takes_itself_back
from console.operate.commands.revert import WaysBack

EVERY_S = 0.5
ASK_EVERY = 8  # rounds between two questions to a site that alone can tell
SILENT = "its desk fell silent, and its targets are free again"


@dataclass(frozen=True, slots=True)
class Chores:
    """What is looked after."""

    book: CommandBook
    read_back: ReadBack
    ways_back: WaysBack
    forbidden: Callable[[], str]  # why nothing may be commanded, and so nothing taken back; empty: nothing


class Watch:
    """`trouble` hears of faults of the program itself; none of them ends the watch."""

    def __init__(self, chores: Chores, trouble: Callable[[BaseException], None]) -> None:
        self._chores, self._book, self._trouble = chores, chores.book, trouble
        self._woken, self._ending = threading.Event(), threading.Event()
        self._rounds = 0
        self._thread = threading.Thread(target=self._run, name="commands", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def wake(self) -> None:
        """Look now: something was measured."""
        self._woken.set()

    def stop(self) -> None:
        """End after this round."""
        self._ending.set()
        self._woken.set()
        if self._thread.ident is not None:
            self._thread.join(5.0)

    def _run(self) -> None:
        self._chores.read_back.start()
        while not self._ending.is_set():
            self._woken.wait(EVERY_S)
            self._woken.clear()
            self.look()

    def look(self) -> None:
        """One round over every command that is not over."""
        self._rounds += 1
        for live in self._book.lives():
            try:
                self._look_after(live)
            except Exception as error:  # noqa: BLE001 - one command's fault must not leave the others unwatched
                self._trouble(error)
        self._book.keep_late()

    def _look_after(self, live: Live) -> None:
        if live.record.phase is Phase.PREVIEWED:
            self._expire(live)
            return
        self._chores.read_back.look(live)
        if self._rounds % ASK_EVERY == 0:
            self._chores.read_back.ask(live)
        if not self._chores.forbidden():
            self._chores.ways_back.look(live)
        if self._done_with(live):
            self._book.forget(live)
            self._chores.read_back.let_go(live)

    def _expire(self, live: Live) -> None:
        """A desk that fell silent holds nothing, and nobody executes an old preview (T5)."""
        with self._book.lock:
            now_ms = self._book.wall_ms()
            silent = now_ms - live.heard_ms > LEASE_MS
            if live.record.phase is not Phase.PREVIEWED or not (silent or live.preview.expired(now_ms)):
                return
            words = SILENT if silent else DIED
            audit = [row(COLLECTOR, live.record.command, now_ms, "expire", result=words)]
            self._book.move_anyway(live, (), audit, phase=Phase.EXPIRED, words=words, ended_ms=now_ms)
            self._book.forget(live)

    def _done_with(self, live: Live) -> bool:
        record = live.record
        if not is_over(record) or live.unkept or takes_itself_back(record):
            return False
        return not may_come_true(record, self._book.wall_ms())

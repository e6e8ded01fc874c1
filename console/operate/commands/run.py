"""Sends a command's batches, each in its time: journal first, then the wire, then the answer into the journal.

One thread for each command that is being sent. Pause, abort, too many failures and a full disk take effect between two
batches; what was sent is never sent again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from console.domain.audit import AuditRow
from console.domain.command import TargetState
from console.domain.command_journal import STATES, Batch, Phase
from console.domain.errors import StoreError
from console.domain.read_back import within_ms
from console.operate.commands.audit import COLLECTOR, Actor, batch_words, requester, row
from console.operate.commands.book import Live, all_in, with_states
from console.operate.commands.controllers import Controllers
from console.operate.commands.guard import Guard, Guards, requested
from console.operate.commands.prepare import order_of
from console.operate.commands.send import Answered, send

SENT_CODE = STATES.index(TargetState.SENT)


class Runner:
    """`begin` and `end` may be called from any thread; `trouble` hears of faults of the program itself."""

    def __init__(self, guards: Guards, controllers: Controllers, trouble: Callable[[BaseException], None]) -> None:
        self._guards, self._controllers, self._trouble = guards, controllers, trouble
        self._fleet, self._book = guards.fleet, guards.book
        self._ending = threading.Event()

    def begin(self, live: Live) -> None:
        """Go on sending a command that is RUNNING; one thread at most does so."""
        with self._book.lock:
            if live.begun or self._ending.is_set():
                return
            live.begun = True
        threading.Thread(target=self._work, args=(live,), name=f"command {live.id}", daemon=True).start()

    def end(self) -> None:
        """Send nothing more: the collector ends."""
        self._ending.set()
        for live in self._book.lives():
            live.woken.set()

    def _work(self, live: Live) -> None:
        guard = Guard(self._guards, live.record.command)
        try:
            while (batch := self._await_next(live, guard)) is not None:
                self._step(live, guard, batch)
        except Exception as error:  # noqa: BLE001 - a fault must stop the command, not leave it running unseen
            self._trouble(error)
            self._stop(live, f"stopped by a fault of the collector: {type(error).__name__}")
        finally:
            with self._book.lock:
                live.begun = False
                resumed = live.record.phase is Phase.RUNNING
            if resumed:  # in the very moment in which this thread had seen it paused
                self.begin(live)

    def _await_next(self, live: Live, guard: Guard) -> Batch | None:
        """The next batch once its time has come; None where nothing may be sent any more."""
        while not self._ending.is_set():
            with self._book.lock:
                live.woken.clear()
                if live.record.phase is not Phase.RUNNING:
                    return None
                unsent = live.unsent
                if not unsent:
                    self._book.move_anyway(live, phase=Phase.READING_BACK, next_batch_ms=None)
                    return None
            batch, due_s = guard.next_of(unsent)
            wait_s = due_s - self._guards.now_s()
            if wait_s <= 0:
                return batch
            live.woken.wait(wait_s)
        return None

    def _step(self, live: Live, guard: Guard, batch: Batch) -> None:
        words = guard.why_not(batch)
        if words:
            skipped = all_in(batch, TargetState.REQUESTED, TargetState.SKIPPED, words=words)
            self._book.move_anyway(live, [skipped], [self._row(live, COLLECTOR, "skip", skipped)])
            return
        machines = requested(batch)
        sent = self._journalled(live, batch)
        if sent is None:
            return
        guard.note_sent(batch)
        order = order_of(live.record.command, machines)
        answered = send(self._controllers, self._fleet.site(batch.site_id), order, batch.key)
        self._answered(live, sent, answered)

    def _journalled(self, live: Live, batch: Batch) -> Batch | None:
        """The batch as SENT, on the disk; None where it must not leave: paused meanwhile, or the disk refused (T2)."""
        record, rules = live.record, self._fleet.command_rules
        with self._book.lock:
            if live.record.phase is not Phase.RUNNING or live.batches[batch.number] is not batch:
                return None
            at_ms = self._book.wall_ms()
            due_ms = at_ms + within_ms(record.command.verb, rules.read_back_s)
            sent = all_in(batch, TargetState.REQUESTED, TargetState.SENT, sent_ms=at_ms, due_ms=due_ms)
            next_ms = at_ms + int(rules.batch_gap_s * 1000) if len(live.unsent) > 1 else None
            number = live.record.batches_sent + 1
            audit = [self._row(live, requester(record), "send", sent)]
            try:
                self._book.move(live, [sent], audit, batches_sent=number, next_batch_ms=next_ms, due_ms=due_ms)
            except StoreError as error:
                self._trouble(error)
                self._stop(live, f"stopped: the journal cannot be written, so nothing more is sent ({error})")
                return None
        return sent

    def _answered(self, live: Live, sent: Batch, answered: Answered) -> None:
        with self._book.lock:
            batch = live.batches[sent.number]
            become = {
                position: TargetState.REFUSED
                for position, (machine, code) in enumerate(zip(batch.machines, batch.states, strict=True))
                if code == SENT_CODE and machine in answered.refused
            }
            batch = with_states(batch, become)
            words = "; ".join(filter(None, (batch.words, answered.words)))
            batch = all_in(batch, TargetState.SENT, answered.state, token=answered.token, words=words)
            self._book.move_anyway(live, [batch], [self._row(live, COLLECTOR, "answer", batch)])
            if words := self._book.over_budget(live, self._fleet.command_rules.stop_at_share):
                self._stop(live, words)

    def _stop(self, live: Live, words: str) -> None:
        """It stops by itself: nothing more leaves until a person says so."""
        with self._book.lock:
            if live.record.phase is Phase.RUNNING:
                audit = [row(COLLECTOR, live.record.command, self._book.wall_ms(), "stop", result=words)]
                self._book.move_anyway(live, (), audit, phase=Phase.STOPPED, words=words, next_batch_ms=None)

    def _row(self, live: Live, actor: Actor, action: str, batch: Batch) -> AuditRow:
        words = batch_words(batch)
        facts = {"requested": words} if action == "send" else {"result": words}
        return row(actor, live.record.command, self._book.wall_ms(), action, target=batch.site_id, **facts)

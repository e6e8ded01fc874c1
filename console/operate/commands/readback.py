"""Looks for what was asked in what is measured afterwards, until it shows or its time is over (R37, T9).

An order whose answer was lost is found out in the same way: nobody asks again. What comes true late still counts.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np

from console.adapters.base import Deadline
from console.adapters.control import Progress, Step
from console.domain.command import TargetState
from console.domain.command_journal import STATES, Batch, CommandRecord, Phase
from console.domain.read_back import PROVED_BY, Proof, down, proved
from console.domain.site import Fleet
from console.operate.commands.audit import COLLECTOR, batch_words, row
from console.operate.commands.book import CommandBook, Live, with_states
from console.operate.commands.controllers import Controllers
from console.operate.commands.reads import FreshReads

T = TargetState
CODES = {state: STATES.index(state) for state in TargetState}
AWAITED = frozenset({CODES[T.ACCEPTED], CODES[T.UNKNOWN]})  # must show by their time
MAY_SHOW = AWAITED | {CODES[T.UNVERIFIED]}
ASK_S = 4.0  # how long a site may take to tell its word, where nothing can be measured
NOT_AWAITED = "what was told then is not awaited any more"
Unverified = Callable[[CommandRecord, str, int, bool], None]  # site, machines, whether some were missing before


class ReadBack:
    """`look` belongs to one thread. `unverified` hears how many machines of a command and a site did not do what they
    were told, whenever that number changes, and whether some were missing before; `settled` of a site (and in which
    words) once none of its machines is missing any more."""

    def __init__(
        self,
        fleet: Fleet,
        book: CommandBook,
        reads: FreshReads,
        controllers: Controllers,
        unverified: Unverified,
        settled: Callable[[str, str], None] = lambda site_id, words: None,
    ) -> None:
        self._fleet, self._book, self._reads, self._controllers = fleet, book, reads, controllers
        self._unverified, self._settled = unverified, settled

    def look(self, live: Live) -> None:
        """Settle what a new measurement shows, and what should have shown by now; end the command when all is."""
        by_frames = PROVED_BY[live.record.command.verb] is Proof.FRAMES
        for before in tuple(live.batches.values()):
            if before.sent_ms is None or not MAY_SHOW.intersection(before.states):
                continue
            after = self._shown(live, before) if by_frames else before
            self._settle(live, before, self._overdue(after))
        self._finish(live)

    def ask(self, live: Live) -> None:
        """Begin to ask the sites how far they are, where only they can tell; returns at once."""
        if not live.asks and any(self._tells_alone(live, batch) for batch in live.batches.values()):
            live.asks = True
            threading.Thread(target=self._ask, args=(live,), name=f"ask {live.id}", daemon=True).start()

    def _tells_alone(self, live: Live, batch: Batch) -> bool:
        """Whether only the site can tell of a batch: by its verb, or because no machine of it is measured."""
        if not batch.token or CODES[T.ACCEPTED] not in batch.states:
            return False
        now = self._reads.now(batch.site_id)
        return PROVED_BY[live.record.command.verb] is Proof.SITE or (now is not None and now.hashless)

    def _shown(self, live: Live, batch: Batch) -> Batch:
        """The batch as the newest frame shows it, if that was measured after the batch was sent."""
        now = self._reads.now(batch.site_id)
        if now is None or now.at_ms <= (batch.sent_ms or 0) or live.looked_ms.get(batch.number) == now.at_ms:
            return batch
        live.looked_ms[batch.number] = now.at_ms
        known = [position for position, name in enumerate(batch.machines) if name in now.roster.row_of]
        rows = now.roster.rows(batch.machines)
        seen = live.seen_down.setdefault(batch.number, np.zeros(len(batch.machines), dtype=np.bool_))
        seen[known] |= down(now, rows)
        command = live.record.command
        done = proved(command.verb, command.arguments, now, rows, seen[known])
        become = {
            position: T.VERIFIED
            for position, shown in zip(known, done.tolist(), strict=True)
            if shown and batch.states[position] in MAY_SHOW
        }
        return with_states(batch, become) if become else batch

    def _overdue(self, batch: Batch) -> Batch:
        if batch.due_ms is None or self._book.wall_ms() < batch.due_ms:
            return batch
        late = {position: T.UNVERIFIED for position, code in enumerate(batch.states) if code in AWAITED}
        return with_states(batch, late) if late else batch

    def _settle(self, live: Live, before: Batch, after: Batch) -> None:
        if after is before:
            return
        failed = after.counts().get(T.UNVERIFIED, 0) - before.counts().get(T.UNVERIFIED, 0)
        with self._book.lock:
            if live.batches[before.number] is not before:
                live.looked_ms.pop(before.number, None)  # it moved meanwhile: look again
                return
            audit = [
                row(COLLECTOR, live.record.command, self._book.wall_ms(), "read back", target=after.site_id,
                    before=batch_words(before), result=batch_words(after)),
            ]  # fmt: skip
            self._book.move_anyway(live, [after], audit)
            missing = _unverified_at(live, after.site_id)
        if failed and missing:
            self._unverified(live.record, after.site_id, missing, missing > failed)
        if failed < 0:
            self._clear_where_settled(after.site_id, "every machine shows now what it was told")

    def let_go(self, live: Live) -> None:
        """Look no more for a command that has left the book."""
        for site_id in {batch.site_id for batch in live.batches.values() if CODES[T.UNVERIFIED] in batch.states}:
            self._clear_where_settled(site_id, NOT_AWAITED)

    def start(self) -> None:
        """Clear what the last collector raised and did not live to clear."""
        for site in self._fleet.sites:
            self._clear_where_settled(site.id, NOT_AWAITED)

    def _clear_where_settled(self, site_id: str, words: str) -> None:
        """Say so where no command in the book misses a machine of the site."""
        if not any(_unverified_at(live, site_id) for live in self._book.lives()):
            self._settled(site_id, words)

    def _finish(self, live: Live) -> None:
        with self._book.lock:
            record = live.record
            over = record.phase in (Phase.READING_BACK, Phase.ABORTED) and not live.begun
            if not over or not all(batch.settled for batch in live.batches.values()):
                return
            words = record.words or outcome_words(record)
            audit = [row(COLLECTOR, record.command, self._book.wall_ms(), "done", result=outcome_words(record))]
            self._book.move_anyway(
                live, (), audit, phase=Phase.DONE, ended_ms=self._book.wall_ms(), words=words, due_ms=None
            )

    def _ask(self, live: Live) -> None:
        try:
            for batch in tuple(live.batches.values()):
                if self._tells_alone(live, batch):
                    progress = self._progress(batch)
                    if progress is not None:
                        self._settle(live, batch, _told(batch, progress))
        finally:
            live.asks = False

    def _progress(self, batch: Batch) -> Progress | None:
        """What the site says; None where it does not tell. By its deadline the batch is unverified then."""
        try:
            with self._controllers.at(self._fleet.site(batch.site_id)) as controller:
                return controller.progress(batch.token, Deadline.after(ASK_S))
        except Exception:  # noqa: BLE001 - an adapter is foreign code; no word is no proof, and that is all
            return None


def _unverified_at(live: Live, site_id: str) -> int:
    """How many machines of a site do not show what the command told them."""
    return sum(batch.states.count(CODES[T.UNVERIFIED]) for batch in live.batches.values() if batch.site_id == site_id)


def _told(batch: Batch, progress: Progress) -> Batch:
    """The batch by the site's own word: done is as good as it gets here, failed is unverified."""
    outcome = {Step.DONE: T.VERIFIED, Step.FAILED: T.UNVERIFIED}
    become = {}
    for position, name in enumerate(batch.machines):
        state = outcome.get(progress.steps.get(name, Step.WAITING))
        if state is not None and batch.states[position] in AWAITED:
            become[position] = state
    return with_states(batch, become, words="by the site's word") if become else batch


def outcome_words(record: CommandRecord) -> str:
    """How a command ended, in one line: `394 verified, 6 unverified`."""
    counts = ", ".join(f"{count:,} {state}" for state, count in record.counts.items())
    return counts or "nothing was asked of any machine"

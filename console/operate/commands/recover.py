"""Takes up the journal where the last collector left it, however that one ended; continues nothing by itself (C3, T2).

What was about to leave may have left: UNKNOWN, to be found out by the frames. What was not sent stays unsent until a
person says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from console.domain.command import TargetState
from console.domain.command_journal import STATES, UNDER_WAY, Batch, CommandRecord, Phase
from console.domain.durations import MINUTE_MS
from console.domain.read_back import within_ms
from console.domain.site import Fleet
from console.operate.commands.audit import COLLECTOR, row, target_words
from console.operate.commands.book import REQUESTED_CODE, CommandBook, Live, all_in
from console.operate.commands.steer import unsent_skipped
from console.store.commands_face import CommandReader

MOST_REMEMBERED = 1000  # commands that are over, looked through for a way back that is still to come
LATE_TRUTH_MS = 30 * MINUTE_MS  # after its end
NOT_SHOWN = "the collector ended before it was executed"


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was open, in words for whoever looks at the screen."""

    words: tuple[str, ...]


def recover(fleet: Fleet, book: CommandBook, reader: CommandReader, now_ms: int) -> Recovered:
    """Settle every command of the store as far as can be known, and put what is open into the book.

    Raises StoreError, and then nothing may be commanded.
    """
    words = []
    for record in reversed(reader.commands((Phase.PREVIEWED, *UNDER_WAY), MOST_REMEMBERED)):
        live = _live(reader, record)
        if live is not None:
            book.adopt(live)
            words.append(_settled(fleet, book, live, now_ms))
    for record in reversed(reader.commands((Phase.DONE,), MOST_REMEMBERED)):
        back = takes_itself_back(record)
        live = _live(reader, record) if back or may_come_true(record, now_ms) else None
        if live is not None:
            book.adopt(live)
            words += [f"{_name(record)} is still to be taken back"] if back else []
    _begin_ways_back_anew(book, reader)
    return Recovered(tuple(filter(None, words)))


def _begin_ways_back_anew(book: CommandBook, reader: CommandReader) -> None:
    """A way back that was cut short is not continued: what it undoes is due again, from a fresh read."""
    cut = [live.record.command.takes_back for live in book.lives() if live.record.phase is Phase.ABORTED]
    for command_id in filter(None, cut):
        record = reader.command(command_id)
        live = book.get(command_id) or (_live(reader, record) if record else None)
        if live is not None and live.record.reverted_by:
            book.adopt(live)
            book.move(live, reverted_by="")


def takes_itself_back(record: CommandRecord) -> bool:
    """Whether the way back of a command is still to come."""
    return record.revert_at_ms is not None and not record.confirmed and not record.reverted_by


def may_come_true(record: CommandRecord, now_ms: int) -> bool:
    """Whether a machine that did nothing by its time may still be seen to have done it."""
    late = record.counts.get(TargetState.UNVERIFIED, 0) > 0
    return late and now_ms - (record.ended_ms or 0) <= LATE_TRUTH_MS


def _live(reader: CommandReader, record: CommandRecord) -> Live | None:
    preview = reader.preview(record.id)
    if preview is None:
        return None
    batches = {batch.number: batch for batch in reader.batches(record.id)}
    return Live(record, preview, batches, record.command.desk, heard_ms=0)


def _settled(fleet: Fleet, book: CommandBook, live: Live, now_ms: int) -> str:
    record = live.record
    if record.phase is Phase.PREVIEWED:
        audit = [row(COLLECTOR, record.command, now_ms, "expire", result=NOT_SHOWN)]
        book.move(live, (), audit, phase=Phase.EXPIRED, ended_ms=now_ms, words=NOT_SHOWN)
        book.forget(live)
        return ""
    until_ms = now_ms + within_ms(record.command.verb, fleet.command_rules.read_back_s)
    batches = [after for batch in live.batches.values() if (after := _found_out(batch, until_ms)) is not batch]
    unsent = sum(batch.states.count(REQUESTED_CODE) > 0 for batch in live.batches.values())
    changes: dict[str, Any] = {"due_ms": until_ms, "next_batch_ms": None}
    if record.phase is Phase.RUNNING:
        changes |= _cut_short(live, unsent)
    if changes.get("phase") is Phase.ABORTED:
        batches = [*unsent_skipped(live, {batch.number: batch for batch in batches}, "the collector ended in between")]
    noted = [row(COLLECTOR, record.command, now_ms, "restart", result=changes.get("words", ""))]
    book.move(live, batches, noted, **changes)
    return f"{_name(record)}: {live.record.phase}" + (f", {live.record.words}" if live.record.words else "")


def _found_out(batch: Batch, until_ms: int) -> Batch:
    """A batch without an answer may have been done; one with an answer gets the time it lost to be read back."""
    if batch.sent_ms is None or batch.settled:
        return batch
    unanswered = STATES.index(TargetState.SENT) in batch.states
    words = batch.words or ("the collector ended before an answer came" if unanswered else "")
    return all_in(batch, TargetState.SENT, TargetState.UNKNOWN, due_ms=until_ms, words=words)


def _cut_short(live: Live, unsent: int) -> dict[str, Any]:
    if not unsent:
        return {"phase": Phase.READING_BACK}
    words = f"the collector ended in between; {unsent} batch{' was' if unsent == 1 else 'es were'} not sent"
    if live.record.command.takes_back:  # the way back begins anew by itself, from a fresh read
        return {"phase": Phase.ABORTED, "words": words}
    return {"phase": Phase.STOPPED, "words": words}


def _name(record: CommandRecord) -> str:
    return f"{record.command.verb} of {target_words(record.command)} by {record.command.by}"

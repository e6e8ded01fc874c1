"""Commands, batches, machines and audit rows as lines of lists; many machines stay numbers until they are seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt

from console.domain.audit import Anchor, AuditRow
from console.domain.command import FAILED, TargetState
from console.domain.command_journal import STATES, Batch, CommandRecord
from console.domain.durations import MINUTE_MS
from console.ui.models.commands.live import waits_for_second
from console.ui.models.commands.words import (
    STATE_MARKS,
    counts_words,
    is_open,
    joined,
    phase_words,
    signed_power,
    title,
)
from console.ui.models.rows import ROW_ROLE
from console.ui.numbers import integer, utc_date, utc_time
from console.ui.plain import safe_text

SECTIONS = ("Waits for a second person", "Open", "Past")
DIGEST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class CommandRow:
    """One command, or the head of a section (`record` is None)."""

    key: str
    title: str
    phase: str
    detail: str
    moment: str
    trouble: bool = False
    record: CommandRecord | None = None

    def sentence(self) -> str:
        """For a screen reader."""
        return safe_text(", ".join(part for part in (self.title, self.phase, self.detail, self.moment) if part))


def section_of(record: CommandRecord) -> str:
    """Where it stands in the list."""
    if waits_for_second(record):
        return SECTIONS[0]
    return SECTIONS[1] if is_open(record) else SECTIONS[2]


def command_rows(records: Sequence[CommandRecord], names: Mapping[str, str], text: str = "") -> tuple[CommandRow, ...]:
    """Open ones first, each section under its head; only those that hold every word of `text`."""
    words = text.casefold().split()
    rows = [(section_of(record), command_row(record, names)) for record in records]
    kept = [(section, row) for section, row in rows if all(word in _searched(row) for word in words)]
    made: list[CommandRow] = []
    for section in SECTIONS:
        within = [row for where, row in kept if where == section]
        if within:
            made.append(CommandRow(f"section {section}", f"{section} · {len(within)}", "", "", ""))
            made += within
    return tuple(made)


def _searched(row: CommandRow) -> str:
    record = row.record
    more = f"{record.command.reason} {record.command.id} {' '.join(record.command.selector.sites)}" if record else ""
    return f"{row.title} {row.phase} {row.detail} {row.moment} {more}".casefold()


def command_row(record: CommandRecord, names: Mapping[str, str]) -> CommandRow:
    """One record in words."""
    command = record.command
    failed = sum(record.counts.get(state, 0) for state in FAILED)
    power = signed_power(record.delta_w) if round(record.delta_w) else ""
    detail = joined((counts_words(record.counts, first=FAILED), power, f"{command.by}, {command.desk}"))
    moment = f"{utc_date(command.at_ms)} {utc_time(command.at_ms)} UTC"
    return CommandRow(record.id, title(command, names), phase_words(record), detail, moment, failed > 0, record)


@dataclass(frozen=True, slots=True)
class TextRow:
    """A line of cells."""

    key: str
    cells: tuple[str, ...]
    strong: bool = False

    def sentence(self) -> str:
        """For a screen reader."""
        return safe_text(", ".join(cell for cell in self.cells if cell))


BATCH_COLUMNS = (("batch", 0.08), ("site", 0.22), ("machines", 0.12), ("sent UTC", 0.13), ("read back by", 0.13),
                 ("states", 0.32))  # fmt: skip
AUDIT_COLUMNS = (("row", 0.05), ("time UTC", 0.15), ("who", 0.19), ("did", 0.08), ("what", 0.53))
MACHINE_COLUMNS = (("machine", 0.34), ("site", 0.3), ("batch", 0.12), ("state", 0.24))


def batch_rows(batches: Sequence[Batch], names: Mapping[str, str]) -> tuple[TextRow, ...]:
    """One line a batch."""
    return tuple(
        TextRow(
            f"{batch.number}",
            (
                f"{batch.number}",
                names.get(batch.site_id, batch.site_id),
                integer(len(batch.machines)),
                utc_time(batch.sent_ms),
                utc_time(batch.due_ms),
                joined((counts_words(batch.counts()), batch.words)),
            ),
            strong=batch.sent_ms is not None and not batch.settled,
        )
        for batch in sorted(batches, key=lambda one: one.number)
    )


def audit_rows(rows: Sequence[AuditRow]) -> tuple[TextRow, ...]:
    """Newest first."""
    return tuple(
        TextRow(
            f"{row.seq}",
            (
                f"{row.seq}",
                f"{utc_date(row.at_ms)} {utc_time(row.at_ms)}",
                joined((f"{row.actor}, {row.role}" if row.role else row.actor, row.desk)),
                row.action,
                joined(
                    (
                        _unless_said(row.target, _change(row)),
                        _change(row),
                        row.reason,
                        f"second: {row.approver}" if row.approver else "",
                    )
                ),
            ),
        )
        for row in reversed(rows)
    )


def _change(row: AuditRow) -> str:
    """`batch 3 at us-ga-1: 50 accepted → 48 verified, 2 unverified`: what stands on both sides is said once."""
    sides = [side for side in (row.before, row.requested) if side]
    if row.before and not row.requested and row.result:
        head, told, _ = row.before.partition(": ")
        shared = head + told
        after = row.result.removeprefix(shared) if told else row.result
        return f"{row.before} → {after}"
    return joined((" → ".join(sides), row.result))


def _unless_said(target: str, words: str) -> str:
    return "" if target and target in words else target


def anchor_words(head: AuditRow | None, anchors: Sequence[Anchor], now_ms: int) -> str:
    """Who else vouches for the chain."""
    if head is None:
        return "The audit is empty"
    rows = f"{integer(head.seq)} rows, head {head.digest[:DIGEST_SHOWN]}"
    if not anchors:
        return f"{rows} · no anchor: only this machine vouches for it"
    last = max(anchors, key=lambda one: one.at_ms)
    ago = max(0, (now_ms - last.at_ms) // MINUTE_MS)
    return f"{rows} · row {integer(last.seq)} kept in a second place {utc_time(last.at_ms)} UTC, {ago} min ago"


class MachineStates(QAbstractListModel):
    """Every machine of a command with its state; filtered as numbers, written as text only where it is on screen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._batches: tuple[Batch, ...] = ()
        self._names: Mapping[str, str] = {}
        self._starts: NDArray[np.int64] = np.zeros(1, dtype=np.int64)
        self._rows: NDArray[np.int64] = np.zeros(0, dtype=np.int64)
        self.state: TargetState | None = None

    def show(self, batches: Sequence[Batch], names: Mapping[str, str], state: TargetState | None) -> None:
        """The machines of these batches in one state, or all."""
        batches = tuple(sorted(batches, key=lambda one: one.number))
        if (batches, state) == (self._batches, self.state):
            return
        self.beginResetModel()
        self._batches, self._names, self.state = batches, names, state
        self._starts = np.concatenate([[0], np.cumsum([len(batch.machines) for batch in batches])]).astype(np.int64)
        codes = np.frombuffer(b"".join(batch.states for batch in batches), dtype=np.uint8)
        self._rows = np.flatnonzero(codes == STATES.index(state)) if state else np.arange(codes.size)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """One a machine."""
        return 0 if parent.isValid() else int(self._rows.size)

    def row(self, number: int) -> TextRow:
        """One machine."""
        at = int(self._rows[number])
        place = int(np.searchsorted(self._starts, at, side="right")) - 1
        batch = self._batches[place]
        position = at - int(self._starts[place])
        state = STATES[batch.states[position]]
        site = self._names.get(batch.site_id, batch.site_id)
        cells = (batch.machines[position], site, f"{batch.number}", f"{STATE_MARKS[state]} {state.value}")
        return TextRow(f"{at}", cells, strong=state in FAILED)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The row itself, or its sentence."""
        if not index.isValid() or index.row() >= self._rows.size:
            return None
        row = self.row(index.row())
        if role == ROW_ROLE:
            return row
        return row.sentence() if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole) else None

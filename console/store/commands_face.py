"""The command part of the store's operations face: journal, audit chain, accounts; what is read and what is kept.

The journal and the audit row of one step are one transaction with a full sync: what returned survives a power cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from console.domain.account import Account
from console.domain.audit import Anchor, AuditRow, ChainState
from console.domain.command import Preview
from console.domain.command_journal import Batch, CommandRecord, Phase
from console.store import audit as chain
from console.store import commands as rows
from console.store import operations
from console.store.audit import Checked
from console.store.database import Pool, Writer

CHAIN = "audit_chain"  # name of a state


class CommandReader(Protocol):
    """What a screen, a command line and a restart read."""

    def commands(self, phases: Sequence[Phase] | None = None, most: int = 200) -> Sequence[CommandRecord]:
        """Commands, newest first; only those in `phases` where given."""
        ...

    def command(self, command_id: str) -> CommandRecord | None:
        """One command, or None."""
        ...

    def preview(self, command_id: str) -> Preview | None:
        """What its operator was shown; forgotten with the batches after 400 days, unlike the record and the audit."""
        ...

    def batches(self, command_id: str) -> Sequence[Batch]:
        """Its batches by number."""
        ...

    def audit(self, after_seq: int = 0, most: int = 1000) -> Sequence[AuditRow]:
        """Rows of the chain after a number, oldest first."""
        ...

    def audit_of(self, command_id: str) -> Sequence[AuditRow]:
        """Everything that the chain tells of one command, oldest first."""
        ...

    def audit_head(self) -> AuditRow | None:
        """The newest row of the chain."""
        ...

    def anchors(self) -> Sequence[Anchor]:
        """Heads that were kept in a second place, as far as this store remembers them."""
        ...

    def check_audit(self, kept: Iterable[Anchor] = ()) -> Checked:
        """The whole chain, against the anchors that the store remembers and those `kept` elsewhere; takes a while."""
        ...

    def witnessed_audit(self, after_seq: int = 0, most: int = 1000) -> Sequence[AuditRow]:
        """As `audit`, for evidence: a row that cannot be read is there, with a digest that it does not have."""
        ...

    def chain_state(self) -> ChainState | None:
        """How the collector found the chain when it started, and how it is anchored; None before one ran."""
        ...

    def accounts(self) -> Sequence[Account]:
        """Everybody who may sign in, by name."""
        ...


class CommandWriter(Protocol):
    """What the collector keeps. What returned is on the disk; raises StoreError, and then nothing was kept."""

    def put_command(
        self,
        record: CommandRecord,
        batches: Sequence[Batch] = (),
        preview: Preview | None = None,
        audit: Sequence[AuditRow] = (),
    ) -> None:
        """Replace the record and these batches, and append these rows to the chain, all or nothing.

        `audit` rows come without `seq`, `previous` and `digest`: the store chains them.
        """
        ...

    def put_audit(self, rows: Sequence[AuditRow]) -> None:
        """Append rows that belong to no command: a sign-in, an account, a refused request."""
        ...

    def put_account(self, account: Account, audit: Sequence[AuditRow] = ()) -> None:
        """Add or replace a person."""
        ...

    def put_anchor(self, anchor: Anchor) -> None:
        """Remember that this head was kept in a second place."""
        ...

    def put_chain_state(self, state: ChainState) -> None:
        """Keep how the chain was found and is anchored."""
        ...


class CommandReads:
    """The reading half, for a reader that has a pool."""

    _pool: Pool

    def commands(self, phases: Sequence[Phase] | None = None, most: int = 200) -> Sequence[CommandRecord]:
        """Commands, newest first; only those in `phases` where given."""
        with self._pool.snapshot() as connection:
            return rows.records(connection, phases, most)

    def command(self, command_id: str) -> CommandRecord | None:
        """One command, or None."""
        with self._pool.snapshot() as connection:
            return rows.record(connection, command_id)

    def preview(self, command_id: str) -> Preview | None:
        """What its operator was shown."""
        with self._pool.snapshot() as connection:
            return rows.preview(connection, command_id)

    def batches(self, command_id: str) -> Sequence[Batch]:
        """Its batches by number."""
        with self._pool.snapshot() as connection:
            return rows.batches(connection, command_id)

    def audit(self, after_seq: int = 0, most: int = 1000) -> Sequence[AuditRow]:
        """Rows of the chain after a number, oldest first."""
        with self._pool.snapshot() as connection:
            return chain.rows(connection, after_seq, most)

    def audit_of(self, command_id: str) -> Sequence[AuditRow]:
        """Everything that the chain tells of one command, oldest first."""
        with self._pool.snapshot() as connection:
            return chain.rows_of(connection, command_id)

    def audit_head(self) -> AuditRow | None:
        """The newest row of the chain."""
        with self._pool.snapshot() as connection:
            return chain.head(connection)

    def anchors(self) -> Sequence[Anchor]:
        """Heads that were kept in a second place, as far as this store remembers them."""
        with self._pool.snapshot() as connection:
            return chain.anchors(connection)

    def check_audit(self, kept: Iterable[Anchor] = ()) -> Checked:
        """The whole chain, against the anchors that the store remembers and those `kept` elsewhere; takes a while."""
        with self._pool.snapshot() as connection:
            return chain.check(connection, kept)

    def witnessed_audit(self, after_seq: int = 0, most: int = 1000) -> Sequence[AuditRow]:
        """As `audit`, for evidence: a row that cannot be read is there, with a digest that it does not have."""
        with self._pool.snapshot() as connection:
            return list(chain.witnessed(connection, after_seq, most))

    def chain_state(self) -> ChainState | None:
        """How the collector found the chain when it started, and how it is anchored; None before one ran."""
        with self._pool.snapshot() as connection:
            return operations.state(connection, CHAIN, ChainState)

    def accounts(self) -> Sequence[Account]:
        """Everybody who may sign in, by name."""
        with self._pool.snapshot() as connection:
            return chain.accounts(connection)


class CommandWrites:
    """The writing half, for a writer: each call is one transaction with a full sync, all or nothing."""

    _writer: Writer

    def put_command(
        self,
        record: CommandRecord,
        batches: Sequence[Batch] = (),
        preview: Preview | None = None,
        audit: Sequence[AuditRow] = (),
    ) -> None:
        """Replace the record and these batches, and append these rows to the chain; on the disk when this returns."""
        with self._writer.transaction(durable=True) as connection:
            rows.put_record(connection, record)
            rows.put_batches(connection, record.id, batches)
            if preview is not None:
                rows.put_preview(connection, preview)
            chain.append(connection, audit)

    def put_audit(self, rows: Sequence[AuditRow]) -> None:
        """Append rows that belong to no command; on the disk when this returns."""
        with self._writer.transaction(durable=True) as connection:
            chain.append(connection, rows)

    def put_account(self, account: Account, audit: Sequence[AuditRow] = ()) -> None:
        """Add or replace a person, with the rows that say so."""
        with self._writer.transaction(durable=True) as connection:
            chain.put_account(connection, account)
            chain.append(connection, audit)

    def put_anchor(self, anchor: Anchor) -> None:
        """Remember that this head was kept in a second place."""
        with self._writer.transaction(durable=True) as connection:
            chain.put_anchor(connection, anchor)

    def put_chain_state(self, state: ChainState) -> None:
        """Keep how the chain was found and is anchored."""
        with self._writer.transaction() as connection:
            operations.put_state(connection, CHAIN, state)

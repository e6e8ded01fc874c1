"""The command part of the store's operations face: journal, audit chain, accounts; protocols, no engine.

The journal and the audit row of one step are one transaction with a full sync: what returned survives a power cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from console.domain.account import Account
from console.domain.audit import Anchor, AuditRow
from console.domain.command import Preview
from console.domain.command_journal import Batch, CommandRecord, Phase


class CommandReader(Protocol):
    """What a screen, a command line and a restart read."""

    def commands(self, phases: Sequence[Phase] | None = None, most: int = 200) -> Sequence[CommandRecord]:
        """Commands, newest first; only those in `phases` where given."""
        ...

    def command(self, command_id: str) -> CommandRecord | None:
        """One command, or None."""
        ...

    def preview(self, command_id: str) -> Preview | None:
        """What its operator was shown."""
        ...

    def batches(self, command_id: str) -> Sequence[Batch]:
        """Its batches by number."""
        ...

    def audit(self, after_seq: int = 0, most: int = 1000) -> Sequence[AuditRow]:
        """Rows of the chain after a number, oldest first."""
        ...

    def audit_head(self) -> AuditRow | None:
        """The newest row of the chain."""
        ...

    def anchors(self) -> Sequence[Anchor]:
        """Heads that were kept in a second place, as far as this store remembers them."""
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

"""A store that holds nothing: what the screen reads until the real one is open, so that it can paint first (P1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from console.domain.account import Account
from console.domain.alarm import Alarm, AlarmState, Priority
from console.domain.alarm_change import AlarmChange, Flood, HistorySearch, Silence
from console.domain.alarm_rule import Rule
from console.domain.audit import Anchor, AuditRow
from console.domain.command import Preview
from console.domain.command_journal import Batch, CommandRecord, Phase
from console.domain.durations import MINUTE_MS
from console.domain.link_state import LinkState
from console.domain.note import Note
from console.domain.rollup import SiteRollup
from console.domain.roster import Roster
from console.domain.roster_columns import RosterColumns
from console.domain.series import Series
from console.domain.shared_serials import SharedSerials
from console.domain.site import Fleet
from console.store.face import BackfillState, Event, MinerSeries, StoredColumn


class NoStore:
    """Both reader faces, empty: no value, never zero."""

    def rollups(self) -> Mapping[str, SiteRollup]:
        """None yet."""
        return {}

    def series(self, place: str, signal: str, start_ms: int, end_ms: int, buckets: int = 2000) -> Series:
        """A series without a bucket."""
        none = np.zeros(0, dtype=np.float32)
        return Series(place, signal, MINUTE_MS, np.zeros(0, dtype=np.int64), none, none, none)

    def roster(self, site_id: str) -> Roster | None:
        """None yet."""
        return None

    def ratings(self, site_id: str) -> RosterColumns | None:
        """None yet."""
        return None

    def column(self, site_id: str, metric: str, at_ms: int | None = None) -> StoredColumn | None:
        """None yet."""
        return None

    def miner_series(self, site_id: str, miner_id: str, metric: str, start_ms: int, end_ms: int) -> MinerSeries:
        """No minute."""
        return MinerSeries(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32))

    def newest_ms(self) -> int | None:
        """None yet."""
        return None

    def links(self) -> Mapping[str, LinkState]:
        """None yet."""
        return {}

    def events(self, since_ms: int, most: int = 500) -> Sequence[Event]:
        """None yet."""
        return ()

    def backfill(self) -> BackfillState | None:
        """Never started."""
        return None

    def heartbeat_ms(self) -> int | None:
        """Never."""
        return None

    def fleet(self) -> Fleet | None:
        """None yet."""
        return None

    def alarms(self, states: Sequence[AlarmState] | None = None) -> Sequence[Alarm]:
        """None known."""
        return ()

    def alarm_counts(self) -> Mapping[tuple[AlarmState, Priority], int]:
        """None known."""
        return {}

    def alarm_history(self, search: HistorySearch) -> Sequence[AlarmChange]:
        """None known."""
        return ()

    def alarm_rules(self) -> Sequence[Rule]:
        """None known."""
        return ()

    def flood(self) -> Flood:
        """None known."""
        return Flood()

    def notes(self, place: str, machine: str = "", most: int = 0) -> Sequence[Note]:
        """None known."""
        return ()

    def shared_serials(self) -> Mapping[str, tuple[SharedSerials, ...]]:
        """None known."""
        return {}

    def silence(self) -> Silence | None:
        """Never."""
        return None

    def commands(self, phases: Sequence[Phase] | None = None, most: int = 200) -> Sequence[CommandRecord]:
        """None known."""
        return ()

    def command(self, command_id: str) -> CommandRecord | None:
        """None known."""
        return None

    def preview(self, command_id: str) -> Preview | None:
        """None known."""
        return None

    def batches(self, command_id: str) -> Sequence[Batch]:
        """None known."""
        return ()

    def audit(self, after_seq: int = 0, most: int = 1000) -> Sequence[AuditRow]:
        """None known."""
        return ()

    def audit_of(self, command_id: str) -> Sequence[AuditRow]:
        """None known."""
        return ()

    def audit_head(self) -> AuditRow | None:
        """None known."""
        return None

    def anchors(self) -> Sequence[Anchor]:
        """None known."""
        return ()

    def accounts(self) -> Sequence[Account]:
        """None known."""
        return ()

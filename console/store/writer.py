"""The write side of both faces over one SQLite file; the collector alone owns one."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from console.domain.durations import DAY_MS, MINUTE_MS
from console.domain.frame import Frame, HistoryChunk, minute_of
from console.domain.link_state import LinkState
from console.domain.metric import SIGNALS
from console.domain.place import FLEET, container_key, site_key
from console.domain.rollup import SiteRollup
from console.domain.roster import Roster
from console.domain.site import Fleet
from console.store import frames, latest, operations, retention, totals
from console.store.alarms_face import AlarmWrites
from console.store.commands_face import CommandWrites
from console.store.database import Writer
from console.store.face import BackfillState, Event
from console.store.history import put_chunks
from console.store.minutes import put_minute
from console.store.notes import NoteWrites
from console.store.opening import open_for_writing
from console.store.recorded_salvage import bring_over
from console.store.rosters_face import RosterWrites
from console.store.salvage import Salvaged, salvage

CLOCK_SLACK_MS = MINUTE_MS  # a stamp further ahead of our clock than this comes from a clock that was wrong
MOST_LEAP_MS = 2 * DAY_MS
ASIDE = "aside"  # the state that names the damaged file until it was salvaged


def wall_ms() -> int:
    """Now, in epoch ms."""
    return time.time_ns() // 1_000_000


class StoreWriter(AlarmWrites, CommandWrites, NoteWrites, RosterWrites):
    """Implements the writers of both faces: measurements, alarms, commands, notes; raises a StoreError, nothing else.

    Any thread may call it, one at a time gets its turn. What returned is kept through a kill -9; events and the fleet
    also through a power cut.
    """

    def __init__(self, path: Path, wall_ms: Callable[[], int] = wall_ms) -> None:
        connection, self.opened = open_for_writing(path)
        self._wall_ms = wall_ms
        self._writer = Writer(path, connection)
        for notice in self.opened.notices:
            self._say(notice)
        if self.opened.set_aside is not None:
            with self._writer.transaction(durable=True) as connection:
                operations.put_state(connection, ASIDE, self.opened.set_aside.name)
                bring_over(connection, self.opened.set_aside)

    def _say(self, text: str) -> None:
        """Whoever looks at the screen learns of it too."""
        self.put_event(Event(self._wall_ms(), FLEET, "store", text))

    def put_reading(self, frame: Frame, roster: Roster | None, rollup: SiteRollup) -> bool:
        """Store a poll in one transaction; False when a sample as new is there for that minute (nothing changes).

        Two polls in one minute: the newer one stands. A sample of a day that is closed fills what is missing.
        """
        bodies = frames.encode_frame(frame)
        with self._writer.transaction() as connection:
            if roster is not None:
                frames.put_roster(connection, roster, frame.at_ms)
            closed_ms = operations.state(connection, "closed_ms", int) or 0
            if minute_of(frame.at_ms) < closed_ms:
                new = put_chunks(connection, _as_chunks(rollup)) > 0
            else:
                new = put_minute(connection, rollup)
            frames.put_frame(connection, frame, bodies)
            latest_ms = self._wall_ms() + CLOCK_SLACK_MS
            latest.put_latest(connection, rollup, frame.roster_version, latest_ms)
            operations.raise_state(connection, "newest_ms", frame.at_ms, latest_ms)
        return new

    def put_history(self, chunks: Sequence[HistoryChunk]) -> int:
        """Store minutes of the past that are not there yet; returns how many were new."""
        with self._writer.transaction() as connection:
            new = put_chunks(connection, chunks)
            newest = max((int(chunk.at_ms[-1]) for chunk in chunks if len(chunk.at_ms)), default=None)
            if newest is not None:
                operations.raise_state(connection, "newest_ms", newest)
        return new

    def refresh_totals(self, fleet: Fleet, start_ms: int, end_ms: int) -> None:
        """Recompute region and fleet minutes in [start_ms, end_ms), never past the newest sample (idempotent)."""
        with self._writer.transaction() as connection:
            newest_ms = operations.state(connection, "newest_ms", int)
            if newest_ms is not None:
                totals.refresh(connection, fleet, start_ms, end_ms, newest_ms)

    def compact(
        self, now_ms: int, most: int | None = None, *, tell: Callable[[int, int], None] = retention.nobody
    ) -> int:
        """Close finished days, at most `most` place-days at a time; returns how many left the hot tier.

        `tell(done, total)` hears of each place-day from the caller's thread.
        """
        return retention.compact(self._writer, self._no_leap(now_ms), most, tell)

    def retain(self, now_ms: int, keep: retention.Keep | None = None) -> retention.Tidied:
        """Forget what is older than `keep` allows, in small batches."""
        return retention.retain(self._writer, self._no_leap(now_ms), keep or retention.Keep())

    def _no_leap(self, now_ms: int) -> int:
        """A clock that leaps years ahead must not make us forget: time goes by samples, and days at a time."""
        with self._writer.transaction() as connection:
            newest_ms = operations.state(connection, "newest_ms", int) or now_ms
            before_ms = operations.state(connection, "tidied_ms", int) or newest_ms
            now_ms = min(now_ms, newest_ms + MOST_LEAP_MS, before_ms + MOST_LEAP_MS)
            operations.raise_state(connection, "tidied_ms", now_ms)
        return now_ms

    def salvage(self) -> Salvaged | None:
        """Bring over what can still be read of a store that was set aside, in small transactions, and say so.

        None when there is nothing to bring over, or no more: killed in between, it begins again.
        """
        with self._writer.transaction() as connection:
            name = operations.state(connection, ASIDE, str)
        if name is None:
            return None
        saved = salvage(self._writer, self.opened.path.with_name(name))
        self._say(f"{saved.days} day series were brought over from {name}; {saved.lost} could not be read.")
        with self._writer.transaction() as connection:
            operations.forget_state(connection, ASIDE)
        return saved

    def put_link(self, state: LinkState) -> None:
        """Replace a site's link state."""
        with self._writer.transaction() as connection:
            operations.put_link(connection, state)

    def put_event(self, event: Event) -> None:
        """Append an event, on the disk when this returns."""
        with self._writer.transaction(durable=True) as connection:
            operations.put_event(connection, event)

    def put_backfill(self, state: BackfillState) -> None:
        """Replace the back-fill's progress."""
        with self._writer.transaction() as connection:
            operations.put_state(connection, "backfill", state)

    def put_heartbeat(self, at_ms: int) -> None:
        """Say that the collector lives."""
        with self._writer.transaction() as connection:
            operations.put_state(connection, "heartbeat_ms", at_ms)

    def put_fleet(self, fleet: Fleet) -> None:
        """Keep the fleet as loaded, on the disk when this returns."""
        with self._writer.transaction(durable=True) as connection:
            operations.put_state(connection, "fleet", fleet)

    def checkpoint(self) -> None:
        """Move what the log holds into the file, as far as readers allow; a log that grew long is cut off too."""
        self._writer.checkpoint()

    def close(self) -> None:
        """Safe to call twice."""
        self._writer.close()


def _as_chunks(rollup: SiteRollup) -> list[HistoryChunk]:
    """A roll-up as one-minute stretches of the past of its places."""
    at_ms = np.array([minute_of(rollup.at_ms)], dtype=np.int64)
    places = [site_key(rollup.site_id), *(container_key(rollup.site_id, name) for name in rollup.containers)]
    return [
        HistoryChunk(
            place, 60, at_ms, {signal.name: row[position : position + 1] for position, signal in enumerate(SIGNALS)}
        )
        for place, row in zip(places, rollup.values, strict=True)
    ]

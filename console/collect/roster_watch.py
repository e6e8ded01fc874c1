"""Says what is odd about rosters across sites and over time: shared serial numbers, a version tag used twice.

Knows arrivals that are stored already; changes none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from console.collect.arrival import Arrival
from console.domain.place import site_key
from console.domain.roster import Roster
from console.domain.shared_serials import SerialBook
from console.domain.site import Site
from console.store.face import Event
from console.store.rosters_face import ByPlace


class RosterWriter(Protocol):
    """What it writes."""

    def put_shared_serials(self, shared: ByPlace) -> None:
        """Replace what is shared."""
        ...

    def put_event(self, event: Event) -> None:
        """Append an event."""
        ...


class RosterWatch:
    """Used by the thread that stores."""

    def __init__(self, sites: Iterable[Site], writer: RosterWriter, wall_ms: Callable[[], int]) -> None:
        self._names = {site.id: site.name for site in sites}
        self._writer, self._wall_ms = writer, wall_ms
        self._book = SerialBook()

    def stored(self, arrivals: Iterable[Arrival]) -> None:
        """What the store has just taken in; only new rosters matter. Raises StoreError."""
        for arrival in arrivals:
            if arrival.reading.roster is not None:
                self._look(arrival, arrival.reading.roster)

    def _look(self, arrival: Arrival, roster: Roster) -> None:
        if arrival.index.version != arrival.index.tag:
            words = f"the source gave another list under the roster version {arrival.index.tag!r}: kept apart"
            self._say(roster.site_id, words)
        if self._book.take(roster):
            shared = self._book.shared()
            self._writer.put_shared_serials(shared)
            for each in shared.get(roster.site_id, ()):
                self._say(roster.site_id, each.words(self._names.get(each.site_id, each.site_id)))

    def _say(self, site_id: str, words: str) -> None:
        self._writer.put_event(Event(self._wall_ms(), site_key(site_id), "roster", words))

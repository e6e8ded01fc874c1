"""What the world asks of the store, and when it asks again: a new minute, another span, more of the past filled in.

Knows places and signals; knows no widget but what it is told to feed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, Signal

from console.domain.durations import DAY_MS, MINUTE_MS
from console.domain.fleet_state import FleetNow
from console.domain.place import FLEET, region_key
from console.domain.series import Series
from console.store.face import Event
from console.ui.models.live import LiveFleet
from console.ui.models.series_feed import Answer, Question, SeriesFeed, Want
from console.ui.models.span import Span
from console.ui.views.world.readings import SIGNALS

DAY_PIXELS = 720  # half the minutes of a day: with two buckets a pixel each minute is read
EVENTS_MS, MOST_EVENTS = 7 * DAY_MS, 40


class WorldReads(QObject):
    """Three feeds (the graphs' span, the fleet's last day, the regions' last day) and the latest events.

    `graphs_asked` goes before `graphs_answered` (an Answer); `day_changed` and `regions_changed` carry nothing,
    the series are in `day` (by signal) and `regions` (by region name); so with `events_changed` and `events`.
    """

    graphs_asked = Signal()
    graphs_answered = Signal(object)
    day_changed = Signal()
    regions_changed = Signal()
    events_changed = Signal()

    def __init__(self, live: LiveFleet, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._live = live
        self.day: Mapping[str, Series] = {}
        self.regions: Mapping[str, Series] = {}
        self.events: tuple[Event, ...] = ()
        self._events_asked: object = None
        self._graphs, self._day, self._regions = (SeriesFeed(live, self) for _ in range(3))
        self._graphs.asked.connect(self.graphs_asked)
        self._graphs.answered.connect(self.graphs_answered)
        self._day.answered.connect(self._take_day)
        self._regions.answered.connect(self._take_regions)

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come (R50)."""
        return any(feed.busy for feed in (self._graphs, self._day, self._regions))

    def ask_days(self, now: FleetNow) -> None:
        """The last 24 hours, where they are no longer up to date."""
        self._day.ask(self._day_question(now, _fleet_wants()))
        self._regions.ask(self._day_question(now, _region_wants(now)))

    def ask_graphs(self, now: FleetNow, span: Span, wants: tuple[Want, ...], pixels: int) -> None:
        """The curves of a span, where they are no longer up to date."""
        self._graphs.ask(self._graph_question(now, span, wants, pixels))

    def ask_events(self, now: FleetNow) -> None:
        """What happened in the last week, where a minute has passed or a link has changed its word."""
        key = (
            _newest_minute(now),
            now.now_ms // MINUTE_MS,
            max((entry.link.since_ms for entry in now.sites), default=0),
        )
        if key == self._events_asked:
            return
        self._events_asked = key
        operations, since_ms = self._live.operations, now.now_ms - EVENTS_MS
        self._live.reads.run(lambda: operations.events(since_ms, MOST_EVENTS), self._take_events)

    def load(self, now: FleetNow, span: Span, wants: tuple[Want, ...], pixels: int) -> None:
        """Ask and answer at once on this thread: for captures and tests, not for a running window."""
        self._day.load(self._day_question(now, _fleet_wants()))
        self._regions.load(self._day_question(now, _region_wants(now)))
        self._take_events(self._live.operations.events(now.now_ms - EVENTS_MS, MOST_EVENTS))
        self._graphs.load(self._graph_question(now, span, wants, pixels))

    def _graph_question(self, now: FleetNow, span: Span, wants: tuple[Want, ...], pixels: int) -> Question:
        newest = _newest_minute(now) if span.live else None
        return Question(wants, span.start_ms, span.end_ms, pixels, (newest, self._live.filled()))

    def _day_question(self, now: FleetNow, wants: tuple[Want, ...]) -> Question:
        minute = _newest_minute(now)
        end_ms = ((now.now_ms // MINUTE_MS) if minute is None else minute) * MINUTE_MS + MINUTE_MS
        return Question(wants, end_ms - DAY_MS, end_ms, DAY_PIXELS, self._live.filled())

    def _take_day(self, answer: Answer) -> None:
        self.day = {want.signal: series for want, series in answer.series.items()}
        self.day_changed.emit()

    def _take_events(self, events: Sequence[Event]) -> None:
        self.events = tuple(events)
        self.events_changed.emit()

    def _take_regions(self, answer: Answer) -> None:
        self.regions = {want.place.partition(":")[2]: series for want, series in answer.series.items()}
        self.regions_changed.emit()


def _fleet_wants() -> tuple[Want, ...]:
    return tuple(Want(FLEET, signal) for signal in SIGNALS)


def _region_wants(now: FleetNow) -> tuple[Want, ...]:
    return tuple(Want(region_key(region), "hashrate_hs") for region in now.fleet.regions())


def _newest_minute(now: FleetNow) -> int | None:
    newest = max((entry.at_ms for entry in now.sites if entry.at_ms is not None), default=None)
    return None if newest is None else newest // MINUTE_MS

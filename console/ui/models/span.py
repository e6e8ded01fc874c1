"""The one span of time that rules every plot of the window: live or fixed, with its history (R13, R14)."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import tzinfo

from PySide6.QtCore import QObject, Signal

from console.domain.durations import DAY_S, HOUR_S, MINUTE_S
from console.ui.models.zone import ZoneChoice, axis_zone, zone_label

PRESETS = (
    ("15 min", 15 * MINUTE_S),
    ("1 h", HOUR_S),
    ("6 h", 6 * HOUR_S),
    ("24 h", DAY_S),
    ("7 d", 7 * DAY_S),
    ("30 d", 30 * DAY_S),
    ("1 y", 365 * DAY_S),
)
FIRST_PRESET_S = 6 * HOUR_S
HISTORY = 10
LEAST_STEP_MS = 500  # plots repaint at 2 Hz at most (R17)
STEPS_A_SPAN = 4000  # a live span moves in steps finer than a pixel and no finer


@dataclass(frozen=True, slots=True)
class Span:
    """[start_ms, end_ms) in UTC epoch ms; `live` follows now, otherwise the span is FIXED."""

    start_ms: int
    end_ms: int
    live: bool

    @property
    def length_ms(self) -> int:
        """How long it is."""
        return self.end_ms - self.start_ms


class TimeBarModel(QObject):
    """The span and what may be done with it; `changed` carries the new Span.

    The zone of the axes belongs to it too: a change of zone emits the same span again, so that plots repaint.
    With a `cutoff_ms` (offline: nothing newer exists) presets end there and the span can never be live.
    """

    changed = Signal(object)

    def __init__(
        self,
        now_ms: int,
        seconds: int = FIRST_PRESET_S,
        cutoff_ms: int | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._now_ms = now_ms
        self._cutoff_ms = cutoff_ms
        self._live_length_ms = seconds * 1000
        self._history: deque[Span] = deque(maxlen=HISTORY)
        self._span = self._latest(self._live_length_ms)
        self._zone_choice = ZoneChoice.UTC
        self._site_zone: str | None = None

    @property
    def span(self) -> Span:
        """The span in force."""
        return self._span

    @property
    def history(self) -> tuple[Span, ...]:
        """The last spans before this one, oldest first; at most ten."""
        return tuple(self._history)

    @property
    def cutoff_ms(self) -> int | None:
        """The end of what is known when offline, else None."""
        return self._cutoff_ms

    @property
    def zone_choice(self) -> ZoneChoice:
        """What was asked: UTC, the site's zone, or this workstation's."""
        return self._zone_choice

    @property
    def zone(self) -> tzinfo:
        """The zone in which every axis, table and export of the view is written."""
        return axis_zone(self._zone_choice, self._site_zone)

    @property
    def zone_label(self) -> str:
        """Its name at the end of the span: `UTC`, `CST`, `+04`."""
        return zone_label(self.zone, self._span.end_ms)

    def choose_zone(self, choice: ZoneChoice) -> None:
        """Write the axes in another zone."""
        if choice is not self._zone_choice:
            self._zone_choice = choice
            self.changed.emit(self._span)

    def set_site_zone(self, zone: str | None) -> None:
        """The zone of the site on screen (None: the world), for `ZoneChoice.SITE`."""
        if zone != self._site_zone:
            self._site_zone = zone
            if self._zone_choice is ZoneChoice.SITE:
                self.changed.emit(self._span)

    def set_cutoff(self, cutoff_ms: int | None) -> None:
        """Go offline at `cutoff_ms`, or (None) follow now again if the span ended at the old cut-off."""
        if cutoff_ms == self._cutoff_ms:
            return
        at_the_end = self._span.live or self._span.end_ms == self._cutoff_ms
        self._cutoff_ms = cutoff_ms
        if at_the_end:
            self._take(self._latest(self._span.length_ms), remember=False)

    def set_preset(self, seconds: int) -> None:
        """The newest `seconds`: live, or ending at the cut-off."""
        self._live_length_ms = seconds * 1000
        self._take(self._latest(self._live_length_ms))

    def freeze(self) -> None:
        """Stop following: the span stays where it is."""
        if self._span.live:
            self._take(Span(self._span.start_ms, self._span.end_ms, live=False))

    def back_to_live(self) -> None:
        """Follow now again, with the length of the last live span."""
        self._take(self._latest(self._live_length_ms))

    def jump(self, direction: int) -> None:
        """One whole span back (-1) or forward (+1); forward past now lands on the newest span."""
        shift_ms = direction * self._span.length_ms
        end_ms = self._span.end_ms + shift_ms
        if end_ms >= self._end_ms():
            if not self._span.live:
                self._take(self._latest(self._span.length_ms))
            return
        self._take(Span(self._span.start_ms + shift_ms, end_ms, live=False))

    def show(self, start_ms: int, end_ms: int) -> None:
        """A FIXED span, at least a minute long and not beyond the end of what is known."""
        end_ms = min(max(end_ms, start_ms + MINUTE_S * 1000), self._end_ms())
        start_ms = min(start_ms, end_ms - MINUTE_S * 1000)
        self._take(Span(start_ms, end_ms, live=False))

    def back(self) -> None:
        """The span before this one, as a browser's back."""
        if not self._history:
            return
        before = self._history.pop()
        self._take(self._latest(before.length_ms) if before.live else before, remember=False)

    def tick(self, now_ms: int) -> None:
        """Time goes on: a live span follows, at most twice a second and in steps that a plot can show."""
        self._now_ms = now_ms
        if not self._span.live:
            return
        step_ms = max(LEAST_STEP_MS, self._span.length_ms // STEPS_A_SPAN)
        if abs(now_ms - self._span.end_ms) >= step_ms:
            self._take(self._latest(self._span.length_ms), remember=False)

    def _end_ms(self) -> int:
        return self._now_ms if self._cutoff_ms is None else self._cutoff_ms

    def _latest(self, length_ms: int) -> Span:
        end_ms = self._end_ms()
        return Span(end_ms - length_ms, end_ms, live=self._cutoff_ms is None)

    def _take(self, span: Span, *, remember: bool = True) -> None:
        if span == self._span:
            return
        if remember:
            self._history.append(self._span)
        self._span = span
        self.changed.emit(span)

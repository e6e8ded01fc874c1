"""Link losses and returns as lines of text: events are listed, never a window that asks for a click (R12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from console.domain.durations import DAY_MS
from console.store.face import Event
from console.ui.numbers import utc_minute, utc_time
from console.ui.plain import safe_text


@dataclass(frozen=True, slots=True)
class NewsRow:
    """One event; `site_id` is empty where it is of no single site."""

    at_ms: int
    moment: str
    text: str
    site_id: str

    @property
    def key(self) -> object:
        """An event is what was said at a moment."""
        return self.at_ms, self.text

    def sentence(self) -> str:
        """The whole row."""
        return f"{self.moment} UTC, {self.text}"


def news_rows(events: Sequence[Event], now_ms: int) -> tuple[NewsRow, ...]:
    """Newest first, as the store gives them; the date only where it is not of the last day."""
    return tuple(
        NewsRow(
            event.at_ms,
            utc_time(event.at_ms)[:5] if now_ms - event.at_ms < DAY_MS else utc_minute(event.at_ms)[5:],
            safe_text(event.text),
            event.place.removeprefix("site:") if event.place.startswith("site:") else "",
        )
        for event in events
    )

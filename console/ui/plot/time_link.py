"""Whether one plot follows the time bar or keeps a span of its own, and how it says so (R13); draws nothing."""

from __future__ import annotations

from datetime import datetime, tzinfo

from PySide6.QtCore import QObject, Signal

from console.ui.models.span import Span
from console.ui.models.zone import zone_label


class TimeLink(QObject):
    """One plot's link to the time bar. Only a plot that somebody feeds for its own span offers to be unlinked.

    `changed` carries whether it is linked now; `asked` carries the (start_ms, end_ms) that an unlinked plot wants.
    """

    changed = Signal(bool)
    asked = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._offered, self._linked = False, True

    @property
    def offered(self) -> bool:
        """Whether this plot can be unlinked at all."""
        return self._offered

    @property
    def linked(self) -> bool:
        """Whether the time bar rules this plot."""
        return self._linked

    @property
    def action(self) -> str:
        """What a turn would do, as a menu names it."""
        return "Unlink from the time bar" if self._linked else "Link to the time bar again"

    def offer(self) -> None:
        """From here on the user may unlink the plot."""
        self._offered = True

    def turn(self) -> None:
        """Unlink, or link again; the plot says `changed` once it shows the span that follows from it."""
        self._linked = not self._linked


def unlinked_words(span: Span, zone: tzinfo) -> str:
    """`unlinked · 08:32 – 14:32 UTC`; with dates where the span is not within one day."""
    start, end = (datetime.fromtimestamp(at_ms / 1000, zone) for at_ms in (span.start_ms, span.end_ms))
    clock = "%H:%M" if start.date() == end.date() else "%Y-%m-%d %H:%M"
    return f"unlinked · {start:{clock}} – {end:{clock}} {zone_label(zone, span.end_ms)}"

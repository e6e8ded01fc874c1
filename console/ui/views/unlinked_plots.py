"""The plots of a view that were unlinked from the time bar: each keeps a span of its own and a feed for it (R13).

Knows plots and that a feed answers; what is asked and what an answer is, whoever inherits from this knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal

from console.domain.durations import MINUTE_S
from console.ui.models.live import LiveFleet
from console.ui.models.span import Span, TimeBarModel
from console.ui.plot.canvas import Loading, PlotCanvas

LEAST_MS = MINUTE_S * 1000


class Feed(Protocol):
    """One open question at a time; a QObject."""

    asked: Any  # signals
    answered: Any

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come."""
        ...

    def close(self) -> None:
        """Drop whatever is still open."""
        ...


class UnlinkedPlots(QObject):
    """`answered` carries (plot, answer)."""

    answered = Signal(object, object)

    def __init__(self, live: LiveFleet, span: TimeBarModel, plots: Sequence[PlotCanvas], parent: QObject) -> None:
        super().__init__(parent)
        self._live, self._span = live, span
        self._feeds: dict[PlotCanvas, Feed] = {}
        for plot in plots:
            plot.link.offer()
            plot.link.changed.connect(partial(self._turn, plot))
            plot.link.asked.connect(partial(self._move, plot))

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come (R50)."""
        return any(feed.busy for feed in self._feeds.values())

    def _ask_all(self) -> None:
        for plot, feed in self._feeds.items():
            self._put(plot, feed)

    def _turn(self, plot: PlotCanvas, linked: bool) -> None:
        if not linked:
            feed = self._feeds[plot] = self._new_feed(plot)
            feed.asked.connect(partial(plot.set_loading, Loading.WAITING))
            feed.answered.connect(partial(self.answered.emit, plot))
            self._put(plot, feed)
            return
        feed = self._feeds.pop(plot)
        feed.close()
        feed.deleteLater()
        self._came_back(plot)

    def _move(self, plot: PlotCanvas, ends: tuple[int, int]) -> None:
        """A plot was dragged or zoomed: at least a minute, and nothing beyond the end of what is known."""
        newest_ms = self._span.cutoff_ms or self._live.clock()
        end_ms = min(max(ends[1], ends[0] + LEAST_MS), newest_ms)
        plot.keep(Span(min(ends[0], end_ms - LEAST_MS), end_ms, live=False))
        self._put(plot, self._feeds[plot])

    def _new_feed(self, plot: PlotCanvas) -> Feed:
        """A feed for one plot."""
        raise NotImplementedError

    def _put(self, plot: PlotCanvas, feed: Feed) -> None:
        """Ask a feed for what its plot shows; one that knows it stays still."""
        raise NotImplementedError

    def _came_back(self, plot: PlotCanvas) -> None:
        """A plot is linked again and wants the time bar's answer."""
        raise NotImplementedError

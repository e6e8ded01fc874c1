"""Feeds the plots of a view that were unlinked from the time bar, each for the span it keeps (R13).

Knows plots, wants and feeds; what a plot draws of an answer is the business of whoever owns the plot.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from console.ui.models.live import LiveFleet
from console.ui.models.series_feed import Answer, Question, SeriesFeed, Want
from console.ui.models.span import MINUTE_S, Span, TimeBarModel
from console.ui.widgets.plot_canvas import Loading

if TYPE_CHECKING:
    from console.ui.widgets.plot_canvas import PlotCanvas

FILL_STEPS = 40  # of a back-fill: so often a plot reads again while its past is filled
LEAST_MS = MINUTE_S * 1000


class OwnSpans(QObject):
    """`answered` carries (plot, Answer): a plot's own one, or the time bar's once it is linked again."""

    answered = Signal(object, object)

    def __init__(self, live: LiveFleet, span: TimeBarModel, plots: Sequence[PlotCanvas], parent: QObject) -> None:
        super().__init__(parent)
        self._live, self._span = live, span
        self._feeds: dict[PlotCanvas, SeriesFeed] = {}
        self._wants: tuple[Want, ...] = ()
        self._pixels = 0
        self._shared: Answer | None = None
        for plot in plots:
            plot.link.offer()
            plot.link.changed.connect(partial(self._turn, plot))
            plot.link.asked.connect(partial(self._move, plot))

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come (R50)."""
        return any(feed.busy for feed in self._feeds.values())

    def ask(self, wants: tuple[Want, ...], pixels: int) -> None:
        """Whatever an unlinked plot lacks; call it as often as the view asks for the time bar's span."""
        self._wants, self._pixels = wants, pixels
        for plot, feed in self._feeds.items():
            feed.ask(self._question(plot))

    def load(self) -> None:
        """Ask and answer at once on this thread: for captures and tests, not for a running window."""
        for plot, feed in self._feeds.items():
            feed.load(self._question(plot))

    def share(self, answer: Answer) -> None:
        """The time bar's answer, for a plot that is linked again before the next one comes."""
        self._shared = answer

    def _question(self, plot: PlotCanvas) -> Question:
        state = self._live.backfill
        filled = 0 if state is None or not state.total else state.done * FILL_STEPS // state.total
        return Question(self._wants, plot.span.start_ms, plot.span.end_ms, self._pixels, filled)

    def _turn(self, plot: PlotCanvas, linked: bool) -> None:
        if not linked:
            feed = self._feeds[plot] = SeriesFeed(self._live, self)
            feed.asked.connect(partial(plot.set_loading, Loading.WAITING))
            feed.answered.connect(partial(self.answered.emit, plot))
            feed.ask(self._question(plot))
            return
        feed = self._feeds.pop(plot)
        feed.close()
        feed.deleteLater()
        if self._shared is not None and self._shared.question.wants == self._wants:
            self.answered.emit(plot, self._shared)

    def _move(self, plot: PlotCanvas, ends: tuple[int, int]) -> None:
        """A plot was dragged or zoomed: at least a minute, and nothing beyond the end of what is known."""
        newest_ms = self._span.cutoff_ms or self._live.clock()
        end_ms = min(max(ends[1], ends[0] + LEAST_MS), newest_ms)
        plot.keep(Span(min(ends[0], end_ms - LEAST_MS), end_ms, live=False))
        self._feeds[plot].ask(self._question(plot))

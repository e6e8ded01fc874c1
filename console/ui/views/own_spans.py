"""Feeds unlinked plots of series, each for the span it keeps (R13).

Knows wants and feeds; what a plot draws of an answer is the business of whoever owns the plot.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject

from console.ui.models.live import LiveFleet
from console.ui.models.series_feed import Answer, Question, SeriesFeed, Want
from console.ui.models.span import TimeBarModel
from console.ui.plot.canvas import PlotCanvas
from console.ui.views.unlinked_plots import UnlinkedPlots


class OwnSpans(UnlinkedPlots):
    """`answered` carries (plot, Answer): a plot's own one, or the time bar's once it is linked again."""

    def __init__(self, live: LiveFleet, span: TimeBarModel, plots: Sequence[PlotCanvas], parent: QObject) -> None:
        super().__init__(live, span, plots, parent)
        self._wants: tuple[Want, ...] = ()
        self._pixels = 0
        self._shared: Answer | None = None

    def ask(self, wants: tuple[Want, ...], pixels: int) -> None:
        """Whatever an unlinked plot lacks; call it as often as the view asks for the time bar's span."""
        self._wants, self._pixels = wants, pixels
        self._ask_all()

    def load(self) -> None:
        """Ask and answer at once on this thread: for captures and tests, not for a running window."""
        for plot, feed in self._feeds.items():
            feed.load(self._question(plot))

    def share(self, answer: Answer) -> None:
        """The time bar's answer, for a plot that is linked again before the next one comes."""
        self._shared = answer

    def _question(self, plot: PlotCanvas) -> Question:
        return Question(self._wants, plot.span.start_ms, plot.span.end_ms, self._pixels, self._live.filled())

    def _new_feed(self, plot: PlotCanvas) -> SeriesFeed:
        return SeriesFeed(self._live, self)

    def _put(self, plot: PlotCanvas, feed: SeriesFeed) -> None:
        feed.ask(self._question(plot))

    def _came_back(self, plot: PlotCanvas) -> None:
        if self._shared is not None and self._shared.question.wants == self._wants:
            self.answered.emit(plot, self._shared)

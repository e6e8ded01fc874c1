"""Feeds the unlinked plots of a machine's page, each with its own metric for the span it keeps (R13)."""

from __future__ import annotations

from PySide6.QtCore import QObject

from console.ui.models.live import LiveFleet
from console.ui.models.miners.page import PLOTTED, MinerPast, Past, WhichMiner
from console.ui.models.span import TimeBarModel
from console.ui.plot.canvas import PlotCanvas
from console.ui.views.miner.plots import MinerPlots
from console.ui.views.unlinked_plots import UnlinkedPlots


class MinerSpans(UnlinkedPlots):
    """`answered` carries (plot, Past): a plot's own one, or the time bar's once it is linked again."""

    def __init__(self, live: LiveFleet, span: TimeBarModel, plots: MinerPlots, parent: QObject) -> None:
        super().__init__(live, span, tuple(plots.plots.values()), parent)
        self._names = {plot: name for name, plot in plots.plots.items()}
        self._miner: WhichMiner | None = None
        self._shared: Past | None = None

    def ask(self, miner: WhichMiner) -> None:
        """Whatever an unlinked plot lacks of a machine; call it as often as the page asks for the time bar's span."""
        self._miner = miner
        self._ask_all()

    def share(self, past: Past) -> None:
        """The time bar's answer, for a plot that is linked again before the next one comes."""
        self._shared = past

    def rest(self) -> None:
        """Nobody looks: what is open is dropped, and asked anew by the next `ask`."""
        for feed in self._feeds.values():
            feed.close()

    def _new_feed(self, plot: PlotCanvas) -> MinerPast:
        return MinerPast(self._live, self, tuple(metric for metric in PLOTTED if metric.name == self._names[plot]))

    def _put(self, plot: PlotCanvas, feed: MinerPast) -> None:
        if self._miner is not None:
            feed.ask(self._miner, plot.span)

    def _came_back(self, plot: PlotCanvas) -> None:
        shared, miner = self._shared, self._miner
        if shared is not None and miner is not None and (shared.site_id, shared.id) == (miner.site_id, miner.id):
            self.answered.emit(plot, shared)

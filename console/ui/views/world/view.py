"""L1, the world: the fleet strip, every site on the map, regions, what needs attention, and the fleet's graphs.

Knows the live fleet, the span and the store's reader; polls nothing and decides nothing about freshness.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from console.domain.errors import ConfigError
from console.domain.fleet_state import FleetNow
from console.domain.place import region_key
from console.epochs import load_difficulty
from console.ui.density import Density, density_at
from console.ui.fonts import px
from console.ui.map.world_map import WorldMap
from console.ui.models.alarms.live import LiveAlarms
from console.ui.models.alarms.sites import site_alarms
from console.ui.models.commands.live import LiveCommands
from console.ui.models.live import LiveFleet, Mode
from console.ui.models.series_feed import Answer
from console.ui.models.span import TimeBarModel
from console.ui.piecewise import Piecewise
from console.ui.theme import DARK, Theme, apply_theme
from console.ui.views.world.attention import AttentionPanel
from console.ui.views.world.layout import Places, places
from console.ui.views.world.readings import Context, last_hour, world_readings
from console.ui.views.world.reads import WorldReads
from console.ui.views.world.regions import RegionPanel
from console.ui.views.world.strip import FleetStrip
from console.ui.widgets.tab_row import TabRow

if TYPE_CHECKING:
    from console.ui.views.own_spans import OwnSpans
    from console.ui.views.world.graphs import WorldGraphs

LEAST_BODY_PX = 300
TABS = ("Map", "Regions", "Graphs")
LATEST_GRAPHS_MS = 1500  # a store that does not open must not keep the plots away


class WorldView(QWidget):
    """`site_opened` carries a site id: one click or Enter on the map, in the regions or in the list (R2)."""

    site_opened = Signal(str)
    command_asked = Signal(object)  # None: whom it is for is chosen next

    def __init__(self, live: LiveFleet, span: TimeBarModel, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._live, self._span, self._theme = live, span, theme
        self._alarms = LiveAlarms.of(live)
        self._difficulty = _difficulty()
        self._places: Places | None = None
        self._graphs_asked = False
        self.graphs = self._own = None  # pyqtgraph is imported after the first paint (2-performance.md, P1)
        self.strip = FleetStrip(theme, self)
        self.tabs = TabRow(TABS, theme, self)
        self.map = WorldMap(theme, self)
        self.regions = RegionPanel(theme, self)
        self.attention = AttentionPanel(theme, self)
        self._reads = WorldReads(live, self)
        self._pieces = Piecewise(self)
        self.setAccessibleName("world view")
        self.setFocusProxy(self.map)
        self._connect()

    def _connect(self) -> None:
        for part in (self.map, self.regions, self.attention):
            part.site_opened.connect(self.site_opened)
        self.regions.command_asked.connect(lambda: self.command_asked.emit(None))
        self._commands = LiveCommands.of(self._live)
        self._commands.desk.changed.connect(self._show_command)
        self.attention.site_pointed.connect(self.map.focus_site)
        self.tabs.chosen.connect(lambda _tab: self._arrange())
        self._reads.graphs_answered.connect(self._take_answer)
        self._reads.day_changed.connect(lambda: self._show_readings(self._live.now))
        self._reads.regions_changed.connect(self._show_hours)
        self._reads.events_changed.connect(
            lambda: self.attention.show_events(self._reads.events, self._live.now.now_ms)
        )
        self._live.changed.connect(self._take)
        self._alarms.changed.connect(self._take_alarms)
        self._span.changed.connect(self._take_span)

    @property
    def pending(self) -> bool:
        """Whether something asked for is still to come (R50)."""
        if self.graphs is None or self._pieces.busy or self._reads.busy or self._own.busy:
            return True
        return self.map.isVisible() and self.map.pending

    def toggle_twin(self) -> None:
        """F7: from the map to the list of what needs attention and back; to the regions when nothing does."""
        if self.map.hasFocus():
            twin = self.attention.list if self.attention.model.rows else self.regions.tree
            if twin is self.regions.tree:
                self._show_tab("Regions")
            else:
                self.attention.point_at(self.map.focused_site)
            twin.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self._show_tab("Map")
            if self.attention.list.hasFocus() and self.attention.pointed is not None:
                self.map.focus_site(self.attention.pointed)
            self.map.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        self._theme = theme
        apply_theme(self, theme)
        self._arrange()

    def load(self) -> None:
        """Read everything on this thread: for captures and tests, not for a running window."""
        self._make_graphs(_graph_classes())
        now = self._live.now
        self._show(now)
        self._reads.load(now, self._span.span, self.graphs.wants(now), self.graphs.pixels())
        self._own.load()

    def _show_command(self) -> None:
        reason = self._commands.why_not()
        self.regions.command.switch(not reason, reason)

    # what changes by itself

    def _take_alarms(self, _alarms: object) -> None:
        self._take(self._live.now)

    def _take(self, now: FleetNow) -> None:
        if self._places is None:
            self._show(now)
            self._ask(now)
        elif self.isVisible():
            self._pieces.run(*(partial(piece, now) for piece in (*self._parts(), self._ask)))
        if self.graphs is None:
            self.update()  # the paint that follows the first values makes them

    def _show(self, now: FleetNow) -> None:
        self._pieces.stop()
        for part in self._parts():
            part(now)

    def _parts(self) -> tuple[Callable[[FleetNow], object], ...]:
        """What shows the fleet, each with what it needs."""
        alarms = site_alarms(self._alarms.now)
        return (
            lambda _now: self._show_command(),
            self._show_readings,
            lambda now: self.map.set_fleet(now, alarms),
            lambda now: self.attention.show_fleet(now, alarms, self._live.why_no_site),
            lambda now: self.regions.show_fleet(now, alarms),
            self._show_coverage,
        )

    def _show_coverage(self, now: FleetNow) -> None:
        if self.graphs is not None:
            self.graphs.show_coverage(now)
            self.graphs.set_cutoff(self._cutoff_ms())

    def _cutoff_ms(self) -> int | None:
        """Where the known ends: the store's newest sample when offline, asked for or because nothing is fresh."""
        return self._live.cutoff_ms if Mode.OFFLINE in self._live.mode else self._span.cutoff_ms

    def _take_span(self, _span: object = None) -> None:
        if self.graphs is None:
            return
        self.graphs.set_span(self._span.span, self._span.zone)
        self.graphs.set_cutoff(self._cutoff_ms())
        if self.isVisible():
            self._ask(self._live.now)

    def _ask(self, now: FleetNow) -> None:
        """Whatever is on screen and no longer up to date."""
        self._reads.ask_days(now)
        self._reads.ask_events(now)
        if self.graphs is not None and self.graphs.isVisible():
            wants, pixels = self.graphs.wants(now), self.graphs.pixels()
            self._reads.ask_graphs(now, self._span.span, wants, pixels)
            self._own.ask(wants, pixels)

    def _take_answer(self, answer: Answer) -> None:
        if self.graphs is not None:
            self._own.share(answer)
            self.graphs.show_answer(answer, self._live.now)

    def _show_readings(self, now: FleetNow) -> None:
        self.strip.show_readings(world_readings(Context(now, self._reads.day, self._difficulty)))

    def _show_hours(self) -> None:
        now = self._live.now
        held = {total.place for total in now.regions if total.held}
        self.regions.show_hours(
            {
                region: last_hour(series, now.now_ms, live=region_key(region) not in held)
                for region, series in self._reads.regions.items()
            }
        )

    # layout and keys

    def _fetch_graphs(self) -> None:
        """Their modules come on a worker thread: pyqtgraph alone would hold the map up for a fifth of a second."""
        if not self._graphs_asked:
            self._graphs_asked = True
            self._live.reads.run(_graph_classes, self._make_graphs)

    def _make_graphs(self, classes: tuple[type[OwnSpans], type[WorldGraphs]]) -> None:
        if self.graphs is not None:
            return
        own_spans, world_graphs = classes
        self.graphs = world_graphs(self._theme, self)
        self.graphs.span_asked.connect(lambda ends: self._span.show(*ends))
        self._own = own_spans(self._live, self._span, self.graphs.plots, self)
        self._own.answered.connect(lambda plot, answer: self.graphs.show_answer(answer, self._live.now, plot))
        self._reads.graphs_asked.connect(self.graphs.set_waiting)
        self._arrange()
        self.graphs.show_coverage(self._live.now)
        self._take_span()

    def minimumSizeHint(self) -> QSize:
        """Below this a scroll bar is kinder than a clipped value (R57)."""
        strip = self.strip.height_for(self.width(), 12)
        return QSize(900, strip + px(LEAST_BODY_PX))

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while another view was on screen; the graphs come after that."""
        super().showEvent(event)
        self._show(self._live.now)
        self._take_span()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Nothing of its own; but once the map and the first values are painted there is time for the graphs (P1)."""
        super().paintEvent(event)
        if self.graphs is None:
            QTimer.singleShot(0 if self._live.has_read else LATEST_GRAPHS_MS, self, self._fetch_graphs)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another size may be another layout."""
        self._arrange()

    def _arrange(self) -> None:
        density = density_at(self.window().width())  # large text needs the room of a small window
        margin, gap = density.value.margin, density.value.gap
        strip_height = self.strip.height_for(self.width() - 2 * margin, gap)
        spots = self._places = places(self.width(), self.height(), strip_height, density)
        tab = None if spots.tabs is None else self.tabs.current
        self.strip.setGeometry(spots.strip)
        self.strip.set_gap(gap)
        self.attention.setGeometry(spots.attention)
        self.tabs.setVisible(spots.tabs is not None)
        self.tabs.setGeometry(spots.tabs or QRect())
        parts = zip(TABS, (self.map, self.regions, self.graphs), (spots.map, spots.regions, spots.graphs), strict=True)
        for name, part, area in parts:
            if part is not None:
                part.setGeometry(area)
                part.setVisible(tab is None or tab == name)
        if density is Density.WALL:
            self.regions.unfold_while_room()
        if self.graphs is not None:
            self.graphs.set_gap(gap)
            self._ask(self._live.now)

    def _show_tab(self, name: str) -> None:
        if self._places is not None and self._places.tabs is not None:
            self.tabs.show_tab(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A slash goes to the filter of sites."""
        if event.text() == "/":
            self._show_tab("Regions")
            self.regions.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """A new font scale is a new layout."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange and self._places is not None:
            self._arrange()


def _graph_classes() -> tuple[type[OwnSpans], type[WorldGraphs]]:
    from console.ui.views.own_spans import OwnSpans
    from console.ui.views.world.graphs import WorldGraphs

    return OwnSpans, WorldGraphs


def _difficulty():
    """The shipped epochs; without them the tile says that it knows nothing."""
    try:
        return load_difficulty()
    except ConfigError:
        return None

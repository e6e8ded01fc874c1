"""L2, one site: header with key values, linked plots, containers, link and contract (mock-up 2).

Knows the live fleet, the span and the store's reader; polls nothing and decides nothing about freshness.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from console.domain.durations import DAY_MS, MINUTE_MS
from console.domain.fleet_state import FleetNow, SiteMark, SiteNow
from console.domain.place import site_key
from console.domain.rollup import SiteRollup
from console.domain.series import Series
from console.ui.models.commands.live import LiveCommands
from console.ui.models.containers import ContainerNow, containers_of
from console.ui.models.live import LiveFleet, Mode
from console.ui.models.miners.cells import CellReader, Cells
from console.ui.models.series_feed import Answer, Question, SeriesFeed, Want
from console.ui.models.span import TimeBarModel
from console.ui.plot.trend_plot import TrendPlot
from console.ui.theme import DARK, Theme, apply_theme
from console.ui.views.own_spans import OwnSpans
from console.ui.views.site.commands import SiteCommands
from console.ui.views.site.containers import ContainersPanel
from console.ui.views.site.header import SiteHeader
from console.ui.views.site.layout import Places, least_height, places, side_parts
from console.ui.views.site.plots import SitePlots
from console.ui.views.site.readings import SPARK_SIGNALS, site_readings, state_of
from console.ui.views.site.side import SiteSide
from console.ui.views.site.words import age_of
from console.ui.widgets.tab_row import TabRow

DAY_PIXELS = 720  # half the minutes of a day: with two buckets a pixel each minute is read
TABS = ("Graphs", "Miners", "Commands", "Details")


class SiteView(QWidget):
    """`show_site` says which. `closed` asks for the way back; `site_opened` tells that another site is on screen."""

    site_opened = Signal(str)
    place_asked = Signal(str)
    notes_asked = Signal(str)
    command_asked = Signal(object)
    closed = Signal()

    def __init__(self, live: LiveFleet, span: TimeBarModel, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._live, self._span, self._theme = live, span, theme
        self._site_id = ""
        self._container: str | None = None
        self._day: dict[str, Series] = {}
        self._cell_minute: int | None = None
        self._told: tuple[SiteRollup | None, tuple[ContainerNow, ...]] | None = None
        self._places: Places | None = None
        self._cell_reader = CellReader()
        self._build(theme)
        self._feed = SeriesFeed(live, self)
        self._day_feed = SeriesFeed(live, self)
        self._connect()

    def _build(self, theme: Theme) -> None:
        self.header = SiteHeader(theme, self)
        self.tabs = TabRow(TABS, theme, self)
        self.plots = SitePlots(theme, self)
        self.containers = ContainersPanel(theme, self)
        self.commands = SiteCommands(LiveCommands.of(self._live), theme, self)
        self.side = SiteSide(theme, self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # Escape works before anything inside was chosen
        self.setAccessibleName("site view")

    def _connect(self) -> None:
        self.header.back_asked.connect(self.closed)
        self.header.notes_asked.connect(lambda: self.notes_asked.emit(site_key(self._site_id)))
        self.tabs.chosen.connect(lambda _tab: self._arrange())
        self.plots.span_asked.connect(self._show_span)
        self.containers.chosen.connect(self._open_racks)
        self.containers.table_asked.connect(lambda: self.place_asked.emit(f"miners:{self._site_id}"))
        self.side.chosen.connect(self.show_container)
        self.commands.hand_on(self.command_asked, self.place_asked)
        self._own = OwnSpans(self._live, self._span, self.plots.plots, self)
        self._own.answered.connect(lambda plot, answer: self._draw(answer, plot))
        self._feed.asked.connect(self.plots.set_waiting)
        self._feed.answered.connect(self._take_answer)
        self._day_feed.answered.connect(self._take_day)
        self._live.changed.connect(self._take)
        self._span.changed.connect(self._take_span)

    # what it is told

    @property
    def site_id(self) -> str:
        """The site on screen, or nothing."""
        return self._site_id

    @property
    def pending(self) -> bool:
        """Whether something asked for is still to come (R50)."""
        return self._feed.busy or self._day_feed.busy or self._own.busy

    def show_site(self, site_id: str) -> None:
        """Put a site on screen; an unknown id leaves what is there."""
        if not any(site.id == site_id for site in self._live.now.fleet.sites):
            return
        changed, whole = site_id != self._site_id, self._container is None
        self._site_id, self._container = site_id, None
        self._span.set_site_zone(self._live.now.site(site_id).site.time_zone)
        if changed:
            self._day, self._cell_minute = {}, None
            self.containers.show_cells({})
        if changed or not whole:
            self._show_place()
        if changed:
            self.site_opened.emit(site_id)

    def show_container(self, name: str) -> None:
        """Show one container's graphs; an empty name goes back to the whole site."""
        self._container = name if name and name != self._container else None  # a second click on a card lifts it
        self._show_place()

    def toggle_twin(self) -> None:
        """F7: from the cards to their table twin and back."""
        twin = self.containers.grid if self.side.table.hasFocus() else self.side.shown_table()
        if self.tabs.isVisible():
            self.tabs.show_tab(TABS[1] if twin is self.containers.grid else TABS[3])
        twin.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _open_racks(self, name: str) -> None:
        """From a container's card to its racks in one action (R2); its graphs are reached by the table."""
        if not name and self._container is not None:  # Escape lifts the container whose graphs are shown
            self.show_container("")
        else:
            self.place_asked.emit(f"racks:{self._site_id}/{name}")

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        self._theme = theme
        apply_theme(self, theme)
        self.updateGeometry()
        self._arrange()

    def load(self) -> None:
        """Read everything on this thread: for captures and tests, not for a running window."""
        if not self._site_id:
            return
        for feed, question in ((self._day_feed, self._day_question), (self._feed, self._question)):
            feed.load(question(self._now))
        self._own.load()
        self._take_cells(self._site_id, self._cell_reader.read(self._live.telemetry, self._site_id))

    # what changes by itself

    @property
    def _now(self) -> SiteNow:
        return self._live.now.site(self._site_id)

    def _show_place(self) -> None:
        self.plots.show_place(self._site_id, self._container or "")
        self.containers.grid.select(self._container)
        self.side.table.select(self._container)
        self._take_span(self._span.span)
        self._take(self._live.now)

    def _take(self, fleet_now: FleetNow) -> None:
        if not self._site_id or (not self.isVisible() and self._places is not None):
            return
        now = fleet_now.site(self._site_id)
        self._show_now(now, fleet_now.now_ms)
        self._ask(now)

    def _show_now(self, now: SiteNow, now_ms: int) -> None:
        containers = self._containers_now(now)
        state = state_of(now)
        readings = site_readings(now, containers, self._day, now_ms)
        self.header.show_site(now, now_ms, len(containers), readings, offline=Mode.OFFLINE in self._live.mode)
        self.plots.follow(now)
        self.containers.show_containers(containers, age_of(now.at_ms, now_ms), state.is_old)
        self.side.show_site(now, now_ms, containers)
        self.commands.show_site(now, state)

    def _containers_now(self, now: SiteNow) -> tuple[ContainerNow, ...]:
        """The same tuple as long as the frame is the same: what is drawn of it may then be kept."""
        if self._told is None or self._told[0] is not now.rollup:
            self._told = (now.rollup, containers_of(now.rollup))
        return self._told[1]

    def _take_span(self, _span: object) -> None:
        self.plots.set_span(self._span.span, self._span.zone)
        self.plots.set_cutoff(self._span.cutoff_ms)
        if self._site_id and self.isVisible():
            self._ask(self._now)

    def _show_span(self, ends: tuple[int, int]) -> None:
        """A plot was dragged or zoomed; where the time bar keeps its span, all plots go back to it."""
        self._span.show(*ends)
        self._take_span(self._span.span)

    def _ask(self, now: SiteNow) -> None:
        """Whatever is on screen and no longer up to date."""
        self._feed.ask(self._question(now))
        self._own.ask(self.plots.wants(), self.plots.pixels())
        self._day_feed.ask(self._day_question(now))
        minute = None if now.at_ms is None else now.at_ms // MINUTE_MS
        if minute is not None and minute != self._cell_minute:
            self._cell_minute = minute
            site_id, telemetry = self._site_id, self._live.telemetry
            self._live.reads.run(
                lambda: self._cell_reader.read(telemetry, site_id), lambda cells: self._take_cells(site_id, cells)
            )

    def _question(self, now: SiteNow) -> Question:
        span = self._span.span
        newest = _minute(now) if span.live else None
        stamp = (newest, self._live.filled())
        return Question(self.plots.wants(), span.start_ms, span.end_ms, self.plots.pixels(), stamp)

    def _day_question(self, now: SiteNow) -> Question:
        end_ms = (now.at_ms or self._live.now.now_ms) // MINUTE_MS * MINUTE_MS + MINUTE_MS
        wants = tuple(Want(site_key(self._site_id), signal) for signal in SPARK_SIGNALS)
        return Question(wants, end_ms - DAY_MS, end_ms, DAY_PIXELS, self._live.filled())

    def _take_answer(self, answer: Answer) -> None:
        self._own.share(answer)
        self._draw(answer)

    def _draw(self, answer: Answer, own: TrendPlot | None = None) -> None:
        if self._site_id:
            self.plots.show_answer(answer, self._now, own)
            self.plots.follow(self._now)

    def _take_day(self, answer: Answer) -> None:
        self._day = {want.signal: series for want, series in answer.series.items()}
        self._show_now(self._now, self._live.now.now_ms)

    def _take_cells(self, site_id: str, cells: Cells) -> None:
        if site_id == self._site_id:
            self.containers.show_cells(cells)

    # layout and keys

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another size may be another layout."""
        self._arrange()

    def showEvent(self, event: object) -> None:
        """Catch up with what happened while another view was on screen; without a site, the one that needs a look."""
        if not self._site_id and self._live.now.sites:
            self.show_site(worst_site(self._live.now))
        elif self._site_id:
            self._take_span(self._span.span)
            self._take(self._live.now)

    def minimumSizeHint(self) -> QSize:
        """What the window may scroll to when text is large and the window is not."""
        width = self.window().width()
        return QSize(0, least_height(self.header.height_for(width - 24), width))

    def _arrange(self) -> None:
        window = self.window().width() if self.window() is not None else self.width()
        self._places = places(self.width(), self.height(), self.header.height_for(self.width() - 24), window)
        spots = self._places
        tab = None if spots.tabs is None else self.tabs.current
        self.header.setGeometry(spots.header)
        self.tabs.setVisible(spots.tabs is not None)
        self.tabs.setGeometry(spots.tabs or QRect())
        for name, part, area in zip(
            TABS,
            (self.plots, self.containers, self.commands, self.side),
            (spots.plots, spots.containers, *side_parts(spots, self.commands.height_for(spots.side.width()))),
            strict=True,
        ):
            part.setGeometry(area)
            part.setVisible(tab is None or tab == name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes from a container to its site and from a site to the world."""
        if event.key() != Qt.Key.Key_Escape:
            event.ignore()
        elif self._container is not None:
            self.show_container("")
        else:
            self.closed.emit()


def worst_site(fleet_now: FleetNow) -> str:
    """The site with the worst mark, the largest first: what F2 shows before anybody chose one."""
    marks = list(SiteMark)
    return min(fleet_now.sites, key=lambda now: (marks.index(now.mark), -now.site.deployed_hs)).site.id


def _minute(now: SiteNow) -> int | None:
    return None if now.at_ms is None else now.at_ms // MINUTE_MS

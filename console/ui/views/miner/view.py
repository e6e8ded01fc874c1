"""One machine's page: who it is, what it does, what is expected of it, its past, its notes and parts (mock-up 7).

Shows what the source tells and nothing more: boards and fans are asked for when somebody looks at them.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from console.domain.fleet_state import FleetNow
from console.domain.freshness import Freshness, freshness
from console.domain.link_state import Link
from console.domain.place import miner_key
from console.ui.density import Density, density_at
from console.ui.fonts import px
from console.ui.models.live import LiveFleet
from console.ui.models.miners.machines import Machines, MachinesNow
from console.ui.models.miners.page import MinerNow, MinerPast, Past, WhichMiner, find_miner
from console.ui.models.span import TimeBarModel
from console.ui.plot.trend_plot import TrendPlot
from console.ui.theme import DARK, Theme, apply_theme, slim_scroll_bars
from console.ui.views.miner.head import HEAD_PX, MinerHead
from console.ui.views.miner.more import MinerMore
from console.ui.views.miner.plots import MinerPlots
from console.ui.views.miner.spans import MinerSpans
from console.ui.views.miner.values import ROW_PX, MinerValues
from console.ui.views.miner.words import event_facts, export_words, identity, place_words, rule_words, value_rows
from console.ui.views.site.words import age_of
from console.ui.widgets.panel import TITLE_PX, Panel
from console.ui.widgets.state_glyph import ValueState

SIDE_PX = {Density.COMPACT: 380, Density.STANDARD: 470, Density.WALL: 620}
FOOT_PX, VALUES, LEAST_MORE_PX, SCROLL_BAR_PX = 12, 5, 256, 14


class MinerView(QWidget):
    """`place` is `site/name`. `place_asked` leads to its rack or its site; `closed` back."""

    place_asked = Signal(str)
    closed = Signal()

    def __init__(self, live: LiveFleet, span: TimeBarModel, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._live, self._span, self._theme = live, span, theme
        self._site_id, self._id = "", ""
        self._miner: MinerNow | None = None
        self.machines = Machines(live, self)
        self.past = MinerPast(live, self)
        self._build(theme)
        self._connect()

    def _build(self, theme: Theme) -> None:
        self.head = MinerHead(theme, self)
        self._side = QScrollArea(self)  # a scroll bar instead of a clipped fact when the window is low
        self._side.setFrameShape(QFrame.Shape.NoFrame)
        self._side.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._side.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        slim_scroll_bars(self._side, theme)
        column = QWidget()
        self._side.setWidget(column)
        self._now_panel = Panel("Now", theme, foot=FOOT_PX, parent=column)
        self.values = MinerValues(theme)
        self._now_panel.set_body(self.values)
        self.more = MinerMore(self._live, theme, column)
        self.plots = MinerPlots(theme, self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("miner view")

    def _connect(self) -> None:
        self.head.back_asked.connect(self.closed)
        self.head.site_asked.connect(lambda: self.place_asked.emit(f"site:{self._site_id}"))
        self.head.rack_asked.connect(self._ask_rack)
        self.more.left.connect(self.setFocus)
        self.plots.span_asked.connect(lambda ends: self._span.show(*ends))
        self.plots.preset_asked.connect(self._span.set_preset)
        self.machines.changed.connect(self._take_machines)
        self.machines.troubled.connect(self._show_now)
        self.past.asked.connect(self.plots.set_waiting)
        self.past.answered.connect(self._take_past)
        self._own = MinerSpans(self._live, self._span, self.plots, self)
        self._own.answered.connect(self._take_own)
        self._live.changed.connect(self._tick)
        self._span.changed.connect(self._take_span)  # no lambda: the time bar would keep every closed page alive

    # what it is told

    @property
    def place(self) -> str:
        """`site/name`, or nothing."""
        return f"{self._site_id}/{self._id}" if self._id else ""

    @property
    def subject(self) -> tuple[str, str] | None:
        """The machine by its name, and where and which it is, for the stamp of an export (R47); None before any."""
        return export_words(self._id, self._live.now.site(self._site_id).site, self._miner) if self._id else None

    @property
    def pending(self) -> bool:
        """Whether something asked for is still to come (R50)."""
        return self.machines.busy or self.past.busy or self._own.busy

    @property
    def miner(self) -> MinerNow | None:
        """The machine as of the newest frame; None where the newest roster lacks it."""
        return self._miner

    @property
    def machine_number(self) -> str:
        """What tells this machine apart wherever it stands; empty where its source tells no such number."""
        return "" if self._miner is None else self._miner.machine

    def show_place(self, place: str) -> None:
        """Put a machine on screen: `site/name`; the name may hold slashes."""
        site_id, _, miner_id = place.partition("/")
        if not any(site.id == site_id for site in self._live.now.fleet.sites):
            return
        if place != self.place:
            self._miner = None
            self.plots.clear()
            self.more.show_events((), "")
        self._site_id, self._id = site_id, miner_id
        self._span.set_site_zone(self._live.now.site(site_id).site.time_zone)
        self.machines.open(site_id)
        if self.machines.now is not None:
            self._take_machines(self.machines.now)
        self._show_now()
        self._take_span()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        self._theme = theme
        slim_scroll_bars(self._side, theme)
        apply_theme(self, theme)
        self._arrange()

    # what changes by itself

    def _take_machines(self, machines: MachinesNow) -> None:
        self._miner = find_miner(machines, self._id)
        if self._miner is not None:
            self.plots.show_expected(self._miner)
        self._show_now()
        self._open_more()
        self._ask()

    def _take_span(self, _span: object = None) -> None:
        self.plots.set_span(self._span.span, self._span.zone, self._span.cutoff_ms)
        if self.isVisible():
            self._ask()

    def _take_past(self, past: Past) -> None:
        if (past.site_id, past.id) == (self._site_id, self._id):
            self._own.share(past)
            self.plots.show_past(past, self._is_live)
            none = "" if past.events else "none of its site in the last 14 days"
            self.more.show_events(event_facts(past.events), none)

    def _take_own(self, plot: TrendPlot, past: Past) -> None:
        if (past.site_id, past.id) == (self._site_id, self._id):
            self.plots.show_past(past, self._is_live, plot)

    @property
    def _is_live(self) -> bool:
        """Whether a curve may end in a filled dot."""
        return self._freshness() in (Freshness.FRESH, Freshness.LATE)

    def _tick(self, _now: FleetNow) -> None:
        if self.isVisible() and self._id:
            self._show_now()

    def _open_more(self) -> None:
        """Notes follow the machine, so its number must be known before they are read."""
        if self._id and self.isVisible() and self.machines.now is not None:
            self.more.open(self._site_id, self._id, miner_key(self._site_id, self._id), self.machine_number)

    def _ask(self) -> None:
        if self._id:
            at_ms = self._miner.at_ms if self._miner is not None and self._span.span.live else None
            rated_w = math.nan if self._miner is None else self._miner.number["rated_w"]
            which = WhichMiner(self._site_id, self._id, rated_w if math.isfinite(rated_w) else None)
            self.past.ask(which, self._span.span, at_ms)
            self._own.ask(which)

    def _freshness(self) -> Freshness:
        live = self._live
        at_ms = None if self._miner is None else self._miner.at_ms
        period_s = live.now.site(self._site_id).site.poll_period_s
        return freshness(at_ms, live.now.now_ms, period_s, offline=live.offline_asked)

    def _show_now(self) -> None:
        now = self._live.now.site(self._site_id)
        miner = self._miner
        if miner is None:
            reading, trouble = self.machines.now is None, self.machines.trouble
            words = "reading" if reading else "not in the newest roster of its site: swapped, moved or renamed"
            words = f"cannot be read: {trouble}" if reading and trouble else words
            self.head.show_missing(self._id, now.site.name, words)
            self.values.show_rows((), ValueState.NEVER, "")
            self.more.facts.show_facts(())
            return
        state = ValueState.of(self._freshness(), linked=now.link.link is not Link.DOWN)
        age = age_of(miner.at_ms, self._live.now.now_ms)
        self.head.show_miner(miner, place_words(miner, now.site.name), rule_words(miner), old=state.is_old)
        self._now_panel.set_words("Last known" if state.is_old else "Now", "", f"age {age}")
        self.values.show_rows(value_rows(miner), state, age)
        self.more.facts.show_facts(identity(miner, now.site.name))

    def _ask_rack(self) -> None:
        if self._miner is not None:
            self.place_asked.emit(f"racks:{self._site_id}/{self._miner.names['container']}")

    # layout and keys

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another size may be another layout."""
        self._arrange()

    def _arrange(self) -> None:
        density = density_at(self.window().width())
        margin, gap = density.value.margin, density.value.gap
        inner = QRect(margin, gap, self.width() - 2 * margin, self.height() - 2 * gap)
        self.head.setGeometry(inner.left(), inner.top(), inner.width(), px(HEAD_PX))
        top = self.head.geometry().bottom() + 1 + gap
        side = min(px(SIDE_PX[density]), inner.width() // 2)
        self._side.setGeometry(inner.left(), top, side, inner.bottom() + 1 - top)
        self._stack_panels(side, inner.bottom() + 1 - top, gap)
        left = inner.left() + side + gap
        self.plots.setGeometry(left, top, inner.right() + 1 - left, inner.bottom() + 1 - top)

    def _stack_panels(self, width: int, room: int, gap: int) -> None:
        """The values, and with what is left the tabs, never too low to write a note."""
        first, least = px(TITLE_PX) + VALUES * px(ROW_PX) + FOOT_PX, px(LEAST_MORE_PX)
        high = max(room, first + gap + least)
        inside = width - (SCROLL_BAR_PX if high > room else 0)
        self._side.widget().resize(inside, high)
        self._now_panel.setGeometry(0, 0, inside, first)
        self.more.setGeometry(0, first + gap, inside, high - first - gap)

    def showEvent(self, event: object) -> None:
        """Catch up with what happened while another view was on screen."""
        if self._id:
            self.machines.open(self._site_id)
            self._show_now()
            self._open_more()
            self._take_span()

    def hideEvent(self, event: object) -> None:
        """Nothing is read for a page that nobody sees."""
        self.machines.rest()
        self.past.close()
        self._own.rest()
        self.more.rest()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leads back."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            event.ignore()

"""Any two to six sites, containers or regions on one graph and one scale, with the fleet's own site as reference.

Knows the live fleet, the span and what was compared last; what stands against what is `models/comparison`'s business.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from console.domain.durations import MINUTE_MS
from console.domain.place import container_key, region_key, site_key
from console.domain.series import Series
from console.domain.site import Fleet
from console.ui.density import density_at
from console.ui.fonts import px
from console.ui.models.comparison import (
    LEAST,
    MOST,
    Measure,
    Place,
    Scale,
    axis_of,
    place_of,
    reference_of,
    scaled,
    top_of,
    wants_of,
    words_of,
)
from console.ui.models.comparison_kept import Choice, keep_choice, read_choice
from console.ui.models.live import LiveFleet
from console.ui.models.series_feed import Answer, Question, SeriesFeed, Want
from console.ui.models.span import TimeBarModel
from console.ui.plot.canvas import Loading
from console.ui.theme import DARK, Theme, apply_theme
from console.ui.views.compare.head import CompareHead
from console.ui.views.compare.lines import Shown, curve_of, line_of
from console.ui.views.compare.plot import ComparePlot
from console.ui.views.compare.table import CompareTable
from console.ui.views.own_spans import OwnSpans

LEAST_PLOT_PX = 190


class CompareView(QWidget):
    """`show_place` adds a site or container to what is compared. `place_asked` carries another view's address."""

    place_asked = Signal(str)
    closed = Signal()

    def __init__(self, live: LiveFleet, span: TimeBarModel, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._live, self._span, self._theme = live, span, theme
        self._choice = Choice()
        self._folder: Path | None = None
        self._series: Mapping[Want, Series] = {}
        self.head = CompareHead(theme, self)
        self.plot = ComparePlot(theme, self)
        self.table = CompareTable(theme, self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("comparison view")
        self._feed = SeriesFeed(live, self)
        self._own = OwnSpans(live, span, (self.plot,), self)
        self._connect()
        self._show_choice()

    def _connect(self) -> None:
        head = self.head
        head.measure_chosen.connect(lambda measure: self.choose(measure=measure))
        head.scale_chosen.connect(lambda scale: self.choose(scale=scale))
        head.reference_chosen.connect(lambda on: self.choose(reference=on))
        head.places_asked.connect(self.pick_places)
        self.plot.span_asked.connect(lambda ends: self._span.show(*ends))
        self.table.removed.connect(self.remove)
        self.table.marked.connect(lambda _key: self._draw())
        self._feed.asked.connect(self._wait)
        self._own.answered.connect(lambda _plot, answer: self._show_answer(answer))
        self._feed.answered.connect(self._take_answer)
        self._live.changed.connect(self._take)
        self._span.changed.connect(self._take_span)

    # what it is told

    @property
    def choice(self) -> Choice:
        """What is compared."""
        return self._choice

    @property
    def pending(self) -> bool:
        """Whether something asked for is still to come (R50)."""
        return self._feed.busy or self._own.busy

    @property
    def subject(self) -> tuple[str, str]:
        """Title and places, for the stamp of an export (R47)."""
        return self.plot.title, ", ".join(place.title for place in self._places())

    def keep_in(self, folder: Path) -> None:
        """The profile's folder, where the last choice lies."""
        self._folder = folder
        self._choice = read_choice(folder)
        self._show_choice()
        self._refresh()

    def show_place(self, place: str) -> None:
        """Compare a site (`us-ga-1`) or a container (`us-ga-1/C07`) with the rest; the oldest makes room."""
        site_id, _, container = place.partition("/")
        key = container_key(site_id, container) if container else site_key(site_id)
        places = self._choice.places or usual_places(self._live.now.fleet)
        if key not in places and place_of(self._live.now, key) is not None:
            self.choose(places=(*places[-MOST + 1 :], key))

    def choose(self, **changes: object) -> None:
        """Another choice; it is kept in the profile."""
        self._choice = msgspec.structs.replace(self._choice, **changes)
        if self._folder is not None:
            keep_choice(self._folder, self._choice)
        self._show_choice()
        self._refresh()

    def remove(self, key: str) -> None:
        """Take a place off the graph; two at least stay."""
        left = tuple(place for place in self._choice.places or usual_places(self._live.now.fleet) if place != key)
        if len(left) >= LEAST:
            self.choose(places=left)

    def pick_places(self) -> None:
        """The dialog that chooses them."""
        from console.ui.dialogs.pick_places import PickPlaces

        dialog = PickPlaces(self._live.now, self.compared(), self._theme, self)
        dialog.chosen.connect(lambda keys: self.choose(places=tuple(keys)))
        dialog.open()

    def load(self) -> None:
        """Read everything on this thread: for captures and tests, not for a running window."""
        self._feed.load(self._question())
        self._own.load()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        self._theme = theme
        apply_theme(self, theme)
        self.updateGeometry()
        self._arrange()

    # what is compared

    def compared(self) -> tuple[str, ...]:
        """The places compared, without the reference; one that the fleet has no more is left out, not forgotten."""
        wanted = self._choice.places or usual_places(self._live.now.fleet)
        return tuple(key for key in wanted if place_of(self._live.now, key) is not None)

    def _reference(self) -> str | None:
        """The key of the reference line, where it is on and not one of the places anyhow."""
        key = reference_of(self._live.now) if self._choice.reference else None
        return None if key in self.compared() else key

    def _places(self) -> tuple[Place, ...]:
        """Compared places, the reference last."""
        reference = self._reference()
        keys = (*self.compared(), *((reference,) if reference else ()))
        return tuple(place for key in keys if (place := place_of(self._live.now, key)) is not None)

    # reading and drawing

    def _show_choice(self) -> None:
        choice, key = self._choice, reference_of(self._live.now)
        reference = place_of(self._live.now, key) if key else None
        self.head.show_choice(choice.measure, choice.scale, reference.title if reference else None, on=choice.reference)
        self._fit_head()

    def _take(self, _now: object) -> None:
        if self.isVisible():
            self._show_choice()
            self._refresh()

    def _take_span(self, _span: object) -> None:
        self.plot.set_zone(self._span.zone)
        self.plot.set_span(self._span.span)
        self.plot.set_cutoff(self._span.cutoff_ms)
        if self.isVisible():
            self._refresh()

    def _refresh(self) -> None:
        """Ask for what is not up to date, and draw what is there on the scale in force."""
        if self._live.now.sites:
            question = self._question()
            self._feed.ask(question)
            self._own.ask(question.wants, question.pixels)
        self._draw()

    def _question(self) -> Question:
        span, now = self._span.span, self._live.now
        newest = now.total.at_ms // MINUTE_MS if span.live and now.total.at_ms is not None else None
        wants = wants_of([place.key for place in self._places()], self._choice.measure)
        pixels = max(100, round(self.plot.plot_area().width()))
        return Question(wants, span.start_ms, span.end_ms, pixels, (newest, self._live.filled()))

    def _wait(self) -> None:
        if self.plot.link.linked:
            self.plot.set_loading(Loading.WAITING)

    def _take_answer(self, answer: Answer) -> None:
        self._own.share(answer)
        if self.plot.link.linked:
            self._show_answer(answer)

    def _show_answer(self, answer: Answer) -> None:
        self._series = answer.series
        self.plot.set_loading(Loading.INCOMPLETE if answer.failed else Loading.COMPLETE)
        self._draw()

    def _draw(self) -> None:
        choice, places = self._choice, self._places()
        axis = axis_of(choice.measure, choice.scale, top_of(self._series, choice.measure))
        reference, marked = self._reference(), self.table.marked_key
        shown = [
            Shown(
                place,
                scaled(self._series, place, choice.measure, axis),
                number,
                reference=place.key == reference,
                live=place.fresh and self.plot.span.live,
            )
            for number, place in enumerate(places)
        ]
        self.plot.show_words(words_of(choice.measure, choice.scale), axis)
        self.plot.set_curves([curve_of(one, self._series, choice.measure, axis, marked) for one in shown if one.drawn])
        self._fill_table(shown)

    def _fill_table(self, shown: Sequence[Shown]) -> None:
        choice, span = self._choice, self.plot.span
        axis = axis_of(choice.measure, choice.scale, top_of(self._series, choice.measure))
        against = next((one for one in shown if one.reference), None)
        before = self.table.height_wanted()
        self.table.show_lines([line_of(one, against, choice.measure, axis, span) for one in shown], axis.unit)
        if self.table.height_wanted() != before:
            self.updateGeometry()
            self._arrange()

    # layout and keys

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while another view was on screen."""
        self._show_choice()
        self._take_span(self._span.span)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another size may be another layout, and another count of buckets."""
        self._arrange()
        if self.isVisible():
            self._refresh()

    def minimumSizeHint(self) -> QSize:
        """What the window may scroll to when text is large and the window is not."""
        return QSize(0, self.head.height() + px(LEAST_PLOT_PX) + self.table.height_wanted() + 40)

    def _fit_head(self) -> None:
        density = density_at(self.window().width())
        self.head.fit(density, self.width())

    def _arrange(self) -> None:
        self._fit_head()
        size = density_at(self.window().width()).value
        margin, gap, wide = size.margin, size.gap, self.width() - 2 * size.margin
        top = gap // 2
        self.head.setGeometry(0, top, self.width(), self.head.height())
        top += self.head.height() + gap // 2
        table = self.table.height_wanted()
        plot = max(px(LEAST_PLOT_PX), self.height() - top - table - gap - gap)
        self.plot.setGeometry(QRect(margin, top, wide, plot))
        self.table.setGeometry(QRect(margin, top + plot + gap, wide, table))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """P chooses places, R switches the reference line, M and S go round measures and scales, Escape goes back."""
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.closed.emit()
        elif key == Qt.Key.Key_P:
            self.pick_places()
        elif key == Qt.Key.Key_R and self.head.reference.isEnabled():
            self.choose(reference=not self._choice.reference)
        elif key == Qt.Key.Key_M:
            self.choose(measure=_next(Measure, self._choice.measure))
        elif key == Qt.Key.Key_S and self._choice.measure is not Measure.EFFICIENCY:
            self.choose(scale=_next(Scale, self._choice.scale))
        else:
            event.ignore()


def usual_places(fleet: Fleet) -> tuple[str, ...]:
    """Before anybody chose: the regions, or the first sites of a fleet that has only one."""
    regions = tuple(region_key(region) for region in fleet.regions())
    return regions[:MOST] if len(regions) >= LEAST else tuple(site_key(site.id) for site in fleet.sites[:MOST])


def _next(of: type[Measure] | type[Scale], here: Measure | Scale) -> Measure | Scale:
    values = list(of)
    return values[(values.index(here) + 1) % len(values)]

"""What one compared place looks like: its curve on the graph and its row in the table. Builds data, draws nothing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from console.domain.series import Series
from console.ui.models.comparison import Axis, Figures, Measure, Place, figures, held_part
from console.ui.models.series_feed import Want
from console.ui.models.span import Span
from console.ui.numbers import NO_VALUE, decimal, percent
from console.ui.plot.marks import Curve
from console.ui.views.compare.table import Line

TONES = ("steel", "sand", "sage", "mauve", "plain", "disc")
REFERENCE_TONE, MARKED_TONE, FAINT_TONE = "t1", "t1", "edge"


@dataclass(frozen=True, slots=True)
class Shown:
    """One place as compared: `series` in the axis' unit (None: nothing came yet) and its number among the others."""

    place: Place
    series: Series | None
    number: int
    reference: bool
    live: bool

    @property
    def tone(self) -> str:
        """The token of its curve."""
        return REFERENCE_TONE if self.reference else TONES[self.number % len(TONES)]

    @property
    def drawn(self) -> bool:
        """Whether there is a curve at all."""
        return self.series is not None and bool(np.isfinite(self.series.mean).any())


def curve_of(shown: Shown, series: Mapping[Want, Series], measure: Measure, axis: Axis, marked: str) -> Curve:
    """The curve of a place that is drawn; with a marked row all others step back, but for the reference."""
    own = shown.series
    assert own is not None  # noqa: S101 - the caller asked `drawn`
    tone = shown.tone
    if marked and not shown.reference:
        tone = MARKED_TONE if shown.place.key == marked else FAINT_TONE
    newest = shown.place.newest(measure, axis) if shown.live else math.nan
    return Curve.of(
        own,
        1.0,
        name=shown.place.title,
        value=_text(newest, axis) if math.isfinite(newest) else "",
        live=shown.live,
        held=held_part(series, shown.place.key, measure, own),
        tone=tone,
        dashed=shown.reference,
    )


def line_of(shown: Shown, against: Shown | None, measure: Measure, axis: Axis, span: Span) -> Line:
    """The row of a place; `against` is the reference where it is on."""
    own = figures(shown.series, span.start_ms, span.end_ms)
    other = figures(against.series, span.start_ms, span.end_ms) if against is not None else None
    newest = shown.place.newest(measure, axis) if shown.live else math.nan
    latest = newest if math.isfinite(newest) else own.latest
    texts = [_text(value, axis) for value in (latest, own.mean, own.low, own.high)]
    difference = "reference" if shown.reference else _difference(own, other)
    known = f"{int(own.known * 100)} %" if own.known < 1 else "all"  # never rounded up to all
    return Line(
        shown.place.key,
        shown.tone,
        shown.place.title,
        shown.place.detail,
        (*texts, difference, known),
        reference=shown.reference,
    )


def _difference(own: Figures, other: Figures | None) -> str:
    """How far the mean lies from the reference's, in percent of that."""
    if other is None or not math.isfinite(own.mean / other.mean if other.mean else math.nan):
        return NO_VALUE
    ratio = own.mean / other.mean - 1
    return f"{'+' if ratio > 0 else ''}{percent(ratio)} %"


def _text(value: float, axis: Axis) -> str:
    return decimal(value, axis.decimals)

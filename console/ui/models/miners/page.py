"""What is known of one machine: who it is, what it does now, and its past by the minute, read off the GUI thread.

The past follows the machine through every roster of its site: it is asked for by name, never by place.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QObject, Signal

from console.domain.durations import DAY_MS, MINUTE_MS
from console.domain.metric import (
    BOARD_C,
    HASHRATE,
    INLET_C,
    POWER,
    Metric,
    MinerState,
    implausible,
    is_plausible,
    most_plausible,
)
from console.domain.note import machine_number
from console.domain.place import site_key
from console.domain.roster_columns import unshared
from console.domain.series import Series
from console.store.face import Event, MinerSeries, OperationsReader, TelemetryReader
from console.ui.models.live import LiveFleet
from console.ui.models.miners.machines import MachinesNow
from console.ui.models.span import Span

FINE_SPAN_MS = 2 * DAY_MS  # up to here by the minute, beyond by five minutes with the extremes of what is kept
COARSE_STEP_MS = 5 * MINUTE_MS
THINNED_AFTER_MS = 2 * DAY_MS  # of older frames the store keeps one in five minutes: a shorter dip is not among them
EVENTS_BACK_MS = 14 * DAY_MS
MOST_EVENTS = 40
GAP_PERIODS = 2.5
PLOTTED = (HASHRATE, POWER, BOARD_C, INLET_C)
NAMED = ("model", "serial", "mac", "ip", "container", "rack", "slot", "firmware")


@dataclass(frozen=True, slots=True)
class MinerNow:
    """One machine in the newest frame; numbers in canonical units, NaN = no value. `suspect` names metrics.

    `machine` is what tells it apart (see `Note`): a number that several machines of its roster tell does not.
    """

    site_id: str
    id: str
    names: Mapping[str, str]
    number: Mapping[str, float]
    state: MinerState
    suspect: Mapping[str, float]
    at_ms: int | None
    machine: str = ""


@dataclass(frozen=True, slots=True)
class WhichMiner:
    """Whose past is asked for; `rated_w` (W, None = not known) bounds what its power can be."""

    site_id: str
    id: str
    rated_w: float | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """The series of one machine in a span, by metric, and the events of its site; what failed is named.

    `left_out` counts the samples of a metric that no machine can have: one of them would flatten the whole curve.
    `thinned` names the metrics that have one sample in five minutes of what is older than two days.
    """

    site_id: str
    id: str
    span: Span
    series: Mapping[str, Series]
    events: tuple[Event, ...]
    failed: tuple[str, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)
    thinned: tuple[str, ...] = ()


def find_miner(machines: MachinesNow, miner_id: str) -> MinerNow | None:
    """A machine by its name at the source; None where the newest roster lacks it."""
    if not machines.named:
        return None
    rows = np.flatnonzero(machines.table.text["id"] == miner_id)
    if not rows.size:
        return None
    row = int(rows[0])
    part, position = machines.part_of(row)
    told = {metric.name: machines.told(row, metric.name) for metric in PLOTTED}
    rated_w = float(machines.table.number["rated_w"][row])
    suspect = {
        name: value for name, value in told.items() if np.isfinite(value) and not is_plausible(name, value, rated_w)
    }
    return MinerNow(
        part.site.id,
        miner_id,
        {name: machines.text(row, name) for name in NAMED},
        {name: float(column[row]) for name, column in machines.table.number.items()},
        MinerState(int(machines.table.state[row])),
        suspect,
        part.at_ms,
        machine_number(*unshared(part.roster, position)),
    )


def believed(told: MinerSeries, metric: str, rated_w: float | None) -> MinerSeries:
    """The samples that a machine can have, and those without a value."""
    most = np.max(most_plausible(metric, np.array([np.nan if rated_w is None else rated_w])))
    wrong = implausible(metric, told.values, most)
    return MinerSeries(told.at_ms[~wrong], told.values[~wrong])


def is_thinned(told: MinerSeries, now_ms: int) -> bool:
    """Whether of what is older than two days most samples stand five minutes apart or more."""
    older = told.at_ms[told.at_ms < now_ms - THINNED_AFTER_MS]
    return older.size > 1 and bool(np.median(np.diff(older)) >= COARSE_STEP_MS)


def gridded(told: MinerSeries, place: str, metric: str, span: Span) -> Series:
    """The past as a plot takes it: each sample as it is, or in a long span five minutes with their extremes (R18).

    Where frames are kept less often than that, each sample is shown again. A silence of more than 2.5 times the
    usual distance is a gap.
    """
    usual_ms = int(np.median(np.diff(told.at_ms))) if told.at_ms.size > 1 else MINUTE_MS
    usual_ms = max(MINUTE_MS, usual_ms)
    if span.length_ms <= FINE_SPAN_MS or usual_ms >= COARSE_STEP_MS:
        return sampled(told, place, metric, usual_ms)
    return bucketed(told, place, metric, span)


def sampled(told: MinerSeries, place: str, metric: str, usual_ms: int) -> Series:
    """Every known sample of a minute, with a NaN in each gap."""
    known = np.isfinite(told.values)
    at_ms, values = told.at_ms[known], told.values[known]
    breaks = np.flatnonzero(np.diff(at_ms) > GAP_PERIODS * usual_ms) + 1
    at_ms = np.insert(at_ms, breaks, at_ms[breaks - 1] + usual_ms)
    values = np.insert(values, breaks, np.float32(np.nan))
    return Series(place, metric, MINUTE_MS, at_ms, values, values, values)


def bucketed(told: MinerSeries, place: str, metric: str, span: Span) -> Series:
    """Mean, lowest and highest of every five minutes of the span; NaN where there is none."""
    step_ms = COARSE_STEP_MS
    first = span.start_ms // step_ms
    grid = np.arange(first, span.end_ms // step_ms + 1, dtype=np.int64) * step_ms
    known = np.isfinite(told.values)
    values = told.values[known].astype(np.float64)
    places = told.at_ms[known] // step_ms - first
    inside = (places >= 0) & (places < grid.size)
    places, values = places[inside], values[inside]
    count = np.bincount(places, minlength=grid.size)
    with np.errstate(invalid="ignore"):
        mean = np.bincount(places, weights=values, minlength=grid.size) / np.where(count, count, np.nan)
    low, high = np.full(grid.size, np.inf), np.full(grid.size, -np.inf)
    np.minimum.at(low, places, values)
    np.maximum.at(high, places, values)
    low[count == 0] = high[count == 0] = np.nan
    return Series(place, metric, step_ms, grid, *(array.astype(np.float32) for array in (mean, low, high)))


def read_past(
    telemetry: TelemetryReader,
    operations: OperationsReader,
    miner: WhichMiner,
    span: Span,
    now_ms: int,
    cancelled: threading.Event,
    metrics: tuple[Metric, ...] = PLOTTED,
) -> Past | None:
    """Everything in the span; None when something else was asked for meanwhile. Runs on a worker thread."""
    site_id, miner_id = miner.site_id, miner.id
    series: dict[str, Series] = {}
    left_out: dict[str, int] = {}
    failed: list[str] = []
    thinned: list[str] = []
    for metric in metrics:
        if cancelled.is_set():
            return None
        try:
            told = telemetry.miner_series(site_id, miner_id, metric.name, span.start_ms, span.end_ms)
            kept = believed(told, metric.name, miner.rated_w)
            series[metric.name] = gridded(kept, f"{site_id}/{miner_id}", metric.name, span)
            left_out[metric.name] = told.at_ms.size - kept.at_ms.size
            thinned += [metric.name] if is_thinned(told, now_ms) else []
        except Exception:  # noqa: BLE001 - one series that cannot be read must not take the others with it
            failed.append(metric.name)
    found = operations.events(now_ms - EVENTS_BACK_MS, 500)
    events = tuple(event for event in found if event.place in (site_id, site_key(site_id)))[:MOST_EVENTS]
    return Past(site_id, miner_id, span, series, events, tuple(failed), left_out, tuple(thinned))


class MinerPast(QObject):
    """One open question at a time. `answered` carries a Past; `asked` tells that one is on its way."""

    asked = Signal()
    answered = Signal(object)

    def __init__(self, live: LiveFleet, parent: QObject | None = None, metrics: tuple[Metric, ...] = PLOTTED) -> None:
        super().__init__(parent)
        self._live, self._metrics = live, metrics
        self._cancelled: threading.Event | None = None
        self._question: tuple[object, ...] = ()

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come (R50)."""
        return self._cancelled is not None

    def ask(self, miner: WhichMiner, span: Span, stamp: object = None) -> None:
        """Read a machine's past, unless just that was asked; a new `stamp` asks again."""
        step_ms = MINUTE_MS if span.length_ms <= FINE_SPAN_MS else COARSE_STEP_MS
        question = (miner, span.start_ms // step_ms, span.end_ms // step_ms, stamp, self._live.telemetry)
        if question == self._question:
            return
        self.close()
        self._question = question
        cancelled = self._cancelled = threading.Event()
        telemetry, operations, now_ms = self._live.telemetry, self._live.operations, self._live.clock()
        metrics = self._metrics
        self.asked.emit()
        self._live.reads.run(
            lambda: read_past(telemetry, operations, miner, span, now_ms, cancelled, metrics),
            lambda past: self._take(past, cancelled),
            lambda _error: self._take(None, cancelled),
        )

    def close(self) -> None:
        """Whatever is open is no longer wanted."""
        if self._cancelled is not None:
            self._cancelled.set()
        self._cancelled, self._question = None, ()

    def _take(self, past: Past | None, cancelled: threading.Event) -> None:
        if cancelled is not self._cancelled:
            return
        self._cancelled = None
        if past is not None:
            self.answered.emit(past)

"""Turns answers of the Site API into readings, in canonical units; pure: bytes in, frozen data out, or BadAnswer.

The wire format is `resources/siteapi/openapi.yaml`. A body with one fault in it is refused as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec
import numpy as np
from numpy.typing import NDArray

from console.adapters.decode import Strict
from console.adapters.redaction import plain
from console.domain.durations import DAY_S, HOUR_MS
from console.domain.errors import BadAnswer, UnitError
from console.domain.frame import Column, Frame, HistoryChunk, Reading
from console.domain.metric import MinerState
from console.domain.place import container_key, site_key
from console.domain.roster import Miner, Roster
from console.domain.units import Dimension, unit

AHEAD_MS = 26 * HOUR_MS  # a clock or a time zone set wrong: stamped on receipt and flagged (N9); more is no time
MOST_MINERS = 200_000  # of one site
MOST_POINTS = 20_000  # of one page of history
METRICS = {
    "hashrate": ("hashrate_hs", Dimension.HASHRATE),
    "power": ("power_w", Dimension.POWER),
    "board_temperature": ("board_c", Dimension.TEMPERATURE),
    "inlet_temperature": ("inlet_c", Dimension.TEMPERATURE),
}
SITE_METRICS = {
    "meter_power": ("meter_w", Dimension.POWER),
    "hashrate": ("hashrate_hs", Dimension.HASHRATE),
    "power": ("power_w", Dimension.POWER),
}
HISTORY_METRICS = {**METRICS, "meter_power": ("meter_w", Dimension.POWER)}
HISTORY_COUNTS = {
    "miners": "miners",
    "miners_hashing": "hashing",
    "miners_degraded": "degraded",
    "miners_stopped": "off",
    "miners_curtailed": "curtailed",
    "miners_unknown": "unknown",
}
STATES = {
    "mining": MinerState.HASHING,
    "degraded": MinerState.DEGRADED,
    "stopped": MinerState.OFF,
    "curtailed": MinerState.CURTAILED,
}  # any other word, "unknown" among them, is UNKNOWN
Floats = NDArray[np.float64]


class Quantity(msgspec.Struct, frozen=True):
    """One value with its unit; null is "no value"."""

    unit: str
    value: float | None


class Quantities(msgspec.Struct, frozen=True):
    """One value a machine, or a bucket of time, with their unit."""

    unit: str
    values: list[float | None]


class States(msgspec.Struct, frozen=True):
    """One word a machine, as indices into `words`."""

    words: list[str]
    values: list[int | None]


class TelemetryWire(msgspec.Struct, frozen=True, omit_defaults=True):
    """GET /v1/telemetry, columnar."""

    roster_version: str
    measured_at: str
    metrics: dict[str, Quantities]
    site_id: str = ""
    state: States | None = None
    site: dict[str, Quantity] = {}


class MinerWire(msgspec.Struct, frozen=True, omit_defaults=True):
    """One machine of the roster."""

    id: str
    model: str = ""
    serial: str = ""
    mac: str = ""
    ip: str = ""
    container: str = ""
    rack: str = ""
    slot: str = ""
    firmware: str = ""
    rated_hashrate: float | None = None
    rated_power: float | None = None


class RosterWire(msgspec.Struct, frozen=True, omit_defaults=True):
    """GET /v1/roster."""

    roster_version: str
    miners: list[MinerWire]
    site_id: str = ""
    units: dict[str, str] = {}


class SeriesWire(msgspec.Struct, frozen=True):
    """The past of one container, or of the whole site (null)."""

    container: str | None
    metrics: dict[str, Quantities]


class HistoryWire(msgspec.Struct, frozen=True, omit_defaults=True):
    """GET /v1/history, one page."""

    start: str
    step_s: int
    points: int
    series: list[SeriesWire]
    level: str = ""
    site_id: str = ""
    next: str | None = None


class Parser:
    """The decoders of one session, used by one thread at a time."""

    def __init__(self) -> None:
        self._telemetry = Strict(TelemetryWire)
        self._roster = Strict(RosterWire)
        self._history = Strict(HistoryWire)

    def telemetry(self, body: bytes) -> TelemetryWire:
        """The body as typed, not yet judged against a roster."""
        return self._telemetry.decode(body)

    def roster(self, body: bytes, site_id: str) -> Roster:
        """The machines of the site; `site_id` is ours, whatever the host calls the site."""
        wire = self._roster.decode(body)
        if len(wire.miners) > MOST_MINERS:
            raise BadAnswer(f"the roster names {len(wire.miners)} machines, expected at most {MOST_MINERS}")
        hashrates = _rated(wire, "rated_hashrate", Dimension.HASHRATE)
        powers = _rated(wire, "rated_power", Dimension.POWER)
        miners = tuple(
            Miner(miner.id, miner.model, miner.serial, miner.mac, miner.ip, miner.container, miner.rack, miner.slot,
                  miner.firmware, hashrate, power)
            for miner, hashrate, power in zip(wire.miners, hashrates, powers, strict=True)
        )  # fmt: skip
        return Roster(site_id, wire.roster_version, miners)

    def history(self, body: bytes, site_id: str) -> tuple[list[HistoryChunk], str | None]:
        """One page of the past, a chunk a place, and the cursor of the next page."""
        wire = self._history.decode(body)
        if not (60 <= wire.step_s <= DAY_S and 0 <= wire.points <= MOST_POINTS):
            raise BadAnswer(f"found {wire.points} buckets of {wire.step_s} s, expected some of 60 s to a day")
        at_ms = epoch_ms(wire.start) + 1000 * wire.step_s * np.arange(wire.points, dtype=np.int64)
        chunks = [
            HistoryChunk(
                site_key(site_id) if series.container is None else container_key(site_id, series.container),
                wire.step_s,
                at_ms,
                _signals(series.metrics, wire.points),
            )
            for series in wire.series
        ]
        return chunks, wire.next


def reading(wire: TelemetryWire, site_id: str, miners: int, received_ms: int) -> Reading:
    """The reading of a site with `miners` machines; raises BadAnswer when any part of it cannot be trusted."""
    at_ms = epoch_ms(wire.measured_at)
    if at_ms > received_ms + AHEAD_MS:
        ahead_s = (at_ms - received_ms) // 1000
        raise BadAnswer(f"the site's clock runs {ahead_s} s ahead of ours: its age could not be told")
    columns: dict[str, Column] = {}
    for name, (metric, dimension) in METRICS.items():
        told = wire.metrics.get(name)
        if told is not None:
            _check_length(name, len(told.values), miners)
            columns[metric] = _column(name, canonical(name, told, dimension))
    if not columns:
        raise BadAnswer(f"the telemetry holds none of {', '.join(METRICS)}")
    if wire.state is not None:
        _check_length("state", len(wire.state.values), miners)
        columns["state"] = _states(wire.state)
    frame = Frame(site_id, at_ms, received_ms, wire.roster_version, columns)
    return Reading(frame, site_values=_site_values(wire.site))


def columns_length(wire: TelemetryWire) -> int:
    """How many machines the columns tell of; 0 where there is no column that we know."""
    return max((len(told.values) for name, told in wire.metrics.items() if name in METRICS), default=0)


def _signals(metrics: Mapping[str, Quantities], points: int) -> dict[str, Floats]:
    """The signals that we know among a place's metrics; counts have the unit 1."""
    signals: dict[str, Floats] = {}
    for name, (signal, dimension) in HISTORY_METRICS.items():
        if name in metrics:
            _check_length(name, len(metrics[name].values), points, "bucket of the page")
            signals[signal] = canonical(name, metrics[name], dimension)
    for name, signal in HISTORY_COUNTS.items():
        if name in metrics:
            _check_length(name, len(metrics[name].values), points, "bucket of the page")
            if metrics[name].unit != "1":
                raise BadAnswer(f'{name}: found the unit "{plain(metrics[name].unit, 20)}", expected "1"')
            signals[signal] = np.array(metrics[name].values, dtype=np.float64)
    return signals


def canonical(name: str, told: Quantities, dimension: Dimension) -> Floats:
    """The values in the canonical unit, null as NaN; raises BadAnswer for an unknown unit or a value beyond a float."""
    values: Floats = np.array(told.values, dtype=np.float64)
    try:
        with np.errstate(over="ignore"):
            values = unit(told.unit, dimension).canonical(values)
    except UnitError as error:
        raise BadAnswer(f"{name}: {plain(str(error))}") from None
    if np.isinf(values).any():
        raise BadAnswer(f"{name}: a value is beyond every range")
    return values


def epoch_ms(text: str) -> int:
    """Epoch milliseconds of an ISO 8601 time with a zone; raises BadAnswer for anything else."""
    refusal = BadAnswer(f"found the time {plain(text, 40)!r}, expected one such as 2026-11-22T12:30:00Z")
    try:
        stamp = datetime.fromisoformat(text)
        if stamp.tzinfo is not None and stamp.year >= 2009:  # no site is older than Bitcoin
            return round(stamp.timestamp() * 1000)
    except (ValueError, OverflowError):
        raise refusal from None
    raise refusal


def _column(name: str, values: Floats) -> Column:
    with np.errstate(over="ignore"):
        column = values.astype(np.float32)
    if np.isinf(column).any():
        raise BadAnswer(f"{name}: a value is beyond every range")
    return column


def _states(told: States) -> Column:
    codes = np.array([float(STATES.get(word, MinerState.UNKNOWN)) for word in told.words] + [np.nan])
    picked: Floats = np.array(told.values, dtype=np.float64)
    if ((picked < 0) | (picked >= len(told.words))).any():
        raise BadAnswer(f"state: found an index outside its {len(told.words)} words")
    column: Column = codes[np.where(np.isnan(picked), len(told.words), picked).astype(np.int64)].astype(np.float32)
    return column


def _site_values(site: Mapping[str, Quantity]) -> dict[str, float]:
    """What the source tells of the whole site; a name that we do not know is left out, a unit is not."""
    values: dict[str, float] = {}
    for name, (signal, dimension) in SITE_METRICS.items():
        told = site.get(name)
        if told is not None and told.value is not None:
            values[signal] = float(canonical(name, Quantities(told.unit, [told.value]), dimension)[0])
    return values


def _rated(wire: RosterWire, field: str, dimension: Dimension) -> list[float | None]:
    """The rated values of all machines; a roster that tells some must tell their unit."""
    told = [getattr(miner, field) for miner in wire.miners]
    if not any(value is not None for value in told):
        return told
    values = canonical(field, Quantities(wire.units.get(field, ""), told), dimension)
    return [None if known is None else value for known, value in zip(told, values.tolist(), strict=True)]


def _check_length(name: str, found: int, expected: int, each: str = "machine of the roster") -> None:
    if found != expected:
        raise BadAnswer(f"{name} holds {found} values, expected {expected}, one for each {each}")


def iso(at_ms: int) -> str:
    """Epoch milliseconds as the Site API wants times."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

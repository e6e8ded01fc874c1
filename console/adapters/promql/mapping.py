"""Knows how a fleet file says what a Prometheus server's metrics mean: names, units and labels. Asks nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

import msgspec
import numpy as np
from numpy.typing import NDArray

from console.adapters.http_source import HttpSource
from console.adapters.promql.expression import LABEL_NAME, METRIC_NAME, newest_sample, selector, selectors
from console.domain.errors import BadAnswer, ConfigError, UnitError
from console.domain.units import Dimension, Unit, parse, unit

UnitText = Annotated[str, msgspec.Meta(description='the unit of the values, e.g. "TH/s"')]
SeriesLimit = Annotated[int, msgspec.Meta(ge=1, le=500_000, description="a whole number from 1 to 500000")]
HIGHEST = float(np.finfo(np.float32).max)
Tenant = Annotated[
    str, msgspec.Meta(pattern=r"\A[A-Za-z0-9!_.*'()|-]{1,150}\Z", description="a tenant's name, without blanks")
]
COUNT = Unit("count", Dimension.HASHRATE, Fraction(1))  # a bare number; the dimension of a count is never looked at


class Mapped(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where one quantity comes from: a metric's name or a whole query, and the unit of its values."""

    unit: UnitText
    metric: str | None = None
    query: str | None = None
    match: dict[str, str] = {}
    dated_by: str | None = None


class MinerMetrics(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known of each machine: one series a machine."""

    hashrate: Mapped | None = None
    power: Mapped | None = None
    board: Mapped | None = None
    inlet: Mapped | None = None
    curtailed: Mapped | None = None
    rated: Mapped | None = None
    rated_power: Mapped | None = None


class SiteTotals(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known of the site as a whole: one value each."""

    hashrate: Mapped | None = None
    power: Mapped | None = None
    meter: Mapped | None = None
    board: Mapped | None = None
    inlet: Mapped | None = None
    miners: Mapped | None = None
    hashing: Mapped | None = None


class Labels(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which label tells what of a machine."""

    miner: str = "instance"
    container: str | None = None
    rack: str | None = None
    slot: str | None = None
    model: str | None = None
    serial: str | None = None
    mac: str | None = None
    ip: str | None = None
    firmware: str | None = None


class PromqlSource(HttpSource, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The settings of a source that speaks the Prometheus HTTP API.

    metrics: machine by machine: hashrate, power, board, inlet, curtailed, rated, rated_power; each a table with
        `unit` and either `metric` (a name, narrowed by `match`) or `query` (any PromQL that gives one series a machine)
    totals: of the whole site: hashrate, power, meter, board, inlet, miners, hashing; each like above, one value
    labels: which label names the miner ("instance" unless told) and its container, rack, slot, model, serial, mac,
        ip and firmware
    match: label values that every `metric` must have, e.g. {site = "kz-1"}
    max_age: a sample older than the newest one by more than this is no value
    most_series: how many series one query may give; more are refused before they are sent
    tenant: whose data is asked for, where one server holds those of many (Mimir's X-Scope-OrgID)
    """

    metrics: MinerMetrics = MinerMetrics()
    totals: SiteTotals = SiteTotals()
    labels: Labels = Labels()
    match: dict[str, str] = msgspec.field(default_factory=dict)
    max_age: str = "2 min"
    most_series: SeriesLimit = 20_000
    tenant: Tenant | None = None


MINER_NAMES = {
    "hashrate": ("hashrate_hs", Dimension.HASHRATE),
    "power": ("power_w", Dimension.POWER),
    "board": ("board_c", Dimension.TEMPERATURE),
    "inlet": ("inlet_c", Dimension.TEMPERATURE),
    "curtailed": ("curtailed", None),
    "rated": ("rated_hs", Dimension.HASHRATE),
    "rated_power": ("rated_w", Dimension.POWER),
}
TOTAL_NAMES = {
    **{key: MINER_NAMES[key] for key in ("hashrate", "power", "board", "inlet")},
    "meter": ("meter_w", Dimension.POWER),
    "miners": ("miners", None),
    "hashing": ("hashing", None),
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """One mapped quantity, ready to be asked: `name` is ours, `read` the selectors whose samples it is made of."""

    key: str
    name: str
    query: str
    unit: Unit
    read: tuple[str, ...]
    plain: bool  # the query is one selector, so that a range of its samples can be asked for

    def canonical(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """The source's values in our unit; raises BadAnswer for one that no frame could hold."""
        with np.errstate(over="ignore"):
            converted = self.unit.canonical(values)
        if np.any(np.abs(converted) > HIGHEST):  # False for NaN, which is no value
            raise BadAnswer(f"{self.key}: a value is beyond every range")
        return converted

    def dated(self, label: str | None) -> str:
        """The query for the times at which the samples were measured."""
        return newest_sample(self.read, label)


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a site's source is asked for."""

    miners: tuple[Quantity, ...]
    totals: tuple[Quantity, ...]
    labels: Labels
    max_age_s: float
    most_series: int


def plan(source: PromqlSource) -> Plan:
    """The plan of a source's settings; raises ConfigError with every problem, each as `key: what`."""
    problems: list[str] = []
    miners = tuple(_quantities(source, "metrics", problems))
    totals = tuple(_quantities(source, "totals", problems))
    problems.extend(_label_problems(source))
    if source.metrics == MinerMetrics() and source.totals == SiteTotals():
        problems.append("metrics: missing, expected at least one of metrics and totals, e.g. [metrics.hashrate]")
    if source.metrics != MinerMetrics() and source.metrics.hashrate is None:
        problems.append("metrics.hashrate: missing, expected beside the other metrics of machines")
    try:
        max_age_s = parse(source.max_age, Dimension.DURATION)
    except UnitError as error:
        problems.append(f"max_age: {error}")
    if problems:
        raise ConfigError(tuple(problems))
    return Plan(miners, totals, source.labels, max_age_s, source.most_series)


def _quantities(source: PromqlSource, table: str, problems: list[str]) -> Iterator[Quantity]:
    mapped_struct = getattr(source, table)
    names = MINER_NAMES if table == "metrics" else TOTAL_NAMES
    for key, (name, dimension) in names.items():
        mapped: Mapped | None = getattr(mapped_struct, key)
        if mapped is None:
            continue
        try:
            yield _quantity(key, name, dimension, mapped, source.match)
        except (UnitError, ConfigError) as error:
            problems.append(f"{table}.{key}{error}")


def _quantity(key: str, name: str, dimension: Dimension | None, mapped: Mapped, match: dict[str, str]) -> Quantity:
    """Raises with a text that goes on after the key's path."""
    try:
        of = _count(mapped.unit) if dimension is None else unit(mapped.unit, dimension)
    except UnitError as error:
        raise UnitError(f".unit: {error}") from None
    if (mapped.metric is None) == (mapped.query is None):
        raise ConfigError((": expected one of metric and query",))
    if mapped.metric is not None:
        if not METRIC_NAME.fullmatch(mapped.metric):
            raise ConfigError(
                (f'.metric: found "{mapped.metric[:60]}", expected a metric\'s name; for more use query',)
            )
        one = selector(mapped.metric, {**match, **mapped.match})
        return Quantity(key, name, one, of, (one,), plain=True)
    query = (mapped.query or "").strip()
    read = selectors(query) if mapped.dated_by is None else (mapped.dated_by,)
    if not read or mapped.match:
        wrong = ".match: goes with metric; write the labels into the query" if mapped.match else _UNDATED
        raise ConfigError((wrong,))
    return Quantity(key, name, query, of, read, plain=False)


_UNDATED = ".dated_by: missing, expected the metric whose samples date the query's values"


def _count(symbol: str) -> Unit:
    if symbol != COUNT.symbol:
        raise UnitError(f'found "{symbol[:60]}", expected "count", for it is a bare number')
    return COUNT


def _label_problems(source: PromqlSource) -> Iterator[str]:
    for field in Labels.__struct_fields__:
        label = getattr(source.labels, field)
        if label is not None and not LABEL_NAME.fullmatch(label):
            yield f'labels.{field}: found "{label[:60]}", expected a label\'s name'
    places = [("match", source.match)]
    for table in ("metrics", "totals"):
        mapped_of = getattr(source, table)
        keys = [key for key in type(mapped_of).__struct_fields__ if getattr(mapped_of, key) is not None]
        places += [(f"{table}.{key}.match", getattr(mapped_of, key).match) for key in keys]
    for place, match in places:
        yield from (
            f'{place}: found "{label[:60]}", expected a label\'s name'
            for label in match
            if not LABEL_NAME.fullmatch(label)
        )

"""Turns a Prometheus server's answer into vectors and series of numbers; refuses half answers. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from console.adapters.decode import Strict
from console.adapters.redaction import plain
from console.domain.errors import BadAnswer

Point = tuple[float, str]
Labels = dict[str, str]
_NO_VALUE = {"NaN", "+Inf", "-Inf", "Inf"}
Statistic = str | float | bool | None


class Series(msgspec.Struct, omit_defaults=True):
    """One series: a `value` of an instant or the `values` of a range."""

    metric: Labels
    value: Point | None = None
    values: list[Point] | None = None


class Data(msgspec.Struct, omit_defaults=True, rename="camel"):
    """The result; a scalar is a bare pair instead of series."""

    result_type: Literal["vector", "matrix", "scalar", "string"]
    result: list[Series | float | str]


class Envelope(msgspec.Struct, omit_defaults=True, rename="camel"):
    """What every query answers with. `isPartial` is VictoriaMetrics' word, `warnings` Prometheus' and Thanos'."""

    status: Literal["success", "error"]
    data: Data | None = None
    error_type: str = ""
    error: str = ""
    is_partial: bool = False
    warnings: list[str] = []
    infos: list[str] = []
    stats: dict[str, Statistic] = {}


class SeriesEnvelope(msgspec.Struct, omit_defaults=True, rename="camel"):
    """What /api/v1/series answers with."""

    status: Literal["success", "error"]
    data: list[Labels] = []
    error_type: str = ""
    error: str = ""
    is_partial: bool = False
    warnings: list[str] = []
    infos: list[str] = []
    stats: dict[str, Statistic] = {}


@dataclass(frozen=True, slots=True)
class Vector:
    """The values at one moment: `labels[i]` goes with `values[i]`, float64, NaN = no value."""

    labels: tuple[Labels, ...]
    values: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Trace:
    """One series over time; both arrays have shape (n,), oldest first."""

    labels: Labels
    at_ms: NDArray[np.int64]
    values: NDArray[np.float64]


class Parser:
    """Parses answers; belongs to one session."""

    def __init__(self) -> None:
        self._queries = Strict(Envelope)
        self._series = Strict(SeriesEnvelope)

    def vector(self, body: bytes) -> Vector:
        """An instant vector or a scalar."""
        data = self._data(body)
        if data.result_type == "scalar":
            return Vector(({},), np.array([number(_scalar(data.result))]))
        if data.result_type != "vector":
            raise BadAnswer(f"the query gives a {data.result_type}, expected a vector of instant values")
        pairs = [(one.metric, one.value) for one in data.result if isinstance(one, Series) and one.value is not None]
        if len(pairs) != len(data.result):
            raise BadAnswer("the source's vector holds something else than values")
        values = np.array([number(value[1]) for _, value in pairs], dtype=np.float64)
        return Vector(tuple(labels for labels, _ in pairs), values)

    def traces(self, body: bytes) -> tuple[Trace, ...]:
        """The series of a range query."""
        data = self._data(body)
        if data.result_type != "matrix":
            raise BadAnswer(f"the range query gives a {data.result_type}, expected series")
        series = [one for one in data.result if isinstance(one, Series) and one.values is not None]
        if len(series) != len(data.result):
            raise BadAnswer("the source's matrix holds something else than series")
        return tuple(_trace(one.metric, one.values or []) for one in series)

    def label_sets(self, body: bytes) -> tuple[Labels, ...]:
        """The labels of each series that exists."""
        envelope = self._series.decode(body)
        _check(envelope)
        return tuple(envelope.data)

    def failure(self, body: bytes) -> str:
        """What the server says of a query that it refused, as plain text."""
        try:
            envelope = self._queries.decode(body)
        except BadAnswer:
            return "no reason given"
        return plain(envelope.error or envelope.error_type or "no reason given")

    def _data(self, body: bytes) -> Data:
        envelope = self._queries.decode(body)
        _check(envelope)
        if envelope.data is None:
            raise BadAnswer("the source answered success without data")
        return envelope.data


def _check(envelope: Envelope | SeriesEnvelope) -> None:
    if envelope.status == "error":
        raise BadAnswer(f"the source refuses the query: {plain(envelope.error or envelope.error_type)}")
    if envelope.is_partial:
        raise BadAnswer("the source answered only in part: one of its storage nodes is away")
    if envelope.warnings:
        raise BadAnswer(f"the source answered with a warning, so it may be in part: {plain(envelope.warnings[0])}")


def _scalar(result: list[Series | float | str]) -> str:
    if len(result) == 2 and isinstance(result[0], float) and isinstance(result[1], str):
        return result[1]
    raise BadAnswer("the source's scalar is not a time and a value")


def _trace(labels: Labels, points: list[Point]) -> Trace:
    at_ms = np.array([_ms(at_s) for at_s, _ in points], dtype=np.int64)
    if at_ms.size > 1 and np.any(at_ms[1:] <= at_ms[:-1]):
        raise BadAnswer("the source's series does not go forward in time")
    return Trace(labels, at_ms, np.array([number(text) for _, text in points], dtype=np.float64))


def _ms(at_s: float) -> int:
    if not 0 <= at_s < 1e11:
        raise BadAnswer("the source's sample has a time that no clock shows")
    return round(at_s * 1000)


def number(text: str) -> float:
    """A sample's value; NaN and the infinities are no value. Raises BadAnswer for what is no number."""
    if text in _NO_VALUE:
        return math.nan
    try:
        value = math.nan if "_" in text else float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise BadAnswer(f"the source's value {plain(text, 40)!r} is no number")
    return value

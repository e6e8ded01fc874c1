"""Fits stretches of the past into days without touching what is there. Knows no hot tier but its minutes' marks."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import numpy as np

from console.domain.durations import DAY_MINUTES, DAY_MS, MINUTE_MS
from console.domain.errors import StoreError
from console.domain.frame import HistoryChunk
from console.domain.metric import SIGNAL_INDEX, SIGNALS
from console.domain.place import container_of
from console.domain.pyramid import Values
from console.store.days import fill_day
from console.store.minutes import Minutes, signal_minutes

MOST_STEP_S = 86_400  # a sample that stands for more than a day says nothing of its minutes


def put_chunks(connection: sqlite3.Connection, chunks: Sequence[HistoryChunk]) -> int:
    """Store what is new in the chunks; returns how many minutes of places were not there before."""
    return sum(_put_chunk(connection, chunk) for chunk in chunks)


def _put_chunk(connection: sqlite3.Connection, chunk: HistoryChunk) -> int:
    if not 0 < chunk.step_s <= MOST_STEP_S or any(
        len(samples) != len(chunk.at_ms) for samples in chunk.signals.values()
    ):
        raise StoreError(f"the history of {chunk.place} does not fit together and was not stored")
    new = 0
    for day, values in _by_day(chunk):
        before, after = fill_day(connection, chunk.place, day, values)
        added = np.asarray(np.isfinite(after).any(axis=0) & ~np.isfinite(before).any(axis=0))
        added[_hot(connection, chunk.place, day)] = False
        new += int(added.sum())
    return new


def _hot(connection: sqlite3.Connection, place: str, day: int) -> Minutes:
    """The positions in the day that a live sample holds already; `deployed_hs` and `miners` are in every one."""
    signal = "miners" if container_of(place) else "deployed_hs"
    at_ms, _ = signal_minutes(connection, place, signal, day * DAY_MS, (day + 1) * DAY_MS)
    return (at_ms - day * DAY_MS) // MINUTE_MS


def _by_day(chunk: HistoryChunk) -> list[tuple[int, Values]]:
    """The chunk as (SIGNALS, 1440) matrices a UTC day; a coarse sample holds for all of its own step.

    A minute that a step ends in is the next sample's where there is one: 90 s leave no hole.
    """
    width = -(-chunk.step_s * 1000 // MINUTE_MS)
    minutes = (chunk.at_ms[:, None] // MINUTE_MS + np.arange(width)).reshape(-1)
    days = minutes // DAY_MINUTES
    out = []
    for day in np.unique(days):
        here = days == day
        values = np.full((len(SIGNALS), DAY_MINUTES), np.nan, dtype=np.float32)
        for name, samples in chunk.signals.items():
            if name in SIGNAL_INDEX:
                spread = np.repeat(samples, width)[here]
                values[SIGNAL_INDEX[name], minutes[here] - day * DAY_MINUTES] = spread
        out.append((int(day), values))
    return out

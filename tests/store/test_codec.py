"""Columns and days survive packing: values to half a step, gaps exactly, damage found."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from console.domain.durations import DAY_MINUTES
from console.domain.metric import METRICS, Metric
from console.store import StoreCorrupt
from console.store.codec import decode_column, decode_one, encode_column, encode_day, from_days, unpack

NAN = float("nan")


def single(value: float) -> float:
    return float(np.float32(value))


@st.composite
def columns(draw: st.DrawFn) -> tuple[Metric, np.ndarray]:
    metric = draw(st.sampled_from(METRICS))
    values = st.one_of(st.just(NAN), st.floats(*map(single, (metric.low, metric.high)), width=32))
    return metric, draw(arrays(np.float32, st.integers(0, 50), elements=values))


@given(columns())
def test_a_column_comes_back_to_half_a_step(given_column: tuple[Metric, np.ndarray]) -> None:
    metric, column = given_column
    blob = encode_column(column, metric.step)
    back = decode_column(blob)
    np.testing.assert_array_equal(np.isnan(back), np.isnan(column))
    np.testing.assert_allclose(back, column, atol=0.501 * metric.step, rtol=3e-7)
    for position, value in enumerate(back):
        np.testing.assert_allclose(decode_one(blob, position), value, rtol=1e-6)
    assert np.isnan(decode_one(blob, len(column)))


@given(arrays(np.float32, st.integers(0, 20), elements=st.floats(width=32)))
def test_absurd_values_are_kept_as_they_were_told(column: np.ndarray) -> None:
    back = decode_column(encode_column(column, 1.0))
    np.testing.assert_array_equal(np.isnan(back), np.isnan(column))
    np.testing.assert_allclose(back, column, atol=0.501, rtol=3e-7)


def test_an_infinite_value_stays_infinite() -> None:
    column = np.array([1.0, np.inf, NAN, -np.inf], dtype=np.float32)
    blob = encode_column(column, 1.0)
    np.testing.assert_array_equal(decode_column(blob), column)
    assert decode_one(blob, 3) == -np.inf


@given(arrays(np.float32, DAY_MINUTES, elements=st.one_of(st.just(NAN), st.floats(width=32, allow_nan=False))))
def test_a_day_is_lossless(day: np.ndarray) -> None:
    twice = from_days([unpack(encode_day(day)), unpack(encode_day(day[::-1]))])
    np.testing.assert_array_equal(twice, np.concatenate([day, day[::-1]]))


def test_every_flipped_bit_of_a_blob_is_found_or_harmless() -> None:
    column = np.random.default_rng(3).normal(3300, 40, 300).astype(np.float32)
    blob = encode_column(column, 1.0)
    good, silent = decode_column(blob), 0
    for bit in range(8 * len(blob)):
        flipped = bytearray(blob)
        flipped[bit // 8] ^= 1 << bit % 8
        try:
            silent += not np.array_equal(decode_column(bytes(flipped)), good, equal_nan=True)
        except StoreCorrupt:
            continue
    assert silent == 0


def test_threads_pack_at_the_same_time() -> None:
    column = np.random.default_rng(4).normal(3300, 40, 5000).astype(np.float32)
    expected, wrong = encode_column(column, 1.0), []

    def work() -> None:
        wrong.extend(1 for _ in range(50) if encode_column(column, 1.0) != expected)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_rubbish_is_no_blob() -> None:
    with pytest.raises(StoreCorrupt):
        decode_column(b"not zstd at all")

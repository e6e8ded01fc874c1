"""Pixel columns: no spike lost, no gap bridged, neighbours joined."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.ui.plot.columns import columns, marked_columns


def cut(values: list[float], count: int, left: float = 0.0, right: float | None = None) -> tuple[list, list]:
    samples = np.array(values, dtype=float)
    bottom, top = columns(np.arange(len(values), dtype=float), samples, samples, left, right or len(values) - 1, count)
    return bottom.tolist(), top.tolist()


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=200),
    st.integers(1, 300),
)
def test_r18_every_extreme_in_view_is_in_a_column(values: list[float], count: int) -> None:
    samples = np.array(values)
    bottom, top = columns(np.arange(samples.size, dtype=float), samples, samples, 0.0, float(samples.size), count)
    assert np.nanmin(bottom) == samples.min()
    assert np.nanmax(top) == samples.max()


@given(st.lists(st.floats(-100, 100), min_size=3, max_size=60), st.integers(10, 200))
def test_neighbouring_columns_touch_so_that_the_line_has_no_holes(values: list[float], count: int) -> None:
    samples = np.array(values)
    bottom, top = columns(np.arange(samples.size, dtype=float), samples, samples, 0.0, samples.size - 1.0, count)
    assert np.isfinite(bottom).all()
    slack = 1e-6
    assert (np.maximum(bottom[1:], bottom[:-1]) <= np.minimum(top[1:], top[:-1]) + slack).all()


@pytest.mark.parametrize("count", [3, 7, 50, 400])
def test_r9_a_gap_stays_a_gap(count: int) -> None:
    x = np.arange(10.0)
    values = np.ones(10)
    values[4:7] = np.nan
    bottom, _ = columns(x, values, values, 0.0, 9.0, count)
    edges = np.linspace(0.0, 9.0, count + 1)
    in_gap = (edges[:-1] > 3.0) & (edges[1:] < 7.0)
    assert np.isnan(bottom[in_gap]).all()
    assert np.isfinite(bottom[edges[1:] <= 3.0]).all()
    assert np.isfinite(bottom[edges[:-1] >= 7.0]).all()


def test_samples_wider_than_a_pixel_become_a_straight_line() -> None:
    bottom, top = cut([0.0, 10.0], 10)
    assert bottom == pytest.approx(list(range(10)))
    assert top == pytest.approx(list(range(1, 11)))


def test_low_and_high_apart_give_a_ribbon_and_the_same_object_gives_a_line() -> None:
    x, low = np.arange(4.0), np.zeros(4)
    bottom, top = columns(x, low, low + 2, 0.0, 3.0, 6)
    assert (top - bottom == 2).all()
    bottom, top = columns(x, low, low, 0.0, 3.0, 6)
    assert (top == bottom).all()


@pytest.mark.parametrize(("left", "right", "count"), [(0.0, 0.0, 5), (5.0, 1.0, 5), (0.0, 1.0, 0)])
def test_an_empty_view_has_no_column(left: float, right: float, count: int) -> None:
    x = np.arange(3.0)
    bottom, top = columns(x, x, x, left, right, count)
    assert bottom.size == top.size == count
    assert np.isnan(bottom).all()


def test_a_view_beside_the_samples_shows_nothing() -> None:
    x = np.arange(3.0)
    bottom, _ = columns(x, x, x, 10.0, 20.0, 5)
    assert np.isnan(bottom).all()


def test_held_samples_mark_the_stretch_that_leads_to_them() -> None:
    held = np.array([False, False, True, True])
    marked = marked_columns(np.arange(4.0), held, 0.0, 3.0, 6)
    assert marked.tolist() == [False, False, True, True, True, True]
    assert not marked_columns(np.zeros(0), np.zeros(0, dtype=bool), 0.0, 1.0, 3).any()

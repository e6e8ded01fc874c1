"""R43: what is closer than 24 px is one mark, and no site is ever lost in it."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from console.ui.map.clusters import REACH_PX, cluster, spread

POINTS = st.lists(st.tuples(st.floats(0, 600), st.floats(0, 300), st.floats(1e6, 6e7)), min_size=1, max_size=60)


def small(weights: np.ndarray, counts: np.ndarray) -> np.ndarray:
    return np.full(len(weights), 5.0)


def columns(points: list[tuple[float, float, float]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    x, y, weight = (np.array(column) for column in zip(*points, strict=True))
    return x, y, weight


@settings(max_examples=60)
@given(POINTS)
def test_r43_marks_end_24_px_apart_and_hold_every_site_once(points) -> None:
    found = cluster(*columns(points), small)
    members = sorted(member for each in found for member in each.members)
    assert members == list(range(len(points)))
    at = np.array([(each.x, each.y) for each in found])
    apart = np.hypot(*(at[:, None, :] - at).transpose(2, 0, 1)) + np.eye(len(at)) * 1e9
    assert apart.min() >= REACH_PX - 1e-6


def test_r43_sites_apart_stay_themselves() -> None:
    found = cluster(*columns([(0, 0, 1e6), (30, 0, 1e6), (60, 0, 1e6)]), small)
    assert [each.members for each in found] == [(0,), (1,), (2,)]


def test_a_cluster_stands_at_its_weighted_middle() -> None:
    (found,) = cluster(*columns([(0, 0, 3e6), (20, 0, 1e6)]), small)
    assert found.x == 5.0
    assert found.members == (0, 1)


def test_two_large_discs_merge_though_they_are_24_px_apart() -> None:
    def large(weights: np.ndarray, counts: np.ndarray) -> np.ndarray:
        return np.full(len(weights), 25.0)

    assert len(cluster(*columns([(0, 0, 1e6), (30, 0, 1e6)]), large)) == 1


@settings(max_examples=40)
@given(POINTS)
def test_a_spread_disc_never_strays_far(points) -> None:
    x, y, _ = columns(points)
    moved_x, moved_y = spread(x, y, np.full(len(x), 8.0), 12.0)
    assert np.hypot(moved_x - x, moved_y - y).max() <= 12.0 + 1e-6


def test_two_sites_on_one_spot_are_told_apart() -> None:
    x, y = spread(np.zeros(2), np.zeros(2), np.full(2, 6.0), 12.0)
    assert np.hypot(x[0] - x[1], y[0] - y[1]) > 12.0

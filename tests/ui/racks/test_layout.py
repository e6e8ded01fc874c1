"""Where blocks of cells lie: all of them, whole, apart, as large as the room allows."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRect

from console.ui.heat_map.layout import Arrangement, Style, arrange

PITCHES = ((8, 12), (5, 8), (3, 5), (2, 3), (1, 2), (1, 1))
WIDE = Style(PITCHES, head=18, gap=12, group_head=20, group_gap=20, least_width=18, wanted=0.8)
TIGHT = Style(PITCHES, head=18, gap=3, group_gap=12, least_width=18, wanted=0.8)


def areas(found: Arrangement, head: int) -> list[QRect]:
    """Each block with its head line."""
    return [
        QRect(
            spot.left, spot.top - head, max(spot.width, spot.columns * found.pitch_x), spot.rows * found.pitch_y + head
        )
        for spot in found.spots
    ]


@settings(max_examples=150)
@given(
    sizes=st.lists(st.integers(0, 3000), min_size=1, max_size=40),
    width=st.integers(200, 2000),
    height=st.integers(100, 1200),
    regions=st.integers(1, 5),
)
def test_every_place_of_every_block_is_there_and_no_two_overlap(
    sizes: list[int], width: int, height: int, regions: int
) -> None:
    groups = [str(index * regions // len(sizes)) for index in range(len(sizes))]
    found = arrange(sizes, groups, width, height, (WIDE, TIGHT))
    for size, spot in zip(sizes, found.spots, strict=True):
        assert spot.columns * spot.rows >= size
        assert spot.left >= 0
        assert spot.left + spot.columns * found.pitch_x <= width
        assert spot.top + spot.rows * found.pitch_y <= found.height
    for one, other in combinations(areas(found, 18), 2):
        assert not one.intersects(other)


def test_a_larger_room_never_has_smaller_cells() -> None:
    sizes, groups = [480] * 28, [""] * 28
    pitches = [arrange(sizes, groups, 1000 + step, 400 + step, (WIDE,)).pitch_x for step in range(0, 2000, 100)]
    assert pitches == sorted(pitches)


@pytest.mark.parametrize(("width", "height"), [(1285, 506), (1856, 860), (3776, 1760)])
def test_480_000_machines_at_sixty_sites_fit_without_scrolling(width: int, height: int) -> None:
    groups = [f"region {index // 13}" for index in range(60)]
    assert arrange([8000] * 60, groups, width, height, (WIDE, TIGHT)).height <= height


def test_what_cannot_fit_grows_downwards() -> None:
    found = arrange([60_000] * 8, [""] * 8, 300, 200, (WIDE, TIGHT))
    assert found.height > 200
    assert not found.grouped


def test_a_site_of_no_machine_takes_a_place_and_a_window_without_height_breaks_nothing() -> None:
    style = Style(((8, 8),), gap=8, head=16)
    spots = arrange((0, 10), ("", ""), 300, 300, (style,)).spots
    assert (spots[0].columns, spots[0].rows) == (1, 0)
    assert spots[1].left > spots[0].left or spots[1].top > spots[0].top
    assert arrange((), (), 10, 0, (style,)).spots == ()

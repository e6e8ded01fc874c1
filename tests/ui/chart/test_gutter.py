"""Direct labels: apart, in order, inside."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from pytestqt.qtbot import QtBot

from console.ui.fonts import Role, font, set_font_scale
from console.ui.plot.gutter_labels import LEAST_APART_PX, Label, free_baseline, placed, spread


@given(st.lists(st.floats(0, 300), max_size=15))
def test_labels_are_apart_and_inside_where_there_is_room(wanted: list[float]) -> None:
    places = spread(sorted(wanted), 0, 300)
    assert places == sorted(places)
    assert all(-1e-6 <= place <= 300 + 1e-6 for place in places)
    gaps = [later - earlier for earlier, later in itertools.pairwise(places)]
    assert all(gap >= LEAST_APART_PX - 1e-6 for gap in gaps)


def test_a_label_that_hits_nothing_does_not_move() -> None:
    assert spread([10, 100, 200], 0, 300) == [10, 100, 200]


def test_two_that_collide_part_evenly() -> None:
    assert spread([100, 104], 0, 300) == [94, 110]


def test_too_many_for_the_room_are_squeezed_and_none_is_lost() -> None:
    places = spread([5.0] * 30, 0, 100)
    assert len(places) == 30
    assert places[0] == 0
    assert abs(places[-1] - 100) < 1e-6


def test_a_word_steps_aside_for_what_runs_through_its_place() -> None:
    assert free_baseline(14, 80, [], 13) == 80
    assert free_baseline(14, 80, [(75, 76)], 13) < 70
    assert free_baseline(14, 80, [(0, 100)], 13) == 80, "nothing is free: the bottom is as good as any"
    moved = free_baseline(14, 80, [(76, 78), (60, 61)], 13)
    assert all(not (upper < moved + 3 and lower > moved - 11) for upper, lower in ((76, 78), (60, 61)))


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("high", [60, 110, 300])
def test_r57_every_label_is_whole_inside_the_plot_and_none_hits_another(qtbot: QtBot, scale: float, high: int) -> None:
    """`gutter` begins 4 px above the plot area, which lies 8 px below the plot's edge."""
    set_font_scale(scale)
    labels = [Label(0, "deployed 663.2"), Label(2, "meter", "14.6 MW", strong=True), Label(3, "miners", "14.0 MW")]
    found = placed(QRectF(0, 4, 150, high), labels)
    half = font(Role.BODY_BOLD).pixelSize() * 0.55
    tops = [y - half for _, y in found]
    assert tops == sorted(tops)
    assert tops[0] >= 0, "cut by the plot's edge"
    assert found[-1][1] + half <= 4 + high + 4
    if scale > 1.0:
        assert all(later - earlier >= 2 * half for earlier, later in itertools.pairwise(tops))
    assert any(label.strong for label, _ in found), "a value never gives way to the name of a level"
    assert len(found) == 3 or (scale > 1.0 and high < 110)

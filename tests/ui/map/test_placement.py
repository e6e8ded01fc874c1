"""Labels, lenses, dense areas and the keyboard's walk: pure arithmetic with hard promises."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.ui.map.density import dense_areas, place_name
from console.ui.map.labels import Box, Wanted, overlap, place
from console.ui.map.lens_room import GAP_PX, MARGIN_PX, LensWish, Sea, arrange
from console.ui.map.viewport import FOOTPRINT, FOOTPRINT_MERIDIAN_DEG, WORLD_MERIDIAN_DEG, home
from console.ui.map.walk import neighbour, reading_order

BOUNDS = Box(0, 0, 400, 300)


def test_a_label_stands_right_of_its_mark_where_it_can() -> None:
    (box,) = place([Wanted(100, 100, 6, 80, 32)], [], BOUNDS)
    assert box is not None
    assert box.left > 106
    assert box.top + 16 == 100


def test_a_label_at_the_edge_turns_round() -> None:
    (box,) = place([Wanted(380, 100, 6, 80, 32)], [], BOUNDS)
    assert box is not None
    assert box.left + box.width < 374


@settings(max_examples=50)
@given(st.lists(st.tuples(st.floats(20, 380), st.floats(20, 280)), min_size=1, max_size=25))
def test_no_label_hides_much_of_another_or_leaves_the_map(points: list[tuple[float, float]]) -> None:
    wanted = [Wanted(x, y, 6, 70, 32) for x, y in points]
    placed = [box for box in place(wanted, [], BOUNDS) if box is not None]
    area = 70 * 32
    for index, box in enumerate(placed):
        assert area - overlap(box, BOUNDS) <= 0.1 * area
        assert sum(overlap(box, other) for other in placed[:index]) <= 0.3 * area + 1e-6


@given(st.floats(24, 60), st.floats(4, 20), st.floats(60, 130))
def test_no_mark_lies_beneath_words(step: float, size: float, width: float) -> None:
    """Three small discs are less than a third of a long label, and each of them would be gone."""
    marks = [
        Box(float(x), float(y), size, size) for x in np.arange(0, 400 - size, step) for y in np.arange(0, 280, step)
    ]
    own = marks[len(marks) // 2]
    wanted = Wanted(own.left + size / 2, own.top + size / 2, size / 2, width, 32)
    placed = [box for box in place([wanted], marks, BOUNDS) if box is not None]
    assert all(overlap(box, mark) <= 0.5 * size * size + 1e-6 for box in placed for mark in marks)


def test_words_that_would_hide_three_small_discs_are_left_to_the_list() -> None:
    marks = [Box(x, y, 12, 12) for x in range(0, 400, 40) for y in range(0, 300, 24)]
    assert place([Wanted(206, 150, 6, 110, 32)], marks, BOUNDS) == [None]


def test_where_there_is_no_room_there_is_no_label() -> None:
    everywhere = [Box(0, 0, 400, 300)]
    assert place([Wanted(200, 150, 6, 70, 32)], everywhere, BOUNDS) == [None]


def open_sea(width: float = 800, height: float = 400) -> Sea:
    return Sea(np.zeros((int(height / 8), int(width / 8))), 8.0, width, height)


def test_lenses_hide_no_mark_and_not_each_other() -> None:
    taken = [Box(390, 190, 20, 20), Box(0, 0, 250, 36)]
    wishes = [LensWish(400, 200, 180, 160), LensWish(420, 210, 180, 160), LensWish(100, 300, 120, 120)]
    boxes = [box for box in arrange(wishes, open_sea(), taken) if box is not None]
    assert len(boxes) == 3
    for index, box in enumerate(boxes):
        assert all(overlap(box, other) == 0 for other in (*taken, *boxes[:index]))
        assert box.left >= MARGIN_PX
        assert box.left + box.width <= 800 - MARGIN_PX + 1
    assert GAP_PX > 0


def test_a_lens_prefers_the_sea() -> None:
    sea = open_sea()
    sea.land[:, :50] = 1.0
    (box,) = arrange([LensWish(400, 200, 200, 160)], sea, [Box(380, 180, 40, 40)])
    assert box is not None
    assert box.left >= 400


def test_a_lens_without_room_is_left_out() -> None:
    assert arrange([LensWish(100, 50, 1300, 700)], open_sea(), []) == [None]
    assert arrange([], open_sea(), []) == []


def test_dense_areas_are_found_across_the_date_line_and_share_no_site() -> None:
    longitudes = [179, -179, 178, -178, 10, 10.5, 11, 100]
    latitudes = [50, 50, 51, 51, 50, 50.5, 51, 0]
    areas = dense_areas(longitudes, latitudes, 4)
    assert [area.members for area in areas] == [(0, 1, 2, 3), (4, 5, 6)]
    assert abs(abs(areas[0].longitude_deg) - 180) < 1
    assert dense_areas([], [], 4) == ()


@pytest.mark.parametrize(
    ("longitude", "latitude", "name"),
    [(-101, 31.5, "Texas"), (39, 8.5, "East Africa"), (56, 23, "Gulf"), (-57.6, -25, "Paraguay"), (-30, 0, None)],
)
def test_a_dense_area_has_the_name_of_the_smallest_box_round_it(longitude, latitude, name) -> None:
    assert place_name(longitude, latitude) == name


def test_home_holds_every_site_and_the_footprint() -> None:
    view = home([-100, 40], [31, 9], 1096, 460)
    assert view.projection.meridian_deg == FOOTPRINT_MERIDIAN_DEG
    x, y = view.to_px([FOOTPRINT.west, FOOTPRINT.east, 0], [0, 0, FOOTPRINT.north - 1])
    assert (x >= 0).all()
    assert (x <= 1096).all()
    assert (y >= -1).all()


def test_home_turns_to_the_whole_world_for_a_site_in_australia() -> None:
    view = home([150.0], [-33.0], 1096, 460)
    assert view.projection.meridian_deg == WORLD_MERIDIAN_DEG
    x, y = view.to_px(150.0, -33.0)
    assert 0 < float(x) < 1096
    assert 0 < float(y) < 460


def test_a_zoom_keeps_the_ground_under_the_pointer() -> None:
    view = home([], [], 1096, 460)
    before = view.to_degrees(300.0, 200.0)
    after = view.zoomed(3.0, 300.0, 200.0, 1.0, 1e6).to_degrees(300.0, 200.0)
    assert float(before[0]) == pytest.approx(float(after[0]))
    assert float(before[1]) == pytest.approx(float(after[1]))


def test_arrows_go_to_the_nearest_site_in_their_direction() -> None:
    x, y = [0, 10, 50, 50], [0, 0, 5, 80]
    assert neighbour(x, y, 0, 1, 0) == 1
    assert neighbour(x, y, 1, 1, 0) == 2
    assert neighbour(x, y, 2, 0, 1) == 3
    assert neighbour(x, y, 0, -1, 0) == 0
    assert reading_order([5.0, -3.0, 5.0], [1.0, 0.0, 9.0]) == [1, 2, 0]

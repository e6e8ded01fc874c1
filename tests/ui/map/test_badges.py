"""Where a cluster wears the form of its worst state: at a corner of its own that tells of no other cluster."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from console.domain.fleet_state import SiteMark
from console.ui.map.badges import CORNERS, Disc, badge_at, corners_of
from console.ui.map.marks import marks_of
from console.ui.map.pins import Pin
from console.ui.map.site_glyph import BADGE_RADIUS_PX, BADGE_REACH_PX

BADGE, REACH = 5.6, 1.4
MIDDLE = Disc(100, 100, 15)
DISCS = st.lists(st.builds(Disc, st.floats(0, 400), st.floats(0, 300), st.floats(5, 30)), max_size=12)


def room(one: Disc, other: Disc) -> float:
    return math.hypot(one.x - other.x, one.y - other.y) - one.radius - other.radius


def test_alone_it_is_below_at_the_left() -> None:
    assert corners_of([MIDDLE], [], BADGE, REACH) == [(-1, 1)]


def test_where_another_mark_stands_it_is_at_another_corner() -> None:
    below = Disc(88, 122, 10)
    assert corners_of([MIDDLE], [below], BADGE, REACH) == [(1, 1)]
    assert corners_of([MIDDLE], [below, Disc(114, 122, 10)], BADGE, REACH) == [(-1, -1)]


def test_two_badges_do_not_cover_each_other() -> None:
    beside = Disc(62, 100, 15)
    first, second = corners_of([MIDDLE, beside], [], BADGE, REACH)
    assert room(badge_at(MIDDLE, first, BADGE, REACH), badge_at(beside, second, BADGE, REACH)) > 0


@given(DISCS, DISCS)
def test_it_touches_another_mark_only_where_every_corner_does(clusters: list[Disc], others: list[Disc]) -> None:
    corners = corners_of(clusters, others, BADGE, REACH)
    assert len(corners) == len(clusters)
    for index, one in enumerate(clusters):
        rest = [*others, *clusters[:index], *clusters[index + 1 :]]
        worn = [badge_at(*told, BADGE, REACH) for told in zip(clusters[:index], corners[:index], strict=True)]
        free = {
            corner: min((room(badge_at(one, corner, BADGE, REACH), each) for each in (*rest, *worn)), default=math.inf)
            for corner in CORNERS
        }
        assert free[corners[index]] >= min(2.0, max(free.values()))


def pin(name: str, mark: SiteMark, power_w: float) -> Pin:
    return Pin(name, name, "Nowhere", "UTC", 0.0, 0.0, power_w, power_w, mark, "", ())


def test_a_badge_does_not_stand_on_the_number_of_the_next_cluster() -> None:
    """Two clusters as on a small map of the demo fleet: the upper one's badge hid the 12 below it."""
    pins = [*(pin(f"a{n}", SiteMark.NORMAL, 40e6) for n in range(12)), pin("b", SiteMark.CURTAILED, 20e6)]
    pins += [pin(f"b{n}", SiteMark.NORMAL, 20e6) for n in range(7)]
    x, y = np.array([215.0] * 12 + [226.0] * 8), np.array([74.0] * 12 + [44.0] * 8)
    lower, upper = marks_of(pins, x, y, 1.0)
    assert (len(lower.members), len(upper.members)) == (12, 8)
    worn = badge_at(Disc(upper.x, upper.y, upper.radius), upper.corner, BADGE_RADIUS_PX, BADGE_REACH_PX)
    assert room(worn, Disc(lower.x, lower.y, lower.radius)) > 0

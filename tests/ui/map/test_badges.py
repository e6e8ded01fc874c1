"""Where a cluster wears the form of its worst state: at a corner of its own that tells of no other cluster."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from console.domain.alarm import AlarmState, Priority
from console.domain.fleet_state import SiteMark
from console.ui.map.alarm_ring import RING_OF_MANY, SYMBOL
from console.ui.map.badges import CORNERS, Badge, badge_at, corners_of
from console.ui.map.discs import Disc, circles_of, outside
from console.ui.map.labels import Box
from console.ui.map.marks import labels_of, marks_of
from console.ui.map.pins import Pin
from console.ui.map.site_glyph import BADGE
from console.ui.models.alarms.sites import SiteAlarm

SIGN = Badge(5.6, 1.4)
MIDDLE = Disc(100, 100, 15)
DISCS = st.lists(st.builds(Disc, st.floats(0, 400), st.floats(0, 300), st.floats(5, 30)), max_size=12)


def test_alone_it_is_below_at_the_left() -> None:
    assert corners_of([MIDDLE], [], SIGN) == [(-1, 1)]


def test_where_another_mark_stands_it_is_at_another_corner() -> None:
    below = Disc(88, 122, 10)
    assert corners_of([MIDDLE], [below], SIGN) == [(1, 1)]
    assert corners_of([MIDDLE], [below, Disc(114, 122, 10)], SIGN) == [(-1, -1)]


def test_two_badges_do_not_cover_each_other() -> None:
    beside = Disc(62, 100, 15)
    first, second = corners_of([MIDDLE, beside], [], SIGN)
    assert badge_at(MIDDLE, first, SIGN).room_to(badge_at(beside, second, SIGN)) > 0


@given(DISCS, DISCS)
def test_it_touches_another_mark_only_where_every_corner_does(clusters: list[Disc], others: list[Disc]) -> None:
    corners = corners_of(clusters, others, SIGN)
    assert len(corners) == len(clusters)
    for index, one in enumerate(clusters):
        rest = [*others, *clusters[:index], *clusters[index + 1 :]]
        worn = [badge_at(*told, SIGN) for told in zip(clusters[:index], corners[:index], strict=True)]
        free = {
            corner: min((badge_at(one, corner, SIGN).room_to(each) for each in (*rest, *worn)), default=math.inf)
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
    worn = badge_at(Disc(upper.x, upper.y, upper.radius), upper.corner, BADGE)
    assert worn.room_to(Disc(lower.x, lower.y, lower.radius)) > 0


def test_the_symbol_of_an_alarm_covers_neither_the_badge_nor_a_neighbour() -> None:
    alarm = SiteAlarm(Priority.LOW, AlarmState.UNACKNOWLEDGED, "a container tells nothing", None, 1)
    pins = [
        pin("a", SiteMark.CURTAILED, 40e6),
        replace(pin("b", SiteMark.NORMAL, 40e6), alarm=alarm),
        pin("c", SiteMark.NORMAL, 10e6),
    ]
    both, beside = marks_of(pins, np.array([200.0, 200.0, 236.0]), np.array([100.0, 100.0, 118.0]), 2.0)
    assert (len(both.members), len(beside.members)) == (2, 1)
    disc = Disc(both.x, both.y, both.radius)
    badge = badge_at(disc, both.corner, BADGE)
    symbol = badge_at(Disc(both.x, both.y, both.radius + RING_OF_MANY), both.alarm_corner, SYMBOL)
    assert symbol.room_to(badge) > 0
    assert symbol.room_to(Disc(beside.x, beside.y, beside.radius)) > 0


POINTS = st.tuples(st.floats(0, 400), st.floats(0, 300))


@given(POINTS, POINTS, DISCS)
def test_of_a_line_is_left_what_is_in_no_disc(start, end, discs: list[Disc]) -> None:
    pieces = outside(start, end, circles_of(discs))
    length = math.dist(start, end)
    for share in np.linspace(0.003, 0.997, 60):
        at = Disc(start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1]), 0.0)
        edge = min((abs(at.room_to(disc)) for disc in discs), default=math.inf)
        if length < 1 or edge < 1e-6:
            continue  # on an edge either is right
        covered = any(at.room_to(disc) < 0 for disc in discs)
        drawn = any(
            math.dist(first, (at.x, at.y)) + math.dist((at.x, at.y), last) - math.dist(first, last) < 1e-6
            for first, last in pieces
        )
        assert drawn is not covered
    assert sum(math.dist(*piece) for piece in pieces) <= length + 1e-6


def test_of_a_cluster_in_alarm_nobody_says_that_it_is_normal() -> None:
    alarm = SiteAlarm(Priority.LOW, AlarmState.UNACKNOWLEDGED, "a container tells nothing", None, 1)
    pins = [
        replace(pin("a", SiteMark.CURTAILED, 4e6), reason="curtailed, 3 MW"),
        replace(pin("b", SiteMark.NORMAL, 4e6), alarm=alarm, reason="low alarm"),
        replace(pin("c", SiteMark.NORMAL, 4e6), alarm=alarm, reason="low alarm"),
        pin("d", SiteMark.NORMAL, 4e6),
    ]
    at = np.full(4, 200.0)
    marks = marks_of(pins, at, at, 1.0)
    (label,) = labels_of(pins, marks, {0, 1, 2}, [], Box(0, 0, 400, 400), lambda text, bold: 6.0 * len(text))
    assert (label.name, label.reason) == ("3 of 4 sites", "2 in low alarm, 1 curtailed")

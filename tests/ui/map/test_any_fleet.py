"""Whatever a fleet file may hold, the map lays it out: no site is lost, nothing stands outside, nothing raises."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from console.domain.fleet_state import FleetNow, judge
from console.domain.site import Fleet
from console.ui.map.scene_painter import local_time, time_beside
from console.ui.map.world_map import WorldMap
from tests.ui import fakes

TEMPLATE = fakes.fleet().sites[0]
AGES_S = st.sampled_from([5, 50, 500, 50_000, None])
WATTS = st.floats(0, 5e8)
ANYWHERE = st.tuples(st.floats(-180, 180), st.floats(-90, 90), WATTS, AGES_S)
CROWDED = st.builds(
    lambda centre, dx, dy, watts, age: (centre[0] + dx, centre[1] + dy, watts, age),
    st.sampled_from([(-100.0, 31.0), (39.0, 8.0), (-57.0, -25.0)]),
    st.floats(-4, 4),
    st.floats(-4, 4),
    WATTS,
    AGES_S,
)
PLACES = st.one_of(st.lists(ANYWHERE, max_size=40), st.lists(CROWDED, min_size=6, max_size=60))
SIZES = st.tuples(st.integers(2, 2400), st.integers(2, 1300))


def fleet_at(places: list[tuple[float, float, float, int | None]]) -> FleetNow:
    sites = tuple(
        msgspec.structs.replace(
            TEMPLATE,
            id=f"s{n}",
            name=f"Site {n}",
            longitude_deg=x,
            latitude_deg=y,
            capacity_w=capacity,
            deployed_hs=1e15,
        )
        for n, (x, y, capacity, _) in enumerate(places)
    )
    rollups = {
        site.id: fakes.rollup(site, fakes.NOW_MS - age * 1000)
        for site, (_, _, _, age) in zip(sites, places, strict=True)
        if age is not None
    }
    return judge(Fleet(name="any", sites=sites), rollups, {}, fakes.NOW_MS)


@pytest.fixture
def empty_map(qtbot: QtBot) -> WorldMap:
    widget = WorldMap()
    qtbot.addWidget(widget)
    widget.show()
    return widget


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PLACES, SIZES)
def test_any_fleet_fits_on_any_map(empty_map: WorldMap, places: list, size: tuple[int, int]) -> None:
    empty_map.resize(*size)
    empty_map.set_fleet(fleet_at(places))
    empty_map.grab()
    scene = empty_map.scene
    assert sorted(member for mark in scene.marks for member in mark.members) == list(range(len(places)))
    for lens in scene.lenses:
        assert lens.box.left >= 0
        assert lens.box.left + lens.box.width <= empty_map.width()
        assert sorted(member for mark in lens.marks for member in mark.members) == sorted(lens.members)
    for index in range(len(places)):
        empty_map.focus_site(f"s{index}")
    empty_map.go_home()


def test_a_zone_that_this_machine_does_not_know_is_told_as_utc() -> None:
    assert local_time("Mars/Olympus", fakes.NOW_MS) == "14:32 UTC"
    assert local_time("Asia/Muscat", fakes.NOW_MS) == "18:32 local"


def test_a_lens_keeps_its_whole_name_before_its_time(empty_map: WorldMap) -> None:
    assert time_beside("18:32 local", 200) == "18:32 local"
    assert time_beside("18:32 local", 50) == "18:32"
    assert time_beside("18:32 local", 10) == ""

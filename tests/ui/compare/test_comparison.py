"""What places are measured against, and that no extreme is lost on the way to a common scale."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.place import container_key, region_key, site_key
from console.domain.series import Series
from console.ui.models.comparison import (
    Measure,
    Scale,
    axis_of,
    efficiency,
    figures,
    held_part,
    place_of,
    places_of,
    reference_of,
    scaled,
    wants_of,
)
from console.ui.models.series_feed import Want
from tests.ui.compare.desk import owning_fleet
from tests.ui.fakes import CONTAINERS, FakeStore

HOUR_MS = 3_600_000


def series(mean: list[float], low: list[float] | None = None, high: list[float] | None = None) -> Series:
    def column(values: list[float]) -> np.ndarray:
        return np.array(values, dtype=np.float32)

    at_ms = np.arange(len(mean), dtype=np.int64) * HOUR_MS
    return Series("p", "s", HOUR_MS, at_ms, column(mean), column(low or mean), column(high or mean))


def test_regions_sites_and_containers_can_be_compared() -> None:
    now = FakeStore(owning_fleet()).now()
    places = places_of(now)
    assert len(places) == 5 + 44 + 44 * CONTAINERS
    assert [place.title for place in places[:2]] == ["North America", "East Africa"]
    assert place_of(now, "site:gone") is None
    assert place_of(now, "region:Atlantis") is None
    assert place_of(now, "container:north-america-1/C99") is None


def test_the_reference_is_the_first_site_that_the_fleet_owns() -> None:
    assert reference_of(FakeStore(owning_fleet()).now()) == "site:north-america-1"
    assert reference_of(FakeStore().now()) is None


def test_a_container_gets_its_sites_figures_by_its_share_of_the_machines() -> None:
    now = FakeStore(owning_fleet()).now()
    site = now.sites[0].site
    container = place_of(now, container_key(site.id, "C01"))
    assert container is not None
    assert container.deployed_hs == pytest.approx(site.deployed_hs / CONTAINERS)
    assert container.capacity_w == pytest.approx(site.capacity_w / CONTAINERS)


def test_a_region_is_measured_against_all_its_sites_whether_or_not_they_answer() -> None:
    store = FakeStore.troubled(owning_fleet())
    now = store.now()
    region = place_of(now, region_key("East Africa"))
    assert region is not None
    assert region.deployed_hs == pytest.approx(sum(s.deployed_hs for s in store.of.sites if s.region == "East Africa"))
    assert Want(region.key, "held_hs") in wants_of([region.key], Measure.HASHRATE)


def test_hashrate_of_deployed_is_a_percentage_and_by_mw_a_density() -> None:
    now = FakeStore(owning_fleet()).now()
    place = place_of(now, site_key(now.sites[0].site.id))
    assert place is not None
    told = {Want(place.key, "hashrate_hs"): series([place.deployed_hs * 0.9])}
    percentage = scaled(told, place, Measure.HASHRATE, axis_of(Measure.HASHRATE, Scale.DEPLOYED, 0))
    density = scaled(told, place, Measure.HASHRATE, axis_of(Measure.HASHRATE, Scale.CAPACITY, 0))
    assert percentage is not None
    assert percentage.mean[0] == pytest.approx(90.0)
    assert density is not None
    assert density.mean[0] == pytest.approx(0.9 * place.deployed_hs / 1e15 / (place.capacity_w / 1e6), rel=1e-5)
    assert place.newest(Measure.HASHRATE, axis_of(Measure.HASHRATE, Scale.DEPLOYED, 0)) == pytest.approx(
        100 * place.hashrate_hs / place.deployed_hs
    )


def test_power_by_deployed_is_watts_a_terahash_and_of_capacity_a_percentage() -> None:
    now = FakeStore(owning_fleet()).now()
    place = place_of(now, site_key(now.sites[0].site.id))
    assert place is not None
    told = {Want(place.key, "power_w"): series([place.capacity_w / 2])}
    found = {}
    for scale in (Scale.DEPLOYED, Scale.CAPACITY):
        axis = axis_of(Measure.POWER, scale, 0)
        one = scaled(told, place, Measure.POWER, axis)
        assert one is not None
        found[axis.unit] = float(one.mean[0])
    watts_a_terahash = place.capacity_w / 2 / (place.deployed_hs / 1e12)
    assert found == {"W per TH/s": pytest.approx(watts_a_terahash, rel=1e-5), "%": pytest.approx(50.0)}


def test_a_place_without_a_rating_has_no_value_and_never_a_wrong_one() -> None:
    now = FakeStore(owning_fleet()).now()
    place = place_of(now, site_key(now.sites[0].site.id))
    assert place is not None
    bare = type(place)(place.key, "bare", "", 0.0, math.nan, 1e18, 1e6, fresh=True)
    told = {Want(place.key, "hashrate_hs"): series([1e18])}
    for scale in (Scale.DEPLOYED, Scale.CAPACITY):
        found = scaled(told, bare, Measure.HASHRATE, axis_of(Measure.HASHRATE, scale, 0))
        assert found is not None
        assert math.isnan(found.mean[0])


def test_an_absolute_axis_takes_the_unit_of_the_largest() -> None:
    assert axis_of(Measure.HASHRATE, Scale.ABSOLUTE, 2e18).unit == "EH/s"
    assert axis_of(Measure.HASHRATE, Scale.ABSOLUTE, 2e17).unit == "PH/s"
    assert axis_of(Measure.POWER, Scale.ABSOLUTE, 5e5).unit == "kW"
    assert axis_of(Measure.POWER, Scale.ABSOLUTE, 0.0).unit == "W"


def test_r18_a_dip_of_hashrate_shows_in_the_efficiency_of_its_bucket() -> None:
    power = series([20e6], low=[19.9e6], high=[20.1e6])
    hashrate = series([1e18], low=[0.5e18], high=[1.01e18])
    found = efficiency(power, hashrate)
    assert found.mean[0] == pytest.approx(20.0)
    assert found.high[0] == pytest.approx(39.8, rel=1e-3)


def test_r18_a_dip_of_power_shows_in_the_efficiency_of_its_bucket() -> None:
    found = efficiency(series([20e6], low=[10e6], high=[20.1e6]), series([1e18], low=[0.9e18], high=[1.01e18]))
    assert found.low[0] == pytest.approx(10e6 / 0.9e18 * 1e12, rel=1e-3)


def test_a_curtailed_site_shows_no_false_peak_and_one_that_rests_no_value() -> None:
    found = efficiency(series([20e6, 1e5], low=[2e6, 1e5]), series([1e18, 0.0], low=[1e17, 0.0]))
    assert found.high[0] == pytest.approx(20.0)
    assert math.isnan(found.mean[1])
    assert math.isnan(found.high[1])


def test_the_part_of_a_region_that_rests_on_a_stale_site_is_known_by_bucket() -> None:
    key, like = region_key("Canada"), series([1.0, 2.0, 3.0, math.nan])
    told = {Want(key, "held_hs"): series([0.0, 1e15, 0.0, math.nan], high=[0.0, 2e15, 1e14, math.nan])}
    part = held_part(told, key, Measure.HASHRATE, like)
    assert part is not None
    assert part.tolist() == [False, True, True, False], "also where only some minutes of the bucket do"
    assert held_part({Want(key, "held_hs"): series([0.0] * 4)}, key, Measure.HASHRATE, like) is None
    assert held_part({}, key, Measure.HASHRATE, like) is None


def test_figures_are_those_of_the_span_and_say_how_much_is_known() -> None:
    one = series([1.0, 2.0, math.nan, 4.0, 9.0], low=[0.5, 0.1, math.nan, 3.0, 9.0], high=[1, 2, math.nan, 7, 9])
    found = figures(one, 0, 4 * HOUR_MS)
    assert (found.latest, found.mean, found.known) == (4.0, pytest.approx(7 / 3), 0.75)
    assert (found.low, found.high) == (pytest.approx(0.1), 7.0)
    assert figures(None, 0, 1).known == 0.0
    assert figures(one, 2 * HOUR_MS, 2 * HOUR_MS + 1).known == 0.0


@given(st.lists(st.one_of(st.floats(0, 2.0**63, width=32), st.just(math.nan)), min_size=1, max_size=30))
def test_a_scale_moves_no_gap_and_keeps_the_order(values: list[float]) -> None:
    now = FakeStore(owning_fleet()).now()
    place = place_of(now, site_key(now.sites[3].site.id))
    assert place is not None
    told = series(values)
    for scale in Scale:
        axis = axis_of(Measure.HASHRATE, scale, 1e18)
        found = scaled({Want(place.key, "hashrate_hs"): told}, place, Measure.HASHRATE, axis)
        assert found is not None
        assert np.array_equal(np.isnan(found.mean), np.isnan(told.mean))
        assert (found.low[np.isfinite(found.low)] <= found.high[np.isfinite(found.high)]).all()

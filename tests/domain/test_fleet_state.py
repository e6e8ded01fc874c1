"""What the fleet is doing now: marks, coverage, totals that say what is missing."""

from __future__ import annotations

import math

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.fleet_state import FleetNow, SiteMark, judge
from console.domain.freshness import Freshness
from console.domain.link_state import Link, LinkState
from console.domain.metric import SIGNAL_INDEX, SIGNALS
from console.domain.rollup import HOLD_MS, SiteRollup
from console.domain.site import Fleet
from tests.collect.fakes import make_site

NOW = 1_790_000_000_000
NAN = float("nan")


def rollup(site_id: str, age_s: float, hashrate: float = 3e14, power: float = 9e3, **more: float) -> SiteRollup:
    values = np.full((1, len(SIGNALS)), NAN)
    for name, value in {"hashrate_hs": hashrate, "power_w": power, "miners": 4.0, **more}.items():
        values[0, SIGNAL_INDEX[name]] = value
    at_ms = NOW - round(age_s * 1000)
    return SiteRollup(site_id, at_ms, at_ms, (), values)


def fleet_of(*periods: float) -> Fleet:
    sites = tuple(
        make_site(number, period_s, region="North" if number % 2 else "South")
        for number, period_s in enumerate(periods, 1)
    )
    return Fleet(name="Test", sites=sites)


def judged(ages: list[float | None], links: dict[str, Link] | None = None, period_s: float = 30.0) -> FleetNow:
    fleet = fleet_of(*[period_s] * len(ages))
    rollups = {site.id: rollup(site.id, age) for site, age in zip(fleet.sites, ages, strict=True) if age is not None}
    states = {key: LinkState(site_id=key, adapter="fake", link=link) for key, link in (links or {}).items()}
    return judge(fleet, rollups, states, NOW)


@pytest.mark.parametrize(
    ("age_s", "link", "mark"),
    [
        (10, Link.GOOD, SiteMark.NORMAL),
        (10, Link.DOWN, SiteMark.NORMAL),
        (70, Link.DOWN, SiteMark.NORMAL),
        (80, Link.GOOD, SiteMark.STALE),
        (80, Link.DOWN, SiteMark.NO_LINK),
        (80, Link.SLOW, SiteMark.NO_LINK),
        (None, Link.REFUSED, SiteMark.NO_LINK),
        (None, Link.NEVER, SiteMark.NEVER),
        (None, Link.GOOD, SiteMark.NEVER),
    ],
)
def test_a_site_keeps_its_mark_until_its_value_is_stale(age_s: float | None, link: Link, mark: SiteMark) -> None:
    assert judged([age_s], {"site-1": link}).site("site-1").mark is mark


def test_a_site_that_mostly_rests_on_purpose_is_curtailed_not_broken() -> None:
    fleet = fleet_of(30.0)
    for curtailed, mark in ((2.0, SiteMark.CURTAILED), (1.0, SiteMark.NORMAL), (NAN, SiteMark.NORMAL)):
        now = judge(fleet, {"site-1": rollup("site-1", 1, curtailed=curtailed)}, {}, NOW)
        assert now.site("site-1").mark is mark
    empty = judge(fleet, {"site-1": rollup("site-1", 1, miners=0.0, curtailed=0.0)}, {}, NOW)
    assert empty.site("site-1").mark is SiteMark.NORMAL, "no machine rests where none stands"


def test_t8_r10_a_total_never_drops_or_repeats_a_stale_site() -> None:
    total = judged([10, 80, 29 * 60, 31 * 60, None]).total
    assert (total.sites, total.fresh, total.held, total.missing) == (5, 1, 2, 2)
    assert total.value("hashrate_hs") == pytest.approx(9e14)
    assert total.value("held_hs") == pytest.approx(6e14)
    assert total.value("deployed_hs") == pytest.approx(5 * 4e14)
    assert total.freshness is Freshness.FRESH
    assert total.at_ms == NOW - 10_000


@given(st.lists(st.none() | st.floats(0, 4000), min_size=1, max_size=12))
def test_t8_r10_coverage_always_adds_up(ages: list[float | None]) -> None:
    now = judged(ages)
    for total in (now.total, *now.regions):
        assert total.fresh + total.held + total.missing == total.sites
        if total.freshness is not Freshness.NEVER:
            assert total.value("sites_fresh") == total.fresh
            assert total.value("hashrate_hs") == pytest.approx((total.fresh + total.held) * 3e14)
            assert total.value("held_hs") == pytest.approx(total.held * 3e14)
    assert sum(region.sites for region in now.regions) == now.total.sites
    assert sum(region.fresh for region in now.regions) == now.total.fresh


def test_held_is_a_stated_while_behind_the_newest_sample_to_the_millisecond() -> None:
    newest = 10.0
    held_s = HOLD_MS / 1000 + newest
    assert judged([newest, held_s]).total.held == 1
    assert judged([newest, held_s + 0.001]).total.missing == 1


def test_r9_a_fleet_that_went_dark_keeps_its_last_total_and_says_so() -> None:
    total = judged([7200, 7210, 7230]).total
    assert total.freshness is Freshness.STALE
    assert (total.fresh, total.held, total.missing) == (0, 3, 0)
    assert total.value("hashrate_hs") == total.value("held_hs") == pytest.approx(9e14)
    assert total.at_ms == NOW - 7_200_000


def test_a_fleet_without_any_sample_is_never_not_zero() -> None:
    total = judged([None, None]).total
    assert total.freshness is Freshness.NEVER
    assert total.at_ms is None
    assert math.isnan(total.value("hashrate_hs"))
    assert math.isnan(total.operational_ratio)
    assert math.isnan(total.efficiency_j_per_th)
    assert (total.fresh, total.held, total.missing) == (0, 0, 2)


def test_a_sum_is_as_old_as_its_oldest_fresh_part_and_as_fresh_as_its_freshest() -> None:
    total = judged([5, 60]).total
    assert total.at_ms == NOW - 60_000
    assert total.freshness is Freshness.FRESH
    assert judged([50, 60]).total.freshness is Freshness.LATE


def test_sites_of_different_periods_are_each_judged_by_their_own() -> None:
    fleet = fleet_of(30.0, 300.0)
    rollups = {"site-1": rollup("site-1", 100), "site-2": rollup("site-2", 400)}
    total = judge(fleet, rollups, {}, NOW).total
    assert (total.fresh, total.held) == (1, 1)
    assert total.freshness is Freshness.FRESH
    assert total.at_ms == NOW - 400_000


def test_efficiency_is_power_weighted_over_sites_that_tell_both() -> None:
    fleet = fleet_of(30.0, 30.0, 30.0)
    rollups = {
        "site-1": rollup("site-1", 1, hashrate=1e15, power=2e4),
        "site-2": rollup("site-2", 1, hashrate=3e15, power=9e4),
        "site-3": rollup("site-3", 1, hashrate=5e15, power=NAN),
    }
    total = judge(fleet, rollups, {}, NOW).total
    assert total.efficiency_j_per_th == pytest.approx(1.1e5 / 4000)
    assert total.operational_ratio == pytest.approx(9e15 / 12e14)


def test_t34_a_stamp_left_in_the_future_makes_nobody_else_old() -> None:
    fleet = fleet_of(30.0, 30.0, 30.0)
    ages_s = {"site-1": -3600, "site-2": 5, "site-3": 12 * 60}
    total = judge(fleet, {site_id: rollup(site_id, age_s) for site_id, age_s in ages_s.items()}, {}, NOW).total
    assert (total.fresh, total.held, total.missing) == (1, 2, 0), "and is not fresh itself: nobody knows its age"


def test_regions_come_in_the_order_of_the_fleet_file() -> None:
    now = judged([1, 1, 1])
    assert [region.place for region in now.regions] == ["region:North", "region:South"]
    assert [region.sites for region in now.regions] == [2, 1]


def test_a_site_that_the_fleet_lost_counts_nowhere() -> None:
    fleet = msgspec.structs.replace(fleet_of(30.0, 30.0), sites=fleet_of(30.0).sites)
    now = judge(fleet, {"site-1": rollup("site-1", 1), "site-2": rollup("site-2", 1)}, {}, NOW)
    assert now.total.sites == 1
    with pytest.raises(KeyError):
        now.site("site-2")


def test_r11_offline_every_site_is_last_known_and_held_however_young_it_is() -> None:
    fleet = fleet_of(30.0, 30.0, 30.0)
    rollups = {"site-1": rollup("site-1", 1), "site-2": rollup("site-2", 50)}
    now = judge(fleet, rollups, {}, NOW, offline=True)
    assert [entry.mark for entry in now.sites] == [SiteMark.STALE, SiteMark.STALE, SiteMark.NEVER]
    total = now.total
    assert (total.freshness, total.fresh, total.held, total.missing) == (Freshness.STALE, 0, 2, 1)
    assert total.value("hashrate_hs") == total.value("held_hs") == 6e14, "the last total stays, all of it held"
    assert total.at_ms == NOW - 1000

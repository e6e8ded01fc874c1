"""Attention rows, the region tree and the fleet's readings: what the world says in words and numbers."""

from __future__ import annotations

import math

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.qtbot import QtBot

from console.domain.durations import DAY_MS
from console.domain.fleet_state import FleetNow, SiteMark
from console.domain.place import FLEET
from console.epochs import load_difficulty
from console.ui.map.pins import pins_of, where
from console.ui.models.attention import AttentionModel, attention_rows, calm_line, headline
from console.ui.models.regions import RegionTree, branches_of
from console.ui.models.usual_band import usual_band
from console.ui.views.world.readings import SIGNALS, Context, held_words, world_readings
from console.ui.widgets.state_glyph import ValueState
from tests.ui import fakes

MINUTE_MS = 60_000


@pytest.fixture
def troubled() -> FleetNow:
    return fakes.FakeStore.troubled().now()


def test_what_needs_attention_comes_worst_first(troubled: FleetNow) -> None:
    rows = attention_rows(troubled)
    assert [row.mark for row in rows] == [SiteMark.NO_LINK, SiteMark.STALE, SiteMark.NEVER, SiteMark.CURTAILED]
    assert headline(troubled) == "4 sites: 1 no link, 1 stale, 1 no data, 1 planned"


def test_reasons_are_plain_and_tell_what_happens_to_the_total(troubled: FleetNow) -> None:
    no_link, stale, never, planned = attention_rows(troubled)
    assert no_link.reason.startswith("No connection: connection refused; ")
    assert no_link.reason.endswith("not in total")
    assert no_link.since == "1 h 33"
    assert stale.reason.startswith("No samples since 14:20 UTC; ")
    assert stale.reason.endswith("held in total")
    assert stale.since == "12 min"
    assert never.reason == "No sample yet; not in total"
    assert planned.reason.startswith("Curtailed: 80 % of machines rest on purpose")
    assert planned.state == "planned"


def test_a_healthy_fleet_needs_nothing() -> None:
    now = fakes.FakeStore().now()
    assert attention_rows(now) == ()
    assert headline(now) == ""
    assert calm_line(now) == "All 44 sites fresh and normal"


def test_new_words_on_the_same_sites_keep_the_selection(qtbot: QtBot, troubled: FleetNow) -> None:
    model, resets = AttentionModel(), []
    model.modelReset.connect(lambda: resets.append(1))
    model.set_rows(attention_rows(troubled))
    later = fakes.FakeStore.troubled()
    later.now_ms += 2 * MINUTE_MS
    later.rollups_by_site = {
        key: fakes.rollup(
            later.of.site(key), roll.at_ms + (0 if later.now_ms - roll.at_ms > 10 * MINUTE_MS else 120_000)
        )
        for key, roll in later.rollups_by_site.items()
    }
    model.set_rows(tuple(row for row in attention_rows(later.now()) if row.mark is not SiteMark.CURTAILED))
    assert len(resets) == 2
    model.set_rows(model.rows)
    assert len(resets) == 2
    assert model.data(model.index(0), Qt.ItemDataRole.DisplayRole) == model.rows[0].sentence()


def test_regions_keep_the_fleets_order_and_shares(troubled: FleetNow) -> None:
    branches = branches_of(troubled)
    assert [branch.region.name for branch in branches] == [region[0] for region in fakes.REGIONS]
    assert [round(branch.region.share, 2) for branch in branches] == [0.38, 0.37, 0.15, 0.09, 0.01]
    assert sum(len(branch.sites) for branch in branches) == 44
    assert branches[0].region.reach == 1.0


def test_a_region_wears_its_worst_site_and_says_how_many_are_not_fresh(troubled: FleetNow) -> None:
    marks = {branch.region.name: branch.region.mark for branch in branches_of(troubled)}
    assert marks["South America"] is SiteMark.NO_LINK
    assert marks["Canada"] is SiteMark.NORMAL
    details = {branch.region.name: branch.region.detail for branch in branches_of(troubled)}
    assert details["South America"] == "6 sites · 1 not fresh"


def test_a_filter_finds_sites_by_name_country_and_region(troubled: FleetNow) -> None:
    assert [site.name for branch in branches_of(troubled, "middle east 2") for site in branch.sites] == [
        "Middle East 2"
    ]
    assert sum(len(branch.sites) for branch in branches_of(troubled, " ethiopia ")) == 12
    assert branches_of(troubled, "nowhere") == ()


def test_the_tree_reaches_every_site_and_knows_each_parent(qtbot: QtBot, qtmodeltester: object) -> None:
    tree = RegionTree()
    assert tree.set_branches(branches_of(fakes.FakeStore.troubled().now()))
    assert not tree.set_branches(branches_of(fakes.FakeStore().now()))  # other values, the same shape
    found = 0
    for region in range(tree.rowCount()):
        top = tree.index(region, 0)
        assert tree.parent(top) == QModelIndex()
        for row in range(tree.rowCount(top)):
            index = tree.index(row, 0, top)
            assert tree.parent(index) == top
            assert tree.row(index).site_id
            found += 1
    assert found == 44
    qtmodeltester.check(tree)


def readings(store: fakes.FakeStore) -> dict[str, object]:
    now = store.now()
    day = {signal: store.series(FLEET, signal, now.now_ms - DAY_MS, now.now_ms) for signal in SIGNALS}
    return {reading.label: reading for reading in world_readings(Context(now, day, load_difficulty()))}


def test_t8_r10_the_hashrate_says_what_is_held_and_what_is_missing() -> None:
    store = fakes.FakeStore.troubled()
    words = held_words(store.now())
    assert words.endswith("EH/s held from 1 stale site, 2 sites missing")
    tile = readings(store)["Operational hashrate"]
    assert tile.bullet.left_text == words
    assert tile.bullet.target == 0.90
    assert 0 < tile.bullet.held < tile.bullet.share
    assert tile.context.startswith("of 50.00 EH/s deployed · ")
    assert tile.context.endswith("% without curtailment")


def test_r5_every_key_value_has_unit_age_band_or_target_and_its_hour() -> None:
    for tile in readings(fakes.FakeStore()).values():
        assert tile.unit
        assert tile.age
        assert tile.spark is not None
        assert len(tile.spark.values) in (60, 61)
    tiles = readings(fakes.FakeStore())
    assert tiles["Site power"].lines[1].startswith("usual ")
    assert tiles["Efficiency, miners"].lines[1].startswith("usual ")
    assert tiles["Operational hashrate"].bullet.target_text == "target 90 %"


def test_r5_the_usual_band_is_the_middle_nine_tenths_of_what_is_known() -> None:
    values = np.append(np.arange(101), np.nan).astype(np.float32)
    assert usual_band(values) == (5.0, 95.0)
    assert usual_band(values[:59]) is None, "before an hour nothing is usual"


def test_r5_the_usual_band_lies_between_samples_as_the_percentiles_of_any_other_program() -> None:
    values = np.random.default_rng(7).normal(22.0, 0.4, 1437).astype(np.float32)
    values[::50] = np.nan
    assert usual_band(values) == pytest.approx(tuple(np.nanquantile(values, (0.05, 0.95))), rel=1e-6)


def test_r5_power_is_the_meters_and_efficiency_tells_the_miners_and_the_meters() -> None:
    store = fakes.FakeStore()
    total, tiles = store.now().total, readings(store)
    miners_w, meter_w = total.value("power_w"), total.value("meter_w")
    assert meter_w > miners_w
    assert float(tiles["Site power"].value.replace(",", "")) == pytest.approx(meter_w / 1e6, rel=1e-3)
    pue = meter_w / miners_w
    at_meter = total.efficiency_j_per_th * pue
    assert tiles["Efficiency, miners"].value == f"{total.efficiency_j_per_th:.1f}"
    assert tiles["Efficiency, miners"].lines[0] == f"{at_meter:.1f} J/TH at the meter · PUE {pue:.3f}"


def test_r5_the_hour_of_a_fleet_that_fell_silent_ends_hollow() -> None:
    store = fakes.FakeStore()
    assert all(tile.spark.live for tile in readings(store).values())
    store.now_ms += 10 * MINUTE_MS
    assert not any(tile.spark.live for tile in readings(store).values() if tile.spark is not None)


def test_coverage_counts_sites_by_state() -> None:
    tile = readings(fakes.FakeStore.troubled())["Sites fresh"]
    assert (tile.value, tile.unit) == ("41", "of 44")
    assert tile.lines[0] == "1 no link · 1 stale · 1 no data · 1 planned"
    assert readings(fakes.FakeStore())["Sites fresh"].lines[0] == "all sites normal"


def test_expected_btc_is_what_accrued_and_what_the_rest_of_the_day_will_bring() -> None:
    tile = readings(fakes.FakeStore())["Expected BTC today"]
    accrued = float(tile.lines[0].split()[0])
    whole = float(tile.value)
    assert "60.6 % of UTC day" in tile.lines[0]
    assert 0.5 < accrued / whole < 0.7
    assert "subsidy only" in tile.lines[1]
    forecasts = tile.spark.values[np.isfinite(tile.spark.values)]
    assert abs(float(np.median(forecasts)) / whole - 1) < 0.05


def test_nothing_is_shown_as_zero_before_the_first_sample() -> None:
    store = fakes.FakeStore()
    store.rollups_by_site = {}
    now = store.now()
    for tile in world_readings(Context(now, {}, None)):
        assert tile.state is ValueState.NEVER
        if tile.label != "Sites fresh":
            assert tile.value == "—"
    branches = branches_of(now)
    assert math.isnan(branches[0].region.ratio)
    assert not branches[0].region.under


def test_s1_a_name_from_outside_cannot_pose_as_another(qtbot: QtBot) -> None:
    store = fakes.FakeStore.troubled()
    dark = store.of.sites[40]
    store.links_by_site[dark.id] = msgspec.structs.replace(
        store.links_by_site[dark.id], error="<b>no\u202e link</b>\x07"
    )
    row = attention_rows(store.now())[0]
    assert "\\u202e" in row.reason
    assert "<b>" in row.reason  # shown as the characters they are
    assert "\x07" not in row.reason
    pin = next(pin for pin in pins_of(store.now()) if pin.site_id == dark.id)
    assert "\u202e" not in pin.words[-1]


def test_curtailment_for_money_does_not_look_like_a_fault() -> None:
    store = fakes.FakeStore()
    for site in store.of.sites:
        store.rollups_by_site[site.id] = fakes.rollup(site, fakes.NOW_MS - 1000, 0.92)
    assert readings(store)["Operational hashrate"].bullet.left_text == "44 of 44 sites fresh"
    for site in store.of.sites:
        store.rollups_by_site[site.id] = fakes.rollup(site, fakes.NOW_MS - 1000, 0.92, curtailed=0.25)
    tile = readings(store)["Operational hashrate"]
    assert tile.second == ("69.0", "%")
    assert tile.bullet.left_text == "92.0 % without curtailment"


def test_a_site_in_the_usa_is_placed_in_its_state() -> None:
    site = fakes.fleet().sites[0]
    texas = msgspec.structs.replace(site, longitude_deg=-99.5, latitude_deg=31.0)
    assert where(texas) == "Texas, United States of America"
    abroad = msgspec.structs.replace(site, longitude_deg=39.3, latitude_deg=8.5, country="Ethiopia")
    assert where(abroad) == "Ethiopia"
    now = fakes.FakeStore().now()
    assert sum(len(branch.sites) for branch in branches_of(now, "united states")) == 17

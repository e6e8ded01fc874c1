"""L2: what an operator sees of one site, and how old it is."""

from __future__ import annotations

import dataclasses

import msgspec
import numpy as np
import pytest

from console.domain.link_state import Link
from console.domain.metric import SIGNAL_INDEX, SIGNALS, MinerState
from console.domain.rollup import SiteRollup
from console.ui.models.containers import containers_of
from console.ui.models.live import Mode
from console.ui.models.zone import ZoneChoice
from console.ui.plot.canvas import Loading
from console.ui.theme import DARK
from console.ui.views.site.words import link_facts
from console.ui.widgets.state_glyph import ValueState
from tests.ui.chart.picture import like, pixels
from tests.ui.fakes import CONTAINERS, NOW_MS, FakeStore, good_link, rollup
from tests.ui.site_bench import HOUR_MS, benches

bench = pytest.fixture(benches)


def test_r5_five_key_values_with_unit_context_and_last_hour(bench) -> None:
    desk = bench()
    tiles = desk.tiles
    assert [tile.label for tile in tiles] == ["Hashrate", "Power", "Efficiency", "Hottest board", "Hashing"]
    assert [tile.unit for tile in tiles] == ["PH/s", "MW", "J/TH", "°C", ""]
    for tile in tiles:
        assert tile.lines[0], tile.label
        assert tile.spark is not None
        assert 55 <= tile.spark.values.size <= 61
        assert tile.spark.band is not None
        assert tile.state is ValueState.FRESH
    assert tiles[1].lines[0].endswith(f"capacity {desk.site.capacity_w / 1e6:.1f}")


def test_t8_r8_silence_becomes_stale_within_a_second_and_without_a_message(bench) -> None:
    desk = bench()
    age_s = (NOW_MS - desk.live.now.site(desk.site.id).at_ms) / 1000
    desk.pass_s(75 - age_s)
    assert {tile.state for tile in desk.tiles} == {ValueState.LATE}
    before = pixels(desk.view.header)
    assert all(curve.live for plot in desk.view.plots.plots for curve in plot.curves)
    desk.pass_s(1)
    assert not any(curve.live for plot in desk.view.plots.plots for curve in plot.curves)
    assert {tile.state for tile in desk.tiles} == {ValueState.STALE}
    assert (pixels(desk.view.header) != before).any()


def test_r9_a_stale_site_keeps_its_last_values_with_their_age(bench) -> None:
    desk = bench(FakeStore.troubled(), site=30)
    for tile in desk.tiles:
        assert tile.value not in ("", "0", "—")
        assert tile.age_words == "stale · 12 min ago"
        assert tile.spark is None or not tile.spark.live
    assert not any(curve.live for plot in desk.view.plots.plots for curve in plot.curves)


def test_a_site_without_link_says_why_in_plain_words(bench) -> None:
    desk = bench(FakeStore.troubled(), site=40)
    assert {tile.state for tile in desk.tiles} == {ValueState.NO_LINK}
    words = desk.view.header.accessibleDescription()
    assert "No link" in words
    assert "no connection: connection refused" in words
    facts = {fact.label: fact.value for fact in desk.view.side._link_facts.facts}
    assert facts["last error"] == "no connection: connection refused"
    assert facts["adapter"] == "siteapi, gold"


def test_a_site_never_seen_shows_dashes_and_no_containers(bench) -> None:
    desk = bench(FakeStore.troubled(), site=22)
    assert [tile.value for tile in desk.tiles] == ["—"] * 5
    assert {tile.state for tile in desk.tiles} == {ValueState.NEVER}
    assert desk.view.containers.grid.grab().width() > 0


def test_an_empty_roster_is_told_and_is_not_one_that_nobody_knows_yet(bench) -> None:
    store = FakeStore()
    site_id = store.of.sites[1].id
    store.rollups_by_site[site_id] = SiteRollup(site_id, NOW_MS, NOW_MS, (), np.full((1, len(SIGNALS)), np.nan))
    words = bench(store, site=1).view.header.accessibleDescription()
    assert "no miner told" in words
    assert "not known yet" not in words


def test_a_clock_that_runs_ahead_is_said_though_the_link_is_good(bench) -> None:
    store = FakeStore()
    site_id = store.of.sites[1].id
    ahead = "the source's clock runs 3597 s ahead; its samples are stamped on receipt"
    store.links_by_site[site_id] = msgspec.structs.replace(store.links_by_site[site_id], error=ahead)
    words = bench(store, site=1).view.header.accessibleDescription()
    assert "Link good" in words
    assert ahead in words


def test_an_error_that_is_over_is_not_said_to_have_never_been(bench) -> None:
    desk = bench()
    healed = msgspec.structs.replace(desk.live.now.site(desk.site.id).link, failures=3, error="")
    facts = link_facts(dataclasses.replace(desk.live.now.site(desk.site.id), link=healed), NOW_MS)
    assert {fact.label: fact.value for fact in facts}["last error"] == "none at the last poll"
    facts = link_facts(desk.live.now.site(desk.site.id), NOW_MS)
    assert {fact.label: fact.value for fact in facts}["last error"] == "none since the collector started"


def test_header_tells_contract_clock_and_price(bench) -> None:
    desk = bench()
    words = desk.view.header.accessibleDescription()
    for part in ("hosted", "MW", "miners", f"{CONTAINERS} containers", "75.8 $/MWh", "site time 08:32 CST", "84 ms"):
        assert part in words


def test_text_from_a_source_is_never_mark_up(bench) -> None:
    store = FakeStore()
    site = store.of.sites[0]
    evil = good_link(site.id)
    store.links_by_site[site.id] = type(evil)(
        site_id=site.id, adapter="siteapi", link=Link.BROKEN, error="<img src=x>\u202egnp", last_try_ms=NOW_MS
    )
    desk = bench(store)
    facts = {fact.label: fact.value for fact in desk.view.side._link_facts.facts}
    assert facts["last error"] == "<img src=x>\\u202egnp"
    assert "&lt;img" in desk.view.side._link_facts.toolTip()


def test_the_plots_show_the_span_of_the_time_bar_and_its_mode(bench) -> None:
    desk = bench()
    for plot in desk.view.plots.plots:
        assert plot.span == desk.span.span
        assert plot.has_data()
        assert plot.loading is Loading.COMPLETE
    desk.span.freeze()
    desk.settle()
    assert not any(plot.span.live for plot in desk.view.plots.plots)
    assert like(pixels(desk.view.plots), DARK.mode, 12).sum() > 3000


def test_r16_zooming_in_loads_the_finer_level(bench) -> None:
    desk = bench()
    plot = desk.view.plots.hashrate
    desk.span.set_preset(30 * 86_400)
    desk.settle()
    coarse = plot.curves[0].step_ms
    assert coarse > 60_000
    assert "min/max" in plot.level_name()
    assert desk.view.plots._subtitle.startswith(plot.level_name())
    desk.span.show(NOW_MS - 2 * HOUR_MS, NOW_MS - HOUR_MS)
    desk.settle()
    assert plot.curves[0].step_ms == 60_000
    assert plot.level_name() == "1 min mean"


def test_an_answer_for_an_older_span_is_dropped(bench) -> None:
    desk = bench()
    desk.span.set_preset(30 * 86_400)
    desk.span.set_preset(900)
    desk.settle()
    curve = desk.view.plots.hashrate.curves[0]
    assert curve.step_ms == 60_000
    assert curve.at_ms[0] >= NOW_MS - 20 * 60_000


def test_r50_a_series_that_cannot_be_read_is_said_and_takes_no_other_with_it(bench) -> None:
    store = FakeStore()
    whole = store.series

    def broken(place: str, signal: str, *rest: int):
        if signal == "board_c":
            raise OSError("disk")
        return whole(place, signal, *rest)

    store.series = broken
    desk = bench(store)
    assert desk.view.plots.hashrate.loading is Loading.INCOMPLETE
    assert desk.view.plots.hashrate.has_data()


def test_r15_the_axis_follows_the_chosen_zone(bench) -> None:
    desk = bench()
    assert desk.view.plots.hashrate.subtitle().endswith("UTC")
    desk.span.choose_zone(ZoneChoice.SITE)
    assert desk.view.plots.hashrate.subtitle().endswith("CST")
    assert "CST" in desk.view.plots._subtitle


def test_containers_count_every_machine_once(bench) -> None:
    desk = bench(FakeStore.troubled(), site=4)
    rollup = desk.live.now.site(desk.site.id).rollup
    containers = containers_of(rollup)
    assert len(containers) == CONTAINERS
    for container in containers:
        assert sum(container.counts.values()) == pytest.approx(container.miners, abs=2)
    assert sum(container.counts[MinerState.CURTAILED] for container in containers) > 0


def test_suspect_machines_of_a_site_are_counted_and_told_to_be_in_no_total(bench) -> None:
    store = FakeStore()
    for row in (1, 3):
        store.rollups_by_site[store.of.sites[0].id].values[row, SIGNAL_INDEX["suspect"]] = 7.0
    desk = bench(store)
    assert desk.view.containers.foot_words.startswith("14 suspect, left out of totals · Cells ")
    assert "suspect" not in bench(FakeStore()).view.containers.foot_words


def test_a_hidden_view_asks_for_nothing(bench) -> None:
    desk = bench()
    desk.view.hide()
    asked = []
    desk.store.series = lambda *question: asked.append(question)
    desk.span.set_preset(900)
    desk.pass_s(60)
    desk.qtbot.wait(100)
    assert not asked


def test_r16_the_join_of_history_and_live_polls_is_visible(bench) -> None:
    store = FakeStore()
    site = store.of.sites[0]
    since_ms = NOW_MS - HOUR_MS
    good = store.links_by_site[site.id]
    store.links_by_site[site.id] = msgspec.structs.replace(good, since_ms=since_ms)
    desk = bench(store)
    assert "polled without a break since 13:32" in desk.view.plots._subtitle
    plot = desk.view.plots.power
    at = plot.geometry_now()
    foot = pixels(plot)[
        int(at.area.bottom()) - 6 : int(at.area.bottom()) - 1, int(at.x(since_ms)) - 1 : int(at.x(since_ms)) + 2
    ]
    assert like(foot, DARK.t3, 70).any()


def test_r16_no_join_is_claimed_while_the_link_is_down(bench) -> None:
    desk = bench(FakeStore.troubled(), site=40)
    assert desk.store.links_by_site[desk.site.id].since_ms > desk.span.span.start_ms
    assert "without a break" not in desk.view.plots._subtitle


def test_r16_gaps_are_named_with_their_times(bench) -> None:
    desk = bench()
    midnight_ms = NOW_MS - NOW_MS % (24 * HOUR_MS)
    desk.span.show(midnight_ms + 4 * HOUR_MS, midnight_ms + 6 * HOUR_MS)
    desk.settle()
    assert desk.view.plots._note == "FIXED · gap 05:00 – 05:10"
    desk.span.show(midnight_ms - 20 * HOUR_MS, midnight_ms + 6 * HOUR_MS)
    desk.settle()
    assert desk.view.plots._note == "FIXED · 2 gaps, longest 05:00 – 05:10"
    desk.span.show(midnight_ms + 6 * HOUR_MS, midnight_ms + 8 * HOUR_MS)
    desk.settle()
    assert desk.view.plots._note == "FIXED"


def test_r11_offline_nothing_is_live_however_young_it_is(bench) -> None:
    desk = bench(mode=Mode.OFFLINE)
    assert {tile.state for tile in desk.tiles} == {ValueState.STALE}
    assert not any(curve.live for plot in desk.view.plots.plots for curve in plot.curves)
    words = desk.view.header.accessibleDescription()
    assert "Offline" in words
    assert "at the cut-off: link good" in words


def test_cells_are_painted_once_a_frame_and_not_once_a_second(bench) -> None:
    desk = bench()
    grid = desk.view.containers.grid
    grid.grab()
    painted = grid._layer.painted
    for _ in range(3):
        desk.pass_s(1)
        grid.grab()
    assert grid._layer.painted == painted
    desk.store.rollups_by_site[desk.site.id] = rollup(desk.site, desk.now_ms, 0.5)
    desk.live.load()
    grid.grab()
    assert grid._layer.painted == painted + 1


def test_a_site_opened_a_second_time_shows_its_curves_not_that_they_are_loading_for_ever(bench) -> None:
    """Frozen, offline or over a year the question stays the same, so the store is not asked again."""
    desk = bench()
    curves = [len(plot.curves) for plot in desk.view.plots.plots]
    assert min(curves) > 0
    desk.view.show_site(desk.site.id)
    desk.settle()
    assert [len(plot.curves) for plot in desk.view.plots.plots] == curves
    assert {plot.loading for plot in desk.view.plots.plots} == {Loading.COMPLETE}

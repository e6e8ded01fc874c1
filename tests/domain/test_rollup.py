"""Frames to containers and sites, sites to totals: nothing lost, nothing invented, no value never zero."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.durations import MINUTE_MS
from console.domain.frame import Frame, Reading
from console.domain.freshness import Freshness, freshness
from console.domain.metric import SIGNAL_INDEX, SIGNALS, is_plausible, most_plausible
from console.domain.rollup import RosterIndex, SiteRollup, fresh_steps, hold, nan_sum, roll_up, total
from console.domain.roster import Miner, Roster
from tests.collect.fakes import make_site

NAN = float("nan")
AT = 1_790_000_000_000
SITE = make_site()

values = st.floats(0, 2.0**50, width=32) | st.just(NAN)
machines = st.lists(
    st.tuples(st.integers(0, 4), values, st.floats(0, 19_000, width=32) | st.just(NAN), values), min_size=1, max_size=40
)


def index_of(containers: list[int], rated: float | None = 1e14) -> RosterIndex:
    miners = tuple(Miner(id=str(n), container=f"C{box}", rated_hs=rated) for n, box in enumerate(containers))
    return RosterIndex.of(Roster(SITE.id, "v", miners))


def reading(told: dict[str, float] | None = None, **columns: list[float]) -> Reading:
    frame = Frame(SITE.id, AT, AT, "v", {name: np.array(column, np.float32) for name, column in columns.items()})
    return Reading(frame, None, told or {})


def column(rollup: SiteRollup, signal: str) -> np.ndarray:
    return rollup.values[:, SIGNAL_INDEX[signal]]


@given(machines)
def test_containers_add_up_to_their_site(of: list[tuple[int, float, float, float]]) -> None:
    boxes, hashrate, power, _ = map(list, zip(*of, strict=True))
    rollup = roll_up(SITE, index_of(boxes), reading(hashrate_hs=hashrate, power_w=power))
    for signal in ("hashrate_hs", "power_w", "miners", "hashing", "degraded", "off", "curtailed", "unknown", "suspect"):
        below = column(rollup, signal)[1:]
        known = below[np.isfinite(below)]
        assert rollup.site_value(signal) == pytest.approx(known.sum() if known.size else NAN, nan_ok=True)
    machine_sum = np.nansum(np.array(hashrate, np.float32).astype(np.float64))
    if any(math.isfinite(value) for value in hashrate):
        assert rollup.site_value("hashrate_hs") == pytest.approx(machine_sum)
    else:
        assert math.isnan(rollup.site_value("hashrate_hs")), "no value is never zero"


@given(machines)
def test_every_machine_is_in_exactly_one_state(of: list[tuple[int, float, float, float]]) -> None:
    boxes, hashrate, _, _ = map(list, zip(*of, strict=True))
    rollup = roll_up(SITE, index_of(boxes), reading(hashrate_hs=hashrate))
    counts = sum(column(rollup, name) for name in ("hashing", "degraded", "off", "curtailed", "unknown"))
    assert (counts == column(rollup, "miners")).all()
    assert rollup.site_value("miners") == len(of)
    assert rollup.site_value("unknown") == sum(map(math.isnan, hashrate))


def test_a_container_without_a_value_is_not_zero() -> None:
    rollup = roll_up(SITE, index_of([0, 0, 1]), reading(hashrate_hs=[NAN, NAN, 1e14]))
    assert math.isnan(column(rollup, "hashrate_hs")[1])
    assert column(rollup, "hashrate_hs")[2] == pytest.approx(1e14)
    assert math.isnan(rollup.site_value("power_w")), "a metric that the source lacks"


def test_implausible_values_are_left_out_and_counted() -> None:
    rollup = roll_up(SITE, index_of([0, 0, 0]), reading(hashrate_hs=[1e14, 1e20, -1.0], power_w=[3000, 3000, np.inf]))
    assert rollup.site_value("hashrate_hs") == pytest.approx(1e14)
    assert rollup.site_value("power_w") == pytest.approx(6000)
    assert rollup.site_value("suspect") == 2
    assert rollup.site_value("unknown") == 2


@pytest.mark.parametrize(
    ("metric", "true", "mistaken"),
    [
        ("hashrate_hs", 2.7e14, 2.7e17),  # a thousand times
        ("power_w", 5_500.0, 5.5e6),
        ("board_c", 75.0, 348.0),  # kelvin
        ("board_c", 75.0, 167.0),  # Fahrenheit
        ("inlet_c", 30.0, 303.0),
    ],
)
def test_t32_a_value_in_a_unit_mistaken_for_another_is_suspect_and_in_no_total(
    metric: str, true: float, mistaken: float
) -> None:
    rollup = roll_up(SITE, index_of([0, 0]), reading(**{metric: [true, mistaken]}))
    assert rollup.site_value("suspect") == 1
    assert rollup.site_value(metric) == pytest.approx(true)


def test_temperatures_hottest_board_and_mean_inlet_over_machines() -> None:
    rollup = roll_up(SITE, index_of([0, 0, 1]), reading(board_c=[60, 85, NAN], inlet_c=[20, 22, 30]))
    np.testing.assert_allclose(column(rollup, "board_c"), [85, 85, NAN])
    np.testing.assert_allclose(column(rollup, "inlet_c"), [24, 21, 30])


def test_a_told_total_fills_what_no_machine_gives_and_never_wins_over_the_frame() -> None:
    told = {"hashrate_hs": 9e15, "meter_w": 7e6, "power_w": 6e6, "board_c": math.inf, "no such signal": 1.0}
    rollup = roll_up(SITE, index_of([0]), reading(told, hashrate_hs=[1e14]))
    assert rollup.site_value("hashrate_hs") == pytest.approx(1e14)
    assert rollup.site_value("meter_w") == 7e6
    assert rollup.site_value("power_w") == 6e6
    assert math.isnan(rollup.site_value("board_c")), "an infinite temperature is none"
    assert rollup.site_value("deployed_hs") == SITE.deployed_hs


def test_a_site_that_knows_no_machines_still_has_its_totals() -> None:
    rollup = roll_up(SITE, RosterIndex.of(Roster(SITE.id, "v", ())), reading({"hashrate_hs": 4e14, "miners": 4.0}))
    assert rollup.values.shape == (1, len(SIGNALS))
    assert rollup.site_value("hashrate_hs") == 4e14
    assert math.isnan(rollup.site_value("hashing"))


sites_values = st.lists(st.lists(values, min_size=6, max_size=6), min_size=1, max_size=5)


@given(sites_values)
def test_sums_ignore_nan_and_are_nan_only_without_any(rows: list[list[float]]) -> None:
    matrix = np.array(rows)
    sums = nan_sum(matrix)
    for step in range(6):
        known = [value for value in matrix[:, step] if math.isfinite(value)]
        assert sums[step] == pytest.approx(math.fsum(known)) if known else math.isnan(sums[step])


@given(st.lists(st.booleans(), min_size=1, max_size=30), st.integers(0, 6), st.integers(0, 8))
def test_hold_carries_the_last_value_for_a_stated_while_and_no_longer(
    there: list[bool], limit: int, fresh: int
) -> None:
    present = np.array([there])
    samples = np.where(present, np.arange(len(there)) + 1.0, NAN)[:, :, None]
    filled, told, held = hold(samples, present, limit, np.array([fresh]))
    last = None
    for step, here in enumerate(there):
        last = step if here else last
        behind = None if last is None else step - last
        expected = NAN if behind is None or behind > limit else last + 1.0
        assert filled[0, step, 0] == pytest.approx(expected, nan_ok=True)
        assert told[0, step] == (behind is not None and behind <= min(limit, fresh))
        assert held[0, step] == (behind is not None and fresh < behind <= limit)


@pytest.mark.parametrize(("period_s", "steps"), [(10.0, 1), (30.0, 1), (60.0, 2), (300.0, 12)])
def test_r8_a_site_is_fresh_for_as_long_as_its_period_says(period_s: float, steps: int) -> None:
    assert fresh_steps(period_s) == steps
    age_ms = steps * MINUTE_MS
    assert period_s < 30 or freshness(0, age_ms, period_s) is not Freshness.STALE
    assert freshness(0, age_ms + MINUTE_MS, period_s) is Freshness.STALE


def test_a_total_counts_what_is_missing_and_states_what_is_held() -> None:
    matrix = np.full((3, 1, len(SIGNALS)), NAN)
    for site, (hashrate, power) in enumerate([(1e15, 3e4), (2e15, 6e4), (NAN, NAN)]):
        matrix[site, 0, SIGNAL_INDEX["hashrate_hs"]] = hashrate
        matrix[site, 0, SIGNAL_INDEX["power_w"]] = power
    matrix[:, 0, SIGNAL_INDEX["board_c"]] = [70, 80, NAN]
    matrix[:, 0, SIGNAL_INDEX["inlet_c"]] = [20, 30, NAN]
    present = np.array([[True], [False], [False]])
    held = np.array([[False], [True], [False]])
    sums = total(matrix, present, held, np.array([2e15, 2e15, 1e15]))[0]
    named = {signal.name: sums[SIGNAL_INDEX[signal.name]] for signal in SIGNALS}
    assert named["hashrate_hs"] == pytest.approx(3e15)
    assert named["held_hs"] == pytest.approx(2e15)
    assert named["held_w"] == pytest.approx(6e4)
    assert named["deployed_hs"] == pytest.approx(5e15), "a ratio must not improve by loss"
    assert (named["sites"], named["sites_fresh"]) == (3, 1)
    assert named["board_c"] == 80
    assert math.isnan(named["inlet_c"])
    assert math.isnan(named["meter_w"])


def test_a_row_that_stands_for_a_container_may_draw_what_its_rating_allows() -> None:
    """Two breakers and a machine: 1.5 MW are plausible for the first, too much for the second and for the machine."""
    rated = (1.0e6, 5.0e5, 3_500.0, None)
    told = np.array([1.5e6, 1.5e6, 25_000.0, 25_000.0])
    most = most_plausible("power_w", np.array([one or np.nan for one in rated]))
    np.testing.assert_array_equal(told <= most, [True, False, False, False])
    for one, watts, fits in zip(rated, told.tolist(), (True, False, False, False), strict=True):
        assert is_plausible("power_w", watts, one or np.nan) is fits
    assert most_plausible("power_w", np.array([3_500.0, np.nan])) == 20_000.0
    assert most_plausible("hashrate_hs", np.array([1.0e6])) == 2e15


def test_the_power_of_such_a_row_is_in_the_sum_and_that_of_a_machine_as_high_is_suspect() -> None:
    rows = (Miner(id="breaker", container="C0", rated_w=1.0e6), Miner(id="m", container="C1", rated_w=3_500.0))
    index = RosterIndex.of(Roster(SITE.id, "v", rows))
    rollup = roll_up(SITE, index, reading(power_w=[1.5e6, 1.5e6]))
    assert rollup.site_value("power_w") == 1.5e6
    assert column(rollup, "suspect").tolist() == [1.0, 0.0, 1.0]

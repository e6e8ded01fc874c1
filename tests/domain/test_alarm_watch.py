"""Limits, dead-bands and delays: when an alarm begins and ends, and what never does either."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.alarm import Priority
from console.domain.alarm_rule import Condition, Level, Rule, distribution_warnings
from console.domain.alarm_watch import ConditionWatch

MINUTE = 60_000


def rule(**changes: object) -> Rule:
    base = Rule(
        id="hot-inlet",
        title="Inlet air hot",
        level=Level.CONTAINER,
        signal="inlet_c",
        condition=Condition.ABOVE,
        limit=31.0,
        priority=Priority.MEDIUM,
        priority_reason="boards age fast above 35 °C",
        cause="fan wall stopped",
        consequence="machines throttle",
        response=("check the fans",),
        guidance="inlet.md",
        view="site",
    )
    return msgspec.structs.replace(base, **changes)


def run(watch: ConditionWatch, samples: list[float], step_ms: int = MINUTE) -> list[str]:
    """`+` at the samples where the alarm begins, `-` where it ends, `.` elsewhere."""
    marks = []
    for number, value in enumerate(samples):
        moments = watch.step(np.array([value]), None, number * step_ms)
        marks.append("+" if moments.began.size else "-" if moments.ended.size else ".")
    return marks


@pytest.mark.parametrize(
    ("changes", "samples", "marks"),
    [
        ({}, [30, 31, 31.5, 31.2, 31, 30], "..+.-."),
        ({"deadband": 1.0}, [32, 31, 30.5, 30, 29], "+..-."),
        ({"on_delay_s": 120.0}, [32, 32, 30, 32, 32, 32], ".....+"),
        ({"on_delay_s": 60.0, "off_delay_s": 120.0}, [32, 32, 30, 32, 30, 30, 30], ".+....-"),
        ({"condition": Condition.BELOW, "deadband": 2.0}, [32, 30, 32, 33], ".+.-"),
        ({"condition": Condition.RISES, "limit": 1.5}, [20, 21, 23, 24, 24], "..+-."),
        ({"condition": Condition.FALLS, "limit": 5.0}, [50, 40, 39], ".+-"),
    ],
)
def test_r22_limit_deadband_and_delays(changes: dict[str, object], samples: list[float], marks: str) -> None:
    assert "".join(run(ConditionWatch(rule(**changes), 1), samples)) == marks


def test_no_value_neither_raises_nor_clears_nor_restarts_a_delay() -> None:
    watch = ConditionWatch(rule(on_delay_s=120.0), 1)
    assert "".join(run(watch, [32, float("nan"), 32, float("nan"), 30])) == "..+.-"


def test_a_share_of_another_signal_is_each_places_own_limit() -> None:
    watch = ConditionWatch(rule(condition=Condition.BELOW, limit=0.8, relative_to="deployed_hs"), 3)
    moments = watch.step(np.array([70.0, 90.0, 70.0]), np.array([100.0, 100.0, np.nan]), 0)
    assert moments.began.tolist() == [0]
    assert moments.limit[:2].tolist() == [80.0, 80.0]


@given(st.lists(st.floats(0, 60) | st.just(float("nan")), max_size=40), st.integers(0, 3), st.integers(0, 3))
def test_beginnings_and_ends_alternate(samples: list[float], on_minutes: int, off_minutes: int) -> None:
    watch = ConditionWatch(rule(on_delay_s=on_minutes * 60.0, off_delay_s=off_minutes * 60.0, deadband=1.0), 1)
    moments = [mark for mark in run(watch, samples) if mark != "."]
    assert moments == ["+", "-"] * (len(moments) // 2) + ["+"] * (len(moments) % 2)


def test_many_places_at_once_equal_each_alone() -> None:
    noise = np.random.default_rng(7).normal(31, 2, size=(200, 50))
    together = ConditionWatch(rule(deadband=1.0, on_delay_s=120.0, off_delay_s=60.0), 50)
    found = [
        (m.began.tolist(), m.ended.tolist())
        for m in (together.step(row, None, n * MINUTE) for n, row in enumerate(noise))
    ]
    for place in (0, 17, 49):
        alone = run(ConditionWatch(rule(deadband=1.0, on_delay_s=120.0, off_delay_s=60.0), 1), noise[:, place].tolist())
        assert alone == ["+" if place in began else "-" if place in ended else "." for began, ended in found]


def test_r20_a_lopsided_set_of_rules_is_told() -> None:
    rules = [rule(priority=priority) for priority in [Priority.LOW] * 16 + [Priority.MEDIUM] * 3 + [Priority.HIGH]]
    assert distribution_warnings(rules) == ()
    five_off, six_off = (
        [rule(priority=Priority.LOW)] * low
        + [rule(priority=Priority.MEDIUM)] * (95 - low)
        + [rule(priority=Priority.HIGH)] * 5
        for low in (75, 74)
    )
    assert distribution_warnings(five_off) == ()
    assert len(distribution_warnings(six_off)) == 2, "low and medium"
    assert "100% of the rules are medium" in distribution_warnings([rule()])[1]

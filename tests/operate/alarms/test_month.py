"""The shipped rules over a simulated month of the whole demo fleet: what an operator would have had to bear."""

from __future__ import annotations

import pytest

from console.domain.alarm_measures import Measures, judged, measure
from console.operate.alarms.rules_replay import replay
from tests.operate.alarms.made import SHIPPED
from tests.operate.alarms.month import Month


@pytest.fixture(scope="module")
def measures() -> Measures:
    month = Month(days=30)
    return measure(replay(month.fleet, SHIPPED, month.places()), *month.span)


@pytest.mark.slow
def test_r30_a_simulated_month_with_the_shipped_rules_lies_inside_the_isa_targets(measures: Measures) -> None:
    outside = {one.name: (one.value, one.target) for one in judged(measures) if one.grade != "good"}
    assert not outside
    assert measures.announced > 1000, "a month without alarms would prove nothing"

"""The scan over the past tells exactly the moments that the live watch tells, sample by sample."""

from __future__ import annotations

import msgspec
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from console.domain.alarm_rule import Condition
from console.domain.alarm_scan import scan
from console.domain.alarm_watch import ConditionWatch
from tests.operate.alarms.made import MINUTE, rule

values = st.lists(st.integers(30, 50).map(float) | st.just(float("nan")), max_size=60)


@given(
    values,
    st.sampled_from(list(Condition)),
    st.sampled_from([0.0, 60.0, 180.0]),
    st.sampled_from([0.0, 120.0]),
    st.sampled_from([0.0, 3.0]),
    st.booleans(),
)
def test_scan_equals_watch(
    samples: list[float], condition: Condition, on_s: float, off_s: float, band: float, relative: bool
) -> None:
    watched = rule(condition=condition, limit=40.0, on_delay_s=on_s, off_delay_s=off_s, deadband=band)
    if condition in (Condition.RISES, Condition.FALLS):
        watched = msgspec.structs.replace(watched, limit=4.0)
    if relative:
        watched = msgspec.structs.replace(watched, relative_to="capacity_w")
    column = np.array(samples, dtype=np.float64)
    reference = np.where(np.arange(column.size) % 7 == 3, np.nan, 1.0) if relative else None
    at_ms = np.arange(column.size, dtype=np.int64) * MINUTE
    watch, began, ended = ConditionWatch(watched, 1), [], []
    for step, value in enumerate(column):
        moments = watch.step(
            np.array([value]), None if reference is None else reference[step : step + 1], step * MINUTE
        )
        began += [step] * moments.began.size
        ended += [step] * moments.ended.size
    assert scan(watched, column, reference, at_ms) == (began, ended)

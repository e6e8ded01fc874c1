"""The measures of ISA-18.2 on made-up histories whose answers can be counted on fingers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.alarm import AlarmEvent, AlarmState, Priority
from console.domain.alarm_change import AlarmChange
from console.domain.alarm_flood import FloodWatch
from console.domain.alarm_measures import judged, measure
from console.domain.durations import DAY_MS, HOUR_MS, MINUTE_MS

B, A = AlarmState.UNACKNOWLEDGED, AlarmState.NORMAL
SECOND = 1000


def begin(at_ms: int, name: str = "hot", priority: Priority = Priority.LOW, parent: str | None = None) -> AlarmChange:
    return AlarmChange(
        at_ms=at_ms, rule=name, place="site:s-0", event=AlarmEvent.OCCUR, before=A, after=B, priority=priority,
        title=name, parent=parent,
    )  # fmt: skip


def end(at_ms: int, name: str = "hot") -> AlarmChange:
    return AlarmChange(
        at_ms=at_ms, rule=name, place="site:s-0", event=AlarmEvent.CLEAR, before=B, after=AlarmState.RETURNED,
        priority=Priority.LOW, title=name,
    )  # fmt: skip


def test_rates_are_over_the_whole_span_and_children_do_not_count() -> None:
    lines = [begin(hour * HOUR_MS) for hour in range(48)]
    found = measure([*lines, begin(5, parent="x@site:s-0"), end(7)], 0, 2 * DAY_MS)
    assert (found.announced, found.per_day, found.per_hour) == (48, 24.0, 1.0)
    assert found.per_ten_minutes == pytest.approx(1 / 6)


def test_top_ten_and_their_share() -> None:
    lines = [begin(number * MINUTE_MS, f"rule-{number % 20}") for number in range(100)]
    lines += [begin(HOUR_MS + number * MINUTE_MS, "worst") for number in range(100)]
    found = measure(lines, 0, DAY_MS)
    assert (found.top[0].key, found.top[0].count, len(found.top)) == ("worst@site:s-0", 100, 10)
    assert found.top_share == (100 + 9 * 5) / 200


def test_three_times_within_a_minute_is_chattering_and_twice_is_not() -> None:
    twice = [begin(0, "twice"), begin(59 * SECOND, "twice"), begin(61 * SECOND, "twice")]
    thrice = [begin(at * SECOND, "thrice") for at in (0, 20, 59)]
    found = measure(twice + thrice, 0, DAY_MS)
    assert [(one.key, one.count) for one in found.chattering] == [("thrice@site:s-0", 3)]


def test_gone_within_a_minute_is_fleeting() -> None:
    lines = [begin(0, "blink"), end(59 * SECOND, "blink"), begin(0, "stay"), end(61 * SECOND, "stay")]
    assert [one.key for one in measure(lines, 0, DAY_MS).fleeting] == ["blink@site:s-0"]


def test_standing_counts_what_is_older_than_a_day_on_the_worst_day() -> None:
    lines = [begin(0, f"old-{number}") for number in range(6)] + [end(int(1.5 * DAY_MS), "old-0")]
    found = measure(lines, 0, 3 * DAY_MS)
    assert len(found.standing) == 6
    assert found.most_standing == 5
    assert {one.name: one.grade for one in judged(found)}["standing over 24 h"] == "bad"


def test_busy_hours_and_ten_minutes() -> None:
    lines = [begin(HOUR_MS + number * SECOND) for number in range(31)]
    found = measure(lines, 0, DAY_MS)
    assert found.busy_hours == 1 / 24
    assert found.busy_periods == 1 / 144
    ten = measure([begin(HOUR_MS + number * SECOND) for number in range(10)], 0, DAY_MS)
    thirty = measure([begin(HOUR_MS + number * 110 * SECOND) for number in range(30)], 0, DAY_MS)
    assert (ten.busy_periods, thirty.busy_hours) == (0.0, 0.0), "busy is more than ten, and more than thirty"


def test_r31_time_in_flood_is_from_the_eleventh_until_fewer_than_five_are_left() -> None:
    lines = [begin(number * 10 * SECOND) for number in range(11)]
    found = measure(lines, 0, DAY_MS)
    began, ended = 100 * SECOND, 600 * SECOND + 60 * SECOND  # of eleven, four are left when the seventh falls out
    assert found.flood * DAY_MS == pytest.approx(ended - began)


@given(st.lists(st.integers(0, 3 * HOUR_MS // SECOND), max_size=80))
def test_r31_the_flood_of_the_past_is_the_flood_of_the_live_watch(seconds: list[int]) -> None:
    moments = sorted(second * SECOND for second in seconds)
    watch, live_ms = FloodWatch(), 0
    for now_ms in range(0, 4 * HOUR_MS, SECOND):
        while moments and moments[0] <= now_ms:
            watch.announced(moments.pop(0))
        watch.step(now_ms)
        live_ms += SECOND * watch.now.active
    lines = [begin(second * SECOND, f"rule-{number}") for number, second in enumerate(sorted(seconds))]
    assert measure(lines, 0, 4 * HOUR_MS).flood * 4 * HOUR_MS == pytest.approx(live_ms)


def test_few_alarms_are_not_judged_by_shares_and_many_are() -> None:
    few = {one.name: one.grade for one in judged(measure([begin(0)], 0, DAY_MS))}
    assert few["share of the top ten"] == few["low priority"] == "too few"
    many = [begin(number * MINUTE_MS, f"rule-{number}", Priority.HIGH) for number in range(200)]
    grades = {one.name: one.grade for one in judged(measure(many, 0, DAY_MS))}
    assert (grades["high priority"], grades["share of the top ten"], grades["alarms a day"]) == (
        "bad",
        "good",
        "manageable",
    )


def test_a_quiet_span_has_nothing_to_be_judged_by() -> None:
    found = measure([], 0, DAY_MS)
    assert (found.announced, found.flood, found.top, found.most_standing) == (0, 0.0, (), 0)
    assert {one.grade for one in judged(found)} <= {"good", "too few"}

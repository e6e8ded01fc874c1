"""The life of an alarm: every state against every event, latching, and what a shelf remembers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.alarm import Alarm, AlarmEvent, AlarmState, Priority, apply, next_state, occur, shelve

# The whole table, written from R19 and the ISA-18.2 diagram, not from the code: state -> event -> state while the
# condition is active. What is not named stays.
MOVES = {
    "A": {"occur": "B", "suppress": "F", "take out of service": "G"},
    "B": {"acknowledge": "C", "clear": "D", "shelve": "E", "suppress": "F", "take out of service": "G"},
    "C": {"clear": "A", "escalate": "B", "shelve": "E", "suppress": "F", "take out of service": "G"},
    "D": {"acknowledge": "A", "occur": "B", "shelve": "E", "suppress": "F", "take out of service": "G"},
    "E": {"unshelve": "C", "shelf ends": "B", "escalate": "B", "suppress": "F", "take out of service": "G"},
    "F": {"unsuppress": "B", "take out of service": "G"},
    "G": {"put back in service": "B"},
}
PARKED_ENDS = {("E", "unshelve"), ("E", "shelf ends"), ("F", "unsuppress"), ("G", "put back in service")}


@pytest.mark.parametrize("event", list(AlarmEvent))
@pytest.mark.parametrize("state", list(AlarmState))
def test_r19_every_state_and_event(state: AlarmState, event: AlarmEvent) -> None:
    expected = MOVES[state.value].get(event.value, state.value)
    assert next_state(state, event, active=True) == expected
    quiet = "A" if (state.value, event.value) in PARKED_ENDS else expected
    assert next_state(state, event, active=False) == quiet


def new_alarm() -> Alarm:
    return Alarm(rule="low-hashrate", place="site:us-ga-1")


def test_t29_priority_latches_at_the_worst_until_acknowledged_and_clear() -> None:
    alarm = occur(new_alarm(), 1000, Priority.HIGH, 1.0, 2.0)
    alarm = occur(alarm, 2000, Priority.LOW, 1.9, 2.0)
    assert alarm.priority is Priority.HIGH
    alarm = apply(alarm, AlarmEvent.CLEAR, 3000)
    assert (alarm.state, alarm.priority) == (AlarmState.RETURNED, Priority.HIGH)
    alarm = apply(alarm, AlarmEvent.ACKNOWLEDGE, 4000, who="ada")
    assert alarm.state is AlarmState.NORMAL
    assert occur(alarm, 5000, Priority.LOW, 1.0, 2.0).priority is Priority.LOW


def test_an_acknowledged_alarm_that_worsens_must_be_acknowledged_again() -> None:
    alarm = apply(occur(new_alarm(), 1, Priority.MEDIUM, 1.0, 2.0), AlarmEvent.ACKNOWLEDGE, 2, who="ada", note="seen")
    assert (alarm.state, alarm.acknowledged_by) == (AlarmState.ACKNOWLEDGED, "ada")
    assert occur(alarm, 3, Priority.MEDIUM, 0.9, 2.0).state is AlarmState.ACKNOWLEDGED
    assert occur(alarm, 3, Priority.HIGH, 0.5, 2.0).state is AlarmState.UNACKNOWLEDGED


def test_r24_a_shelf_ends_by_itself_unacknowledged_and_by_hand_acknowledged() -> None:
    alarm = occur(new_alarm(), 1, Priority.MEDIUM, 1.0, 2.0)
    shelved = shelve(alarm, 2, 900_002, "sensor under repair", "ada")
    assert (shelved.state, shelved.shelved_until_ms) == (AlarmState.SHELVED, 900_002)
    ended = apply(shelved, AlarmEvent.SHELF_ENDS, 900_002)
    assert (ended.state, ended.shelved_until_ms, ended.acknowledged_by) == (AlarmState.UNACKNOWLEDGED, None, "")
    assert apply(shelved, AlarmEvent.UNSHELVE, 3).state is AlarmState.ACKNOWLEDGED
    cleared = apply(shelved, AlarmEvent.CLEAR, 3)
    assert cleared.state is AlarmState.SHELVED
    assert apply(cleared, AlarmEvent.SHELF_ENDS, 900_002).state is AlarmState.NORMAL


def test_r24_a_critical_alarm_cannot_be_shelved() -> None:
    alarm = occur(new_alarm(), 1, Priority.CRITICAL, 1.0, 2.0)
    assert shelve(alarm, 2, 900_002, "no", "ada") is alarm


def test_r24_a_shelved_alarm_that_worsens_comes_back_at_once_and_forgets_its_shelf() -> None:
    alarm = shelve(occur(new_alarm(), 1000, Priority.LOW, 1.0, 2.0), 2000, 90_000, "fan swap", "ada")
    same = occur(alarm, 3000, Priority.LOW, 0.5, 2.0)
    assert (same.state, same.shelved_until_ms) == (AlarmState.SHELVED, 90_000), "no worse priority, no noise"
    worse = occur(alarm, 3000, Priority.HIGH, 0.2, 2.0)
    assert (worse.state, worse.priority) == (AlarmState.UNACKNOWLEDGED, Priority.HIGH)
    assert (worse.shelved_until_ms, worse.shelf_reason, worse.acknowledged_by) == (None, "", "")


def test_it_came_back_before_anybody_saw_it_keeps_its_first_time() -> None:
    alarm = apply(occur(new_alarm(), 1000, Priority.LOW, 1.0, 2.0), AlarmEvent.CLEAR, 2000)
    again = occur(alarm, 3000, Priority.LOW, 1.0, 2.0)
    assert (again.state, again.occurred_ms) == (AlarmState.UNACKNOWLEDGED, 1000)


@given(st.lists(st.sampled_from([*AlarmEvent]), max_size=30))
def test_no_sequence_loses_track_of_the_condition(events: list[AlarmEvent]) -> None:
    alarm, active = new_alarm(), False
    for step, event in enumerate(events, 1):
        if event in (AlarmEvent.OCCUR, AlarmEvent.ESCALATE):
            alarm, active = occur(alarm, step, Priority.HIGH, 1.0, 2.0), True
        else:
            alarm = apply(alarm, event, step)
            active = active and event is not AlarmEvent.CLEAR
        assert alarm.active is active
        if alarm.state is AlarmState.NORMAL:
            assert not alarm.active
        if alarm.state in (AlarmState.UNACKNOWLEDGED, AlarmState.ACKNOWLEDGED):
            assert alarm.active

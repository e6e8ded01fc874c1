"""What one shift hands to the next: its own span and no other, each alarm once, every word that somebody wrote."""

from __future__ import annotations

from console.domain.alarm import Alarm, AlarmEvent, AlarmState, Priority
from console.domain.alarm_change import AlarmChange
from console.domain.alarm_handover import hand_over

S = AlarmState
START, END = 1_000, 2_000


def line(at_ms: int, **changes: object) -> AlarmChange:
    told = {
        "rule": "hot", "place": "site:a", "event": AlarmEvent.ACKNOWLEDGE, "before": S.UNACKNOWLEDGED,
        "after": S.ACKNOWLEDGED, "priority": Priority.LOW, "who": "ada", "note": "seen",
    }  # fmt: skip
    return AlarmChange(at_ms=at_ms, **(told | changes))


def alarm(place: str, state: AlarmState, parent: str | None = None) -> Alarm:
    return Alarm(rule="hot", place=place, state=state, parent=parent)


def test_only_the_shift_itself_counts_its_start_included_and_its_end_not() -> None:
    shift = hand_over([], [line(START - 1), line(START), line(END - 1), line(END)], START, END)
    assert [note.at_ms for note in shift.notes] == [END - 1, START]
    assert shift.people == (("ada", 2),)


def test_who_did_most_comes_first_and_what_happened_by_itself_is_nobodys() -> None:
    lines = [
        line(1_100, who="bob", note=""),
        line(1_200),
        line(1_300),
        line(1_400, who="", note="the container is gone"),
    ]
    shift = hand_over([], lines, START, END)
    assert shift.people == (("ada", 2), ("bob", 1))
    assert len(shift.notes) == 2


def test_announced_are_counted_by_priority_without_what_a_parent_explains() -> None:
    came = {"event": AlarmEvent.OCCUR, "before": S.NORMAL, "after": S.UNACKNOWLEDGED, "who": "", "note": ""}
    lines = [
        line(1_100, **came, priority=Priority.HIGH),
        line(1_200, **came, priority=Priority.LOW),
        line(1_300, **came, parent="down@site:a"),
    ]
    announced = hand_over([], lines, START, END).announced
    assert announced == {Priority.CRITICAL: 0, Priority.HIGH: 1, Priority.MEDIUM: 0, Priority.LOW: 1}


def test_each_alarm_stands_where_its_state_says_and_children_are_left_to_their_parents() -> None:
    alarms = [
        alarm("site:a", S.UNACKNOWLEDGED),
        alarm("site:b", S.RETURNED),
        alarm("site:c", S.SHELVED),
        alarm("site:d", S.OUT_OF_SERVICE),
        alarm("site:e", S.SUPPRESSED),
        alarm("container:a/C1", S.UNACKNOWLEDGED, parent="hot@site:a"),
    ]
    shift = hand_over(alarms, [], START, END)
    places = [[one.place for one in part] for part in (shift.open, shift.shelved, shift.out_of_service)]
    assert places == [["site:a", "site:b"], ["site:c"], ["site:d"]]

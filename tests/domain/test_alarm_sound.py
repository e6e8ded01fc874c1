"""Which tone sounds when: the rules of R31 and R32, and never faster than U2 allows."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from console.domain.alarm import Alarm, AlarmState, Priority
from console.domain.alarm_change import Silence
from console.domain.alarm_sound import Call, Horn

T0, SECOND, MINUTE = 1_795_000_000_000, 1000, 60_000
LOW, MEDIUM, HIGH, CRITICAL = Priority


def new(name: str, priority: Priority = LOW, at_ms: int = T0) -> Alarm:
    state = AlarmState.UNACKNOWLEDGED
    return Alarm(rule=name, place="site:a", state=state, active=True, priority=priority, changed_ms=at_ms)


def heard(horn: Horn, alarms: list[Alarm], seconds: range, **now: object) -> list[tuple[int, Call]]:
    """What sounded in which second."""
    told = {"flood": False, "silence": None, **now}
    steps = ((second, horn.step(alarms, told["flood"], told["silence"], T0 + second * SECOND)) for second in seconds)
    return [(second, call) for second, call in steps if call is not None]


def test_r32_each_new_alarm_sounds_its_own_priority_once_worst_first_and_five_seconds_apart() -> None:
    alarms = [new("a", LOW), new("b", CRITICAL), new("c", MEDIUM), new("d", HIGH)]
    calls = heard(Horn(reminder_min=0), alarms, range(120))
    assert [(second, call.priority) for second, call in calls] == [(0, CRITICAL), (5, HIGH), (10, MEDIUM), (15, LOW)]
    assert all(not call.more and not call.again for _, call in calls)


def test_r32_more_than_three_waiting_are_summed_up_in_one_tone() -> None:
    calls = heard(Horn(reminder_min=0), [new("worst", HIGH), *(new(f"a{n}") for n in range(7))], range(60))
    assert [(call.priority, call.key, call.more_text) for _, call in calls] == [(HIGH, "worst@site:a", "7 more alarms")]


def test_r32_an_alarm_that_comes_again_or_worsens_sounds_again() -> None:
    horn = Horn(reminder_min=0)
    assert heard(horn, [new("a")], range(10))
    assert [call.priority for _, call in heard(horn, [new("a", HIGH)], range(10, 20))] == [HIGH]
    assert not heard(horn, [], range(20, 30))
    assert heard(horn, [new("a", HIGH, T0 + 30 * SECOND)], range(30, 40))


def test_r31_in_a_flood_only_the_two_highest_priorities_sound_and_the_others_not_even_afterwards() -> None:
    horn = Horn(reminder_min=0)
    alarms = [new("a", LOW), new("b", MEDIUM), new("c", HIGH), new("d", CRITICAL)]
    assert [call.priority for _, call in heard(horn, alarms, range(60), flood=True)] == [CRITICAL, HIGH]
    assert not heard(horn, alarms, range(60, 120))


def test_r32_a_silence_hushes_what_stands_spares_what_is_new_and_what_still_stands_returns_when_it_ends() -> None:
    horn, old, late = Horn(reminder_min=0), new("old", MEDIUM), new("late", LOW, T0 - MINUTE)
    assert heard(horn, [old], range(1))
    silence = Silence(T0 + 10 * SECOND, T0 + 610 * SECOND, "ada")
    assert not heard(horn, [old], range(10, 100), silence=silence)
    spared = heard(horn, [old, late], range(100, 200), silence=silence)
    assert [call.key for _, call in spared] == ["late@site:a"], "measured before the silence, but nobody has heard it"
    assert not heard(horn, [old, late], range(200, 610), silence=silence)
    (returned,) = heard(horn, [old, late], range(610, 700), silence=silence)
    assert returned == (610, Call(MEDIUM, "old@site:a", 1, again=True))


def test_r32_what_comes_with_the_word_of_a_silence_was_heard_by_nobody_and_sounds() -> None:
    horn, silence = Horn(reminder_min=0), Silence(T0 + 10 * SECOND, T0 + 610 * SECOND, "ada")
    assert heard(horn, [new("old")], range(10))
    spared = heard(horn, [new("old"), new("late", HIGH)], range(10, 60), silence=silence)
    assert [call.key for _, call in spared] == ["late@site:a"]


def test_r32_what_was_acknowledged_in_a_silence_does_not_return() -> None:
    horn, silence = Horn(reminder_min=0), Silence(T0 + SECOND, T0 + 60 * SECOND, "ada")
    assert heard(horn, [new("a")], range(1))
    assert not heard(horn, [new("a")], range(1, 30), silence=silence)
    assert not heard(horn, [], range(30, 90), silence=silence)


def test_r32_a_desk_that_opens_in_a_silence_is_silent_too() -> None:
    silence = Silence(T0 - SECOND, T0 + 60 * SECOND, "ada")
    assert not heard(Horn(reminder_min=0), [new("a", CRITICAL)], range(60), silence=silence)


def test_r32_the_reminder_repeats_the_worst_as_often_as_was_asked_and_never_in_a_silence() -> None:
    horn = Horn(reminder_min=2)
    calls = heard(horn, [new("a"), new("b", HIGH)], range(0, 400))
    assert [(second, call.priority, call.again) for second, call in calls] == [
        (0, HIGH, False), (5, LOW, False), (125, HIGH, True), (245, HIGH, True), (365, HIGH, True),
    ]  # fmt: skip
    silence = Silence(T0 + 400 * SECOND, T0 + 1000 * SECOND, "ada")
    assert not heard(horn, [new("a"), new("b", HIGH)], range(400, 1000), silence=silence)


@given(st.lists(st.tuples(st.integers(0, 20), st.sampled_from(Priority)), max_size=60), st.booleans())
def test_u2_no_storm_of_alarms_sounds_more_than_once_in_five_seconds(
    storm: list[tuple[int, Priority]], flood: bool
) -> None:
    horn, seconds = Horn(reminder_min=1), []
    for second in range(0, 60):
        alarms = [new(f"a{n}", priority) for n, (comes, priority) in enumerate(storm) if comes <= second]
        if horn.step(alarms, flood, None, T0 + second * SECOND):
            seconds.append(second)
    assert all(after - before >= 5 for before, after in itertools.pairwise(seconds))

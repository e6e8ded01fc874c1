"""The desk: on the disk before it is told, requests answered by name, shelves that return one after another."""

from __future__ import annotations

import itertools
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.domain.access import Role
from console.domain.alarm import AlarmEvent, AlarmState, Priority
from console.domain.alarm_change import HistorySearch, Silence
from console.domain.errors import StoreError
from console.link.messages import AlarmAnswer, AlarmsChanged, AlarmVerb
from console.operate.alarms.desk import AlarmDesk
from console.operate.alarms.engine import AlarmEngine
from console.store import open_reader, open_writer
from tests.operate.alarms.made import ROOT, SHIPPED, fleet, links, request, rollup, rule
from tests.store.made import T0

B, C, E, G = AlarmState.UNACKNOWLEDGED, AlarmState.ACKNOWLEDGED, AlarmState.SHELVED, AlarmState.OUT_OF_SERVICE
KEYS = [f"hot@container:s-0/C{number:02d}" for number in range(1, 5)]
UNVERIFIED = next(one for one in SHIPPED if one.id == "command-unverified")
RULES = [rule(), rule("burning", limit=60.0, priority=Priority.CRITICAL), UNVERIFIED]


class Room:
    """A desk with a real store, a clock in hand and an ear on the link."""

    def __init__(self, path: Path) -> None:
        self.writer, self.now_ms, self.heard, self.troubles = open_writer(path), T0, [], []
        self.reader = open_reader(path)
        self.fleet = fleet()
        self.engine = AlarmEngine(self.fleet, RULES, self.reader.alarms())
        self.desk = AlarmDesk(self.engine, self.writer, self.heard.append, self.troubles.append, lambda: self.now_ms)
        self.desk.start()

    def sample(self, minute: float = 0, **signals: object) -> None:
        self.desk.sampled([(rollup(minute=minute, **signals), 0.0, None)])

    def ask(self, verb: AlarmVerb, *keys: str, **changes: object) -> AlarmAnswer:
        self.desk.answer(request(verb, *keys, **changes))
        return self.heard[-1]

    def states(self) -> dict[str, AlarmState]:
        return {alarm.key: alarm.state for alarm in self.reader.alarms()}

    def pass_s(self, seconds: int) -> None:
        for _ in range(seconds):
            self.now_ms += 1000
            self.desk.tick(lambda: links(self.fleet))

    def close(self) -> None:
        self.reader.close()
        self.writer.close()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    room = Room(tmp_path / "store.db")
    yield room
    room.close()
    assert room.troubles == []


def test_what_is_told_is_in_the_store_already(room: Room) -> None:
    seen = []
    room.desk._publish = lambda message: seen.append((message, len(room.reader.alarms())))
    room.sample(inlet_c=45)
    assert seen == [(AlarmsChanged(4, 4, int(Priority.LOW)), 4)]
    room.sample(minute=1, inlet_c=45)
    assert len(seen) == 1, "nothing moved, nothing is told"


def test_r23_acknowledging_moves_the_named_alarms_only_and_records_who_where_and_when(room: Room) -> None:
    room.sample(inlet_c=45)
    room.now_ms += 5000
    assert room.ask(AlarmVerb.ACKNOWLEDGE, *KEYS[:2]) == AlarmAnswer("r1", tuple(KEYS[:2]), ())
    assert room.states() == {KEYS[0]: C, KEYS[1]: C, KEYS[2]: B, KEYS[3]: B}
    line = room.reader.alarm_history(HistorySearch(most=1))[0]
    assert (line.event, line.who, line.workstation, line.at_ms) == ("acknowledge", "ada", "desk-2", T0 + 5000)


def test_r23_a_critical_alarm_wants_a_note_and_nobody_acknowledges_all(room: Room) -> None:
    room.sample(inlet_c=[30, 70, 30, 30, 30])
    key = "burning@container:s-0/C01"
    refused = room.ask(AlarmVerb.ACKNOWLEDGE, key, KEYS[0], note=" ")
    assert (refused.done, refused.refused) == ((KEYS[0],), ((key, "a critical alarm is acknowledged with a note"),))
    assert room.ask(AlarmVerb.ACKNOWLEDGE, key, note="called the site").done == (key,)
    assert room.ask(AlarmVerb.ACKNOWLEDGE).refused == (("", "no alarm is named: each must be"),)
    assert "expected at most 500" in room.ask(AlarmVerb.ACKNOWLEDGE, *map(str, range(501))).refused[0][1]


@pytest.mark.parametrize(
    ("verb", "changes", "reason"),
    [
        (AlarmVerb.ACKNOWLEDGE, {"role": Role.VIEWER}, "the role viewer may not acknowledge"),
        (AlarmVerb.TAKE_OUT, {"role": Role.OPERATOR}, "may not take out of service"),
        (AlarmVerb.SHELVE, {"note": ""}, "needs a reason"),
        (AlarmVerb.SHELVE, {"span_s": 9 * 3600.0}, "at most 8 h"),
        (AlarmVerb.SHELVE, {"span_s": 25 * 3600.0, "role": Role.SUPERVISOR}, "at most 24 h"),
        (AlarmVerb.SHELVE, {"span_s": float("nan")}, "is no time"),
        (AlarmVerb.UNSHELVE, {}, "cannot be unshelved"),
        (AlarmVerb.PUT_BACK, {"role": Role.SUPERVISOR}, "cannot be put back"),
        (AlarmVerb.SILENCE, {"span_s": 601.0}, "at most 600 s"),
        (AlarmVerb.ACKNOWLEDGE, {"note": "x" * 501}, "expected at most 500"),
    ],
)
def test_what_may_not_be_is_refused_in_words(room: Room, verb: AlarmVerb, changes: dict, reason: str) -> None:
    room.sample(inlet_c=45)
    answer = room.ask(verb, KEYS[0], **changes)
    assert answer.done == ()
    assert reason in answer.refused[0][1]
    assert room.states()[KEYS[0]] is B


def test_a_supervisor_takes_a_rule_out_of_service_before_it_ever_alarmed_and_puts_it_back(room: Room) -> None:
    room.ask(AlarmVerb.TAKE_OUT, KEYS[0], role=Role.SUPERVISOR, note="fans are being changed")
    room.sample(inlet_c=45)
    assert room.states()[KEYS[0]] is G
    room.ask(AlarmVerb.PUT_BACK, KEYS[0], role=Role.SUPERVISOR)
    assert room.states()[KEYS[0]] is B
    assert (
        room.ask(AlarmVerb.TAKE_OUT, "nothing@site:s-0", role=Role.SUPERVISOR).refused[0][1] == "there is no such rule"
    )


def test_r32_silence_is_kept_with_who(room: Room) -> None:
    room.ask(AlarmVerb.SILENCE, span_s=600.0)
    assert room.reader.silence() == Silence(T0, T0 + 600_000, "ada")


def test_r24_what_was_shelved_together_returns_over_a_minute_and_not_at_one_instant(room: Room) -> None:
    room.sample(inlet_c=45)
    room.ask(AlarmVerb.SHELVE, *KEYS, note="sensor under repair")
    assert set(room.states().values()) == {E}
    room.pass_s(899)
    assert set(room.states().values()) == {E}
    room.pass_s(90)
    ends = [line.at_ms for line in room.reader.alarm_history(HistorySearch()) if line.event == AlarmEvent.SHELF_ENDS]
    assert len(ends) == 4
    assert max(ends) - min(ends) >= 60_000
    assert set(room.states().values()) == {B}


def test_r24_what_was_shelved_anew_while_it_waited_to_return_stays_on_its_new_shelf(room: Room) -> None:
    room.sample(inlet_c=45)
    room.ask(AlarmVerb.SHELVE, *KEYS, note="sensor")
    room.pass_s(901)
    waiting = [key for key, state in room.states().items() if state is E]
    assert len(waiting) == 3
    room.ask(AlarmVerb.UNSHELVE, *waiting)
    room.ask(AlarmVerb.SHELVE, *waiting, note="sensor")
    room.pass_s(120)
    assert [key for key, state in room.states().items() if state is E] == waiting


def test_r24_unshelved_by_hand_is_acknowledged_and_the_others_stay(room: Room) -> None:
    room.sample(inlet_c=45)
    room.ask(AlarmVerb.SHELVE, *KEYS[:2], note="sensor")
    room.ask(AlarmVerb.UNSHELVE, KEYS[0])
    assert room.states() == {KEYS[0]: C, KEYS[1]: E, KEYS[2]: B, KEYS[3]: B}


def test_r37_an_event_raises_its_alarm_with_its_words_and_clears_it(room: Room) -> None:
    key, late = "command-unverified@site:s-1", "curtail to 20 MW, 41.2 MW read after 90 s"
    assert room.desk.raise_event("command-unverified", "site:s-1", late)
    (alarm,) = room.reader.alarms()
    assert (alarm.key, alarm.state, alarm.priority, alarm.detail) == (key, B, Priority.HIGH, late)
    assert room.heard[-1] == AlarmsChanged(1, 1, int(Priority.HIGH))
    room.sample(inlet_c=30)
    room.pass_s(120)
    assert room.states() == {key: B}, "no sample and no clock ends what an event began"
    room.desk.clear_event("command-unverified", "site:s-1", "read back at 20.1 MW")
    assert room.states() == {key: AlarmState.RETURNED}
    room.ask(AlarmVerb.ACKNOWLEDGE, key)
    assert room.states() == {}
    told = [(line.event, line.note) for line in room.reader.alarm_history(HistorySearch())]
    assert told[::-1][:2] == [(AlarmEvent.OCCUR, late), (AlarmEvent.CLEAR, "read back at 20.1 MW")]


def test_r37_a_second_event_at_a_place_asks_anew(room: Room) -> None:
    key = "command-unverified@container:s-0/C01"
    room.desk.raise_event("command-unverified", "container:s-0/C01", "the first")
    room.ask(AlarmVerb.ACKNOWLEDGE, key)
    assert room.states() == {key: C}
    room.desk.raise_event("command-unverified", "container:s-0/C01", "the second")
    assert [(alarm.state, alarm.detail) for alarm in room.reader.alarms()] == [(B, "the second")]


def test_r31_what_goes_on_is_one_alarm_with_other_words_and_not_a_flood(room: Room) -> None:
    key, place = "command-unverified@container:s-0/C01", "container:s-0/C01"
    room.desk.raise_event("command-unverified", place, "curtail, 4 machines")
    for count in range(5, 40):
        room.desk.raise_event("command-unverified", place, f"curtail, {count} machines", goes_on=True)
    assert [(alarm.state, alarm.detail) for alarm in room.reader.alarms()] == [(B, "curtail, 39 machines")]
    assert [line.event for line in room.reader.alarm_history(HistorySearch())] == [AlarmEvent.OCCUR]
    room.ask(AlarmVerb.ACKNOWLEDGE, key)
    room.desk.raise_event("command-unverified", place, "curtail, 40 machines", goes_on=True)
    assert [(alarm.state, alarm.detail) for alarm in room.reader.alarms()] == [(C, "curtail, 40 machines")]
    room.desk.clear_event("command-unverified", place)
    room.desk.raise_event("command-unverified", place, "curtail, 1 machine", goes_on=True)
    assert room.states() == {key: B}, "what does not stand any more asks anew"


def test_an_event_survives_a_restart_and_one_without_a_rule_is_told_to_its_caller(room: Room, tmp_path: Path) -> None:
    room.desk.raise_event("command-unverified", "site:s-1", "late")
    assert not room.desk.raise_event("hot", "site:s-1", "it watches a signal")
    assert not room.desk.raise_event("nothing", "site:s-1", "left out by the profile")
    again = AlarmEngine(room.fleet, RULES, room.reader.alarms())
    again.resume(T0 + 1000)
    again.tick(T0 + 2000, links(room.fleet))
    assert [(alarm.key, alarm.detail) for alarm in again.book.alarms()] == [("command-unverified@site:s-1", "late")]


def test_what_a_person_asked_and_the_disk_refused_is_undone_and_said(room: Room, monkeypatch) -> None:
    room.sample(inlet_c=45)

    def full(*_: object) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr(room.writer, "put_alarms", full)
    answer = room.ask(AlarmVerb.ACKNOWLEDGE, KEYS[0])
    assert answer.done == ()
    assert answer.refused == (("", "nothing was changed, because it could not be kept: the disk is full"),)
    assert room.engine.book.alarm(KEYS[0]).state is B


def test_what_happened_while_the_disk_was_full_is_kept_and_told_as_soon_as_it_can_be(room: Room, monkeypatch) -> None:
    def full(*_: object) -> None:
        raise StoreError("full")

    with monkeypatch.context() as broken:
        broken.setattr(room.writer, "put_alarms", full)
        room.sample(inlet_c=45)
        room.sample(minute=1, inlet_c=30)
        assert room.ask(AlarmVerb.ACKNOWLEDGE, KEYS[0]).done == ()
    assert [str(trouble) for trouble in room.troubles] == ["full"], "told once"
    room.troubles.clear()
    room.pass_s(1)
    assert len(room.reader.alarm_history(HistorySearch())) == 8
    assert room.heard[-1] == AlarmsChanged(8, 4, int(Priority.LOW))
    with monkeypatch.context() as broken:
        broken.setattr(room.writer, "put_alarms", full)
        room.sample(minute=2, inlet_c=45)
    assert [str(trouble) for trouble in room.troubles] == ["full"], "told again, for it was well in between"
    room.troubles.clear()


def test_a_fault_of_the_engine_is_told_and_stops_nothing(room: Room, monkeypatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(room.engine, "sample", lambda *_: 1 / 0)
        room.sample(inlet_c=45)
    assert [type(trouble) for trouble in room.troubles] == [ZeroDivisionError]
    room.troubles.clear()
    room.sample(inlet_c=45)
    assert len(room.states()) == 4


CHILD = """
import sys, time
from pathlib import Path
from console.link.messages import AlarmVerb
from tests.operate.alarms.made import request
from tests.operate.alarms.test_desk import KEYS, Room
room = Room(Path(sys.argv[1]))
room.now_ms += int(sys.argv[2])
room.sample(minute=room.now_ms // 60000 % 100000, inlet_c=45)
room.ask(AlarmVerb.ACKNOWLEDGE, KEYS[0])
room.ask(AlarmVerb.SHELVE, KEYS[1], note="sensor")
print("kept", flush=True)
time.sleep(60)
"""


def test_r25_acknowledgement_and_shelf_survive_kill_9(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    for turn in range(3):
        command = [sys.executable, "-c", CHILD, str(path), str(turn)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as child:
            assert select.select([child.stdout], [], [], 60)[0]
            assert child.stdout.readline() == b"kept\n"
            os.kill(child.pid, signal.SIGKILL)
        room = Room(path)
        assert room.states() == {KEYS[0]: C, KEYS[1]: E, KEYS[2]: B, KEYS[3]: B}
        shelved = room.engine.book.alarm(KEYS[1])
        assert (shelved.shelf_reason, shelved.acknowledged_by) == ("sensor", "ada")
        room.close()
    room = Room(path)
    room.now_ms = T0 + 900_000 + 5000
    room.pass_s(1)
    assert room.states()[KEYS[1]] is B, "it came back by itself though nobody was there when its time was over"
    room.close()


def test_r31_five_hundred_alarms_are_a_flood_that_begins_and_ends(room: Room) -> None:
    sites = itertools.cycle(f"s-{number}" for number in range(3))
    for second in range(60):
        hot = rollup(next(sites), second / 60, containers=17, inlet_c=45 if second % 6 < 3 else 30)
        room.desk.sampled([(hot, 0.0, None)])
        room.pass_s(1)
    flood = room.reader.flood()
    assert flood.active
    assert flood.lately >= 500, flood.lately
    announced = [line for line in room.reader.alarm_history(HistorySearch(most=5000)) if line.announces]
    assert flood.lately == len(announced), "nothing is deleted"
    room.pass_s(660)
    assert not room.reader.flood().active
    assert room.reader.flood().ended_ms > flood.began_ms

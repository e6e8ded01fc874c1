"""What the store keeps of alarms: order, search, counts, append-only, and ten thousand of them at once."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from console.domain.alarm import Alarm, AlarmEvent, AlarmState, Priority
from console.domain.alarm_change import AlarmChange, Flood, HistorySearch, Silence
from console.store import open_reader, open_writer

B, C, D, E = AlarmState.UNACKNOWLEDGED, AlarmState.ACKNOWLEDGED, AlarmState.RETURNED, AlarmState.SHELVED


def alarm(number: int, state: AlarmState = B, priority: Priority = Priority.LOW, **more: object) -> Alarm:
    return Alarm(
        rule="hot-inlet", place=f"container:s-{number % 3}/C{number:05d}", state=state, priority=priority,
        active=state is not D, occurred_ms=1000 + number, changed_ms=1000 + number, **more,
    )  # fmt: skip


def change(of: Alarm, **more: object) -> AlarmChange:
    return AlarmChange(
        **{
            "at_ms": of.changed_ms, "rule": of.rule, "place": of.place, "event": AlarmEvent.OCCUR,
            "before": AlarmState.NORMAL, "after": of.state, "priority": of.priority, "title": "Inlet air hot", **more,
        }
    )  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


def test_r29_unacknowledged_first_then_worst_then_newest(path: Path) -> None:
    writer = open_writer(path)
    kept = [
        alarm(1, C, Priority.HIGH), alarm(2), alarm(3), alarm(4, B, Priority.MEDIUM), alarm(5, D),
        alarm(6, E, shelved_until_ms=9), alarm(7, AlarmState.NORMAL),
    ]  # fmt: skip
    writer.put_alarms(kept, ())
    reader = open_reader(path)
    assert [int(found.place[-5:]) for found in reader.alarms()] == [4, 3, 2, 5, 1, 6]
    assert [found.place[-1] for found in reader.alarms([E])] == ["6"]
    assert reader.alarms([E])[0] == kept[5]
    assert reader.alarm_counts()[B, Priority.LOW] == 2
    reader.close()
    writer.close()


def test_an_alarm_that_is_normal_again_leaves_the_table_and_stays_in_the_history(path: Path) -> None:
    writer, reader = open_writer(path), open_reader(path)
    writer.put_alarms([alarm(1)], [change(alarm(1))])
    writer.put_alarms([alarm(1, AlarmState.NORMAL)], [change(alarm(1, AlarmState.NORMAL), event=AlarmEvent.CLEAR)])
    assert reader.alarms() == []
    assert [line.event for line in reader.alarm_history(HistorySearch())] == [AlarmEvent.CLEAR, AlarmEvent.OCCUR]
    reader.close()
    writer.close()


def test_history_is_searched_by_site_rule_text_and_span_in_pages(path: Path) -> None:
    writer, reader = open_writer(path), open_reader(path)
    lines = [change(alarm(number), who="ada_" if number == 4 else "", note="100% sure") for number in range(10)]
    writer.put_alarms((), lines)
    found = reader.alarm_history(HistorySearch(site="s-1"))
    assert [line.place for line in found] == [f"container:s-1/C{number:05d}" for number in (7, 4, 1)]
    assert len(reader.alarm_history(HistorySearch(rule="other"))) == 0
    assert len(reader.alarm_history(HistorySearch(start_ms=1002, end_ms=1005))) == 3
    assert len(reader.alarm_history(HistorySearch(text="INLET AIR"))) == 10
    assert len(reader.alarm_history(HistorySearch(text="100%"))) == 10
    assert len(reader.alarm_history(HistorySearch(text="1%0"))) == 0, "a percent sign means itself"
    assert [line.who for line in reader.alarm_history(HistorySearch(text="a_"))] == ["ada_"]
    first = reader.alarm_history(HistorySearch(most=6))
    rest = reader.alarm_history(HistorySearch(most=6, before=first[-1].number))
    assert [line.at_ms for line in [*first, *rest]] == list(range(1009, 999, -1))
    reader.close()
    writer.close()


@pytest.mark.parametrize("statement", ["UPDATE alarm_history SET who = 'x'", "DELETE FROM alarm_history"])
def test_the_history_is_append_only(path: Path, statement: str) -> None:
    writer = open_writer(path)
    writer.put_alarms((), [change(alarm(1))])
    writer.close()
    connection = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="append only"):
        connection.execute(statement)
    connection.close()


def test_flood_silence_and_rules_are_kept(path: Path) -> None:
    writer, reader = open_writer(path), open_reader(path)
    assert (reader.flood(), reader.silence(), reader.alarm_rules()) == (Flood(), None, ())
    writer.put_alarms((), (), Flood(active=True, began_ms=5, lately=12))
    writer.put_silence(Silence(5, 600_005, "ada"))
    assert reader.flood() == Flood(True, 5, None, 12)
    assert reader.silence() == Silence(5, 600_005, "ada")
    reader.close()
    writer.close()


def test_t28_ten_thousand_alarms_are_kept_without_loss(path: Path) -> None:
    writer, reader = open_writer(path), open_reader(path)
    for start in range(0, 10_000, 500):
        some = [alarm(number) for number in range(start, start + 500)]
        writer.put_alarms(some, [change(one) for one in some])
    assert len(reader.alarms()) == 10_000
    assert len(reader.alarm_history(HistorySearch(most=20_000))) == 10_000
    reader.close()
    writer.close()


def test_r25_alarms_outlive_a_store_that_had_to_be_set_aside(path: Path) -> None:
    writer = open_writer(path)
    writer.put_alarms([alarm(1, C)], [change(alarm(1, C), who="ada")])
    writer.close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 1")  # the header contradicts the list of migrations: damaged
    connection.close()
    writer = open_writer(path)
    assert writer.opened.set_aside is not None
    reader = open_reader(path)
    assert reader.alarms() == [alarm(1, C)]
    assert [line.who for line in reader.alarm_history(HistorySearch())] == ["ada"]
    reader.close()
    writer.close()

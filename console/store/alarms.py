"""Keeps alarms as they stand and every transition they ever made; knows rows, and nothing of why an alarm moves."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from console.domain.alarm import Alarm, AlarmState, Priority
from console.domain.alarm_change import AlarmChange, HistorySearch
from console.domain.place import site_of
from console.store.trouble import StoreCorrupt

URGENCY = (  # R29: what nobody has seen yet comes first
    AlarmState.UNACKNOWLEDGED,
    AlarmState.RETURNED,
    AlarmState.ACKNOWLEDGED,
    AlarmState.SHELVED,
    AlarmState.SUPPRESSED,
    AlarmState.OUT_OF_SERVICE,
)
_RANK = "CASE state " + " ".join(f"WHEN '{state}' THEN {rank}" for rank, state in enumerate(URGENCY)) + " END"
_COLUMNS = "id, at_ms, rule, place, event, before, after, priority, title, value, bound, parent, who, workstation, note"


def put_alarms(connection: sqlite3.Connection, alarms: Iterable[Alarm]) -> None:
    """Replace the state of these alarms; one that is back to normal is remembered by its history only."""
    for alarm in alarms:
        if alarm.state is AlarmState.NORMAL:
            connection.execute("DELETE FROM alarm WHERE rule = ? AND place = ?", (alarm.rule, alarm.place))
            continue
        body = msgspec.json.encode(alarm).decode()
        row = (alarm.rule, alarm.place, alarm.state, alarm.priority, alarm.occurred_ms, body)
        connection.execute("INSERT OR REPLACE INTO alarm VALUES (?, ?, ?, ?, ?, ?)", row)


def put_changes(connection: sqlite3.Connection, changes: Iterable[AlarmChange]) -> None:
    """Append transitions, in the order in which they happened."""
    connection.executemany(
        "INSERT INTO alarm_history (at_ms, rule, place, site, event, before, after, priority, title, value, bound,"
        " parent, who, workstation, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (_row(change) for change in changes),
    )


def _row(change: AlarmChange) -> tuple[object, ...]:
    return (
        change.at_ms, change.rule, change.place, site_of(change.place), change.event, change.before, change.after,
        change.priority, change.title, change.value, change.limit, change.parent, change.who, change.workstation,
        change.note,
    )  # fmt: skip


def alarms(connection: sqlite3.Connection, states: Sequence[AlarmState] | None = None) -> list[Alarm]:
    """Every alarm that is not normal, or only those in `states`: unacknowledged, then worst, then newest (R29)."""
    chosen = "" if states is None else f"WHERE state IN ({', '.join('?' * len(states))})"
    rows = connection.execute(
        f"SELECT body FROM alarm {chosen} ORDER BY {_RANK}, priority DESC, occurred_ms DESC, rule, place",  # noqa: S608  # question marks and our own words
        tuple(states or ()),
    )
    return [_alarm(body) for (body,) in rows]


def _alarm(body: str) -> Alarm:
    try:
        return msgspec.json.decode(body, type=Alarm)
    except msgspec.DecodeError as error:
        raise StoreCorrupt(f"a stored alarm cannot be read ({error})") from error


def counts(connection: sqlite3.Connection) -> Mapping[tuple[AlarmState, Priority], int]:
    """How many alarms stand in each state at each priority; those that a parent explains are left out (R27)."""
    rows = connection.execute(
        "SELECT state, priority, count(*) FROM alarm WHERE json_extract(body, '$.parent') IS NULL GROUP BY 1, 2"
    )
    return {(AlarmState(state), Priority(priority)): count for state, priority, count in rows}


def history(connection: sqlite3.Connection, search: HistorySearch) -> list[AlarmChange]:
    """The transitions that a search finds, newest first."""
    clauses, arguments = ["at_ms >= ?", "at_ms < ?"], [search.start_ms, search.end_ms]
    wanted: list[object] = [*arguments]
    for clause, value in (("site = ?", search.site), ("rule = ?", search.rule), ("id < ?", search.before)):
        if value is not None:
            clauses.append(clause)
            wanted.append(value)
    if search.text:
        clauses.append("(title || ' ' || place || ' ' || who || ' ' || note || ' ' || event) LIKE ? ESCAPE '\\'")
        wanted.append(f"%{_literally(search.text)}%")
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM alarm_history WHERE {' AND '.join(clauses)} ORDER BY id DESC LIMIT ?",  # noqa: S608  # our own words; what is asked goes in as arguments
        (*wanted, search.most),
    )
    return [_change(row) for row in rows]


def _literally(text: str) -> str:
    """A text in which LIKE's own signs mean themselves."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _change(row: tuple[object, ...]) -> AlarmChange:
    names = ("number", "at_ms", "rule", "place", "event", "before", "after", "priority", "title", "value", "limit",
             "parent", "who", "workstation", "note")  # fmt: skip
    try:
        return msgspec.convert(dict(zip(names, row, strict=True)), AlarmChange)
    except msgspec.ValidationError as error:
        raise StoreCorrupt(f"a line of the alarm history cannot be read ({error})") from error

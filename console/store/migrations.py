"""The schema, as a list of named steps. Knows tables and nothing of what is kept in them.

`PRAGMA user_version` always equals the number of steps applied, set in the same transaction, so that a reader
knows the schema without importing anything heavy.
"""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database, Migrations

STEPS = Migrations("meridian")

_FRAMES = """
CREATE TABLE frame (  -- one metric of all machines of a site at one minute
    id INTEGER PRIMARY KEY,
    site TEXT NOT NULL, metric TEXT NOT NULL, minute_ms INTEGER NOT NULL,
    at_ms INTEGER NOT NULL, roster TEXT NOT NULL, body BLOB NOT NULL,
    UNIQUE (site, metric, minute_ms));
CREATE TABLE roster (
    site TEXT NOT NULL, version TEXT NOT NULL, since_ms INTEGER NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (site, version));
CREATE TABLE latest (  -- the newest roll-up of a site, float64
    site TEXT PRIMARY KEY NOT NULL, at_ms INTEGER NOT NULL, received_ms INTEGER NOT NULL,
    roster TEXT NOT NULL, containers TEXT NOT NULL, body BLOB NOT NULL) WITHOUT ROWID;
"""
_HOT = """
CREATE TABLE minute (  -- a site, a region or the fleet; small rows that stand together a place
    place TEXT NOT NULL, minute_ms INTEGER NOT NULL,
    at_ms INTEGER NOT NULL, received_ms INTEGER NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (place, minute_ms)) WITHOUT ROWID;
CREATE TABLE container (  -- all containers of a site in one matrix, rows as the layout names them
    site TEXT NOT NULL, minute_ms INTEGER NOT NULL, layout TEXT NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (site, minute_ms));
CREATE TABLE layout (id TEXT PRIMARY KEY NOT NULL, containers TEXT NOT NULL) WITHOUT ROWID;
"""
_DAYS = """
CREATE TABLE day (  -- the minutes of a closed or back-filled UTC day
    id INTEGER PRIMARY KEY,
    place TEXT NOT NULL, signal TEXT NOT NULL, day INTEGER NOT NULL, body BLOB NOT NULL,
    UNIQUE (place, signal, day));
CREATE TABLE summary (  -- its coarse levels, apart so that a year reads from a few dense pages
    place TEXT NOT NULL, signal TEXT NOT NULL, day INTEGER NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (place, signal, day)) WITHOUT ROWID;
"""
_OPERATIONS = """
CREATE TABLE link (site TEXT PRIMARY KEY NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE event (
    at_ms INTEGER NOT NULL, place TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (at_ms, place, kind, text)) WITHOUT ROWID;
CREATE TABLE state (name TEXT PRIMARY KEY NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
"""
_ALARMS = """
CREATE TABLE alarm (  -- every alarm that is not normal
    rule TEXT NOT NULL, place TEXT NOT NULL, state TEXT NOT NULL, priority INTEGER NOT NULL,
    occurred_ms INTEGER, body TEXT NOT NULL,
    PRIMARY KEY (rule, place)) WITHOUT ROWID;
CREATE TABLE alarm_history (  -- every transition, append only
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms INTEGER NOT NULL, rule TEXT NOT NULL, place TEXT NOT NULL, site TEXT,
    event TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL, priority INTEGER NOT NULL,
    title TEXT NOT NULL, value REAL, bound REAL, parent TEXT,
    who TEXT NOT NULL, workstation TEXT NOT NULL, note TEXT NOT NULL);
CREATE INDEX alarm_history_time ON alarm_history (at_ms);
CREATE INDEX alarm_history_site ON alarm_history (site, at_ms);
CREATE INDEX alarm_history_rule ON alarm_history (rule, at_ms);
CREATE TRIGGER alarm_history_stays BEFORE UPDATE ON alarm_history BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER alarm_history_whole BEFORE DELETE ON alarm_history BEGIN SELECT RAISE(ABORT, 'append only'); END;
"""
_COMMANDS = """
CREATE TABLE command (  -- how far each is; small, because it is written anew at every step
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE, at_ms INTEGER NOT NULL, phase TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX command_time ON command (at_ms);
CREATE INDEX command_phase ON command (phase, at_ms);
CREATE TABLE command_intent (command TEXT PRIMARY KEY NOT NULL, body BLOB NOT NULL);
CREATE TABLE command_preview (command TEXT PRIMARY KEY NOT NULL, body BLOB NOT NULL);
CREATE TABLE command_batch (  -- states are one byte a machine; which machines is apart and never written twice
    command TEXT NOT NULL, number INTEGER NOT NULL, body TEXT NOT NULL, states BLOB NOT NULL,
    PRIMARY KEY (command, number)) WITHOUT ROWID;
CREATE TABLE command_machines (
    command TEXT NOT NULL, number INTEGER NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (command, number));
CREATE TABLE account (key TEXT PRIMARY KEY NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
"""
_AUDIT = """
CREATE TABLE audit (  -- the chain, append only; columns as the fields of domain.audit.AuditRow
    seq INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL, monotonic_ns INTEGER NOT NULL, actor TEXT NOT NULL, role TEXT NOT NULL,
    desk TEXT NOT NULL, approver TEXT NOT NULL, command_id TEXT NOT NULL, target TEXT NOT NULL, action TEXT NOT NULL,
    before TEXT NOT NULL, requested TEXT NOT NULL, result TEXT NOT NULL, reason TEXT NOT NULL,
    previous TEXT NOT NULL, digest TEXT NOT NULL);
CREATE INDEX audit_command ON audit (command_id) WHERE command_id != '';
CREATE TABLE audit_anchor (
    seq INTEGER NOT NULL, digest TEXT NOT NULL, at_ms INTEGER NOT NULL,
    PRIMARY KEY (seq, digest)) WITHOUT ROWID;
CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER audit_whole BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'append only'); END;
"""
_NOTES = """
CREATE TABLE note (  -- what somebody wrote about a place, append only
    id TEXT PRIMARY KEY NOT NULL, at_ms INTEGER NOT NULL, received_ms INTEGER NOT NULL,
    site TEXT NOT NULL, place TEXT NOT NULL, machine TEXT NOT NULL,
    who TEXT NOT NULL, desk TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX note_site ON note (site, at_ms);
CREATE INDEX note_place ON note (place, at_ms);
CREATE INDEX note_machine ON note (machine, at_ms) WHERE machine != '';
CREATE TRIGGER note_stays BEFORE UPDATE ON note BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER note_whole BEFORE DELETE ON note BEGIN SELECT RAISE(ABORT, 'append only'); END;
"""
_RATINGS = "ALTER TABLE roster ADD COLUMN ratings BLOB"  # its numbers apart; NULL where it was kept before this step


@STEPS(name="0001_telemetry")
def _telemetry(db: Database, /) -> None:
    _run(db, _FRAMES + _HOT + _DAYS)


@STEPS(name="0002_operations")
def _operations(db: Database, /) -> None:
    _run(db, _OPERATIONS)


@STEPS(name="0003_alarms")
def _alarms(db: Database, /) -> None:
    _run(db, _ALARMS)


@STEPS(name="0004_commands")
def _commands(db: Database, /) -> None:
    _run(db, _COMMANDS + _AUDIT)


@STEPS(name="0005_notes")
def _notes(db: Database, /) -> None:
    _run(db, _NOTES)


@STEPS(name="0006_ratings")
def _ratings(db: Database, /) -> None:
    _run(db, _RATINGS)


def _run(db: Database, script: str) -> None:
    """Statement by statement: `executescript` would commit the transaction that all of it stands in."""
    for statement in script.split(";\n"):
        if statement.strip():
            db.execute(statement)


def names(steps: Migrations = STEPS) -> tuple[str, ...]:
    """The names of all steps this program knows, in order."""
    return tuple(step.name for step in steps._migrations)  # the set has no public list of its names


def migrate(connection: sqlite3.Connection, application_id: int, steps: Migrations = STEPS) -> None:
    """Apply every pending step in one transaction: either the whole schema is new, or nothing changed."""
    db = Database(connection, recursive_triggers=False)
    with db.atomic():
        steps.apply(db)
        connection.execute(f"PRAGMA application_id = {application_id}")
        connection.execute(f"PRAGMA user_version = {len(names(steps))}")

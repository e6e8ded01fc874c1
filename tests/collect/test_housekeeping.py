"""Closing days is a background job that anybody can watch; it stops at nothing but its end."""

from __future__ import annotations

import logging
from pathlib import Path

from console.adapters.redaction import Redactor
from console.collect import housekeeping
from console.collect.diary import Diary
from console.collect.housekeeping import Housekeeping
from console.domain.errors import StoreError
from console.link.messages import TidyProgress
from console.store import open_writer
from console.store.database import WAL_LIMIT_BYTES
from console.store.retention import Tidied
from tests.store.made import DAY, T0, put


def diary() -> Diary:
    return Diary(Redactor(), [logging.NullHandler()])


def test_closing_days_tells_how_far_it_is(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(housekeeping, "TELL_S", 0.0)
    writer = open_writer(tmp_path / "store.db")
    for day in range(3):
        put(writer, day * 1440)
    heard: list[TidyProgress] = []
    keeper = Housekeeping(writer, heard.append, diary(), lambda: T0 + 4 * DAY, 1.0, 1.0)
    keeper.tidy()
    assert [(word.done, word.total) for word in heard[:-1]] == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert heard[-1] == TidyProgress(0, 0, running=False)
    heard.clear()
    keeper.tidy()
    assert heard == [], "an hour without a finished day is not worth a word"
    writer.close()


def test_trouble_ends_the_word_and_not_the_job() -> None:
    class Full:
        def salvage(self) -> None:
            return None

        def compact(self, now_ms: int, most: int | None = None, *, tell) -> int:
            tell(0, 5)
            raise StoreError("the disk is full")

        def retain(self, now_ms: int) -> Tidied:
            raise AssertionError

        def checkpoint(self) -> None:
            raise AssertionError

    heard: list[TidyProgress] = []
    Housekeeping(Full(), heard.append, diary(), lambda: T0, 1.0, 1.0).tidy()
    assert [word.running for word in heard] == [True, False]


def test_a_log_that_grew_under_readers_is_cut_off(tmp_path: Path) -> None:
    writer = open_writer(tmp_path / "store.db")
    with writer._writer.transaction() as connection:
        connection.execute("CREATE TABLE filler (body BLOB)")
        connection.execute("INSERT INTO filler VALUES (zeroblob(?))", (WAL_LIMIT_BYTES // 2,))
    log = tmp_path / "store.db-wal"
    assert log.stat().st_size > WAL_LIMIT_BYTES // 4
    writer.checkpoint()
    assert log.stat().st_size == 0
    assert put(writer, 1)
    writer.close()

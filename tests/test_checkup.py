"""The doctor's findings: what is missing is named, with what helps."""

from __future__ import annotations

import importlib.metadata
import sqlite3
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from console import checkup
from console.__main__ import main
from console.checkup import Level
from console.store import open_writer
from console.store.database import SCHEMA
from tests.store.made import make_fleet, put


def test_a_missing_package_is_bad(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        if name == "numpy":
            raise importlib.metadata.PackageNotFoundError(name)
        return "1.0"

    monkeypatch.setattr(importlib.metadata, "version", version)
    bad = [finding for finding in checkup.versions() if finding.level is Level.BAD]
    assert [finding.topic for finding in bad] == ["numpy"]


def test_missing_platform_libraries_are_named_with_the_line_that_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = "\tlibxcb-cursor.so.0 => not found\n\tlibc.so.6 => /lib/libc.so.6 (0x1)\n"
    monkeypatch.setattr(checkup.subprocess, "run", lambda *_, **__: SimpleNamespace(stdout=answer))
    monkeypatch.setattr(checkup.shutil, "which", lambda _: "/usr/bin/ldd")
    found = {finding.topic: finding for finding in checkup.platform_libraries()}
    assert found["qt offscreen"].level is Level.BAD
    assert found["qt xcb"].level is Level.NOTE
    assert "libxcb-cursor.so.0" in found["qt xcb"].text
    assert "apt-get install" in found["qt xcb"].text


@pytest.mark.parametrize(
    ("code", "said", "level"),
    [(0, "0", Level.OK), (0, "8", Level.OK), (0, "100", Level.OK), (0, "2000", Level.BAD), (-6, "", Level.BAD)],
)
def test_t1_lost_references_are_bad(monkeypatch: pytest.MonkeyPatch, code: int, said: str, level: Level) -> None:
    done = SimpleNamespace(returncode=code, stdout=said, stderr="Fatal Python error: none_dealloc")
    monkeypatch.setattr(checkup.subprocess, "run", lambda *_, **__: done)
    assert checkup.reference_counts().level is level


def test_t1_references_are_counted_for_real() -> None:
    assert checkup.reference_counts().level is Level.OK


def test_a_count_that_never_ends_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*_: object, **__: object) -> None:
        raise subprocess.TimeoutExpired("python", 60)

    monkeypatch.setattr(checkup.subprocess, "run", run)
    assert checkup.reference_counts().level is Level.NOTE


def test_an_unknown_time_zone_is_bad() -> None:
    assert checkup.zone_data(["Europe/Oslo", "Africa/Nairobi"]).level is Level.OK
    found = checkup.zone_data(["Europe/Oslo", "Atlantis/Capital"])
    assert found.level is Level.BAD
    assert "Atlantis/Capital" in found.text


@pytest.mark.parametrize(("free", "level"), [(10**8, Level.BAD), (5 * 10**9, Level.NOTE), (10**11, Level.OK)])
def test_disk_is_judged_where_the_profile_would_lie(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, level: Level
) -> None:
    asked: list[Path] = []
    monkeypatch.setattr(checkup.shutil, "disk_usage", lambda path: asked.append(path) or SimpleNamespace(free=free))
    assert checkup.disk(tmp_path / "not" / "there").level is level
    assert asked == [tmp_path]


def test_the_store_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "meridian.db"
    assert [finding.level for finding in checkup.store_health(path)] == [Level.NOTE]
    path.write_bytes(b"no database" * 100)
    writer = open_writer(path)
    put(writer, 0)
    writer.close()
    found = list(checkup.store_health(path))
    assert [finding.level for finding in found] == [Level.OK, Level.NOTE]
    assert "corrupt-" in found[1].text
    path.write_bytes(b"no database" * 100)
    assert {finding.level for finding in checkup.store_health(path)} == {Level.BAD, Level.NOTE}


def test_an_empty_store_is_told_in_the_words_of_those_who_cannot_read_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "meridian.db"
    path.touch()
    (found,) = checkup.store_health(path)
    assert found.level is Level.NOTE
    assert main(["query", "--count", "--profile", str(tmp_path)]) == 1
    assert capsys.readouterr().err == f"meridian: {found.text}\n"


def test_t25_a_store_of_a_newer_meridian_is_said_by_the_doctor_and_by_each_command_that_reads_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "meridian.db"
    writer = open_writer(path)
    writer.put_fleet(make_fleet(1))
    put(writer, 0)
    writer.close()
    with sqlite3.connect(path) as connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('meridian', '0099_x', 'x')"
        )
        connection.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    connection.close()
    well, newer = checkup.store_health(path)
    assert (well.level, newer.level) == (Level.OK, Level.NOTE)
    assert "was written by a newer Meridian" in newer.text
    for command in (["query", "--count"], ["status"], ["alarms", "list"], ["alarms", "handover"]):
        assert main([*command, "--profile", str(tmp_path)]) == 0
        assert capsys.readouterr().err == f"{newer.text}\n"

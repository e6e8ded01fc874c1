"""`meridian operators`: accounts from a terminal, with and without a collector, and no secret in sight (T19)."""

from __future__ import annotations

import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from console.__main__ import main
from console.collect.lock import ProfileLock
from console.domain.account import proves
from console.domain.audit import faults
from console.settings import Profile
from console.store import open_reader
from tests.kill.processes import ROOT, collector, end, simulated_fleet, until

CHIEF, SECRET, OTHER = "Ada", "correct horse 1", "battery staple 2"


@pytest.fixture
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Profile:
    for name in ("MERIDIAN_PASSWORD", "MERIDIAN_ADMIN", "MERIDIAN_ADMIN_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    return Profile(tmp_path / "profile")


def run(profile: Profile, monkeypatch: pytest.MonkeyPatch, *words: str, lines: str = "") -> int:
    monkeypatch.setattr(sys, "stdin", io.StringIO(lines))
    return main(["operators", *words, "--profile", str(profile.folder)])


@pytest.fixture
def founded(profile: Profile, monkeypatch: pytest.MonkeyPatch) -> Profile:
    assert run(profile, monkeypatch, "add", CHIEF, "--role", "administrator", lines=f"{SECRET}\n") == 0
    return profile


def accounts(profile: Profile) -> dict[str, tuple[str, bool]]:
    reader = open_reader(profile.store)
    found = {account.name: (account.role.name.lower(), account.disabled) for account in reader.accounts()}
    reader.close()
    return found


def test_the_first_account_is_made_without_a_collector_and_without_anybody(founded: Profile, capsys) -> None:
    assert accounts(founded) == {CHIEF: ("administrator", False)}
    assert main(["operators", "list", "--json", "--profile", str(founded.folder)]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [(one["name"], one["role"], one["disabled"]) for one in told] == [(CHIEF, "administrator", False)]
    assert set(told[0]) == {"name", "role", "disabled", "made_ms"}


def test_every_further_change_needs_an_administrators_own_sign_in(
    founded: Profile, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    add = ("add", "Bo", "--role", "operator")
    assert run(founded, monkeypatch, *add, lines=f"{SECRET}\n{OTHER}\n") == 1
    assert "no administrator is named" in capsys.readouterr().err
    assert run(founded, monkeypatch, *add, "--as", "ada", lines=f"wrong guess 1\n{OTHER}\n") == 1
    assert "no such name, or another password" in capsys.readouterr().err
    assert run(founded, monkeypatch, *add, "--as", "ada", lines=f"{SECRET}\n{OTHER}\n") == 0
    assert run(founded, monkeypatch, "role", "Ada", "--role", "viewer", "--as", "bo", lines=f"{OTHER}\n") == 1
    assert "the role operator may not change accounts" in capsys.readouterr().err
    assert accounts(founded) == {CHIEF: ("administrator", False), "Bo": ("operator", False)}


def test_roles_passwords_and_ends_of_accounts_are_changed(founded: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERIDIAN_ADMIN", CHIEF)
    monkeypatch.setenv("MERIDIAN_ADMIN_PASSWORD", SECRET)
    assert run(founded, monkeypatch, "add", "Bo", "--role", "operator", lines=f"{OTHER}\n") == 0
    assert run(founded, monkeypatch, "role", "bo", "--role", "supervisor") == 0
    assert run(founded, monkeypatch, "disable", "Bo") == 0
    assert accounts(founded)["Bo"] == ("supervisor", True)
    monkeypatch.setenv("MERIDIAN_PASSWORD", "fresh horse 33")
    assert run(founded, monkeypatch, "password", "Bo") == 0
    assert accounts(founded)["Bo"] == ("supervisor", True), "a new password lets nobody in again"
    assert run(founded, monkeypatch, "enable", "Bo") == 0
    reader = open_reader(founded.store)
    bo = next(account for account in reader.accounts() if account.name == "Bo")
    rows = reader.audit()
    reader.close()
    assert proves(bo, "fresh horse 33")
    assert not proves(bo, OTHER)
    assert faults(rows) == ()
    assert [row.action for row in rows].count("change account") == 6
    assert {row.desk.endswith("command line") for row in rows} == {True}


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("add", "ADA", "--role", "viewer"), "Ada has an account"),
        (("role", "Cy", "--role", "viewer"), "nobody is called Cy"),
        (("disable", CHIEF), "last administrator"),
        (("role", CHIEF, "--role", "operator"), "last administrator"),
        (("add", "B\udcffo", "--role", "viewer"), "bytes that are no text"),
        (("add", "Bo", "--role", "viewer"), "a password has 8 to 256"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    founded: Profile, monkeypatch: pytest.MonkeyPatch, capsys, words: tuple[str, ...], reason: str
) -> None:
    assert run(founded, monkeypatch, *words, "--as", CHIEF, lines=f"{SECRET}\nshort\n") == 1
    assert reason in capsys.readouterr().err
    assert accounts(founded) == {CHIEF: ("administrator", False)}


def test_a_profile_that_somebody_holds_and_does_not_answer_for_is_left_alone(
    founded: Profile, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    monkeypatch.setattr("console.link.asking.ATTACH_S", 0.3)
    with ProfileLock(founded.lock):
        assert run(founded, monkeypatch, "disable", CHIEF, "--as", CHIEF, lines=f"{SECRET}\n") == 1
    assert "no collector answers" in capsys.readouterr().err


def test_a_profile_that_cannot_be_written_is_said_plainly(
    profile: Profile, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    profile.lock.mkdir(parents=True)
    assert run(profile, monkeypatch, "add", CHIEF, "--role", "administrator", lines=f"{SECRET}\n") == 1
    assert "expected a writable profile directory" in capsys.readouterr().err


def test_t25_a_store_of_a_newer_meridian_is_never_written(
    founded: Profile, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    with sqlite3.connect(founded.store) as connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('meridian', '0099_x', 'x')"
        )
        (schema,) = connection.execute("PRAGMA user_version").fetchone()
        connection.execute(f"PRAGMA user_version = {schema + 1}")
    connection.close()
    assert run(founded, monkeypatch, "disable", CHIEF, "--as", CHIEF, lines=f"{SECRET}\n") == 1
    assert "newer Meridian" in capsys.readouterr().err
    assert main(["operators", "list", "--profile", str(founded.folder)]) == 0


@pytest.mark.slow
def test_t19_beside_a_running_collector_it_goes_over_the_link_and_no_file_holds_a_secret(
    founded: Profile, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with simulated_fleet(tmp_path, sites=1, miners=30) as fleet:
        child = collector(fleet, founded.folder, stderr=subprocess.PIPE)
        until(lambda: "started" in founded.log.read_text(encoding="utf-8") if founded.log.exists() else False)
        run(founded, monkeypatch, "add", "Bo", "--role", "operator", "--as", CHIEF, lines=f"wrong guess 1\n{OTHER}\n")
        typed = f"{SECRET}\n{OTHER}\n".encode()
        command = [sys.executable, "-m", "console", "operators", "add", "Bo", "--role", "operator", "--as", CHIEF]
        done = subprocess.run(
            [*command, "--profile", str(founded.folder)], input=typed, capture_output=True, cwd=ROOT, check=True,
            env={**os.environ, "PYTHONDEVMODE": "1"},
        )  # fmt: skip
        assert accounts(founded)["Bo"] == ("operator", False)
        files = {path: path.read_bytes() for path in founded.folder.iterdir() if path.is_file()}
        assert end(child, signal.SIGTERM) == 0
        assert child.stderr is not None
        files[Path("stderr")] = child.stderr.read()
        child.stderr.close()
    files |= {path: path.read_bytes() for path in founded.folder.iterdir() if path.is_file()}
    files |= {Path("stdout"): done.stdout, Path("words"): done.stderr}
    assert any(path.name.endswith("-wal") for path in files)
    for path, body in files.items():
        assert not any(word in body for word in (SECRET.encode(), OTHER.encode(), b"wrong guess")), path

"""`meridian audit`: verified, exported, verified elsewhere, anchored and acknowledged from a terminal."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from console.__main__ import main
from console.domain.access import Role
from console.domain.account import new_account
from console.domain.csv_text import read_rows
from console.store import open_reader, open_writer
from tests.store.people_and_commands import said

VERIFIER = Path(__file__).resolve().parents[2] / "resources" / "audit" / "verify_audit.py"
SECRET = "correct horse 1"


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """Twenty rows, one of them with what a spreadsheet would run, and an administrator."""
    folder = tmp_path / "profile"
    writer = open_writer(folder / "meridian.db")
    writer.put_audit([said(number, target="=1+1" if number == 3 else 'a "b",\n c') for number in range(20)])
    writer.put_account(new_account("Ada", Role.ADMINISTRATOR, SECRET, 1))
    writer.close()
    return folder


def tamper(profile: Path, statement: str) -> None:
    with sqlite3.connect(profile / "meridian.db") as connection:
        connection.executescript(f"DROP TRIGGER audit_stays; DROP TRIGGER audit_whole; {statement}")
    connection.close()


def audit(profile: Path, *words: str | Path) -> int:
    return main(["audit", *map(str, words), "--profile", str(profile)])


def elsewhere(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """The handed-out verifier as a program of its own, without this checkout on its path."""
    command = [sys.executable, "-I", str(VERIFIER), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_whole_chain_says_how_many_rows_and_that_it_has_no_anchor(profile: Path, capsys) -> None:
    assert audit(profile, "verify") == 0
    told = capsys.readouterr().out
    assert "20 rows, no faults: the chain is whole." in told
    assert "The chain has no anchor" in told
    assert audit(profile, "verify", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {
        "rows": 20, "faults": [], "accepted": True, "anchors_elsewhere": 0, "anchors_remembered": 0, "places": [],
    }  # fmt: skip


def test_a_fault_ends_with_1_and_the_first_is_told_by_its_number(profile: Path, capsys) -> None:
    tamper(profile, "UPDATE audit SET result = 'x' WHERE seq IN (7, 9)")
    assert audit(profile, "verify") == 1
    told = capsys.readouterr().out
    assert "20 rows, 2 faults; the first: row 7 was changed after it was written" in told
    assert "\nrow 9 was changed" in told


def test_t21_an_anchor_in_a_second_place_finds_what_was_cut(profile: Path, tmp_path: Path, capsys) -> None:
    share = tmp_path / "share.jsonl"
    (profile / "audit.toml").write_text(f'[anchor]\nfile = "{share}"\n', encoding="utf-8")
    assert audit(profile, "anchor") == 1
    assert "No such file" in capsys.readouterr().err
    share.touch()
    assert audit(profile, "anchor") == 0
    assert audit(profile, "verify") == 0
    assert "Held against 1 anchors from a second place." in capsys.readouterr().out
    tamper(profile, "DELETE FROM audit WHERE seq > 15")
    assert audit(profile, "verify") == 1
    assert "row 20 was anchored and is gone: the chain was cut" in capsys.readouterr().out
    (profile / "audit.toml").unlink()
    assert audit(profile, "verify") == 0, "nobody could know"
    assert audit(profile, "verify", "--anchors", share) == 1
    assert audit(profile, "verify", "--anchors", tmp_path / "none") == 1
    assert audit(profile, "anchor") == 1
    assert "names no second place" in capsys.readouterr().err


def test_t21_the_export_is_verified_without_meridian(profile: Path, tmp_path: Path, capsys) -> None:
    export, share = tmp_path / "chain.jsonl", tmp_path / "share.jsonl"
    (profile / "audit.toml").write_text(f'[anchor]\nfile = "{share}"\n', encoding="utf-8")
    share.touch()
    assert audit(profile, "anchor") == 0
    assert audit(profile, "export", "--json-lines", export) == 0
    assert f"20 rows in {export}" in capsys.readouterr().out
    whole = elsewhere(export, "--anchors", share)
    assert (whole.returncode, whole.stdout) == (0, "20 rows, 1 anchors, no faults\n")
    assert "no anchor: whether it was cut" in elsewhere(export).stdout
    lines = export.read_text(encoding="utf-8").splitlines(keepends=True)
    export.write_text("".join(lines[:-1]), encoding="utf-8")
    assert elsewhere(export).returncode == 0
    cut = elsewhere(export, "--anchors", share)
    assert (cut.returncode, cut.stdout.splitlines()[0]) == (1, "row 20 was anchored and is gone: the chain was cut")
    export.write_text("".join([lines[0].replace("ada", "eve"), *lines[1:]]), encoding="utf-8")
    assert elsewhere(export).stdout.startswith("row 1 was changed after it was written\n")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "chain.jsonl:1: "),
        ("[]", "expected an object with the fields seq"),
        ('{"seq": 1, "seq": 2}', "a key stands there twice"),
    ],
)
def test_an_export_that_is_none_ends_with_2(tmp_path: Path, line: str, words: str) -> None:
    export = tmp_path / "chain.jsonl"
    export.write_text(line, encoding="utf-8")
    done = elsewhere(export)
    assert done.returncode == 2
    assert words in done.stderr
    assert elsewhere(tmp_path / "none").returncode == 2


def test_t36_the_csv_has_no_formula_and_every_row(profile: Path, tmp_path: Path) -> None:
    export = tmp_path / "chain.csv"
    assert audit(profile, "export", "--csv", export) == 0
    text = export.read_bytes().decode()
    assert ",'=1+1," in text
    header, *rows = read_rows(text)
    assert header[:3] == ["at_utc", "seq", "at_ms"]
    assert len(rows) == 20
    assert rows[3][header.index("target")] == "=1+1"
    assert rows[2][header.index("target")] == 'a "b",\n c'
    assert rows[0][0] == "1970-01-01T00:00:01.000+00:00"


def test_an_export_that_cannot_be_written_is_told_and_leaves_nothing(profile: Path, tmp_path: Path, capsys) -> None:
    assert audit(profile, "export", "--csv", tmp_path / "none" / "chain.csv") == 1
    assert "cannot be written" in capsys.readouterr().err


def test_faults_are_acknowledged_by_an_administrator(profile: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setenv("MERIDIAN_ADMIN", "Ada")
    monkeypatch.setenv("MERIDIAN_ADMIN_PASSWORD", SECRET)
    assert audit(profile, "acknowledge", "--note", "nothing") == 1
    assert "no fault that waits" in capsys.readouterr().err
    tamper(profile, "DELETE FROM audit WHERE seq = 7")
    assert audit(profile, "acknowledge", "--note", "a page was damaged") == 0
    assert audit(profile, "verify") == 1, "acknowledged is not mended"
    assert "An administrator has acknowledged every one" in capsys.readouterr().out
    reader = open_reader(profile / "meridian.db")
    assert reader.check_audit().accepted
    assert [row.action for row in reader.audit()][-3:] == ["sign in", "acknowledge audit faults", "sign out"]
    reader.close()

"""A laptop in the field after an update: its store is brought up to date by whoever reads it."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlite_utils import Migrations

from console.__main__ import main
from console.collect.lock import ProfileLock
from console.older_store import bring_up_to_date
from console.settings import Profile
from console.store import StoreOlder, open_reader, open_writer
from console.store.database import APPLICATION_ID
from console.store.migrations import STEPS, migrate
from tests.collect.fakes import make_fleet

RELEASED = (2, 3, 5)  # the schemas before alarms, before commands, before ratings stood apart
ROOT = Path(__file__).resolve().parents[1]
DESKTOP = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from console.ui.process.application import make_application
from console.ui.first_light import Window
app = make_application()
window = Window()
window.open((1280, 800))
from console.desktop import Desktop, Options
desktop = Desktop(Options(profile=Path(sys.argv[1]), offline=True), lambda _text: None, window)
notice = desktop.shell.top_bar.notice
said = []
def tell():
    now = f"{len(desktop.live.now.sites)} {notice.text}"
    if said != [now]:
        said[:] = [now]
        print(now, flush=True)
    if desktop.live.now.sites:
        window.close()
timer = QTimer()
timer.timeout.connect(tell)
timer.start(50)
desktop.show()
app.exec()
desktop.end()
"""


@pytest.fixture(params=RELEASED, ids=lambda schema: f"schema-{schema}")
def profile(request: pytest.FixtureRequest, tmp_path: Path) -> Profile:
    """A profile whose store has the schema of an earlier release and holds a fleet of four sites."""
    profile = Profile(tmp_path / "profile").create()
    writer = open_writer(tmp_path / "new.db")
    writer.put_fleet(make_fleet(4))
    writer.close()
    steps = Migrations("meridian")
    steps._migrations += STEPS._migrations[: request.param]
    connection = sqlite3.connect(profile.store, isolation_level=None)
    migrate(connection, APPLICATION_ID, steps)
    connection.execute("ATTACH ? AS new", (str(tmp_path / "new.db"),))
    connection.execute("DELETE FROM state")
    connection.execute("INSERT INTO state SELECT * FROM new.state")
    connection.close()
    with pytest.raises(StoreOlder):
        open_reader(profile.store)
    return profile


def read_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda _path, mode: mode != os.W_OK)


def test_t25_an_older_store_is_brought_up_to_date_and_a_copy_is_kept(profile: Profile) -> None:
    (notice,) = bring_up_to_date(profile)
    (copy,) = profile.folder.glob("*.bak")
    assert copy.name in notice
    reader = open_reader(profile.store)
    fleet = reader.fleet()
    reader.close()
    assert fleet == make_fleet(4)
    assert bring_up_to_date(profile) == ()
    with ProfileLock(profile.lock):
        """the lock is free again"""


def test_t25_a_store_that_a_collector_holds_is_left_to_it(profile: Profile) -> None:
    before = profile.store.read_bytes()
    with ProfileLock(profile.lock), pytest.raises(StoreOlder, match="The collector brings it up to date"):
        bring_up_to_date(profile)
    assert profile.store.read_bytes() == before


def test_t25_a_medium_that_cannot_be_written_is_said_plainly(
    profile: Profile, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    read_only(monkeypatch)
    with pytest.raises(StoreOlder, match=r"is read-only.*Copy the profile to a disk that can be written"):
        bring_up_to_date(profile)
    assert main(["status", "--profile", str(profile.folder)]) != 0
    assert "is read-only" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command", [["status", "--json"], ["query", "--count"], ["alarms", "list"], ["alarms", "handover"]]
)
def test_t25_a_command_upgrades_says_so_on_stderr_and_answers(
    profile: Profile, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "--profile", str(profile.folder)]) == 0
    told = capsys.readouterr()
    assert told.out
    assert "the old one is kept as" in told.err


def desktop(profile: Profile) -> subprocess.Popen[str]:
    """An offline desktop that writes how many sites it shows and its notice line, whenever one of them changes."""
    return subprocess.Popen(
        [sys.executable, "-c", DESKTOP, str(profile.folder)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_t25_the_offline_desktop_upgrades_shows_the_fleet_and_says_so(profile: Profile) -> None:
    with desktop(profile) as process:
        lines = process.communicate(timeout=120)[0].splitlines()
    assert lines[-1].startswith("4 ")
    assert "the old one is kept as" in lines[-1]
    assert not any("older Meridian" in line for line in lines)


def test_t25_the_word_about_an_older_store_goes_once_the_collector_has_upgraded_it(profile: Profile) -> None:
    with ProfileLock(profile.lock), desktop(profile) as process:
        assert process.stdout is not None
        while "was written by an older Meridian" not in (line := process.stdout.readline()):
            assert line, "the desktop ended without a word"
        open_writer(profile.store).close()
        rest = process.communicate(timeout=120)[0].splitlines()
    assert rest[-1].strip() == "4"

"""Somebody who has never seen the console signs in, curtails a site and puts it back, by what is written on the screen.

The collector and the simulated sites are processes of their own; nothing between the press and the machine is made up.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.desktop import Desktop, Options
from console.ui.first_light import Window
from tests.gui.hand import Hand

pytestmark = [pytest.mark.slow, pytest.mark.real, pytest.mark.timeout(900)]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Path]:
    """Two simulated sites over real HTTP, and the fleet file that names them."""
    path = tmp_path / "fleet.toml"
    command = [sys.executable, "-m", "console", "simulate", "--sites", "2", "--miners", "300", "--port", "0",
               "--fleet-out", str(path), "--until-stdin-ends"]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline().startswith("ready ")
    path.write_text(f'{path.read_text()}\n[fleet.commands]\nread_back = "100 s"\n')
    yield path
    process.stdin.close()
    process.wait(20)
    process.stdout.close()


@pytest.fixture
def hand(qtbot: QtBot, fleet: Path, tmp_path: Path) -> Iterator[Hand]:
    """The desktop as it is started, and a hand at it."""
    window = Window()
    window.open((1920, 1080))
    desktop = Desktop(Options(fleet=fleet, profile=tmp_path / "profile"), print, window)
    desktop.show()
    qtbot.waitUntil(lambda: desktop.shell.view == "world", timeout=30_000)
    yield Hand(qtbot, window)
    for dialog in [one for one in QApplication.topLevelWidgets() if one.isModal() and one.isVisible()]:
        dialog.close()
    desktop.end()
    window.close()


LEAST = 90  # of some 170: by the clock the host may let a third of them rest already


def mostly_verified(seen: str) -> bool:
    """Whether the command that is open reached many machines and nine in ten: some never do as they are told."""
    told = re.search(r"· ([\d,]+) verified(?:, ([\d,]+) unverified)?$", seen, re.MULTILINE)
    assert told is not None, seen
    done, missing = (int((count or "0").replace(",", "")) for count in told.groups())
    return done >= LEAST and done >= 9 * missing


def test_an_operator_curtails_a_site_and_puts_it_back_from_the_screen_alone(hand: Hand) -> None:
    hand.waits_for("2 of 2")
    hand.presses("Sign in")
    hand.waits_for("Nobody has an account here yet: make the first administrator.")
    hand.writes("Name", "Ada")
    hand.writes("Password", "correct horse")
    hand.writes("Password again", "correct horse")
    hand.presses("Make and sign in")
    hand.waits_for("administrator · ")

    hand.presses("Site")
    hand.waits_for("no command has been given here")
    hand.presses("Curtail…")
    hand.waits_for("No power written: every machine rests")
    hand.writes("Reason", "grid operator asks")
    hand.presses("Preview")
    seen = hand.waits_for("Risk 3 of 4", "Preview expires in", "reversible", "all passed")
    assert "Power: −" in seen
    hand.holds("Curtail ")
    seen = hand.waits_for("Past · 1")
    assert mostly_verified(seen), seen

    hand.presses("Site")
    hand.presses("Resume…")
    hand.waits_for("No power written: every resting machine runs again")
    hand.writes("Reason", "grid operator lets go")
    hand.presses("Preview")
    seen = hand.waits_for("Risk 3 of 4", "Preview expires in")
    assert "Power: +" in seen
    hand.holds("Resume ")
    seen = hand.waits_for("Past · 2")
    assert mostly_verified(seen), seen

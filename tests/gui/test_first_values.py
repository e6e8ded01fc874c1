"""What a start does first: the values. Signing in and commanding open behind them, and also where nothing is known."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from console.settings import Profile
from console.store import open_writer
from tests.collect.fakes import make_fleet

ROOT = Path(__file__).resolve().parents[2]
OPEN = """
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
def known(now):
    if now.sites:
        print("known", "console.ui.commanding" in sys.modules, desktop.reception is not None)
        desktop.live.changed.disconnect(known)
def look():
    if desktop.reception is not None:
        print("opened", len(desktop.live.now.sites))
        window.close()
timer = QTimer()
timer.timeout.connect(look)
timer.start(20)
desktop.live.changed.connect(known)
desktop.show()
app.exec()
desktop.end()
"""


def opened(folder: Path) -> list[str]:
    """What a desktop says that opens on a profile, without a display and without a collector."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", OPEN, str(folder)], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize("sites", [0, 4])
def test_p1_the_reception_opens_behind_the_values_and_also_without_a_store(tmp_path: Path, sites: int) -> None:
    profile = Profile(tmp_path / "profile").create()
    if sites:
        writer = open_writer(profile.store)
        writer.put_fleet(make_fleet(sites))
        writer.close()
    assert opened(profile.folder) == (["known False False", "opened 4"] if sites else ["opened 0"])

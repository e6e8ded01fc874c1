"""The first tenth of a second: a window with bars, panels and land, and nothing that computes behind it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from console.ui.first_light import Land, Window
from console.ui.theme import DARK, PRINT, Theme

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("numpy", "pyqtgraph", "msgspec", "requests", "sqlite_utils", "zstandard")


def test_p1_nothing_heavy_is_imported_before_the_first_paint() -> None:
    code = (
        "import sys, console.ui.process.application, console.ui.first_light; "
        f"print([m for m in {HEAVY} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("theme", [DARK, PRINT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080), (3840, 2160)])
def test_r42_land_is_painted_before_any_network_or_store(qtbot: QtBot, theme: Theme, size: tuple[int, int]) -> None:
    window = Window(theme)
    qtbot.addWidget(window)
    window.open(size)
    image = window.grab().toImage()
    shown = {image.pixelColor(x, y).name() for x in range(0, size[0], 16) for y in range(0, size[1], 8)}
    assert {theme.bg0.name(), theme.bg1.name(), theme.land.name()} <= shown


@pytest.mark.parametrize("theme", [DARK, PRINT], ids=lambda theme: theme.name)
def test_the_land_is_recorded_for_each_theme(qtbot: QtBot, theme: Theme) -> None:
    land = Land(theme, QRect(0, 0, 1000, 628), None)
    qtbot.addWidget(land)
    image = land.grab().toImage()
    africa, atlantic = image.pixelColor(660, 260), image.pixelColor(430, 200)
    assert africa.name() == theme.land.name()
    assert atlantic.name() == theme.bg1.name()


def test_p1_the_first_paint_loads_no_enumerations() -> None:
    code = (
        "from console.ui.process.application import make_application; from console.ui.first_light import Window;"
        "app = make_application(); Window().open((1366, 768));"
        "import PySide6.QtCore as core; print('Qt' in vars(core))"
    )
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_window_is_the_shells_once_it_is_adopted(qtbot: QtBot) -> None:
    window, shell = Window(), QWidget()
    qtbot.addWidget(window)
    window.open((1366, 768))
    window.adopt(shell)
    assert shell.isVisible()
    assert shell.geometry() == window.rect()
    window.resize(1500, 800)
    assert shell.size() == window.size()
    window.close()
    assert not shell.isVisible()

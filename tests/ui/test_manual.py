"""The manual opens inside the program and loads nothing from anywhere."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from console.ui.assets import asset
from console.ui.dialogs.manual import LocalBrowser, Manual, page_of
from console.ui.fonts import set_font_scale
from console.ui.startup import VIEWS
from console.ui.theme import DARK, PRINT


def test_it_shows_keys_modes_and_the_three_users(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1366, 768)
    manual = Manual(DARK, window)
    text = manual.findChild(LocalBrowser).toPlainText()
    for word in ("control room", "field", "briefing", "F12", "OFFLINE", "SIMULATED", *(slot.name for slot in VIEWS)):
        assert word in text
    assert manual.width() <= 1366
    assert manual.height() <= 768
    qtbot.keyClick(manual, Qt.Key.Key_Question, Qt.KeyboardModifier.ShiftModifier)
    assert manual.isHidden()


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_r57_no_line_is_wider_than_the_page_not_even_of_code(qtbot: QtBot, scale: float) -> None:
    set_font_scale(scale)
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1366, 768)
    manual = Manual(DARK, window)
    manual.show()
    browser = manual.findChild(LocalBrowser)
    assert "[[route]]" in browser.toPlainText()
    assert browser.document().idealWidth() <= browser.viewport().width()


def test_s1_it_loads_no_file_and_no_address(qtbot: QtBot) -> None:
    browser = LocalBrowser(DARK)
    qtbot.addWidget(browser)
    kind = QTextDocument.ResourceType.ImageResource.value
    assert browser.loadResource(kind, QUrl("file:///etc/hostname")) is None


def test_every_key_of_the_shell_is_in_the_manual() -> None:
    text = asset("manual", "manual.md").read_text(encoding="utf-8")
    for key in (
        "F1",
        "F2",
        "F4",
        "F7",
        "Ctrl+L",
        "F12",
        "Ctrl+F12",
        "Shift+F1",
        "Space",
        "Escape",
        "Ctrl+Left",
        "Ctrl+Z",
    ):
        assert key in text


def test_it_is_set_in_type_once_for_a_theme_and_a_text_size(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1366, 768)
    first = page_of(window, DARK)
    assert page_of(window, DARK) is first
    assert first.loadResource(QTextDocument.ResourceType.ImageResource.value, QUrl("file:///etc/hostname")) is None
    paper = page_of(window, PRINT)
    assert paper is not first
    set_font_scale(1.5)
    large = page_of(window, PRINT)
    assert large.defaultFont().pixelSize() > paper.defaultFont().pixelSize()
    qtbot.waitUntil(lambda: len(window.findChildren(QTextDocument)) == 1)

"""A view in a window of its own: the same span and marks, back where it was, its place on the screens remembered."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QImage, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.ui.export.camera import Camera
from console.ui.fonts import font_scale, set_font_scale
from console.ui.models.live import LiveFleet, Mode
from console.ui.models.span import TimeBarModel
from console.ui.shell import Shell
from console.ui.theme import PRINT
from console.ui.torn_off import FILE, LAST_VIEW, TornOff, first_place, fitting, read_spots
from console.ui.widgets.mode_chip import Chip
from tests.ui.fakes import NOW_MS, FakeStore, fleet
from tests.ui.stand_in import SLOTS

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # of raise(), offscreen
LEFT, RIGHT = QRect(0, 0, 1920, 1080), QRect(1920, 0, 3840, 2160)


class Desk:
    def __init__(self, qtbot: QtBot, folder: Path | None, mode: Mode = Mode.LIVE) -> None:
        store = FakeStore(fleet(simulated=True))
        self.live = LiveFleet(store, store, store.of, mode, clock=lambda: NOW_MS)
        self.live.load()
        self.span = TimeBarModel(NOW_MS)
        self.shell = Shell(self.live, self.span, SLOTS, "operator 2 · desk 2")
        self.torn = TornOff(self.shell, folder)
        qtbot.addWidget(self.shell)
        self.shell.resize(1366, 700)
        self.shell.open_view("world")
        self.shell.show()

    def end(self) -> None:
        self.shell.close()
        self.live.close()


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path):
    made = Desk(qtbot, tmp_path)
    yield made
    made.end()


def flush() -> None:
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    QApplication.processEvents()


def test_a_key_tears_the_open_view_off_and_a_key_brings_it_back(desk: Desk) -> None:
    shell = desk.shell
    shell.open_site("canada-2")
    view = shell.view_widget
    QTest.keyClick(shell, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    window = desk.torn.windows["site"]
    assert view.window() is window
    assert view.isVisible()
    assert shell.view == "world", "the main window shows another view"
    window.top_bar.own_window.click()
    flush()
    assert view.window() is shell
    assert shell.address == "site:canada-2", "it comes back where it was"
    assert not desk.torn.windows


def test_the_button_does_the_same_and_names_itself(desk: Desk) -> None:
    button = desk.shell.top_bar.own_window
    assert button.accessibleName() == "Own window"
    desk.shell.open_view("site")
    button.click()
    window = desk.torn.windows["site"]
    assert window.top_bar.own_window.accessibleName() == "Back into the main window"
    assert window.accessibleName()


def test_r60_r15_marks_clock_and_freshness_stand_on_it_too(qtbot: QtBot, tmp_path: Path) -> None:
    desk = Desk(qtbot, tmp_path, Mode.OFFLINE | Mode.READ_ONLY)
    desk.shell.open_view("site")
    window = desk.torn.tear_off("site")
    assert window is not None
    assert set(window.top_bar.chips()) == {Chip.SIMULATED, Chip.READ_ONLY, Chip.OFFLINE}
    assert not window.banner.isHidden()
    assert not window._frame.isHidden()
    assert window.top_bar._clock.text == "14:32:07 UTC"
    assert "sites fresh" in window.top_bar.notice.text
    desk.end()


def test_r13_the_time_bar_of_each_window_is_the_same_span(desk: Desk) -> None:
    desk.shell.open_view("site")
    window = desk.torn.tear_off("site")
    assert window is not None
    window.setFocus()
    QTest.keyClick(window, Qt.Key.Key_Space)
    assert not desk.span.span.live
    assert Chip.FIXED in desk.shell.top_bar.chips()
    assert Chip.FIXED in window.top_bar.chips()


def test_opening_a_torn_off_view_shows_the_place_in_its_own_window(desk: Desk) -> None:
    desk.shell.open_view("site")
    window = desk.torn.tear_off("site")
    assert window is not None
    desk.shell.open_site("middle-east-2")
    assert window.view_widget.site_id == "middle-east-2"
    assert desk.shell.view == "world"
    window.view_widget.closed.emit()
    assert desk.shell.view == "world", "Escape over there changes nothing here"


def test_the_last_view_stays(desk: Desk) -> None:
    for view in [slot.view for slot in SLOTS]:
        desk.torn.tear_off(view)
    assert desk.shell.view_widget is not None
    assert desk.shell.view_widget.window() is desk.shell
    assert desk.shell.top_bar.notice.text.startswith(LAST_VIEW)


def test_theme_and_text_size_reach_every_window(desk: Desk) -> None:
    desk.shell.open_view("site")
    window = desk.torn.tear_off("site")
    assert window is not None
    desk.shell.set_theme(PRINT)
    desk.shell.scale_fonts(1.5)
    assert window.theme is PRINT
    assert window.view_widget._theme is PRINT
    window.scale_fonts(1.2)
    assert font_scale() == 1.2, "its own keys change the one size of all"


def test_it_is_remembered_with_its_place_on_the_screens(qtbot: QtBot, tmp_path: Path) -> None:
    before = Desk(qtbot, tmp_path)
    before.shell.open_site("canada-2")
    window = before.torn.tear_off("site")
    assert window is not None
    window.setGeometry(40, 30, 700, 500)
    before.end()
    flush()
    spot = read_spots(tmp_path / FILE)["site"]
    assert (spot.rect, spot.place, spot.open) == (QRect(40, 30, 700, 500), "canada-2", True)
    after = Desk(qtbot, tmp_path)
    after.torn.restore()
    again = after.torn.windows["site"]
    assert again.geometry() == QRect(40, 30, 700, 500)
    assert again.view_widget.site_id == "canada-2"
    again.close()
    flush()
    assert not read_spots(tmp_path / FILE)["site"].open
    after.end()
    last = Desk(qtbot, tmp_path)
    last.torn.restore()
    assert not last.torn.windows, "what was closed stays closed"
    last.end()


@pytest.mark.parametrize("text", ["", "{not json", '{"site": 4}', '{"site": {"x":0,"y":0,"width":0,"height":0}}'])
def test_a_damaged_memory_stops_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    assert read_spots(tmp_path / FILE) == {}


def test_two_monitors_by_geometry() -> None:
    on_right = QRect(2400, 100, 1600, 900)
    assert fitting(on_right, [LEFT, RIGHT]) == on_right
    assert fitting(on_right, [LEFT]) == QRect(320, 100, 1600, 900), "its monitor is gone: it comes to the one there is"
    assert fitting(QRect(-500, -300, 5000, 3000), [LEFT]) == LEFT
    assert fitting(on_right, []) == on_right
    assert first_place(QRect(0, 0, 1920, 1080), [LEFT, RIGHT]) == RIGHT
    assert first_place(QRect(2000, 0, 1920, 1080), [LEFT, RIGHT]) == LEFT
    assert LEFT.contains(first_place(QRect(1000, 600, 1366, 768), [LEFT]))


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_r57_bars_are_not_clipped_at_any_text_size(desk: Desk, scale: float) -> None:
    desk.shell.open_view("site")
    window = desk.torn.tear_off("site")
    assert window is not None
    window.setGeometry(0, 0, 1366, 768)
    set_font_scale(scale)
    desk.shell.set_theme(PRINT)
    QApplication.processEvents()
    assert window.rect().contains(window.time_bar.geometry())
    assert window.time_bar.geometry().top() >= window._scroll.geometry().bottom()
    clock = window.top_bar._clock
    assert window.rect().contains(QRect(clock.mapTo(window, clock.rect().topLeft()), clock.size()))


def test_a_hundred_times_off_and_back_leave_nothing_behind(desk: Desk) -> None:
    def wrappers() -> tuple[int, int]:
        flush()
        gc.collect()
        objects = [each for each in gc.get_objects() if isinstance(each, shiboken6.Object)]
        return len(QApplication.allWidgets()), len(objects)

    def once() -> None:
        desk.shell.open_view("site")
        window = desk.torn.tear_off("site")
        assert window is not None
        window.close()
        flush()

    for _ in range(3):
        once()
    before = wrappers()
    for _ in range(100):
        once()
    after = wrappers()
    assert after[0] <= before[0] * 1.01
    assert after[1] <= before[1] * 1.01


def test_r46_r47_a_torn_off_view_is_captured_from_its_own_window(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    cameras: list[Camera] = []
    desk.torn.opened.connect(lambda window: cameras.append(Camera(window, tmp_path / "captures")))
    desk.shell.open_site("canada-2")
    window = desk.torn.tear_off("site")
    assert window is not None
    with qtbot.waitSignal(cameras[0].saved, timeout=30_000) as saved:
        window.capture_asked.emit(True)
    image = QImage(str(saved.args[0]))
    assert image.text("Title") == "Canada 2"
    assert "SIMULATED" in image.text("Mode")
    assert image.width() == window.view_widget.width() * 2
    window.csv_asked.emit()
    assert "nothing to save" in window.top_bar.notice.text


def test_r54_every_key_of_the_main_window_works_in_a_window_of_its_own(desk: Desk, qtbot: QtBot) -> None:
    window = desk.torn.tear_off("world")
    keys = {shortcut.key().toString() for shortcut in window.findChildren(QShortcut)}
    assert keys == {shortcut.key().toString() for shortcut in desk.shell.findChildren(
        QShortcut, options=Qt.FindChildOption.FindDirectChildrenOnly)}  # fmt: skip
    assert {"Ctrl+N", "Ctrl+K", "Ctrl+L", "F2"} <= keys
    with qtbot.waitSignal(desk.shell.find_asked):
        window.find_asked.emit()
    with qtbot.waitSignal(desk.shell.help_asked):
        QTest.keyClicks(window, "?")
    with qtbot.waitSignal(desk.shell.lock_asked):
        window.lock_asked.emit()
    window.open_view("site")
    assert desk.shell.view == "site"


def test_it_says_who_sits_here_as_the_main_window_does(desk: Desk, qtbot: QtBot) -> None:
    desk.shell.show_person("operator · desk 2", "ada", "operator", "")
    window = desk.torn.tear_off("world")
    assert window.top_bar.person.text() == "ada"
    desk.shell.show_person("not signed in · desk 2", "", "", "")
    assert window.top_bar.person.text() == "Sign in"
    with qtbot.waitSignal(desk.shell.person_asked):
        qtbot.mouseClick(window.top_bar.person, Qt.MouseButton.LeftButton)

"""What the operator sees and presses round every view."""

from __future__ import annotations

from itertools import combinations

import pytest
import shiboken6
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QSizePolicy, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from console.store.face import BackfillState
from console.ui.density import Density
from console.ui.fonts import font_scale, px
from console.ui.lettering import text_width
from console.ui.models.live import LiveFleet, Mode
from console.ui.models.span import TimeBarModel
from console.ui.models.zone import ZoneChoice
from console.ui.shell import Shell
from console.ui.theme import DARK, PRINT
from console.ui.widgets.mode_chip import Chip
from console.ui.widgets.notice import Notice
from console.ui.widgets.top_bar import Tab, TopBar
from tests.ui.fakes import NOW_MS, FakeStore, fleet
from tests.ui.stand_in import SLOTS


class Desk:
    """A shell over a fake store with a clock that the test turns."""

    def __init__(self, qtbot: QtBot, store: FakeStore, mode: Mode = Mode.LIVE, size: tuple[int, int] = (1920, 1080)):
        self.now_ms, self.store, self.qtbot = NOW_MS, store, qtbot
        self.live = LiveFleet(store, store, store.of, mode, clock=lambda: self.now_ms)
        self.live.load()
        self.span = TimeBarModel(NOW_MS)
        self.shell = Shell(self.live, self.span, SLOTS, "operator 2 · desk 2", DARK)
        qtbot.addWidget(self.shell)
        self.shell.resize(*size)
        self.shell.open_view("world")
        self.shell.show()
        self.shell.activateWindow()
        qtbot.waitUntil(self.shell.isActiveWindow)
        qtbot.waitUntil(lambda: not self.live.reads.pending)

    def presets(self) -> dict[str, QAbstractButton]:
        buttons = self.shell.time_bar.findChildren(QAbstractButton)
        return {each.accessibleName(): each for each in buttons if each.accessibleName().startswith("Show the last")}

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        target = self.shell.focusWidget() or self.shell
        self.qtbot.keyClick(target, key, modifier)

    def pass_s(self, seconds: float) -> None:
        self.now_ms += round(seconds * 1000)
        self.live.load()
        self.shell.tick()


@pytest.fixture
def desk(qtbot: QtBot):
    made = []

    def make(store: FakeStore | None = None, mode: Mode = Mode.LIVE, size: tuple[int, int] = (1920, 1080)) -> Desk:
        made.append(Desk(qtbot, store or FakeStore(), mode, size))
        return made[-1]

    yield make
    for each in made:
        each.shell.close()
        each.live.close()


def test_r15_the_clock_ticks_live_and_fixed(desk) -> None:
    here = desk()
    assert here.shell.top_bar._clock.text == "14:32:07 UTC"
    here.span.freeze()
    here.pass_s(2)
    assert here.shell.top_bar._clock.text == "14:32:09 UTC"


def test_r13_live_and_fixed_cannot_be_mistaken(desk) -> None:
    here = desk()
    assert here.shell.top_bar.chips() == [Chip.LIVE]
    here.press(Qt.Key.Key_Space)
    assert not here.span.span.live
    assert here.shell.top_bar.chips() == [Chip.FIXED]
    assert not here.shell.time_bar._lock.isHidden()
    edge = here.shell.time_bar.grab().toImage().pixelColor(960, 1)
    assert edge.name() == DARK.mode.name(), "the time bar is framed in the mode's colour"
    here.press(Qt.Key.Key_Space)
    assert here.shell.top_bar.chips() == [Chip.LIVE]


def test_r14_presets_and_jumps_by_key(desk) -> None:
    here = desk()
    here.qtbot.mouseClick(here.presets()["Show the last 7 d"], Qt.MouseButton.LeftButton)
    assert here.span.span.length_ms == 7 * 86_400_000
    end_ms = here.span.span.end_ms
    here.press(Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert here.span.span.end_ms == end_ms - 7 * 86_400_000
    here.press(Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    here.press(Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert here.span.span.end_ms == end_ms - 7 * 86_400_000
    here.press(Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert here.span.span.live
    here.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert here.span.span.end_ms == end_ms - 7 * 86_400_000, "the span before this one"
    pressed = [name for name, each in here.presets().items() if each.isChecked()]
    assert pressed == ["Show the last 7 d"], "which length is in force is seen"


def test_r11_offline_says_the_cut_off_its_age_and_why_commands_are_off(desk) -> None:
    store = FakeStore(now_ms=NOW_MS - 94 * 60_000)
    here = desk(store, Mode.OFFLINE)
    banner = here.shell.banner
    assert not banner.isHidden()
    assert "Offline - cached to 2026-11-22 12:58 UTC" in banner.text
    assert "1 h 34 ago" in banner.text
    assert "commands are off: no link, no read-back" in banner.text
    assert here.shell.top_bar.chips() == [Chip.OFFLINE]
    assert here.span.span.end_ms == store.newest_ms()
    assert not here.shell.time_bar._follow.isEnabled()
    for words in (here.shell.time_bar._follow.toolTip(), here.shell.time_bar._follow.accessibleDescription()):
        assert "without a link" in words


def test_r11_a_fleet_that_falls_silent_goes_offline_without_a_word_from_anybody(desk) -> None:
    here = desk()
    assert here.shell.banner.isHidden()
    here.pass_s(80)
    assert not here.shell.banner.isHidden()
    assert here.shell.top_bar.chips() == [Chip.OFFLINE]


def test_the_banner_says_whether_anybody_asks_the_sites(desk) -> None:
    here = desk()
    here.store.heartbeat = NOW_MS + 80_000
    here.pass_s(80)
    assert "every site is asked again" in here.shell.banner.text
    here.pass_s(80)
    assert "no collector answers" in here.shell.banner.text


def test_a_word_that_is_cut_in_a_narrow_bar_is_whole_in_its_tool_tip_and_name(qtbot: QtBot) -> None:
    notice = Notice()
    qtbot.addWidget(notice)
    notice.resize(80, 44)
    notice.show()
    words = "Saved meridian-world-20261122-143207Z.png"
    notice.say(words)
    QApplication.processEvents()
    assert text_width(notice._line.font(), words) > notice._line.width(), "there is no room for it"
    assert words in notice._line.toolTip()
    assert notice._line.accessibleName() == f"Notice: {words}"


def test_progress_of_a_collector_that_is_gone_is_not_shown(desk) -> None:
    store = FakeStore()
    store.backfill_state = BackfillState(57, 715, running=True)
    here = desk(store)
    assert "57 of 715" in here.shell.top_bar.notice.text
    here.pass_s(80)
    assert here.shell.top_bar.notice.text == ""


def test_r60_a_simulated_fleet_is_framed_for_ever(desk) -> None:
    here = desk(FakeStore(fleet(simulated=True)))
    assert here.shell.top_bar.chips() == [Chip.LIVE, Chip.SIMULATED]
    image = here.shell.grab().toImage()
    side = [image.pixelColor(1, y).name() for y in range(200, 260)]
    assert DARK.mode.name() in side
    assert DARK.mode.name() != image.pixelColor(6, 230).name()
    for corner in ((2, 2), (1917, 2), (2, 1077), (1917, 1077)):
        assert image.pixelColor(*corner).name() == DARK.mode.name()


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_r57_the_corner_words_of_a_simulated_fleet_never_cover_the_bars(desk, scale: float) -> None:
    here = desk(FakeStore(fleet(simulated=True)))
    here.shell.scale_fonts(scale)
    image = here.shell.grab().toImage()
    for y in (16, 1080 - 17):
        assert image.pixelColor(6, y).name() != DARK.mode.name()


def test_r40_read_only_is_a_chip(desk) -> None:
    assert Chip.READ_ONLY in desk(mode=Mode.READ_ONLY).shell.top_bar.chips()


def test_r12_the_collector_is_spoken_of_in_a_line_and_never_in_a_window(desk, qtbot: QtBot) -> None:
    here = desk()
    notice = here.shell.top_bar.notice
    notice.say("collector restarted 3 s ago")
    notice.show_progress(412, 1320, running=True)
    assert notice.text == "collector restarted 3 s ago  ·  Filling the past: 412 of 1,320 site-days"
    with qtbot.waitSignal(notice.cancel_asked):
        qtbot.mouseClick(notice._cancel, Qt.MouseButton.LeftButton)
    notice.show_progress(1320, 1320, running=False)
    assert notice._cancel.isHidden()
    notice.take_back("something else")
    assert notice.text == "collector restarted 3 s ago"
    notice.take_back("collector restarted 3 s ago")
    assert notice.text == ""


def test_how_far_the_past_is_filled_can_be_read_on_a_laptop(qtbot: QtBot) -> None:
    views = ("World", "Site", "Alarms", "Commands", "Heat map", "Compare")
    bar = TopBar([Tab(name, name, f"F{number}") for number, name in enumerate(views, 1)], "operator 2")
    qtbot.addWidget(bar)
    bar.tick(NOW_MS)
    bar.show_mode(Mode.SIMULATED, live_span=True)
    bar.resize(1358, 44)
    bar.fit(Density.COMPACT, 1358)
    bar.show()
    assert bar._date.isVisible()
    bar.notice.show_progress(412, 1320, running=True)
    QApplication.processEvents()
    line = bar.notice._line
    assert line.text() == "Back-fill 31 %"
    assert text_width(line.font(), line.text()) <= line.width()
    assert bar.height() == px(44)  # in one row: the date gives way, never the clock
    assert "412 of 1,320 site-days" in line.toolTip()
    bar.notice.show_progress(1320, 1320, running=False)
    assert bar._date.isVisible()


def test_r2_r54_keys_go_between_the_views_and_back(desk) -> None:
    here = desk()
    here.shell.view_widget.site_opened.emit("east-africa-2")
    assert here.shell.view == "site"
    assert here.shell.view_widget.site_id == "east-africa-2"
    here.press(Qt.Key.Key_Escape)
    assert here.shell.view == "world"
    here.press(Qt.Key.Key_F2)
    assert here.shell.view == "site"
    here.press(Qt.Key.Key_F1)
    assert here.shell.view == "world"
    here.press(Qt.Key.Key_F7)
    assert here.shell.view_widget.twins == 1


@pytest.mark.parametrize(
    ("key", "modifier", "asked", "told"),
    [
        (Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier, "find_asked", []),
        (Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier, "csv_asked", []),
        (Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier, "lock_asked", []),
        (Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier, "notes_asked", [""]),
        (Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier, "own_window_asked", []),
        (Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier, "help_asked", []),
        (Qt.Key.Key_F12, Qt.KeyboardModifier.NoModifier, "capture_asked", [True]),
        (Qt.Key.Key_F12, Qt.KeyboardModifier.ControlModifier, "capture_asked", [False]),
    ],
)
def test_r54_each_key_asks_for_what_it_says(
    desk, key: Qt.Key, modifier: Qt.KeyboardModifier, asked: str, told: list
) -> None:
    here = desk()
    with here.qtbot.waitSignal(getattr(here.shell, asked)) as caught:
        here.press(key, modifier)
    assert caught.args == told


def test_r54_the_way_back_leads_to_the_place_and_not_only_to_the_view(desk) -> None:
    shell = desk().shell
    for address in ("site:east-africa-1", "site:east-africa-2", "world"):
        shell.open_place(address)
    seen = []
    for _ in range(4):
        shell.go_back()
        seen.append(shell.address)
    assert seen == ["site:east-africa-2", "site:east-africa-1", "world", "world"]


def test_r15_the_axis_zone_goes_round_and_is_named(desk) -> None:
    here = desk()
    here.shell.open_site("middle-east-1")
    zone = here.shell.time_bar._zone
    here.qtbot.mouseClick(zone, Qt.MouseButton.LeftButton)
    assert here.span.zone_choice is ZoneChoice.SITE
    assert here.span.zone_label == "+04"
    assert "18:32" in here.shell.time_bar._range.text()
    assert here.shell.time_bar._zone_name.text() == "+04"


def test_r57_text_scales_without_clipping_a_button(desk) -> None:
    here = desk()
    for _ in range(12):
        here.press(Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert font_scale() == 2.0
    for button in here.shell.top_bar.findChildren(QAbstractButton):
        assert button.width() >= button.sizeHint().width()
    here.press(Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert font_scale() == 1.0


def tip(owner: QWidget) -> QWidget:
    QToolTip.showText(QPoint(100, 100), "what does not fit on its line", owner)
    shown = [window for window in QApplication.topLevelWidgets() if window.inherits("QTipLabel") and window.isVisible()]
    assert len(shown) == 1
    return shown[0]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # of a tool tip, offscreen
def test_r52_r57_a_tool_tip_has_the_theme_and_the_text_size_of_its_window(desk, qtbot: QtBot) -> None:
    shell = desk().shell
    for theme, scale in ((DARK, 1.0), (PRINT, 1.5), (DARK, 1.0)):
        shell.scale_fonts(scale)
        shell.set_theme(theme)
        shown = tip(shell)
        assert shown.grab().toImage().pixelColor(2, 2) == theme.bg3
        assert shown.palette().color(shown.foregroundRole()) == theme.t1
        assert shown.font().pixelSize() == round(13 * scale)
        QToolTip.hideText()
        qtbot.waitUntil(lambda: not shiboken6.isValid(shown) or not shown.isVisible())  # noqa: B023 - waited for here


def interactive(root: QWidget) -> list[QWidget]:
    return [
        child
        for child in root.findChildren(QWidget)
        if child.focusPolicy() != Qt.FocusPolicy.NoFocus and not child.isHidden() and child.isVisible()
    ]


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080), (3840, 2160)])
def test_r55_r56_every_control_has_a_name_and_is_large_enough(desk, size: tuple[int, int]) -> None:
    here = desk(size=size)
    controls = interactive(here.shell)
    assert len(controls) >= 14
    for control in controls:
        assert control.accessibleName(), control
        assert min(control.width(), control.height()) >= 24, control.accessibleName()


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080), (3840, 2160)])
@pytest.mark.parametrize("mode", [Mode.LIVE, Mode.OFFLINE | Mode.READ_ONLY])
def test_r57_nothing_in_the_bars_is_clipped_or_overlaps(desk, size: tuple[int, int], mode: Mode, scale: float) -> None:
    here = desk(FakeStore(fleet(simulated=True)), mode, size)
    here.shell.scale_fonts(scale)
    here.span.freeze()
    QApplication.processEvents()
    assert (here.shell.width(), here.shell.height()) == size
    for bar in (here.shell.top_bar, here.shell.time_bar):
        only = Qt.FindChildOption.FindDirectChildrenOnly
        shown = [child for child in bar.findChildren(QWidget, options=only) if child.isVisible()]
        for one, other in combinations(shown, 2):
            assert not one.geometry().intersects(other.geometry()), (one, other)
        for child in shown:
            assert bar.rect().contains(child.geometry()), child
            if child.sizePolicy().horizontalPolicy() == QSizePolicy.Policy.Fixed:
                assert child.width() >= child.sizeHint().width(), child


def test_r54_tab_walks_every_control_of_the_bars(desk) -> None:
    here = desk()
    seen = set()
    for _ in range(60):
        here.press(Qt.Key.Key_Tab)
        seen.add(here.shell.focusWidget())
    bars = {each for bar in (here.shell.top_bar, here.shell.time_bar) for each in interactive(bar) if each.isEnabled()}
    assert bars <= seen


def test_r54_a_control_in_focus_wears_a_ring(desk) -> None:
    here = desk()
    button = here.shell.time_bar._capture
    button.setFocus()
    ringed = button.grab().toImage()
    assert ringed.pixelColor(button.width() // 2, 1).name() == DARK.t1.name()


def test_r7_nothing_moves_when_all_is_well(desk, qtbot: QtBot) -> None:
    here = desk()
    here.shell.tick()
    before = here.shell.grab().toImage()
    qtbot.wait(900)
    assert here.shell.grab().toImage() == before


def test_leak_opening_views_again_and_again_leaves_no_widget_behind(desk) -> None:
    here = desk()
    here.shell.open_view("site")
    here.shell.open_view("world")
    count = len(here.shell.findChildren(QWidget))
    for _ in range(20):
        here.shell.open_view("site")
        here.shell.open_view("world")
    assert len(here.shell.findChildren(QWidget)) == count

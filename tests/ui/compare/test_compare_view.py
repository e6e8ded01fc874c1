"""The comparison as an operator sees it: curves, names, reference, figures, and that the choice is kept."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from console.ui.dialogs.pick_places import PickPlaces
from console.ui.fonts import set_font_scale
from console.ui.models.comparison import MOST, Measure, Scale
from console.ui.models.comparison_kept import FILE, read_choice
from console.ui.shell import Shell
from console.ui.startup import VIEWS
from console.ui.theme import PRINT
from console.ui.views.compare.plot import strong_part
from console.ui.views.compare.view import CompareView
from tests.ui.compare.desk import OWN, Desk
from tests.ui.fakes import FakeStore

SITES = ("site:east-africa-1", "site:east-africa-2", "container:canada-1/C03")


@pytest.fixture
def desk(qtbot: QtBot):
    made = Desk(qtbot)
    yield made
    made.close()


def names(view: CompareView) -> list[str]:
    return [curve.name for curve in view.plot.curves]


def test_before_anybody_chose_it_shows_the_regions_and_the_own_site_dashed(desk: Desk) -> None:
    assert names(desk.view) == ["North America", "East Africa", "Middle East", "South America", "Canada", OWN]
    assert [curve.dashed for curve in desk.view.plot.curves] == [False] * 5 + [True]
    assert "Hashrate of deployed" in desk.view.plot.title
    assert desk.view.plot.unit == "%"


def test_the_reference_line_is_switched_off_and_on(desk: Desk) -> None:
    desk.view.head.reference.click()
    assert OWN not in names(desk.view)
    QTest.keyClick(desk.view, Qt.Key.Key_R)
    desk.view.load()
    assert names(desk.view)[-1] == OWN


def test_a_fleet_without_a_site_of_its_own_says_why_there_is_no_line(qtbot: QtBot) -> None:
    desk = Desk(qtbot, FakeStore())
    assert not any(curve.dashed for curve in desk.view.plot.curves)
    assert not desk.view.head.reference.isEnabled()
    assert "no site of its own" in desk.view.head.reference.accessibleDescription()
    desk.close()


def test_two_to_six_sites_or_containers_on_one_scale(desk: Desk) -> None:
    desk.view.choose(places=SITES)
    desk.view.load()
    assert names(desk.view) == ["East Africa 1", "East Africa 2", "Canada 1 C03", OWN]
    for curve in desk.view.plot.curves:
        assert 80 < float(curve.mean[0]) < 100
    desk.view.choose(scale=Scale.ABSOLUTE)
    assert desk.view.plot.unit == "EH/s"
    desk.view.choose(measure=Measure.EFFICIENCY)
    desk.view.load()
    assert desk.view.plot.unit == "J/TH"
    assert not desk.view.head.scales[Scale.DEPLOYED].isEnabled()
    assert all(15 < float(curve.mean[0]) < 30 for curve in desk.view.plot.curves)


def test_two_stay_at_least_and_six_at_most(desk: Desk) -> None:
    desk.view.choose(places=SITES[:2])
    desk.view.remove(SITES[0])
    assert len(desk.view.compared()) == 2
    for number in range(1, 9):
        desk.view.show_place(f"north-america-{number}")
    assert len(desk.view.compared()) == MOST
    assert desk.view.compared()[-1] == "site:north-america-8"
    desk.view.show_place("nowhere")
    assert len(desk.view.compared()) == MOST


def test_the_table_gives_figures_and_their_distance_from_the_reference(desk: Desk) -> None:
    lines = desk.view.table.lines
    assert lines[-1].figures[4] == "reference"
    assert lines[0].figures[4].endswith(" %")
    assert lines[0].title in desk.view.table.accessibleDescription()
    assert all(len(line.figures) == 6 for line in lines)


def test_a_marked_row_makes_the_other_curves_step_back(desk: Desk) -> None:
    table = desk.view.table
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Down)
    tones = [curve.tone for curve in desk.view.plot.curves]
    assert tones == ["t1", *["edge"] * 4, "t1"]
    QTest.keyClick(table, Qt.Key.Key_Escape)
    assert desk.view.plot.curves[1].tone == "sand"
    QTest.keyClick(table, Qt.Key.Key_Down)
    QTest.keyClick(table, Qt.Key.Key_Delete)
    assert len(desk.view.compared()) == 4


def test_a_cross_takes_a_place_away(desk: Desk) -> None:
    table = desk.view.table
    QTest.mouseClick(table, Qt.MouseButton.LeftButton, pos=QPoint(table.width() - 24, 28 + 14))
    assert "region:North America" not in desk.view.compared()


def test_the_choice_is_kept_in_the_profile_and_a_damaged_file_stops_nothing(desk: Desk, tmp_path: Path) -> None:
    desk.view.keep_in(tmp_path)
    desk.view.choose(places=SITES, measure=Measure.POWER, reference=False)
    kept = read_choice(tmp_path)
    assert (kept.places, kept.measure, kept.reference) == (SITES, Measure.POWER, False)
    (tmp_path / FILE).write_text("{not json")
    assert read_choice(tmp_path).places == ()
    desk.view.keep_in(tmp_path / "gone")
    desk.view.choose(reference=True)


def test_a_place_that_left_the_fleet_is_left_out_and_not_forgotten(desk: Desk) -> None:
    desk.view.choose(places=(*SITES, "site:sold"))
    assert desk.view.compared() == SITES
    assert "site:sold" in desk.view.choice.places


def test_places_are_picked_by_keyboard_alone(desk: Desk, qtbot: QtBot) -> None:
    QTest.keyClick(desk.view, Qt.Key.Key_P)
    dialog = desk.view.findChild(PickPlaces)
    assert dialog is not None
    assert "5 of 6 chosen" in dialog.words.text()
    QTest.keyClicks(dialog.line, "canada-1/C03")
    QTest.keyClick(dialog.line, Qt.Key.Key_Return)
    assert "6 of 6 chosen" in dialog.words.text()
    dialog.line.clear()
    QTest.keyClicks(dialog.line, "muscat oman")
    assert not dialog.choices.shown
    dialog.line.setText("Middle East 3")
    QTest.keyClick(dialog.line, Qt.Key.Key_Return)
    assert "most on one graph" in dialog.words.text()
    QTest.keyClick(dialog.line, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert desk.view.compared()[-1] == "container:canada-1/C03"


def test_one_time_bar_rules_it_and_a_zoom_asks_the_bar(desk: Desk) -> None:
    desk.span.set_preset(86_400)
    desk.view.load()
    assert desk.view.plot.span == desk.span.span
    end_ms = desk.span.span.end_ms
    desk.view.plot.span_asked.emit((end_ms - 7_200_000, end_ms - 3_600_000))
    assert (desk.span.span.start_ms, desk.span.span.live) == (end_ms - 7_200_000, False)


def test_a_key_leads_from_a_site_to_its_comparison(desk: Desk, qtbot: QtBot) -> None:
    shell = Shell(desk.live, desk.span, VIEWS)
    qtbot.addWidget(shell)
    shell.resize(1366, 768)
    shell.open_site("canada-2")
    QTest.keyClick(shell, Qt.Key.Key_C)
    view = shell.view_widget
    assert isinstance(view, CompareView)
    assert view.compared()[-1] == "site:canada-2"
    assert shell.address == "compare"


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_r57_nothing_is_clipped_at_any_text_size(desk: Desk, scale: float) -> None:
    set_font_scale(scale)
    desk.view.set_theme(PRINT)
    view = desk.view
    view.resize(1366, max(640, view.minimumSizeHint().height()))
    for button in (*view.head.measures.values(), *view.head.scales.values(), view.head.reference, view.head.pick):
        place = button.geometry()
        assert view.head.rect().contains(place), button.text()
        assert min(place.width(), place.height()) >= 24
    assert view.plot.geometry().bottom() < view.table.y()
    assert view.table.geometry().bottom() <= view.height()


def test_r55_every_control_has_a_name(desk: Desk) -> None:
    for widget in (desk.view.plot, desk.view.table, desk.view.head.pick, *desk.view.head.measures.values()):
        assert widget.accessibleName()


def test_at_a_coarse_level_means_stand_before_their_extremes(desk: Desk) -> None:
    desk.span.set_preset(365 * 86_400)
    desk.view.load()
    curve = desk.view.plot.curves[0]
    low, high = strong_part(curve)
    usual = np.isfinite(low) & (low == high)
    assert usual.mean() > 0.9
    assert "lowest to highest" in desk.view.plot._coverage
    dipped = dataclasses.replace(curve, low=np.where(np.arange(curve.low.size) == 9, 1.0, curve.low).astype("f4"))
    assert strong_part(dipped)[0][9] == 1.0
    peaked = dataclasses.replace(curve, high=np.where(np.arange(curve.high.size) == 9, 9e3, curve.high).astype("f4"))
    assert strong_part(peaked)[1][9] == 9e3, "a peak is a stroke as a dip is"


def test_r13_the_graph_is_unlinked_keeps_its_span_with_its_figures_and_comes_back(desk: Desk, qtbot: QtBot) -> None:
    view, bar = desk.view, desk.span
    before = bar.span
    view.plot.setFocus()
    qtbot.keyClick(view.plot, Qt.Key.Key_U)
    qtbot.waitUntil(lambda: not view.pending)
    assert view.plot.header_now().unlinked == "unlinked · 08:32 – 14:32 UTC"
    of_six_hours = [line.figures for line in view.table.lines]
    bar.set_preset(15 * 60)
    qtbot.waitUntil(lambda: not view.pending)
    assert [line.figures for line in view.table.lines] == of_six_hours, "its figures are not those of the time bar"
    assert (view.plot.span.start_ms, view.plot.span.end_ms) == (before.start_ms, before.end_ms)
    curve = view.plot.curves[0]
    assert curve.at_ms[-1] - curve.at_ms[0] > 5 * 3_600_000, "its curves are those of its own span"
    figures = [line.figures for line in view.table.lines]
    view.plot.link.asked.emit((before.start_ms, before.start_ms + 600_000))
    qtbot.waitUntil(lambda: not view.pending)
    assert [line.figures for line in view.table.lines] != figures, "the table tells of the span that is drawn"
    assert bar.span.length_ms == 900_000
    qtbot.keyClick(view.plot, Qt.Key.Key_U)
    qtbot.waitUntil(lambda: not view.pending)
    assert view.plot.span == bar.span
    assert view.plot.header_now().unlinked == ""
    curve = view.plot.curves[0]
    assert curve.at_ms[-1] - curve.at_ms[0] < 3_600_000


def test_r54_s_goes_round_the_scales_wherever_the_focus_is(desk: Desk, qtbot: QtBot) -> None:
    scale = desk.view.choice.scale
    desk.view.plot.setFocus()
    qtbot.keyClick(desk.view.plot, Qt.Key.Key_S)
    assert desk.view.choice.scale != scale

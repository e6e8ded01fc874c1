"""The span that rules all plots."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from console.ui.models.span import PRESETS, Span, TimeBarModel

NOW_MS = 1_795_357_927_000
HOUR_MS = 3_600_000


@pytest.fixture
def model(qtbot: QtBot) -> TimeBarModel:
    return TimeBarModel(NOW_MS)


def test_r13_it_starts_live_and_follows(model: TimeBarModel, qtbot: QtBot) -> None:
    assert model.span == Span(NOW_MS - 6 * HOUR_MS, NOW_MS, live=True)
    later = NOW_MS + 60_000
    with qtbot.waitSignal(model.changed) as caught:
        model.tick(later)
    assert caught.args == [Span(later - 6 * HOUR_MS, later, live=True)]


def test_r17_a_live_span_moves_only_in_steps_that_a_plot_can_show(model: TimeBarModel, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(model.changed):
        model.tick(NOW_MS + 499)


@pytest.mark.parametrize(("seconds", "step_ms"), [(900, 500), (3600, 900), (86_400, 21_600), (30 * 86_400, 648_000)])
def test_r17_no_plot_repaints_more_than_twice_a_second_and_a_long_span_seldom(
    model: TimeBarModel, seconds: int, step_ms: int
) -> None:
    model.set_preset(seconds)
    for after_ms, moves in ((step_ms - 1, False), (step_ms, True)):
        model.tick(NOW_MS + after_ms)
        assert (model.span.end_ms > NOW_MS) is moves


def test_r13_fixed_stands_still_and_back_to_live_restores_the_last_live_span(model: TimeBarModel) -> None:
    model.set_preset(3600)
    model.freeze()
    assert not model.span.live
    model.tick(NOW_MS + HOUR_MS)
    assert model.span.end_ms == NOW_MS
    model.show(NOW_MS - 9 * HOUR_MS, NOW_MS - 8 * HOUR_MS)
    model.back_to_live()
    assert model.span == Span(NOW_MS, NOW_MS + HOUR_MS, live=True)


def test_r14_all_presets_are_there(model: TimeBarModel) -> None:
    days = {"15 min": 1 / 96, "1 h": 1 / 24, "6 h": 1 / 4, "24 h": 1, "7 d": 7, "30 d": 30, "1 y": 365}
    assert [name for name, _ in PRESETS] == list(days)
    for name, seconds in PRESETS:
        model.set_preset(seconds)
        assert model.span.length_ms == days[name] * 24 * HOUR_MS, name


def test_r14_history_keeps_ten_spans_and_goes_back(model: TimeBarModel) -> None:
    for number in range(1, 15):
        model.show(NOW_MS - number * HOUR_MS, NOW_MS - (number - 1) * HOUR_MS)
    assert len(model.history) == 10
    model.back()
    assert model.span.end_ms == NOW_MS - 12 * HOUR_MS


def test_r14_back_to_a_live_span_is_the_newest_one_of_its_length(model: TimeBarModel) -> None:
    model.show(NOW_MS - 9 * HOUR_MS, NOW_MS - 8 * HOUR_MS)
    model.tick(NOW_MS + HOUR_MS)
    model.back()
    assert model.span == Span(NOW_MS - 5 * HOUR_MS, NOW_MS + HOUR_MS, live=True)


def test_r14_jumping_back_and_forward_ends_live(model: TimeBarModel) -> None:
    model.jump(-1)
    assert model.span == Span(NOW_MS - 12 * HOUR_MS, NOW_MS - 6 * HOUR_MS, live=False)
    model.jump(1)
    assert model.span.live


def test_r11_offline_ends_at_the_cut_off_and_is_never_live(model: TimeBarModel) -> None:
    cutoff = NOW_MS - 2 * HOUR_MS
    model.set_cutoff(cutoff)
    assert model.span == Span(cutoff - 6 * HOUR_MS, cutoff, live=False)
    model.back_to_live()
    assert not model.span.live
    model.set_cutoff(None)
    assert model.span.live


def test_a_span_is_a_minute_at_least_and_never_in_the_future(model: TimeBarModel) -> None:
    model.show(NOW_MS - 10, NOW_MS + HOUR_MS)
    assert model.span.end_ms == NOW_MS
    assert model.span.length_ms >= 60_000

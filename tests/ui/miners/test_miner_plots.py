"""The past of a machine on its page: every extreme, what is expected, and since when anything is known."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt

from console.domain.durations import DAY_MS, HOUR_MS, MINUTE_MS
from console.store.face import MinerSeries
from console.ui.models.zone import ZoneChoice
from console.ui.numbers import utc_minute
from tests.ui.fakes import NOW_MS
from tests.ui.miners.conftest import SITE
from tests.ui.miners.yard import Yard

SINCE_MS = NOW_MS - NOW_MS % MINUTE_MS - HOUR_MS


def test_its_past_by_the_minute_with_what_is_expected(page) -> None:
    here = page()
    here.view.plots.buttons[0].click()
    here.settle()
    plot = here.view.plots.plots["hashrate_hs"]
    assert here.span.span.length_ms == 2 * DAY_MS
    curve = plot.curves[0]
    assert curve.step_ms == MINUTE_MS
    assert np.nanmin(curve.low) == pytest.approx(20.0)
    assert [guide.name for guide in plot._guides] == ["expected 140"]


def test_r18_a_one_minute_dip_stays_visible_in_fourteen_days(page) -> None:
    here = page()
    here.view.plots.buttons[1].click()
    here.settle()
    curve = here.view.plots.plots["hashrate_hs"].curves[0]
    assert curve.step_ms == 5 * MINUTE_MS
    assert np.nanmin(curve.low) == pytest.approx(20.0)
    assert np.nanmin(curve.mean) > 100
    assert "5 min min/max" in here.view.plots._subtitle


def test_r15_the_plots_of_a_machine_follow_and_name_the_chosen_zone(page) -> None:
    here = page()
    assert " · UTC" in here.view.plots._subtitle
    here.span.set_site_zone("America/Chicago")
    here.span.choose_zone(ZoneChoice.SITE)
    here.settle()
    assert " · CST" in here.view.plots._subtitle
    for plot in here.view.plots.plots.values():
        assert plot.subtitle().endswith("CST")


class Newcomer(Yard):
    """Measured for the last hour only."""

    def miner_series(self, site_id: str, miner_id: str, metric: str, start_ms: int, end_ms: int) -> MinerSeries:
        series = super().miner_series(site_id, miner_id, metric, start_ms, end_ms)
        return MinerSeries(series.at_ms, np.where(series.at_ms >= SINCE_MS, series.values, np.float32("nan")))


def test_a_machine_measured_since_lately_says_since_when(page) -> None:
    here = page(Newcomer())
    assert f" · no value before {utc_minute(SINCE_MS)}" in here.view.plots._subtitle
    here.span.set_preset(HOUR_MS // 1000)
    here.settle()
    assert "no value before" not in here.view.plots._subtitle
    here.span.show(NOW_MS - 3 * HOUR_MS, NOW_MS - 2 * HOUR_MS)
    here.settle()
    assert " · no frame is kept of this span" in here.view.plots._subtitle


def test_a_machine_measured_all_the_time_does_not(page) -> None:
    assert "before" not in page().view.plots._subtitle


def test_a_metric_that_the_source_lacks_is_an_empty_plot(page) -> None:
    plot = page().view.plots.plots["inlet_c"]
    assert not plot.has_data()


def test_one_sample_that_no_machine_can_have_does_not_flatten_its_past_and_is_counted(page) -> None:
    class Odd(Yard):
        def miner_series(self, site_id: str, miner_id: str, metric: str, start_ms: int, end_ms: int) -> MinerSeries:
            told = super().miner_series(site_id, miner_id, metric, start_ms, end_ms)
            if metric == "hashrate_hs":
                told.values[-7] = 9e18
            return told

    plots = page(Odd()).view.plots
    assert plots.plots["hashrate_hs"].geometry_now().high < 300, "TH/s"
    assert "1 suspect left out" in plots.accessibleDescription()


def test_r13_a_plot_of_the_page_is_unlinked_keeps_its_span_and_comes_back(page) -> None:
    here = page()
    plots, bar = here.view.plots, here.span
    plot, other = plots.plots["hashrate_hs"], plots.plots["power_w"]
    before = bar.span
    plot.setFocus()
    here.qtbot.keyClick(plot, Qt.Key.Key_U)
    here.settle()
    assert plot.unlinked_text() == "unlinked · 08:32 – 14:32 UTC"
    assert "1 of 4 unlinked" in plots._subtitle
    bar.set_preset(15 * 60)
    here.settle()
    assert (plot.span.start_ms, plot.span.end_ms) == (before.start_ms, before.end_ms)
    assert other.span == bar.span
    (curve,) = plot.curves
    assert curve.at_ms[-1] - curve.at_ms[0] > 5 * 3_600_000, "its curve is that of its own span"
    assert other.curves[0].at_ms[-1] - other.curves[0].at_ms[0] < 3_600_000
    plot.link.asked.emit((NOW_MS - 2 * DAY_MS, NOW_MS))
    here.settle()
    assert plot.curves[0].at_ms[-1] - plot.curves[0].at_ms[0] > DAY_MS
    here.view.show_place(f"{SITE}/C01-R01-06")
    here.settle()
    assert plot.curves, "another machine goes into the unlinked plot too"
    here.qtbot.keyClick(plot, Qt.Key.Key_U)
    here.settle()
    assert plot.span == bar.span
    assert plot.curves[0].at_ms[-1] - plot.curves[0].at_ms[0] < 3_600_000
    assert "one time axis" in plots._subtitle


class Thinned(Yard):
    """Of what is older than two days one frame in five minutes is kept, as the store's clean-up leaves it."""

    def miner_series(self, site_id: str, miner_id: str, metric: str, start_ms: int, end_ms: int) -> MinerSeries:
        series = super().miner_series(site_id, miner_id, metric, start_ms, end_ms)
        kept = (series.at_ms >= NOW_MS - 2 * DAY_MS) | (series.at_ms % (5 * MINUTE_MS) == 0)
        return MinerSeries(series.at_ms[kept], series.values[kept])


def test_r18_where_the_past_is_one_sample_in_five_minutes_the_page_says_so(page) -> None:
    words = "of what is older than 48 h one sample in 5 min"
    here = page(Thinned())
    assert words not in here.view.plots._subtitle
    for days in (14, 4):
        here.span.set_preset(days * DAY_MS // 1000)
        here.settle()
        assert words in here.view.plots._subtitle
    here.span.show(NOW_MS - 6 * DAY_MS, NOW_MS - 5 * DAY_MS)
    here.settle()
    assert words in here.view.plots._subtitle
    here.view.plots.buttons[0].click()
    here.settle()
    assert words not in here.view.plots._subtitle


def test_where_every_minute_is_kept_the_page_says_nothing_of_it(page) -> None:
    here = page()
    here.view.plots.buttons[1].click()
    here.settle()
    assert "one sample in" not in here.view.plots._subtitle

"""A year of minutes in a real store: its width on screen, its level by name, and a dip of one minute in pixels."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from console.domain.durations import DAY_S, MINUTE_MS
from console.domain.frame import HistoryChunk
from console.domain.place import site_key
from console.store import open_reader, open_writer
from console.ui.models.span import TimeBarModel
from console.ui.views.compare.view import CompareView
from tests.ui.compare.desk import Desk, owning_fleet
from tests.ui.fakes import NOW_MS, FakeStore

DAYS = 366
DIP_MINUTE = 200 * 1440 + 700  # half a year ago
GAP = slice(300 * 1440, 304 * 1440)
PLACES = ("site:east-africa-1", "site:middle-east-2")


class YearStore(FakeStore):
    """The made-up fleet as of now over a real store's past."""

    def __init__(self, folder: Path) -> None:
        super().__init__(owning_fleet())
        self.start_ms = (NOW_MS // MINUTE_MS - DAYS * 1440) * MINUTE_MS
        at_ms = self.start_ms + MINUTE_MS * np.arange(DAYS * 1440, dtype=np.int64)
        writer = open_writer(folder / "store.db")
        for number, place in enumerate((*PLACES, site_key(self.of.sites[0].id))):
            site = self.of.site(place.partition(":")[2])
            values = site.deployed_hs * (0.94 - 0.02 * number) * np.ones(at_ms.size)
            if number == 0:
                values[DIP_MINUTE] = 0.2 * site.deployed_hs
                values[GAP] = np.nan
            writer.put_history([HistoryChunk(place, 60, at_ms, {"hashrate_hs": values})])
        writer.close()
        self.reader = open_reader(folder / "store.db")

    def series(self, *asked: object, **how: object) -> object:
        return self.reader.series(*asked, **how)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[YearStore]:
    store = YearStore(tmp_path_factory.mktemp("year"))
    yield store
    store.reader.close()


@pytest.fixture
def desk(qtbot: QtBot, year: YearStore) -> Iterator[Desk]:
    made = Desk(qtbot, year)
    made.view.choose(places=PLACES, reference=False)
    yield made
    made.close()


def show(desk: Desk, days: int) -> CompareView:
    desk.span.set_preset(days * DAY_S)
    desk.view.load()
    return desk.view


def lit_rows(view: CompareView, at_ms: int) -> int:
    """How many pixel rows of the first curve's tone stand at a moment, in what is really painted."""
    image = view.plot.grab().toImage()
    at, tone = view.plot.geometry_now(), view._theme.steel
    x = round(at.x(at_ms))
    rows = range(round(at.area.top()) + 1, round(at.area.bottom()) - 1)
    near = 40
    return max(
        sum(
            abs(image.pixelColor(column, row).red() - tone.red()) < near
            and abs(image.pixelColor(column, row).blue() - tone.blue()) < near
            for row in rows
        )
        for column in range(x - 2, x + 3)
    )


def test_r16_a_years_width_names_its_level_and_a_zoom_loads_the_finer_one(desk: Desk, year: YearStore) -> None:
    levels = []
    for days in (365, 30, 7, 1):
        view = show(desk, days)
        levels.append(view.plot.curves[0].step_ms // MINUTE_MS)
        assert view.plot.level_name() in view.plot.subtitle()
    assert levels == sorted(levels, reverse=True)
    assert levels[0] >= 180
    assert levels[-1] == 1
    assert "min/max" in show(desk, 365).plot.level_name()


def test_r18_a_dip_of_one_minute_is_seen_at_a_years_width(desk: Desk, year: YearStore) -> None:
    view = show(desk, 365)
    dip_ms = year.start_ms + DIP_MINUTE * MINUTE_MS
    plain = lit_rows(view, dip_ms - 20 * DAY_S * 1000)
    deep = lit_rows(view, dip_ms)
    assert deep > 20 * max(1, plain) or deep > view.plot.plot_area().height() / 2
    lowest = next(line for line in view.table.lines if line.key == PLACES[0]).figures[2]
    assert float(lowest) == pytest.approx(20.0)


def test_a_gap_of_days_stays_a_gap_at_a_years_width(desk: Desk, year: YearStore) -> None:
    view = show(desk, 365)
    middle_ms = year.start_ms + (GAP.start + GAP.stop) // 2 * MINUTE_MS
    curve = next(curve for curve in view.plot.curves if curve.name == "East Africa 1")
    assert np.isnan(curve.at(middle_ms))
    texts = [tag.text for tag in view.plot.crosshair_tags(middle_ms)]
    assert texts[0] == "no data"
    assert texts[1] != "no data"


def test_the_wheel_reaches_a_year_and_no_further_than_the_store_keeps(desk: Desk) -> None:
    view = show(desk, 365)
    middle = QPointF(view.plot.plot_area().center())
    for _ in range(5):
        view.plot._gestures.wheel(middle, -120)
    assert 365 * DAY_S * 1000 < view.plot.span.length_ms <= 400 * DAY_S * 1000


def test_a_years_axis_is_labelled_by_days_that_exist(desk: Desk) -> None:
    view = show(desk, 365)
    assert desk.span.span.length_ms == 365 * DAY_S * 1000
    assert not view.plot.grab().isNull()
    assert isinstance(desk.span, TimeBarModel)
    assert view.focusPolicy() is Qt.FocusPolicy.StrongFocus

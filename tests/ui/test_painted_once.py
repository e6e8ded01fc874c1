"""T11: one act paints each part of the window once, though a plot hurries the paint of all that is due."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from console.domain.durations import HOUR_MS, MINUTE_MS
from console.domain.series import Series
from console.ui.models.span import Span
from console.ui.plot.marks import Curve
from console.ui.plot.trend_plot import TrendPlot
from console.ui.shell import Shell
from console.ui.theme import PRINT
from tests.ui.alarms.made import signed_in, store_of_a_day
from tests.ui.conftest import settle
from tests.ui.fakes import NOW_MS


class Paints(QObject):
    """Counts whole paints, of a rectangle as large as the widget, and who asks to be painted later than the rest."""

    def __init__(self) -> None:
        super().__init__()
        self.whole: Counter[str] = Counter()
        self.later: Counter[str] = Counter()
        self.all = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Never in the way."""
        self.all += event.type() == QEvent.Type.Paint
        if isinstance(event, QPaintEvent) and isinstance(watched, QWidget) and event.rect() == watched.rect():
            self.whole[type(watched).__name__] += 1
        elif event.type() == QEvent.Type.UpdateLater:
            self.later[type(watched).__name__] += 1
        return False


class Resizes(QObject):
    """Counts how often what it watches was given another size."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Never in the way."""
        self.count += event.type() == QEvent.Type.Resize
        return False


def hour_curve() -> Curve:
    """A straight line of sixty minutes."""
    at_ms = NOW_MS - MINUTE_MS * np.arange(60, 0, -1, dtype=np.int64)
    line = np.full(60, 3.0, dtype=np.float32)
    return Curve.of(Series("site:a", "hashrate_hs", MINUTE_MS, at_ms, line, line, line), 1.0, name="a site")


@pytest.fixture
def shell(window, qtbot: QtBot) -> Shell:
    made = window(store_of_a_day(), (1366, 768))
    signed_in(made.live)
    made.open_site(made.live.now.sites[0].site.id)
    settle(qtbot, made)
    return made


@pytest.fixture
def paints(shell: Shell, qtbot: QtBot):
    qtbot.wait(50)  # what is due from the opening has come
    made = Paints()
    QApplication.instance().installEventFilter(made)
    yield made
    QApplication.instance().removeEventFilter(made)


def test_t11_a_window_made_large_paints_what_it_shows_besides_with_the_rest(
    shell: Shell, paints: Paints, qtbot: QtBot
) -> None:
    assert shell.view_widget.containers.isHidden(), "a part that only the large window shows beside the plots"
    shell.resize(1920, 1080)
    qtbot.wait(50)
    assert not shell.view_widget.containers.isHidden()
    for part in ("ContainersPanel", "SiteSide", "SiteCommands"):
        assert paints.whole[part] == 1, part


def test_t11_a_window_made_large_lays_its_view_out_for_the_new_size_and_for_the_bars_that_fit_it(
    shell: Shell, qtbot: QtBot
) -> None:
    laid_out = Resizes()
    shell.view_widget.installEventFilter(laid_out)
    shell.resize(1920, 1080)
    qtbot.wait(50)
    assert 1 <= laid_out.count <= 2


def test_t11_a_view_that_is_opened_has_nothing_painted_later(shell: Shell, paints: Paints) -> None:
    shell.open_view("compare")
    assert paints.later["CompareView"] > 0
    paints.later.clear()
    QApplication.processEvents()
    assert not paints.later


def test_t11_plots_that_move_together_are_each_painted_once(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    plots = [TrendPlot(str(number), "PH/s", parent=window) for number in range(3)]
    for number, plot in enumerate(plots):
        plot.setGeometry(0, 200 * number, 800, 200)
    window.resize(800, 600)
    window.show()
    qtbot.wait(50)
    made = Paints()
    for plot in plots:
        plot.viewport().installEventFilter(made)
    for plot in plots:
        plot.set_span(Span(NOW_MS - HOUR_MS, NOW_MS, live=True))
        plot.set_curves([hour_curve()])
    qtbot.wait(50)
    assert made.all == len(plots)


def test_a_curve_that_comes_is_painted_though_no_item_asks_for_it(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    plot = TrendPlot("Hashrate", "PH/s", parent=window)
    plot.resize(800, 300)
    plot.set_span(Span(NOW_MS - HOUR_MS, NOW_MS, live=True))
    window.show()
    qtbot.wait(50)
    made = Paints()
    plot.viewport().installEventFilter(made)
    for act in (lambda: plot.set_curves([hour_curve()]), lambda: plot.set_curves([]), lambda: plot.set_theme(PRINT)):
        made.all = 0
        act()
        qtbot.wait(50)
        assert made.all == 1

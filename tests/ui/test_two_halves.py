"""A bar in two rows, as large text in a small window has it."""

from __future__ import annotations

from itertools import pairwise

from pytestqt.qtbot import QtBot

from console.ui.density import Density
from console.ui.fonts import px, set_font_scale
from console.ui.models.live import Mode
from console.ui.widgets.top_bar import Tab, TopBar

VIEWS = ("World", "Site", "Alarms", "Commands", "Heat map", "Compare")


def test_r57_in_a_row_of_their_own_the_views_stand_together(qtbot: QtBot) -> None:
    set_font_scale(1.5)
    bar = TopBar([Tab(name, name, f"F{number}") for number, name in enumerate(VIEWS, 1)], "operator 2")
    qtbot.addWidget(bar)
    bar.show_mode(Mode.SIMULATED, live_span=True)
    bar.resize(1358, 120)
    bar.fit(Density.COMPACT, 1358)
    bar.show()
    tabs = [bar._tabs[view].geometry() for view in VIEWS]
    assert bar.height() > px(44), "two rows"
    assert {after.left() - before.right() - 1 for before, after in pairwise(tabs)} == {8}

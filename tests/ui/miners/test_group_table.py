"""What the table of groups looks like: the row of the keyboard, and names that can be told apart."""

from __future__ import annotations

import numpy as np
import pytest

from console.ui.lettering import text_width

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # of pop-ups, offscreen


def test_the_row_of_the_keyboard_in_the_groups_is_ringed_and_its_words_stay_where_they_are(desk) -> None:
    here = desk()
    here.view.actions.show_grouping("container")
    here.settle()
    groups = here.view.groups
    starts = []
    for place in (0, 1):
        groups.setCurrentIndex(here.view.group_rows.index(place, 0))
        picture, row = groups.viewport().grab().toImage(), groups.visualRect(here.view.group_rows.index(1, 0))
        grey = [
            [picture.pixelColor(x, y).lightness() for x in range(4, 120)] for y in range(row.top() + 5, row.top() + 20)
        ]
        starts.append(int(np.argmax((np.array(grey) > 150).any(axis=0))))
        ring = picture.pixelColor(1, row.center().y()) == groups._theme.t1
        assert ring is (place == 1)
    assert starts[0] == starts[1] > 0


def test_the_name_of_a_rack_of_the_fleet_is_whole_on_a_laptop(desk) -> None:
    here = desk(place="*", size=(1334, 600))
    here.view.actions.show_grouping("rack")
    here.settle()
    groups, rows = here.view.groups, here.view.group_rows
    longest = max((rows.text(place, 0) for place in range(rows.rowCount())), key=len)
    assert longest.startswith("north-america-1"), "site, container and rack"
    assert text_width(groups.font(), longest) + 2 * 8 <= groups.columnWidth(0)
    assert groups.horizontalScrollBar().maximum() == 0

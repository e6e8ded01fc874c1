"""A theme is put on the view that is seen, and on each other view when it is seen next."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from console.ui.pages import Pages
from console.ui.theme import DARK, PRINT, Theme


class Page(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.worn: list[Theme] = []

    def set_theme(self, theme: Theme) -> None:
        self.worn.append(theme)


@pytest.fixture
def pages(qtbot: QtBot) -> Pages:
    made = Pages()
    qtbot.addWidget(made)
    for _ in range(3):
        made.addWidget(Page())
    return made


def test_only_the_page_on_top_wears_a_new_theme_at_once(pages: Pages) -> None:
    pages.set_theme(PRINT)
    assert [pages.widget(index).worn for index in range(3)] == [[PRINT], [], []]


def test_another_page_wears_it_once_when_it_comes_to_the_top(pages: Pages) -> None:
    pages.set_theme(PRINT)
    second = pages.widget(1)
    for _ in range(2):
        pages.bring_up(second)
    assert pages.currentWidget() is second
    assert second.worn == [PRINT]


def test_a_page_never_seen_between_two_themes_wears_the_last_one_only(pages: Pages) -> None:
    pages.set_theme(PRINT)
    pages.set_theme(DARK)
    pages.bring_up(pages.widget(2))
    assert pages.widget(2).worn == [DARK]


def test_a_page_that_leaves_for_its_own_window_is_dressed_before(pages: Pages) -> None:
    pages.set_theme(PRINT)
    page = pages.widget(1)
    pages.take_out(page)
    assert page.worn == [PRINT]
    assert pages.count() == 2


def test_a_page_that_comes_later_wears_what_it_was_made_in(pages: Pages) -> None:
    pages.set_theme(PRINT)
    late = Page()
    pages.addWidget(late)
    pages.bring_up(late)
    assert late.worn == []

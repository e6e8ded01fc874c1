"""Tiles, sparklines and bullet bars: every state has its own look, none is blank (R5, R8, R9)."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from console.domain.freshness import Freshness
from console.ui.fonts import Role, font, set_font_scale
from console.ui.lettering import text_width
from console.ui.models.spark import Spark
from console.ui.theme import DARK
from console.ui.widgets import value_tile
from console.ui.widgets.bullet_bar import Bullet, paint_bullet
from console.ui.widgets.sparkline import paint_spark
from console.ui.widgets.state_glyph import ValueState, paint_state
from console.ui.widgets.value_tile import Aside, Reading, ValueTile
from tests.ui.chart.picture import like, on_ring, pixels


def spark(*, live: bool = True, gap: bool = False) -> Spark:
    values = np.sin(np.arange(60) / 6).astype(np.float32)
    if gap:
        values[20:30] = np.nan
    return Spark(values, (-0.5, 0.5), live=live)


class Painted(QWidget):
    """What tiles and rows paint in a part of themselves, alone on the ground of a panel."""

    def __init__(self, qtbot: QtBot, paint: Callable[[QPainter, QRectF], None], width: int, height: int) -> None:
        super().__init__()
        self._paint = paint
        qtbot.addWidget(self)
        self.setPalette(DARK.palette())
        self.setAutoFillBackground(True)
        self.resize(width, height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            self._paint(painter, QRectF(self.rect()))


def line_of(qtbot: QtBot, told: Spark, width: int = 200) -> Painted:
    return Painted(qtbot, lambda painter, area: paint_spark(painter, area, told, DARK), width, 34)


def bar_of(qtbot: QtBot, told: Bullet) -> Painted:
    return Painted(qtbot, lambda painter, area: paint_bullet(painter, area, told, DARK), 200, 32)


def reading(state: ValueState, **other: object) -> Reading:
    value = "—" if state is ValueState.NEVER else "48.9"
    return Reading("Power", value, "MW", state, "12 min", lines=("capacity 50.0",), spark=spark(), **other)


def tile_of(qtbot: QtBot, told: Reading, width: int = 300) -> ValueTile:
    tile = ValueTile(DARK)
    qtbot.addWidget(tile)
    tile.resize(width, tile.sizeHint().height())
    tile.set_reading(told)
    return tile


def test_r8_every_state_looks_different_without_colour(qtbot: QtBot) -> None:
    pictures = {state: pixels(tile_of(qtbot, reading(state))).mean(axis=2) for state in ValueState}
    for state, picture in pictures.items():
        for other, picture_of_other in pictures.items():
            if state is not other:
                assert (np.abs(picture - picture_of_other) > 20).sum() > 20, f"{state} looks like {other}"


@pytest.mark.parametrize("state", list(ValueState))
def test_r9_a_tile_is_never_blank_and_never_a_bare_zero(qtbot: QtBot, state: ValueState) -> None:
    tile = tile_of(qtbot, reading(state))
    assert like(pixels(tile), DARK.t1).any() or like(pixels(tile), DARK.t2).any()
    assert tile.accessibleDescription().startswith("Power: ")
    words = tile.reading.age_words
    expected = {
        ValueState.FRESH: "age 12 min",
        ValueState.LATE: "age 12 min",
        ValueState.STALE: "stale · 12 min ago",
        ValueState.NEVER: "no data",
        ValueState.NO_LINK: "no link · 12 min ago",
    }
    assert words == expected[state]


def test_r9_a_stale_value_is_dimmed(qtbot: QtBot) -> None:
    fresh, stale = (
        pixels(tile_of(qtbot, reading(state)))[40:70, :130] for state in (ValueState.FRESH, ValueState.STALE)
    )
    assert like(fresh, DARK.t1, 12).sum() > 50
    assert not like(stale, DARK.t1, 12).any()


def test_r5_value_unit_band_and_hour_stand_together(qtbot: QtBot) -> None:
    tile = tile_of(qtbot, reading(ValueState.FRESH))
    rgb = pixels(tile)
    right = rgb[38:76, 180:290]
    assert like(right, DARK.band, 3).sum() > 500, "the band"
    assert like(right, DARK.plain, 60).sum() > 60, "the line"
    assert "48.9 MW" in tile.accessibleDescription()
    assert "capacity 50.0" in tile.accessibleDescription()


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_r57_the_value_is_never_cut(qtbot: QtBot, scale: float) -> None:
    set_font_scale(scale)
    tile = tile_of(qtbot, Reading("Operational hashrate of everything", "44.87", "EH/s", ValueState.STALE, "1 h 34"))
    needed = text_width(font(Role.VALUE1), "44.87") + text_width(font(Role.UNIT), "EH/s")
    assert tile.minimumSizeHint().width() >= needed
    assert tile.sizeHint().height() == round(124 * scale), "its lines below need their room too"
    tile.resize(tile.minimumSizeHint())
    ink = like(pixels(tile), DARK.t2, 60)
    assert ink[:, :-12].any()
    assert not ink[8:-8, -2:].any(), "nothing is painted over the edge"


def test_the_state_follows_freshness_and_link() -> None:
    assert ValueState.of(Freshness.FRESH, linked=False) is ValueState.FRESH
    assert ValueState.of(Freshness.STALE, linked=False) is ValueState.NO_LINK
    assert ValueState.of(Freshness.STALE) is ValueState.STALE
    assert ValueState.of(Freshness.NEVER) is ValueState.NEVER
    assert ValueState.of(Freshness.NEVER, linked=False) is ValueState.NO_LINK


def test_r6_an_old_value_wears_a_dashed_ring_and_one_without_a_link_a_crossed_one(qtbot: QtBot) -> None:
    seen = {}
    for state in ValueState:
        image = QImage(56, 56, QImage.Format.Format_Grayscale8)
        image.fill(0)
        with QPainter(image) as painter:
            paint_state(painter, QPointF(28, 28), 20, state, DARK.t1)
        ink = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(56, image.bytesPerLine())[:, :56] > 60
        share = on_ring(ink, 28, 20)
        seen[state] = ("whole" if share > 0.9 else "dashed" if share > 0.2 else "none", bool(ink[28, 28]))
    assert seen == {
        ValueState.FRESH: ("none", False),
        ValueState.LATE: ("none", False),
        ValueState.STALE: ("dashed", False),
        ValueState.NEVER: ("dashed", False),
        ValueState.NO_LINK: ("whole", True),
    }


def test_under_target_and_second_value_are_told(qtbot: QtBot) -> None:
    tile = tile_of(
        qtbot,
        Reading(
            "Operational hashrate", "44.87", "EH/s", ValueState.FRESH, "3 s", "of 50.00 EH/s deployed", ("89.7", "%"),
            Aside("0.13 EH/s", "under target 45.00", under=True), bullet=Bullet(0.897, 0.9, 0.0, "", "target 90 %"),
        ),
        width=560,
    )  # fmt: skip
    for words in ("89.7 %", "under target 45.00", "of 50.00 EH/s deployed"):
        assert words in tile.accessibleDescription()


@pytest.mark.parametrize("live", [True, False])
def test_a_sparkline_ends_filled_while_live_and_hollow_when_old(qtbot: QtBot, live: bool) -> None:
    rgb = pixels(line_of(qtbot, Spark(np.zeros(60, dtype=np.float32), None, live=live)))
    middle, end = 17, 200 - 3
    assert like(rgb[middle : middle + 1, end : end + 1], DARK.plain, 70).item() is live


def test_a_sparkline_breaks_at_a_gap(qtbot: QtBot) -> None:
    line = line_of(qtbot, spark(gap=True))
    left, right = int(20 / 59 * 197) + 2, int(29 / 59 * 197) - 2
    seen = like(pixels(line), DARK.plain, 90)
    assert not seen[:, left:right].any()
    assert seen[:, : left - 5].any()


def test_two_hours_that_look_alike_are_equal_and_others_are_not() -> None:
    values = np.array([1.0, np.nan, 2.0], dtype=np.float32)
    assert Spark(values, (0.0, 3.0)) == Spark(values.copy(), (0.0, 3.0))
    assert hash(Spark(values)) == hash(Spark(values.copy()))
    assert Spark(values) != Spark(values + 1)
    assert Spark(values) != Spark(values, live=False)
    assert Spark(values) != Spark(values, (0.0, 3.0))


@pytest.mark.parametrize("told", [Spark(np.full(5, np.nan, dtype=np.float32)), Spark(np.zeros(0, np.float32))])
def test_a_sparkline_without_values_draws_nothing_and_does_not_fail(qtbot: QtBot, told: Spark) -> None:
    assert not like(pixels(line_of(qtbot, told, 100)), DARK.plain).any()


@pytest.mark.parametrize(("share", "filled"), [(0.0, 0.0), (0.5, 0.5), (0.9, 0.9), (1.7, 1.0), (math.nan, 0.0)])
def test_a_bullet_bar_fills_its_share_and_never_more(qtbot: QtBot, share: float, filled: float) -> None:
    row = like(pixels(bar_of(qtbot, Bullet(share, 0.9))), DARK.plain, 12)[8]
    assert row.sum() == pytest.approx(200 * filled, abs=6)


def test_a_held_part_of_a_bullet_is_told_apart(qtbot: QtBot) -> None:
    rgb = pixels(bar_of(qtbot, Bullet(0.8, held=0.2)))
    assert like(rgb, DARK.plain, 12)[8].sum() == pytest.approx(120, abs=6)
    held = rgb[5:11, 124:156]
    track = like(held, DARK.bg3, 12)
    assert 0.2 < track.mean() < 0.8, "hatched, never solid: the track shows between the lines"


def test_words_with_a_figure_beside_the_value_are_whole_and_the_sparkline_gives_way(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[tuple[str, float]] = []
    monkeypatch.setattr(value_tile, "paint_elided", lambda _p, area, text, *_: said.append((text, area.width())))
    tile = ValueTile()
    qtbot.addWidget(tile)
    tile.resize(470, 124)  # a fifth of a window of 1920 px and a little
    aside = Aside("0.03 EH/s", "under target 61.29", under=True)
    figures = {"second": ("90.0", "%"), "aside": aside, "spark": spark(live=False)}
    tile.set_reading(Reading("Operational", "61.26", "EH/s", ValueState.STALE, "11 min", **figures))
    tile.grab()
    assert dict(said)["under target 61.29"] >= text_width(font(Role.CAPTION), "under target 61.29")


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("large", [True, False])
def test_r57_words_beside_the_value_do_not_stand_on_the_bar(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, large: bool, scale: float
) -> None:
    set_font_scale(scale)
    feet: list[float] = []
    bars: list[float] = []
    monkeypatch.setattr(value_tile, "paint_elided", lambda _p, area, _text, *_: feet.append(area.bottom()))
    monkeypatch.setattr(value_tile, "paint_bullet", lambda _p, area, *_: bars.append(area.top()))
    tile = ValueTile(large=large)
    qtbot.addWidget(tile)
    tile.resize(900, tile.sizeHint().height())
    tile.set_reading(reading(ValueState.FRESH, aside=Aside("0.03 EH/s", "above target 61.29"), bullet=Bullet(0.9)))
    tile.grab()
    assert len(bars) == 1
    assert max(feet) <= bars[0]

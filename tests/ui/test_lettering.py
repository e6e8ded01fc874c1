"""Words are painted the same, whether they are kept as a picture or drawn anew; a vector capture keeps them words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator
from pytestqt.qtbot import QtBot

from console.ui import lettering
from console.ui.fonts import Role, font, load_fonts, set_font_scale
from console.ui.lettering import paint_elided, paint_haloed, text_width
from console.ui.theme import DARK

WORDS = "hashrate, 12.4 EH/s"


@pytest.fixture(autouse=True)
def fonts(qtbot: QtBot) -> None:
    load_fonts()


def canvas(scale: float) -> QImage:
    image = QImage(round(240 * scale), round(60 * scale), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    image.fill(DARK.bg2)
    return image


def pixels(image: QImage) -> np.ndarray:
    return np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), -1, 4).astype(int)


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_a_halo_kept_as_a_picture_looks_like_one_drawn_anew(scale: float) -> None:
    kept, anew, face = canvas(scale), canvas(scale), font(Role.CAPTION)
    with QPainter(kept) as painter:
        paint_haloed(painter, QPointF(20, 30), WORDS, face, DARK.t1, DARK.bg1)
    with QPainter(anew) as painter:
        lettering._write_haloed(painter, QPointF(20, 30), WORDS, face, DARK.t1, DARK.bg1)
    assert (pixels(kept) != pixels(canvas(scale))).any()
    off = np.abs(pixels(kept) - pixels(anew))
    assert off.max() <= 32, "Qt smooths letters a little differently on a transparent ground"
    assert off.mean() < 0.2


def test_a_halo_stands_right_of_left_of_and_about_its_place() -> None:
    def reach(align: Qt.AlignmentFlag) -> tuple[int, int]:
        image = canvas(1.0)
        with QPainter(image) as painter:
            paint_haloed(painter, QPointF(120, 30), "middle", font(Role.CAPTION), DARK.t1, DARK.bg1, align)
        columns = (pixels(image) != pixels(canvas(1.0))).any(axis=(0, 2)).nonzero()[0]
        return int(columns[0]), int(columns[-1])

    assert reach(Qt.AlignmentFlag.AlignLeft)[0] >= 116
    assert reach(Qt.AlignmentFlag.AlignRight)[1] <= 124
    left, right = reach(Qt.AlignmentFlag.AlignHCenter)
    assert abs((left + right) / 2 - 120) <= 1.5


def test_a_halo_in_an_svg_is_no_picture(tmp_path: Path) -> None:
    generator = QSvgGenerator()
    generator.setFileName(str(tmp_path / "words.svg"))
    generator.setSize(QSize(240, 60))
    generator.setViewBox(QRectF(0, 0, 240, 60))
    with QPainter(generator) as painter:
        paint_haloed(painter, QPointF(20, 30), WORDS, font(Role.CAPTION), DARK.t1, DARK.bg1)
    told = (tmp_path / "words.svg").read_text("utf-8")
    assert "<image" not in told
    assert "hashrate" in told


def test_a_width_is_qts_own_at_every_text_size_and_for_any_font() -> None:
    for scale in (1.0, 1.5):
        set_font_scale(scale)
        face = font(Role.BODY_BOLD)
        assert text_width(face, WORDS) == QFontMetricsF(face).horizontalAdvance(WORDS)
    plain = QFont(font(Role.CAPTION))
    assert text_width(plain, WORDS) == QFontMetricsF(plain).horizontalAdvance(WORDS)


def test_what_does_not_fit_is_cut_and_told() -> None:
    image = canvas(1.0)
    with QPainter(image) as painter:
        assert paint_elided(painter, QRectF(0, 0, 40, 20), WORDS, font(Role.CAPTION), DARK.t1)
        assert not paint_elided(painter, QRectF(0, 0, 200, 20), WORDS, font(Role.CAPTION), DARK.t1)


@pytest.mark.parametrize("role", Role, ids=lambda role: role.name)
def test_r57_digits_are_tabular_so_that_no_figure_moves_when_it_changes(role: Role) -> None:
    """Within a tenth of a percent: the semi-bold text family's 4 is narrower by that."""
    widths = [text_width(font(role), digit * 100) for digit in "0123456789"]
    assert max(widths) <= min(widths) * 1.002

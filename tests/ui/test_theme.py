"""Colours as numbers: contrast on every ground, distance under colour blindness, grey when well."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from console.ui.theme import DARK, PRINT, Theme, apply_theme
from console.ui.views.compare.lines import TONES

# Machado, Oliveira, Fernandes 2009, full severity, linear RGB
SIGHT = {
    "normal": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
GROUNDS = ("bg0", "bg1", "bg2")


def linear(colour: QColor) -> np.ndarray:
    encoded = np.array([colour.redF(), colour.greenF(), colour.blueF()])
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def contrast(one: QColor, other: QColor) -> float:
    """WCAG 2.2 contrast ratio."""
    high, low = sorted((float(linear(colour) @ (0.2126, 0.7152, 0.0722)) for colour in (one, other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def lab(colour: QColor, sight: str) -> np.ndarray:
    xyz = TO_XYZ @ np.clip(SIGHT[sight] @ linear(colour), 0, 1) / np.array([0.95047, 1.0, 1.08883])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("theme", [DARK, PRINT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("token", ["t1", "t2", "t3", "mode"])
def test_r52_text_has_at_least_4_5_to_1_on_every_ground(theme: Theme, token: str) -> None:
    for ground in GROUNDS:
        assert contrast(getattr(theme, token), getattr(theme, ground)) >= 4.5 - 0.05, ground


@pytest.mark.parametrize("theme", [DARK, PRINT], ids=lambda theme: theme.name)
def test_r52_labels_are_readable_on_buttons_and_in_qts_own_controls(theme: Theme) -> None:
    for token in ("t1", "t2", "t3"):
        assert contrast(getattr(theme, token), theme.bg3) >= 4.5, token
    palette, role = theme.palette(), QPalette.ColorRole
    for text, ground in (
        (role.WindowText, role.Window),
        (role.Link, role.Window),
        (role.Text, role.Base),
        (role.PlaceholderText, role.Base),
        (role.ButtonText, role.Button),
        (role.ToolTipText, role.ToolTipBase),
        (role.HighlightedText, role.Highlight),
    ):
        assert contrast(palette.color(text), palette.color(ground)) >= 4.5, text


@pytest.mark.parametrize("theme", [DARK, PRINT], ids=lambda theme: theme.name)
def test_r52_values_reach_7_to_1_and_symbols_3_to_1(theme: Theme) -> None:
    for ground in GROUNDS:
        assert contrast(theme.t1, getattr(theme, ground)) >= 7
        for token in ("edge", "disc", "plain", "t1", "steel", "sand", "sage", "mauve"):
            assert contrast(getattr(theme, token), getattr(theme, ground)) >= 3, (token, ground)


@pytest.mark.parametrize("theme", [DARK, PRINT], ids=lambda theme: theme.name)
def test_r52_letters_stand_out_on_filled_chips_and_symbols(theme: Theme) -> None:
    for fill in ("t1", "mode"):
        assert contrast(theme.paper, getattr(theme, fill)) >= 4.5
    for fill in ("critical", "high", "medium", "low"):
        assert contrast(theme.ink, getattr(theme, fill)) >= 4.5


def test_r52_alarm_hues_are_readable_as_symbols_on_every_dark_ground() -> None:
    for fill in ("critical", "high", "medium", "low"):
        for ground in (*GROUNDS, "bg3"):
            assert contrast(getattr(DARK, fill), getattr(DARK, ground)) >= 3


@pytest.mark.parametrize("sight", SIGHT)
def test_r53_priority_hues_stay_apart_under_colour_blindness(sight: str) -> None:
    tokens = ("critical", "high", "medium", "low", "mode", "t1", "disc")
    for one, other in combinations(tokens, 2):
        distance = float(np.linalg.norm(lab(getattr(DARK, one), sight) - lab(getattr(DARK, other), sight)))
        assert distance >= 15, (one, other)


@pytest.mark.parametrize("sight", SIGHT)
def test_r53_curves_of_a_comparison_stay_apart_on_paper(sight: str) -> None:
    for one, other in combinations(TONES, 2):
        distance = float(np.linalg.norm(lab(getattr(PRINT, one), sight) - lab(getattr(PRINT, other), sight)))
        assert distance >= 10, (one, other)


def test_r3_no_token_of_a_healthy_screen_is_colourful() -> None:
    alarm_or_mode = {"critical", "high", "medium", "low", "mode"}
    for token, colour in DARK.tokens().items():
        if token not in alarm_or_mode:
            assert colour.hsvSaturationF() <= 0.25 + 0.005, token


def test_a_priority_never_changes_its_hue_on_paper() -> None:
    for token in ("critical", "high", "medium", "low"):
        assert getattr(DARK, token) == getattr(PRINT, token)


def test_a_theme_reaches_the_nearest_widgets_that_want_it(qtbot: QtBot) -> None:
    class Wants(QWidget):
        themes: tuple[Theme, ...] = ()

        def set_theme(self, theme: Theme) -> None:
            self.themes = (*self.themes, theme)

    root = QWidget()
    qtbot.addWidget(root)
    plain, outer = QWidget(), Wants()
    inner = Wants(outer)
    QVBoxLayout(root).addWidget(plain)
    QVBoxLayout(plain).addWidget(outer)
    apply_theme(root, PRINT)
    assert outer.themes == (PRINT,)
    assert inner.themes == (), "a widget that takes a theme passes it on itself"

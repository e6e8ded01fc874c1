"""Screen tests run without a screen unless somebody asks for one; every test starts with the shipped fonts."""

from __future__ import annotations

import os

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def _fonts(request: pytest.FixtureRequest) -> None:
    if "qtbot" in request.fixturenames:
        request.getfixturevalue("qtbot")
        from console.ui.fonts import load_fonts, set_font_scale

        load_fonts()
        set_font_scale(1.0)

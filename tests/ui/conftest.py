"""Screen tests run without a screen unless somebody asks for one; every test starts with the shipped fonts."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def _fonts(request: pytest.FixtureRequest) -> None:
    if "qtbot" in request.fixturenames:
        request.getfixturevalue("qtbot")
        from console.ui.fonts import load_fonts, set_font_scale

        load_fonts()
        set_font_scale(1.0)


@pytest.fixture(autouse=True)
def _garbage_on_this_thread(request: pytest.FixtureRequest) -> Iterator[None]:
    """As in the program (`console/ui/process/garbage.py`): no worker may destroy what a test before it left of Qt."""
    if "qtbot" not in request.fixturenames:
        yield
        return
    gc.disable()
    yield
    gc.collect()
    gc.enable()

"""The order of the whole run, and the patience of its screen tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")  # a busy machine is no failing example

PATIENCE_MS = 30_000


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> object:
    """pytest-qt's own with more patience: three workers on two busy cores are slow, and that is no fault."""
    from pytestqt.qtbot import QtBot

    class Patient(QtBot):
        def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = PATIENCE_MS) -> None:
            super().waitUntil(callback, timeout=timeout)

        def waitSignal(self, signal: Any, *, timeout: int = PATIENCE_MS, **more: Any) -> Any:
            return super().waitSignal(signal, timeout=timeout, **more)

        def waitExposed(self, widget: Any, *, timeout: int = PATIENCE_MS) -> Any:
            return super().waitExposed(widget, timeout=timeout)

    return Patient(request)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The slow ones first: left for the end, one worker would do them alone while the others have nothing to do."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)

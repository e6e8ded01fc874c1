"""The order of the whole run."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The slow ones first: left for the end, one worker would do them alone while the others have nothing to do."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)

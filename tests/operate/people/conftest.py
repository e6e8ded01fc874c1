"""A house of people with nobody in it yet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.operate.people.made import House, cheap


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    cheap(monkeypatch)
    house = House(tmp_path)
    yield house
    house.close()

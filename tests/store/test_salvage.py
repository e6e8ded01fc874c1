"""What a damaged store still holds comes over to the fresh one, and its damaged spots come over as gaps."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from console.domain.frame import HistoryChunk
from console.domain.place import site_key
from console.store import open_reader, open_writer
from console.store.face import Event
from tests.store.made import DAY, MINUTE, T0, make_fleet

DAYS, SITES = 6, 12
PAGE = 8192


def noise(number: int) -> np.ndarray:
    return np.random.default_rng(number).normal(100, 5, DAYS * 1440)


@pytest.fixture
def full(tmp_path: Path) -> Path:
    """Six days of twelve sites, a fleet and an event, closed."""
    path = tmp_path / "store.db"
    writer = open_writer(path)
    writer.put_fleet(make_fleet())
    writer.put_event(Event(T0, "fleet", "test", "before the damage"))
    at_ms = T0 + MINUTE * np.arange(DAYS * 1440, dtype=np.int64)
    for number in range(SITES):
        writer.put_history([HistoryChunk(site_key(f"s-{number}"), 60, at_ms, {"power_w": noise(number)})])
    writer.close()
    return path


def test_t24_whole_pages_come_over_and_lost_ones_are_gaps(full: Path) -> None:
    damaged = bytearray(full.read_bytes())
    pages = len(damaged) // PAGE
    for page in range(pages // 2, pages // 2 + 6):
        damaged[page * PAGE : (page + 1) * PAGE] = b"\xa5" * PAGE
    full.write_bytes(damaged)
    writer = open_writer(full)
    assert writer.opened.set_aside is not None
    at_ms = T0 + MINUTE * np.arange(10, dtype=np.int64)
    writer.put_history([HistoryChunk(site_key("s-0"), 60, at_ms, {"power_w": np.full(10, 7.0)})])
    saved = writer.salvage()
    assert saved is not None
    assert saved.days > SITES * DAYS // 2
    assert saved.days + saved.lost >= SITES * DAYS - 2
    assert saved.lost
    assert saved.fleet
    assert "\n" not in writer.opened.notices[0]
    assert writer.salvage() is None
    reader = open_reader(full)
    known = 0
    for number in range(SITES):
        expected = noise(number).astype(np.float32)
        if number == 0:
            expected[:10] = 7.0  # told anew since: that stands
        found = reader.series(site_key(f"s-{number}"), "power_w", T0, T0 + DAYS * DAY, 10_000).mean
        assert ((found == expected) | np.isnan(found)).all()
        known += int(np.isfinite(found).sum())
        hourly = reader.series(site_key(f"s-{number}"), "power_w", T0, T0 + DAYS * DAY, 200)
        rows = found.reshape(-1, 60)
        np.testing.assert_array_equal(hourly.high, np.fmax.reduce(rows, axis=1))
    assert known >= (saved.days - 1) * 1440
    texts = [event.text for event in reader.events(0)]
    assert "before the damage" in texts
    assert any("were brought over" in text for text in texts)
    assert any("set aside" in text for text in texts)
    assert reader.fleet() == make_fleet()
    reader.close()
    writer.close()


def test_t24_a_store_without_a_readable_page_gives_nothing_and_stops_nothing(full: Path) -> None:
    full.write_bytes(b"\xa5" * full.stat().st_size)
    writer = open_writer(full)
    saved = writer.salvage()
    assert saved is not None
    assert (saved.days, saved.events, saved.fleet) == (0, 0, False)
    writer.close()
    again = open_writer(full)
    assert again.salvage() is None
    again.close()


def test_a_whole_store_has_nothing_to_salvage(full: Path) -> None:
    writer = open_writer(full)
    assert writer.salvage() is None
    writer.close()

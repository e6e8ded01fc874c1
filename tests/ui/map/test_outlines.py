"""The baked outlines: complete, small, rightly cut, and found without any network."""

from __future__ import annotations

import socket

import numpy as np
import pytest

from console.ui.assets import asset
from console.ui.map import outlines as sheets

ALL = (sheets.SMALL_SCALE, sheets.WORLD, sheets.FINE, sheets.STATES)


@pytest.mark.parametrize("sheet", ALL)
def test_rings_are_closed_and_on_the_earth(sheet: str) -> None:
    for ring in sheets.outlines(sheet).rings:
        assert len(ring) >= 4
        assert (ring[0] == ring[-1]).all()
        assert (np.abs(ring[:, 1]) <= 90).all()
        assert np.abs(np.diff(ring[:, 0])).max() <= 180 or sheet == sheets.SMALL_SCALE or ring[:, 1].min() == -90


def test_r42_the_map_data_is_small_and_needs_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the map asked for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    sheets.outlines.cache_clear()
    assert all(sheets.outlines(sheet).rings for sheet in ALL)
    assert sum(path.stat().st_size for path in asset("map").iterdir() if path.is_file()) < 1_000_000


@pytest.mark.parametrize(
    ("longitude", "latitude", "name"),
    [
        (39.3, 8.5, "Ethiopia"),
        (57.5, 22.9, "Oman"),
        (-57.6, -25.1, "Paraguay"),
        (28.5, -29.5, "Lesotho"),  # a hole in South Africa
        (-175.0, 67.0, "Russia"),  # beyond the date line
        (0.0, -85.0, "Antarctica"),  # round the pole
        (-30.0, 30.0, None),
    ],
)
def test_a_place_knows_its_country(longitude: float, latitude: float, name: str | None) -> None:
    assert sheets.outlines(sheets.WORLD).name_at(longitude, latitude) == name


def test_a_place_in_the_usa_knows_its_state() -> None:
    assert sheets.outlines(sheets.STATES).name_at(-99.5, 31.0) == "Texas"


@pytest.mark.parametrize("meridian", [-28.0, 10.0, 152.0, -179.0])
def test_a_cut_ring_stays_within_half_a_turn_and_loses_no_land(meridian: float) -> None:
    def area(rings: list[np.ndarray]) -> float:
        return sum(
            0.5 * (np.dot(r[:-1, 0], r[1:, 1]) - np.dot(r[1:, 0], r[:-1, 1])) for r in rings
        )  # signed: holes subtract themselves

    whole = sheets.outlines(sheets.WORLD).rings
    cut = list(sheets.cut_rings(whole, meridian))
    assert all((np.abs(ring[:, 0]) <= 180 + 1e-9).all() for ring in cut)
    assert abs(area(cut)) == pytest.approx(abs(area(list(whole))), rel=1e-6)


def test_clipping_keeps_what_is_inside() -> None:
    square = np.array([[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]], dtype=float)
    clipped = sheets.clip_ring(square, 4.0, 1.0)
    assert clipped[:, 0].max() == 4.0
    assert (clipped[0] == clipped[-1]).all()
    assert len(sheets.clip_ring(square, -1.0, 1.0)) == 0

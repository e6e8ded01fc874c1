"""The promql adapter against a real VictoriaMetrics: an hour of history by the minute equals an independent query."""

from __future__ import annotations

import time

import numpy as np
import pytest

from console.adapters.base import Deadline, History
from tests.real.sites import ask, opened, push, settings

pytestmark = [pytest.mark.real, pytest.mark.timeout(300)]

MINUTES, STEP_MS = 90, 60_000
MACHINES = (("a1", "A"), ("a2", "A"), ("b1", "B"))


def push_the_past(url: str, start_ms: int) -> np.ndarray:
    """A sample a minute of three machines, 10 s into each minute; returns their TH/s, shape (3, MINUTES)."""
    hashrates = np.random.default_rng(7).uniform(90, 240, (len(MACHINES), MINUTES))
    lines = [
        f'device_hashrate_terahash{{site="past",miner="{miner}",container="{box}"}} {hashrates[row, minute]:.9f} '
        f"{start_ms + minute * STEP_MS + 10_000}"
        for row, (miner, box) in enumerate(MACHINES)
        for minute in range(MINUTES)
    ]
    push(url, "\n".join(lines) + "\n")
    return hashrates


def wait_for_the_past(url: str, at_ms: int) -> None:
    ends_s = time.monotonic() + 60
    while not ask(url, "/api/v1/query", query='count(device_hashrate_terahash{site="past"})', time=str(at_ms / 1000)):
        assert time.monotonic() < ends_s
        time.sleep(0.25)


def test_history_is_by_the_minute_for_the_site_and_by_five_for_containers(victoria_url: str) -> None:
    now_ms = time.time_ns() // 1_000_000
    start_ms = (now_ms // 300_000) * 300_000 - 2 * 3600_000
    end_ms = start_ms + MINUTES * STEP_MS
    hashrates = push_the_past(victoria_url, start_ms)
    wait_for_the_past(victoria_url, end_ms)
    values = settings(victoria_url, "past")
    values["metrics"] = {"hashrate": values["metrics"]["hashrate"]}
    values["totals"] = {}
    session = opened("past", values)
    assert isinstance(session, History)
    chunks = list(session.history(start_ms, end_ms, Deadline.after(30)))
    session.close()

    site = chunks[0]
    assert (site.place, site.step_s) == ("site:past", 60)
    assert site.at_ms.tolist() == [start_ms + minute * STEP_MS for minute in range(MINUTES)]
    np.testing.assert_allclose(site.signals["hashrate_hs"], hashrates.sum(axis=0) * 1e12, rtol=1e-6)

    rows = ask(
        victoria_url, "/api/v1/query_range", query='sum(device_hashrate_terahash{site="past"})',
        start=str(start_ms // 1000 + 60), end=str(end_ms // 1000), step="60", nocache="1",
    )  # fmt: skip
    theirs = np.array([float(value) for _, value in rows[0]["values"]]) * 1e12
    np.testing.assert_allclose(site.signals["hashrate_hs"], theirs, rtol=1e-6)

    boxes = {chunk.place: chunk for chunk in chunks[1:]}
    assert boxes.keys() == {"container:past/A", "container:past/B"}
    in_a = hashrates[:2].sum(axis=0).reshape(-1, 5).mean(axis=1) * 1e12
    np.testing.assert_allclose(boxes["container:past/A"].signals["hashrate_hs"], in_a, rtol=1e-6)
    assert boxes["container:past/A"].step_s == 300


def test_a_gap_stays_a_gap(victoria_url: str) -> None:
    session = opened("past", {**settings(victoria_url, "nowhere"), "totals": {}})
    now_ms = time.time_ns() // 1_000_000
    assert list(session.history(now_ms - 3600_000, now_ms, Deadline.after(30))) == []
    session.close()

"""The promql adapter's history against real servers: by the minute, equal to an independent query, gaps stay gaps."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

from console.adapters.base import Deadline, History
from tests.real.past import END_MS, HASHRATES_THS, METRIC, MINUTES, START_MS, STEP_MS
from tests.real.sites import ask, opened

pytestmark = [pytest.mark.real, pytest.mark.timeout(300)]


def settings(url: str, site: str) -> dict[str, Any]:
    return {
        "base_url": url,
        "labels": {"miner": "miner", "container": "container"},
        "match": {"site": site},
        "metrics": {"hashrate": {"metric": METRIC, "unit": "TH/s"}},
    }


def wait_for_the_past(url: str) -> None:
    """A VictoriaMetrics shows new series after some seconds."""
    ends_s = time.monotonic() + 60
    while not ask(url, "/api/v1/query", query=f'count({METRIC}{{site="past"}})', time=str(END_MS / 1000)):
        assert time.monotonic() < ends_s
        time.sleep(0.25)


def test_history_is_by_the_minute_for_the_site_and_by_five_for_containers(past_url: str) -> None:
    wait_for_the_past(past_url)
    session = opened("past", settings(past_url, "past"))
    assert isinstance(session, History)
    chunks = list(session.history(START_MS, END_MS, Deadline.after(30)))
    session.close()

    site = chunks[0]
    assert (site.place, site.step_s) == ("site:past", 60)
    assert site.at_ms.tolist() == [START_MS + minute * STEP_MS for minute in range(MINUTES)]
    np.testing.assert_allclose(site.signals["hashrate_hs"], HASHRATES_THS.sum(axis=0) * 1e12, rtol=1e-6)

    form = {"start": str(START_MS // 1000 + 60), "end": str(END_MS // 1000), "step": "60", "nocache": "1"}
    rows = ask(past_url, "/api/v1/query_range", query=f'sum({METRIC}{{site="past"}})', **form)
    theirs = np.array([float(value) for _, value in rows[0]["values"]]) * 1e12
    np.testing.assert_allclose(site.signals["hashrate_hs"], theirs, rtol=1e-6)

    boxes = {chunk.place: chunk for chunk in chunks[1:]}
    assert boxes.keys() == {"container:past/A", "container:past/B"}
    in_a = HASHRATES_THS[:2].sum(axis=0).reshape(-1, 5).mean(axis=1) * 1e12
    np.testing.assert_allclose(boxes["container:past/A"].signals["hashrate_hs"], in_a, rtol=1e-6)
    assert boxes["container:past/A"].step_s == 300


def test_r18_a_gap_stays_a_gap(past_url: str) -> None:
    """After the last sample the server would repeat it for its look-back; history ends when live would say stale."""
    wait_for_the_past(past_url)
    session = opened("past", settings(past_url, "past"))
    site = next(iter(session.history(END_MS - 300_000, END_MS + 600_000, Deadline.after(30))))
    known = np.isfinite(site.signals["hashrate_hs"])
    assert known.tolist() == [True] * 6 + [False] * 9
    session.close()


def test_a_site_that_the_server_does_not_know_has_no_past(past_url: str) -> None:
    session = opened("past", settings(past_url, "nowhere"))
    assert list(session.history(START_MS, END_MS, Deadline.after(30))) == []
    session.close()

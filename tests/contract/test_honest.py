"""What every adapter does with a healthy source."""

from __future__ import annotations

import numpy as np
import pytest

from console.adapters.base import Deadline
from console.collect.arrival import accept
from console.domain.metric import METRIC_BY_NAME, SIGNAL_BY_NAME
from tests.contract.case import CANARY, Case, now_ms
from tests.contract.cases import CASES
from tests.hostile import answering, serving

pytestmark = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def test_a_reading_holds_what_the_source_told_and_passes_the_gate(case: Case) -> None:
    with serving(answering(case.honest)) as server:
        reader = case.open(server.url)
        reading = reader.read(Deadline.after(20))
        case.check(reading)
        frame = reading.frame
        assert frame.site_id == "site-1"
        assert reading.roster is not None, "the first reading brings the roster"
        assert reading.roster.version == frame.roster_version
        assert frame.columns.keys() <= METRIC_BY_NAME.keys()
        assert all(column.dtype == np.float32 for column in frame.columns.values())
        assert abs(now_ms() - frame.received_ms) < 20_000
        arrival = accept(case.site(server.url), None, reading, now_ms())
        again = reader.read(Deadline.after(20))
        case.check(again)
        assert again.frame.roster_version == frame.roster_version
        accept(case.site(server.url), arrival.index, again, now_ms())
        reader.close()


def test_the_credential_goes_to_the_source_and_never_into_an_address(case: Case) -> None:
    with serving(answering(case.honest)) as server:
        reader = case.open(server.url)
        reader.read(Deadline.after(20))
        reader.close()
        assert server.requests
        assert all(CANARY in request.headers.get("authorization", "") for request in server.requests)
        assert not any(CANARY in request.target for request in server.requests)


def test_history_is_of_known_places_and_signals_and_within_the_stretch(case: Case) -> None:
    if case.history_ms is None:
        pytest.skip(f"{case.name} keeps no history")
    start_ms, end_ms = case.history_ms
    with serving(answering(case.honest)) as server:
        reader = case.open(server.url)
        chunks = list(reader.history(start_ms, end_ms, Deadline.after(20)))
        reader.close()
    assert chunks[0].place == "site:site-1"
    assert chunks[0].step_s == 60
    for chunk in chunks:
        assert chunk.place == "site:site-1" or chunk.place.startswith("container:site-1/")
        assert chunk.signals.keys() <= SIGNAL_BY_NAME.keys()
        assert all(signal.shape == chunk.at_ms.shape for signal in chunk.signals.values())
        assert (np.diff(chunk.at_ms) > 0).all()
        assert (chunk.at_ms % 60_000 == 0).all()
        assert chunk.at_ms[0] >= start_ms
        assert chunk.at_ms[-1] + chunk.step_s * 1000 <= end_ms

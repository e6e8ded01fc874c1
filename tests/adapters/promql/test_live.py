"""What becomes of odd vectors: old samples, doubles, silence, ratings, curtailment; the server is played in memory."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

from console.adapters.base import Deadline
from console.adapters.promql.answer import Labels, Parser, Vector
from console.adapters.promql.live import LiveReader
from console.adapters.promql.mapping import PromqlSource, plan
from console.adapters.source_settings import as_config
from console.domain.errors import BadAnswer
from console.domain.frame import Reading
from console.domain.metric import MinerState

NOW_S = 1_790_000_000.0
DEADLINE = Deadline.after(3600)
Row = tuple[Labels, float]


class Server:
    """Answers by query: `rows[query]`; ages in seconds by machine, 5 where not told."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Row]] = {}
        self.ages: dict[str, float] = {}
        self.yesterday: list[Labels] = []
        self.asked: list[str] = []

    def now_s(self, deadline: Deadline) -> float:
        return NOW_S

    def existing(self, *_: Any) -> tuple[Labels, ...]:
        return tuple(self.yesterday)

    def instant(self, query: str, deadline: Deadline, at_s: float | None = None) -> Vector:
        self.asked.append(query)
        if query.startswith("count("):
            return vector([({}, float(len(self.rows.get(query[6:-1], []))))])
        if query.startswith("max(timestamp("):
            return vector([({}, NOW_S - self.ages.get("", 5.0))] if self.rows.get(query[14:-2]) else [])
        if "timestamp(" in query:
            rows = self.rows.get(query.partition("timestamp(")[2][:-2], [])
            return vector([({"m": labels["m"]}, NOW_S - self.ages.get(labels["m"], 5.0)) for labels, _ in rows])
        return vector(self.rows.get(query, []))


def vector(rows: list[Row]) -> Vector:
    return Vector(tuple(labels for labels, _ in rows), np.array([value for _, value in rows]))


def reader(server: Server, **settings: Any) -> LiveReader:
    metrics = {"hashrate": {"metric": "h", "unit": "TH/s"}}
    values = {"base_url": "https://x", "labels": {"miner": "m", "container": "c"}, "metrics": metrics, **settings}
    return LiveReader("s1", plan(as_config(PromqlSource, values)), server)


def hashrates(reading: Reading, one: LiveReader) -> dict[str, float]:
    miners = [miner.id for miner in one._crew.roster.miners]
    return dict(zip(miners, (reading.frame.columns["hashrate_hs"] / 1e12).tolist(), strict=True))


def test_machines_stand_in_their_natural_order_and_the_roster_comes_once() -> None:
    server = Server()
    server.rows["h"] = [({"m": f"m{n}", "c": box}, float(n)) for n, box in ((10, "C10"), (2, "C2"), (1, "C10"))]
    one = reader(server)
    first, second = one.read(DEADLINE), one.read(DEADLINE)
    assert [miner.id for miner in first.roster.miners] == ["m2", "m1", "m10"]
    assert first.frame.columns["hashrate_hs"].tolist() == pytest.approx([2e12, 1e12, 10e12])
    assert second.roster is None
    assert second.frame.roster_version == first.frame.roster_version


def test_r8_the_frame_is_dated_by_its_newest_sample_and_older_ones_are_no_value() -> None:
    server = Server()
    server.rows["h"] = [({"m": "a"}, 1.0), ({"m": "b"}, 2.0), ({"m": "c"}, 3.0)]
    server.ages = {"a": 40.0, "b": 100.0, "c": 161.0}
    one = reader(server)
    reading = one.read(DEADLINE)
    assert reading.frame.at_ms == (NOW_S - 40) * 1000
    assert hashrates(reading, one) == {"a": 1.0, "b": 2.0, "c": pytest.approx(np.nan, nan_ok=True)}


def test_a_machine_of_yesterday_is_in_the_roster_without_a_value() -> None:
    server = Server()
    server.rows["h"] = [({"m": "a"}, 1.0)]
    server.yesterday = [{"m": "a"}, {"m": "gone", "c": "C1"}]
    one = reader(server)
    found = hashrates(one.read(DEADLINE), one)
    assert found["a"] == 1.0
    assert np.isnan(found["gone"])


def test_a_new_machine_brings_a_new_roster_and_one_that_vanishes_stays() -> None:
    server = Server()
    server.rows["h"] = [({"m": "a"}, 1.0)]
    one = reader(server)
    before = one.read(DEADLINE)
    server.rows["h"] = [({"m": "b"}, 2.0)]
    after = one.read(DEADLINE)
    assert after.roster is not None
    assert after.frame.roster_version != before.frame.roster_version
    assert np.isnan(hashrates(after, one)["a"])


def test_no_sample_at_all_is_an_error_and_not_an_empty_site() -> None:
    with pytest.raises(BadAnswer, match="no recent sample"):
        reader(Server()).read(DEADLINE)


def test_several_series_of_one_machine_are_refused_with_advice() -> None:
    server = Server()
    server.rows["h"] = [({"m": "a", "board": "1"}, 1.0), ({"m": "a", "board": "2"}, 1.0)]
    with pytest.raises(BadAnswer, match=r'several series for "a": narrow it .* max by \(m\)'):
        reader(server).read(DEADLINE)


def test_a_series_without_the_label_is_refused_by_name() -> None:
    server = Server()
    server.rows["h"] = [({"instance": "x"}, 1.0)]
    with pytest.raises(BadAnswer, match='no label "m" to name its machine, only instance'):
        reader(server).read(DEADLINE)


def test_ratings_join_the_roster_and_a_wobble_is_no_new_roster() -> None:
    server = Server()
    server.rows["h"], server.rows["r"] = [({"m": "a"}, 1.0)], [({"m": "a"}, 200.0)]
    metrics = {"hashrate": {"metric": "h", "unit": "TH/s"}, "rated": {"metric": "r", "unit": "TH/s"}}
    one = reader(server, metrics=metrics)
    assert one.read(DEADLINE).roster.miners[0].rated_hs == 200e12
    server.rows["r"] = [({"m": "a"}, 200.9)]
    assert one.read(DEADLINE).roster is None
    server.rows["r"] = [({"m": "a"}, 234.0)]
    assert one.read(DEADLINE).roster.miners[0].rated_hs == 234e12


def test_curtailed_is_the_source_word_and_nothing_else_is() -> None:
    server = Server()
    server.rows["h"] = [({"m": "a"}, 0.0), ({"m": "b"}, 0.0)]
    server.rows["k"] = [({"m": "a"}, 1.0), ({"m": "b"}, 0.0)]
    metrics = {"hashrate": {"metric": "h", "unit": "TH/s"}, "curtailed": {"metric": "k", "unit": "count"}}
    state = reader(server, metrics=metrics).read(DEADLINE).frame.columns["state"]
    assert state[0] == MinerState.CURTAILED
    assert np.isnan(state[1])


def test_a_site_of_totals_alone_has_no_machines_and_its_values() -> None:
    server = Server()
    server.rows["t"] = [({}, 12.0)]
    reading = reader(server, metrics={}, totals={"hashrate": {"metric": "t", "unit": "PH/s"}}).read(DEADLINE)
    assert reading.site_values == {"hashrate_hs": 12e15}
    assert reading.roster.miners == ()
    assert reading.frame.columns == {}
    assert reading.frame.at_ms == (NOW_S - 5) * 1000


def test_a_total_of_several_series_is_refused_with_advice() -> None:
    server = Server()
    server.rows["t"] = [({"a": "1"}, 12.0), ({"a": "2"}, 12.0)]
    with pytest.raises(BadAnswer, match=r"totals\.hashrate gives 2 series, expected one: use a query, sum"):
        reader(server, metrics={}, totals={"hashrate": {"metric": "t", "unit": "PH/s"}}).read(DEADLINE)


def test_a_total_that_fell_silent_is_left_out() -> None:
    server = Server()
    server.rows["h"], server.rows["t"] = [({"m": "a"}, 1.0)], [({}, 12.0)]
    server.ages = {"": 200.0}
    assert reader(server, totals={"meter": {"metric": "t", "unit": "kW"}}).read(DEADLINE).site_values == {}


def test_a_machine_unseen_for_a_day_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server()
    server.rows["h"] = [({"m": "a"}, 1.0), ({"m": "b"}, 1.0)]
    one = reader(server)
    one.read(DEADLINE)
    server.rows["h"] = [({"m": "b"}, 1.0)]
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 24 * 3600 + 5)
    assert [miner.id for miner in one.read(DEADLINE).roster.miners] == ["b"]


@pytest.mark.parametrize("text", ["1_000", "0x10", "", "banana", "1e999", "infinity", "nan"])
def test_a_value_that_is_no_number_is_refused(text: str) -> None:
    body = f'{{"status":"success","data":{{"resultType":"vector","result":[{{"metric":{{}},"value":[1,"{text}"]}}]}}}}'
    with pytest.raises(BadAnswer, match="is no number"):
        Parser().vector(body.encode())


@pytest.mark.parametrize("text", ["NaN", "+Inf", "-Inf"])
def test_not_a_number_and_the_infinities_are_no_value(text: str) -> None:
    body = f'{{"status":"success","data":{{"resultType":"vector","result":[{{"metric":{{}},"value":[1,"{text}"]}}]}}}}'
    assert np.isnan(Parser().vector(body.encode()).values).all()

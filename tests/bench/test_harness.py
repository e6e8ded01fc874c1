"""The benchmarks' own frame: discovery, fair medians, and results in the agreed shape."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from types import ModuleType

import pytest

from tests.bench import __main__ as bench
from tests.bench.harness import Measurement, NotRun, percentile, side_by_side


@pytest.mark.parametrize("name", bench.discover().values())
def test_every_benchmark_offers_what_the_harness_needs(name: str) -> None:
    module = importlib.import_module(f"tests.bench.{name}")
    assert bench.discover()[module.ID] == name
    assert module.TITLE
    assert module.UNIT
    assert callable(module.measure)


def test_a_ratio_is_judged_against_its_target() -> None:
    assert Measurement(2.0, 1.0, "ms", 2.0).ok
    assert not Measurement(2.1, 1.0, "ms", 2.0).ok
    assert Measurement(0.8, 4.0, "B", 1.0, absolute=True).ratio == 0.8


def test_sides_take_turns() -> None:
    order: list[str] = []
    taken = side_by_side(lambda: order.append("a"), lambda: order.append("b"), rounds=2)
    assert order == ["a", "b"] * 3
    assert len(taken) == 2
    assert percentile([3.0, 1.0, 2.0], 0.99) == 3.0


def test_results_are_written_as_agreed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    module = ModuleType("p99_made")
    module.ID, module.TITLE, module.UNIT = "P99", "made", "ms"
    module.measure = lambda: [Measurement(3.0, 2.0, "ms", 2.0), Measurement(9.0, 2.0, "ms", 2.0, part="late")]
    found = {"P98": "short of something", "P99": bench.entries(module)}
    monkeypatch.setattr(bench, "discover", lambda: {key: key for key in found})
    monkeypatch.setattr(bench, "run_child", found.__getitem__)
    assert bench.main(["p99", "--json", str(tmp_path / "out.json")]) == 1
    first, second = json.loads((tmp_path / "out.json").read_text())
    assert {key: first[key] for key in ("id", "figure", "baseline", "ratio", "target", "ok", "unit")} == {
        "id": "P99", "figure": 3.0, "baseline": 2.0, "ratio": 1.5, "target": 2.0, "ok": True, "unit": "ms",
    }  # fmt: skip
    assert (second["id"], second["ok"]) == ("P99.late", False)
    assert bench.main([]) == 2
    said = capsys.readouterr().out
    assert "not run: short of something" in said
    assert "short" in said
    assert issubclass(NotRun, Exception)

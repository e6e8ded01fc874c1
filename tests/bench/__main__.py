"""Runs benchmarks, each in a process of its own, prints a table and writes the results as JSON."""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import tests.bench
from tests.bench.harness import Measurement, NotRun

MOST_S = 900
ROW = "{id:<10}{figure:>12}{baseline:>12}{unit:>6}{ratio:>9}{target:>8}  {verdict:<8}{title}\n"


def discover() -> dict[str, str]:
    """Benchmark id -> module name, in the order of their numbers."""
    names = [found.name for found in pkgutil.iter_modules(tests.bench.__path__)]
    numbered = [(int(match[1]), name) for name in names if (match := re.match(r"p(\d+)_", name))]
    return {f"P{number}": name for number, name in sorted(numbered)}


def entries(module: ModuleType) -> list[dict[str, Any]]:
    """What one benchmark measured, one entry a side of its target."""
    measured = module.measure()
    sides = [measured] if isinstance(measured, Measurement) else list(measured)
    return [
        {
            "id": f"{module.ID}.{side.part}" if side.part else module.ID,
            "figure": side.figure,
            "baseline": side.baseline,
            "ratio": side.ratio,
            "target": side.target,
            "ok": side.ok,
            "unit": side.unit,
            "title": module.TITLE,
            "note": side.note,
        }
        for side in sides
    ]


def run_alone(name: str) -> int:
    """In the child: measure one module and write its entries as the last line of the output."""
    try:
        found: object = entries(importlib.import_module(f"tests.bench.{name}"))
    except NotRun as reason:
        found = str(reason)
    sys.stdout.write("\n" + json.dumps(found) + "\n")
    return 0


def run_child(name: str) -> list[dict[str, Any]] | str:
    """The entries of one benchmark, or in words why there are none."""
    command = [sys.executable, "-m", "tests.bench", "--alone", name]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=MOST_S, check=False)
    except subprocess.TimeoutExpired:
        return f"took more than {MOST_S} s"
    if done.returncode:
        return f"ended with {done.returncode}: {done.stderr.strip().splitlines()[-1:]}"
    found: list[dict[str, Any]] | str = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def show(entry: dict[str, Any]) -> None:
    """One line of the table."""
    numbers = {key: f"{entry[key]:.3g}" for key in ("figure", "baseline", "ratio", "target")}
    verdict = "OK" if entry["ok"] else "short"
    title = f"{entry['title']} {entry['note']}".strip()
    sys.stdout.write(ROW.format(id=entry["id"], unit=entry["unit"], verdict=verdict, title=title, **numbers))
    sys.stdout.flush()


def main(arguments: list[str] | None = None) -> int:
    """0 when every target that was measured is met, else 1; 2 when one could not be measured."""
    known = discover()
    parser = argparse.ArgumentParser(prog="python3 -m tests.bench", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="PN", help=f"of {' '.join(known)}; all when none is named")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--alone", metavar="MODULE", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.alone:
        return run_alone(chosen.alone)
    unknown = [target for target in chosen.targets if target.upper() not in known]
    if unknown:
        parser.error(f"no benchmark for {' '.join(unknown)}; there are {' '.join(known)}")
    head = {"id": "", "figure": "figure", "baseline": "baseline", "unit": "unit", "ratio": "ratio"}
    sys.stdout.write(ROW.format(**head, target="goal", verdict="", title=""))
    results, missing = [], False
    for target in [target.upper() for target in chosen.targets] or known:
        found = run_child(known[target])
        if isinstance(found, str):
            missing = True
            sys.stdout.write(f"{target:<10}not run: {found}\n")
            continue
        for entry in found:
            show(entry)
        results += found
    if chosen.json:
        chosen.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    return 2 if missing else int(not all(entry["ok"] for entry in results))


if __name__ == "__main__":
    sys.exit(main())

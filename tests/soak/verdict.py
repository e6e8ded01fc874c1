"""Judges what both sides of a soak measured, and lays it out as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.soak.measure import WARM_SHARE, least_of_a_day, rise_a_day, slope

MEMORY_SLOPE_MIB, WAL_MIB, STALL_MS, LEFT_SHARE = 1.0, 64.0, 100.0, 0.01
Rows = Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Line:
    """One measure of one side; `note` names the culprit where there is one."""

    side: str
    measure: str
    found: float
    limit: float
    unit: str
    note: str = ""

    @property
    def ok(self) -> bool:
        """Whether it is within its limit."""
        return self.found <= self.limit


def judge(collector: Rows, desktop: Rows) -> list[Line]:
    """All lines; the last row of a side is its summary."""
    lines = [*_process("collector", collector), *_process("desktop", desktop)]
    hours = _hours(collector)
    if hours:
        lines.append(Line("collector", "WAL at most", max(row["wal_mib"] for row in hours), WAL_MIB, "MiB"))
    return lines + _screen(desktop)


def _hours(rows: Rows) -> list[dict[str, Any]]:
    return [row for row in rows if "hour" in row]


def _warm(rows: Rows) -> list[dict[str, Any]]:
    hours = _hours(rows)
    return hours[round(len(hours) * WARM_SHARE) :]


def _process(side: str, rows: Rows) -> list[Line]:
    hours = _hours(rows)
    if not hours or "hour" in rows[-1]:
        return [Line(side, "did not end by itself", 1, 0, "")]
    per_day = 24.0
    top = ", ".join(f"{name} +{more}" for name, more in rows[-1].get("growers", [])[:4])
    grown = f"{hours[0]['rss_mib']:.0f} to {hours[-1]['rss_mib']:.0f} MiB"
    grown += f", heap in use {hours[0]['heap_used_mib']:.0f} to {hours[-1]['heap_used_mib']:.0f}; objects: {top}"
    return [
        Line(side, "memory a day", slope([row["rss_mib"] for row in hours], per_day), MEMORY_SLOPE_MIB, "MiB", grown),
        Line(side, "descriptors a day", round(slope([row["fds"] for row in hours], per_day), 3), 0, ""),
        Line(side, "threads a day", round(slope([row["threads"] for row in hours], per_day), 3), 0, ""),
    ]


def _screen(rows: Rows) -> list[Line]:
    warm = _warm(rows)
    if not warm or "hour" in rows[-1]:
        return []
    last = rows[-1]
    worst = max(_hours(rows), key=lambda row: row["own_max_ms"])  # first openings too
    held_up = sum(row["stalls"] for row in _hours(rows))
    stolen_ms = sum(row["stolen_ms"] for row in _hours(rows))  # in all stalls, by the host of a virtual machine
    lag = f"lag p50 {_mean(warm, 'p50_ms'):.1f}, p99 {_mean(warm, 'p99_ms'):.0f}, most {_most(warm, 'max_ms'):.0f}"
    lines = [
        Line(
            "desktop",
            "longest stall",
            worst["own_max_ms"],
            STALL_MS,
            "ms",
            f"{held_up} over it; {lag}; computed {worst['ran_ms']:.0f} ms of it; {worst['culprit']}; "
            f"stolen in all {stolen_ms:.0f} ms",
        ),
        Line("desktop", "Qt warnings", _most(_hours(rows), "qt_warnings"), 0, "", "; ".join(last["warnings"][:2])),
    ]
    for kind in ("widgets", "qobjects"):
        lines.append(Line("desktop", f"{kind} a day", round(rise_a_day([row[kind] for row in warm]), 1), 1.0, ""))
    lines.append(_wrappers(warm))
    for name, counts in last["openings"].items():
        for kind in ("widgets", "wrappers"):
            before, after = counts[kind]
            left = (after - before) / before
            lines.append(
                Line(
                    "desktop",
                    f"{kind} after {last['opened']} x {name}",
                    100 * left,
                    100 * LEFT_SHARE,
                    "%",
                    f"{before} to {after}",
                )
            )
    return lines


def _wrappers(warm: list[dict[str, Any]]) -> Line:
    """Of the class that rises most: classes come and go with different things, so their sum has no quiet hour."""
    classes = {name for row in warm for name in row["kinds"]}
    counts = {name: [row["kinds"].get(name, 0) for row in warm] for name in classes}
    rises = {name: rise_a_day(least_of_a_day(counts[name])) for name in classes}
    most = max(rises, key=lambda name: (rises[name], name))
    all_told = f"{most}; of all classes {warm[0]['wrappers']} to {warm[-1]['wrappers']}"
    return Line("desktop", "wrappers a day", round(rises[most], 1), 1.0, "", all_told)


def _mean(rows: Rows, key: str) -> float:
    return sum(float(row[key]) for row in rows) / len(rows)


def _most(rows: Rows, key: str) -> float:
    return max(float(row[key]) for row in rows)


def table(lines: Sequence[Line]) -> str:
    """A line a measure."""
    rows = [("side", "measure", "found", "limit", "", "verdict", "")]
    for line in lines:
        verdict = "OK" if line.ok else "short"
        rows.append((line.side, line.measure, f"{line.found:.3g}", f"{line.limit:g}", line.unit, verdict, line.note))
    return "".join("{:<10} {:<26} {:>9} {:>7} {:<4} {:<7} {}".format(*row).rstrip() + "\n" for row in rows)

"""Says one machine in words: what it is, how it does by which rule, each value with what is expected of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from console.domain.health import DEGRADED_BELOW, OFF_BELOW
from console.domain.metric import BOARD_C, HASHRATE, INLET_C, POWER, MinerState
from console.domain.site import Site
from console.store.face import Event
from console.ui.models.miners.page import MinerNow
from console.ui.numbers import NO_VALUE, decimal, percent, utc_minute
from console.ui.plain import safe_text
from console.ui.widgets.fact_list import Fact

RULES: Mapping[MinerState, str] = {
    MinerState.HASHING: f"at {DEGRADED_BELOW * 100:.0f} % of its rated hashrate or above",
    MinerState.DEGRADED: f"below {DEGRADED_BELOW * 100:.0f} % of its rated hashrate",
    MinerState.OFF: f"below {OFF_BELOW * 100:.0f} % of its rated hashrate",
    MinerState.CURTAILED: "told to rest by its site: planned, not a failure",
    MinerState.UNKNOWN: "the newest frame has no hashrate of it",
}
LABELS = {"model": "model", "serial": "serial", "mac": "MAC", "ip": "IP", "firmware": "firmware"}


@dataclass(frozen=True, slots=True)
class ValueRow:
    """One value with its context and whether it is one that no machine can have."""

    label: str
    context: str
    value: str
    unit: str
    suspect: bool = False

    @property
    def words(self) -> str:
        """For a screen reader and the tool tip."""
        doubt = ", a value that no machine can have" if self.suspect else ""
        return f"{self.label}: {self.value} {self.unit}{doubt}, {self.context}"


def rule_words(miner: MinerNow) -> str:
    """The state's rule with this machine's own figure."""
    ratio = miner.number["ratio"]
    if not math.isfinite(miner.number["rated"]) and miner.state in (MinerState.HASHING, MinerState.OFF):
        return "its model's rated hashrate is not told: judged by whether it hashes at all"
    if math.isfinite(ratio) and miner.state is not MinerState.CURTAILED:
        return f"{percent(ratio)} % of its rated hashrate: {RULES[miner.state].replace(' of its rated hashrate', '')}"
    return RULES[miner.state]


def value_rows(miner: MinerNow) -> tuple[ValueRow, ...]:
    """Every measured value, the expected one beside it where its profile tells one."""
    number = miner.number
    rated_hs, rated_w = number["rated"], number["rated_w"]
    expected_hs = f"of {decimal(rated_hs / 1e12)} expected" if math.isfinite(rated_hs) else "no rating told"
    expected_w = f"of {decimal(rated_w)} expected" if math.isfinite(rated_w) else "no rating told"
    expected_j = rated_w / rated_hs * 1e12
    rating = f"rated {decimal(expected_j, 1)}" if math.isfinite(expected_j) else "no rating told"
    return (
        _row(miner, HASHRATE.name, "Hashrate", expected_hs, number["hashrate"] * 1e-12, "TH/s", 1, 1e-12),
        _row(miner, POWER.name, "Power", expected_w, number["power"], "W", 0),
        ValueRow("Efficiency", rating, decimal(number["efficiency"], 1), "J/TH"),
        _row(miner, BOARD_C.name, "Board, hottest", "of all its boards", number["temp"], "°C", 1),
        _row(miner, INLET_C.name, "Inlet air", "at the machine", number["inlet"], "°C", 1),
    )


def _row(
    miner: MinerNow, metric: str, label: str, context: str, value: float, unit: str, decimals: int, factor: float = 1.0
) -> ValueRow:
    doubted = miner.suspect.get(metric)
    if doubted is not None:
        return ValueRow(label, "not plausible: in no sum", decimal(doubted * factor, decimals), unit, suspect=True)
    return ValueRow(label, context, decimal(value, decimals), unit)


def place_words(miner: MinerNow, site_name: str) -> str:
    """Where it stands, from the outside in."""
    parts = [f"{what} {miner.names[what]}" for what in ("container", "rack", "slot") if miner.names[what]]
    return " · ".join((site_name, *parts)) if parts else f"{site_name} · its place is not told"


def export_words(miner_id: str, site: Site, miner: MinerNow | None) -> tuple[str, str]:
    """Title and place for an export: its figures must never pass for the site's, nor for another machine's."""
    serial = "" if miner is None else miner.names["serial"]
    parts = (f"serial {serial}" if serial else "serial not told", site.name, f"site {site.id}", site.region)
    return safe_text(f"Miner {miner_id}"), safe_text(", ".join(parts))


def identity(miner: MinerNow, site_name: str) -> tuple[Fact, ...]:
    """Who it is; what the source does not tell is a dash."""
    facts = [Fact(label, miner.names[name] or NO_VALUE) for name, label in LABELS.items()]
    return (
        *facts,
        Fact("site", site_name),
        *(Fact(what, miner.names[what] or NO_VALUE) for what in ("container", "rack", "slot")),
    )


def event_facts(events: tuple[Event, ...]) -> tuple[Fact, ...]:
    """Newest first, by UTC minute."""
    return tuple(Fact(utc_minute(event.at_ms), event.text) for event in events)

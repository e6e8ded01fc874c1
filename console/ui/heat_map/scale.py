"""Knows how a machine's tone follows from its values: five metrics, each on a fixed scale. No Qt, no pixel.

Tones are grey and ordered, forms say why there is no tone (7-look.md, section 8). The scale is never stretched to
what is there: the same tone means the same thing on every day and at every site.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.domain.freshness import FRESH_PERIODS, LATE_PERIODS
from console.domain.metric import MinerState
from console.ui.models.miners.machines import MachinesNow

Tones = NDArray[np.uint8]
Values = NDArray[np.float64]


class Tone(enum.IntEnum):
    """How a cell looks; three tones, then the forms that stand for no tone."""

    CALM = 0
    FAIR = 1
    POOR = 2
    OFF = 3  # hollow: measured, and it does not hash
    LOST = 4  # crossed: nothing is told of it
    RESTING = 5  # hatched: told to rest
    SUSPECT = 6  # hollow with a dot: told what cannot be
    LACKING = 7  # a dash: tells other things, not this
    BLANK = 8  # no machine stands there


FORMS: Mapping[Tone, str] = {
    Tone.OFF: "no hash",
    Tone.LOST: "no link",
    Tone.RESTING: "curtailed",
    Tone.SUSPECT: "suspect",
    Tone.LACKING: "not told",
}


@dataclass(frozen=True, slots=True)
class HeatMetric:
    """One choice: its `name`, the measured metric behind it, the words of its three tones, where its scale breaks.

    `calm` and `fair` are the least (or, where more is worse, the greatest) values of those tones. `at_work`: only a
    machine at work can be judged by it, so that off and curtailed are told by their form instead.
    """

    name: str
    metric: str
    meaning: str
    words: tuple[str, str, str]
    calm: float
    fair: float
    more_is_worse: bool = True
    at_work: bool = True

    def word(self, tone: Tone) -> str:
        """What the key says beside a tone."""
        return self.words[tone] if tone <= Tone.POOR else FORMS[tone]


HASHRATE = HeatMetric(
    "Hashrate",
    "hashrate_hs",
    "measured / expected hashrate",
    ("≥ 95 %", "75 – 95 %", "< 75 %"),
    calm=0.95,
    fair=0.75,
    more_is_worse=False,
)
TEMPERATURE = HeatMetric(
    "Temperature",
    "board_c",
    "hottest board",
    ("≤ 78 °C", "78 – 85 °C", "> 85 °C"),
    calm=78.0,
    fair=85.0,
    at_work=False,
)
POWER = HeatMetric(
    "Power",
    "power_w",
    "power's distance from its model's profile",
    ("within 5 %", "5 – 25 % off", "> 25 % off"),
    calm=0.05,
    fair=0.25,
)
EFFICIENCY = HeatMetric(
    "J/TH",
    "power_w",
    "J/TH measured / expected",
    ("≤ 105 %", "105 – 125 %", "> 125 %"),
    calm=1.05,
    fair=1.25,
)
AGE = HeatMetric(
    "Age",
    "hashrate_hs",
    "age in polling periods",
    ("fresh", "late", "stale"),
    calm=FRESH_PERIODS,
    fair=LATE_PERIODS,
    at_work=False,
)
METRICS = (HASHRATE, TEMPERATURE, POWER, EFFICIENCY, AGE)


def metric_named(name: str) -> HeatMetric:
    """The metric of that name; KeyError for any other."""
    return {metric.name: metric for metric in METRICS}[name]


def judged(machines: MachinesNow, metric: HeatMetric) -> Values:
    """The value that the scale judges, shape (miners,), NaN where there is none."""
    number = machines.table.number
    if metric is HASHRATE:
        return number["ratio"]
    if metric is TEMPERATURE:
        return number["temp"]
    with np.errstate(divide="ignore", invalid="ignore"):
        if metric is POWER:
            return np.abs(number["power"] / number["rated_w"] - 1.0)
        if metric is EFFICIENCY:
            return number["efficiency"] / (number["rated_w"] / (number["rated"] / 1e12))
    periods_s = [part.site.poll_period_s for part in machines.parts]
    return number["age"] / np.repeat(np.array(periods_s, dtype=np.float64), np.diff(machines.starts))


def tones(machines: MachinesNow, metric: HeatMetric) -> Tones:
    """The tone of every machine, shape (miners,)."""
    values, table = judged(machines, metric), machines.table
    out = np.full(len(machines), Tone.LACKING, dtype=np.uint8)
    worse = 1.0 if metric.more_is_worse else -1.0  # turned round, the least value is the greatest
    with np.errstate(invalid="ignore"):
        for tone, most in ((Tone.POOR, np.inf), (Tone.FAIR, worse * metric.fair), (Tone.CALM, worse * metric.calm)):
            out[worse * values <= most] = tone
    silent = (table.state == MinerState.UNKNOWN) & np.isnan(table.number["power"]) & np.isnan(table.number["temp"])
    if metric.at_work:
        out[table.state == MinerState.OFF] = Tone.OFF
        out[table.state == MinerState.CURTAILED] = Tone.RESTING
    out[silent] = Tone.LOST
    out[table.suspect] = Tone.SUSPECT
    return out


def counted(found: Tones) -> dict[Tone, int]:
    """How many machines have each tone, in the order of the key; blank places are no machines."""
    numbers = np.bincount(found, minlength=len(Tone))
    return {tone: int(numbers[tone]) for tone in Tone if tone is not Tone.BLANK}


def shown_in_key(metric: HeatMetric, counts: Mapping[Tone, int]) -> tuple[Tone, ...]:
    """The three tones and the common forms always, the odd ones where there are any.

    Off and curtailed are common only where the metric sets them apart: elsewhere a 0 would say that there is none.
    """
    at_work = (Tone.OFF, Tone.RESTING) if metric.at_work else ()
    always = (Tone.CALM, Tone.FAIR, Tone.POOR, Tone.LOST, *at_work)
    return tuple(tone for tone in counts if counts[tone] or tone in always)

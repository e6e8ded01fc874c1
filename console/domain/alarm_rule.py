"""Knows what an alarm rule is: the condition it watches, and the guidance without which it is no alarm (R21, R22)."""

from __future__ import annotations

import enum
from collections.abc import Iterable

import msgspec

from console.domain.alarm import Priority


class Level(enum.StrEnum):
    """At which places a rule is watched."""

    FLEET = "fleet"
    REGION = "region"
    SITE = "site"
    CONTAINER = "container"
    MINER = "miner"


class Condition(enum.StrEnum):
    """How the watched value stands to the limit when it is abnormal."""

    ABOVE = "above"
    BELOW = "below"
    RISES = "rises"  # by more than the limit a minute
    FALLS = "falls"


class Enabling(enum.StrEnum):
    """What must hold for a rule to speak; while it does not, the alarm is suppressed by design (state F)."""

    NOT_CURTAILED = "not curtailed"  # the place does not rest on purpose
    FRESH = "fresh"  # a stale value raises no value alarm: "no link" is an alarm of its own (R26)


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One alarm rule. `limit` and `deadband` are in the signal's canonical unit, or shares of `relative_to`."""

    id: str
    title: str
    level: Level
    signal: str
    condition: Condition
    limit: float
    relative_to: str | None = None
    deadband: float = 0.0
    on_delay_s: float = 0.0
    off_delay_s: float = 0.0
    enabled_when: tuple[Enabling, ...] = (Enabling.FRESH,)
    priority: Priority
    priority_reason: str
    cause: str
    consequence: str
    response: tuple[str, ...]
    guidance: str
    view: str
    guidance_text: str = ""  # what stands in the guidance file, kept with the rule so that offline needs no file
    parent: str | None = None  # the rule whose alarm at the place above explains this one (R27)


# EEMUA 191 / ISA-18.2: what a healthy set of rules looks like, as shares of low, medium and high with critical (R20)
PRIORITY_SHARES = {"low": 0.80, "medium": 0.15, "high or critical": 0.05}
SHARE_TOLERANCE = 0.05


def distribution_warnings(rules: Iterable[Rule]) -> tuple[str, ...]:
    """One sentence for each priority whose share of the rules is off the target by more than five points (R20)."""
    priorities = [rule.priority for rule in rules]
    if not priorities:
        return ()
    counts = {
        "low": sum(priority is Priority.LOW for priority in priorities),
        "medium": sum(priority is Priority.MEDIUM for priority in priorities),
        "high or critical": sum(priority >= Priority.HIGH for priority in priorities),
    }
    return tuple(
        f"{counts[name] / len(priorities):.0%} of the rules are {name}, the target is {share:.0%} ± 5 points"
        for name, share in PRIORITY_SHARES.items()
        if abs(counts[name] / len(priorities) - share) > SHARE_TOLERANCE + 1e-9
    )

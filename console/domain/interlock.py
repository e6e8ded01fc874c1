"""Knows the limits that no dialog can bypass: site power cap and floor, ramp, minimum machines, windows, holds.

Pure verdicts over a plan; the executor asks them twice, at preview and again right before sending (T6).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from console.domain.command import MOVES_POWER, Check, Command, PreviewTarget, Verb
from console.domain.durations import DAY_MINUTES, MINUTE_MS

MW = 1e6
USUAL_RAMP_W_PER_MIN = 20e6  # where a site states none: a contract feeder's usual limit, and unknown is not unlimited


class Window(msgspec.Struct, frozen=True):
    """A daily span in UTC minutes in which the contract forbids a change of power; may pass midnight."""

    start_min: int
    end_min: int
    reason: str

    def covers(self, at_ms: int) -> bool:
        """Whether the moment lies inside."""
        minute = at_ms // MINUTE_MS % DAY_MINUTES
        if self.start_min <= self.end_min:
            return self.start_min <= minute < self.end_min
        return minute >= self.start_min or minute < self.end_min


class SiteLimits(msgspec.Struct, frozen=True, kw_only=True):
    """What one site allows; every bound is in force at all times and for everybody."""

    cap_w: float
    floor_w: float = 0.0
    ramp_w_per_min: float = USUAL_RAMP_W_PER_MIN
    least_machines_on: int = 0
    windows: tuple[Window, ...] = ()
    hold: str = ""  # a maintenance hold's reason; while set, nothing is commanded
    protected: frozenset[str] = frozenset()  # machines that are never commanded


class CommandRules(msgspec.Struct, frozen=True, kw_only=True):
    """How the whole fleet is commanded; `[fleet.commands]` of the fleet file.

    A command stops by itself once `stop_at_share` of the machines that were asked have failed. What is not read back
    within `read_back_s` of its batch is unverified. A desk locks after `lock_after_s` without a hand on it.
    """

    second_person_above_w: float = 10e6
    batch_machines: int = 500
    batch_gap_s: float = 10.0
    stop_at_share: float = 0.05
    read_back_s: float = 180.0
    least_sites_on: int = 0
    lock_after_s: float = 900.0


@dataclass(frozen=True, slots=True)
class SitePlan:
    """One site's part of a command: the whole site's power now and after, machines on after, seconds it takes.

    `steepest_w_per_min` is the most that is switched within any minute, where the batches are known: a mean over the
    whole would hide a step.
    """

    target: PreviewTarget
    site_now_w: float
    machines_on_after: int
    takes_s: float
    steepest_w_per_min: float | None = None

    @property
    def site_after_w(self) -> float:
        """The site's power when the target has done what is asked."""
        return self.site_now_w + self.target.power_asked_w - self.target.power_now_w


def judge(command: Command, plans: Sequence[SitePlan], limits: dict[str, SiteLimits], now_ms: int) -> tuple[Check, ...]:
    """Every verdict on every site of a plan; a site without limits fails, because unknown is not unlimited."""
    checks: list[Check] = []
    for plan in plans:
        limit = limits.get(plan.target.site_id)
        if limit is None:
            checks.append(Check("Limits", f"{plan.target.name} has none configured", passed=False))
            continue
        checks += _site_checks(command.verb, plan, limit, now_ms)
    return tuple(checks)


def _site_checks(verb: Verb, plan: SitePlan, limit: SiteLimits, now_ms: int) -> list[Check]:
    name = plan.target.name
    checks = [Check("Maintenance hold", f"{name}: {limit.hold or 'none'}", passed=not limit.hold)]
    touched = limit.protected.intersection(plan.target.machines)
    checks.append(Check("Protected machines", f"{name}: {len(touched)} among the targets", passed=not touched))
    if verb not in MOVES_POWER:
        return checks
    after = plan.site_after_w
    rising, falling = after > plan.site_now_w, after < plan.site_now_w
    window = next((window for window in limit.windows if window.covers(now_ms)), None)
    checks += [
        Check(
            "Power cap", f"{name}: {after / MW:.1f} MW, cap {limit.cap_w / MW:.1f}", not rising or after <= limit.cap_w
        ),
        Check(
            "Contract floor",
            f"{name}: {after / MW:.1f} MW, " + (f"floor {limit.floor_w / MW:.1f}" if limit.floor_w > 0 else "no floor"),
            not falling or after >= limit.floor_w,
        ),
        _ramp_check(plan, limit),
        Check(
            "Machines on",
            f"{name}: {plan.machines_on_after:,}, least {limit.least_machines_on:,}",
            passed=not falling or plan.machines_on_after >= limit.least_machines_on,
        ),
        Check("Contract window", f"{name}: {window.reason if window else 'open'}", passed=window is None),
    ]
    return checks


def _ramp_check(plan: SitePlan, limit: SiteLimits) -> Check:
    minutes = plan.takes_s / 60
    change = abs(plan.site_after_w - plan.site_now_w)
    ramp = change / minutes if minutes > 0 else (float("inf") if change else 0.0)
    if plan.steepest_w_per_min is not None:
        ramp = plan.steepest_w_per_min
    shown = f"{ramp / MW:.1f} MW/min, limit {limit.ramp_w_per_min / MW:.1f}"
    return Check("Ramp", f"{plan.target.name}: {shown}", ramp <= limit.ramp_w_per_min)

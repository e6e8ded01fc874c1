"""Draws up what a command would do from what was just read: targets, skipped, batches, every check. Pure.

The same function judges again at execution, then over the machines that were shown and no others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from msgspec.structs import replace

from console.domain.command import (
    MOVES_POWER,
    POWER_ALONE,
    Check,
    Command,
    Preview,
    PreviewTarget,
    Skipped,
    Verb,
    risk_of,
)
from console.domain.command_batches import Staging, batches, stage
from console.domain.command_journal import Batch
from console.domain.command_targets import Barred, Choice, choose, touchable
from console.domain.economics import change_usd_per_h
from console.domain.freshness import age_text
from console.domain.interlock import MW, CommandRules, SiteLimits, SitePlan, judge
from console.domain.machines_now import MachinesNow, Rows
from console.domain.site import Site


@dataclass(frozen=True, slots=True)
class SiteGround:
    """What is known of one site: its machines, who is barred and why, and words of another command that moves it.

    `stale` says why the read is not fresh; empty where it is.
    """

    site: Site
    now: MachinesNow
    barred: Barred = field(default_factory=dict)
    others: str = ""
    stale: str = ""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a command stands on. `skipped` are sites left out as a whole; `sites_on` those of the fleet that hash."""

    sites: tuple[SiteGround, ...]
    skipped: tuple[Skipped, ...]
    sites_on: frozenset[str]
    rules: CommandRules
    now_ms: int
    hashprice: float | None = None  # USD per PH/s and day


@dataclass(frozen=True, slots=True)
class Drawn:
    """A preview with its batches."""

    preview: Preview
    batches: tuple[Batch, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """One site's share while the whole is drawn up."""

    ground: SiteGround
    choice: Choice
    staging: Staging

    @property
    def limits(self) -> SiteLimits:
        return self.ground.site.limits_in_force

    @property
    def target(self) -> PreviewTarget:
        site, now, choice = self.ground.site, self.ground.now, self.choice
        return PreviewTarget(
            site_id=site.id,
            name=site.name,
            machines=tuple(now.roster.ids[row] for row in choice.rows.tolist()),
            power_now_w=float(choice.power_now_w.sum()),
            power_asked_w=float(choice.power_asked_w.sum()),
            hashrate_now_hs=float(choice.hashrate_now_hs.sum()),
            hashrate_asked_hs=float(choice.hashrate_asked_hs.sum()),
            measured_ms=now.at_ms,
            batches=len(self.staging.pieces),
            site_now_w=float(now.site_w) if np.isfinite(now.site_w) else None,
        )


def draw_up(command: Command, ground: Ground) -> Drawn:
    """The preview of a command that was just selected."""
    return _drawn(command, ground, [_chosen(command, site) for site in ground.sites])


def draw_again(shown: Preview, ground: Ground) -> Drawn:
    """The same machines in the same order, as far as they may still be touched: to be compared with what was shown."""
    named = {target.site_id: target.machines for target in shown.targets}
    choices = [_kept(shown.command, site, named.get(site.site.id, ())) for site in ground.sites]
    return _drawn(shown.command, ground, choices)


def _chosen(command: Command, ground: SiteGround) -> Choice:
    rows, skipped = touchable(command, ground.site.name, ground.now, ground.barred)
    return choose(command, ground.site.name, ground.now, rows, skipped)


def _kept(command: Command, ground: SiteGround, named: Sequence[str]) -> Choice:
    rows, skipped = touchable(command, ground.site.name, ground.now, ground.barred)
    shown: Rows = ground.now.roster.rows(named)
    still = shown[np.isin(shown, rows)]
    return choose(_unlimited(command), ground.site.name, ground.now, still, skipped)


def _unlimited(command: Command) -> Command:
    """Without the power to reach: which machines that takes was decided when they were shown."""
    return replace(command, arguments=replace(command.arguments, site_power_w=None))


def _drawn(command: Command, ground: Ground, choices: Sequence[Choice]) -> Drawn:
    parts = [
        _Part(site, choice, stage(command, site.site.id, choice, site.now.roster.ids, ground.rules, _limits(site)))
        for site, choice in zip(ground.sites, choices, strict=True)
    ]
    left_out = [skipped for part in parts for skipped in part.choice.skipped]
    kept = [part for part in parts if part.choice.rows.size]
    targets = tuple(_marked(part) for part in kept)
    cut = batches(command.id, [part.staging for part in kept])
    preview = Preview(
        id=command.id,
        command=command,
        targets=targets,
        skipped=(*ground.skipped, *left_out),
        checks=_checks(command, ground, parts, kept),
        risk=risk_of(command.verb, len(targets), sum(len(target.machines) for target in targets)),
        usd_per_h=sum(_worth(part.ground.site, target, ground) for part, target in zip(kept, targets, strict=True)),
        computed_ms=ground.now_ms,
    )
    return Drawn(preview, cut)


def _marked(part: _Part) -> PreviewTarget:
    """The target with the mark of who bears its names, by which they are known again when it leaves."""
    target = part.target
    return replace(target, who=part.ground.now.roster.who_bears(target.machines))


def _limits(ground: SiteGround) -> SiteLimits:
    return ground.site.limits_in_force


def _worth(site: Site, target: PreviewTarget, ground: Ground) -> float:
    delta_w = target.power_asked_w - target.power_now_w
    delta_hs = target.hashrate_asked_hs - target.hashrate_now_hs
    return change_usd_per_h(delta_w, site.power_price_usd_per_mwh, delta_hs, ground.hashprice)


def _checks(command: Command, ground: Ground, parts: Sequence[_Part], kept: Sequence[_Part]) -> tuple[Check, ...]:
    plans = [site_plan(command, part.target, part.ground.now, part.staging) for part in kept]
    limits = {part.ground.site.id: part.limits for part in kept}
    checks = [_fresh_check(command, part.ground, ground.now_ms) for part in kept]
    checks += judge(command, plans, limits, ground.now_ms)
    if command.verb in MOVES_POWER:
        checks += [_others_check(part.ground) for part in kept]
        checks += _sites_check(command, ground, plans)
        checks += [_short_check(part) for part in parts if part.choice.short_w > 0]
        checks.append(_money_check(ground))
    return tuple(checks)


def site_plan(command: Command, target: PreviewTarget, now: MachinesNow, staging: Staging) -> SitePlan:
    """What the interlocks ask of one site's part: how many machines hash once it is done, and how steep it is."""
    rows = now.roster.rows(target.machines)
    running = int(np.count_nonzero(now.running))
    stops = command.verb is Verb.CURTAIL or (command.verb is Verb.SLEEP_SCHEDULE and bool(command.arguments.sleep))
    if stops:
        running -= int(np.count_nonzero(now.running[rows]))
    elif command.verb is Verb.RESUME:
        running += int(np.count_nonzero(~now.running[rows]))
    return SitePlan(target, now.site_w, running, staging.takes_s, staging.steepest_w_per_min)


def _fresh_check(command: Command, ground: SiteGround, now_ms: int) -> Check:
    age = age_text((now_ms - ground.now.at_ms) / 1000)
    source = "by its meter" if np.isfinite(ground.now.meter_w) else "by the sum of its machines"
    detail = f"{ground.site.name}: {ground.now.site_w / MW:.1f} MW {source}, measured {age} ago"
    if ground.stale:
        detail += f"; {ground.stale}" + ("; commanded as an emergency" if command.emergency else "")
    return Check("Fresh read", detail, passed=not ground.stale or command.emergency)


def _others_check(ground: SiteGround) -> Check:
    return Check("Other commands", f"{ground.site.name}: {ground.others or 'none'}", passed=not ground.others)


def _sites_check(command: Command, ground: Ground, plans: Sequence[SitePlan]) -> list[Check]:
    least = ground.rules.least_sites_on
    if not least:
        return []
    dark = {plan.target.site_id for plan in plans if plan.machines_on_after == 0}
    after = len(ground.sites_on - dark)
    falls = bool(ground.sites_on & dark)
    return [Check("Sites on", f"{after} sites hash afterwards, least {least}", passed=not falls or after >= least)]


def _short_check(part: _Part) -> Check:
    asked_w = part.ground.now.site_w + float(np.sum(part.choice.power_asked_w - part.choice.power_now_w))
    reach = f"{part.ground.site.name}: {part.choice.short_w / MW:.2f} MW too much stay with every machine at rest"
    return Check("Asked power", f"{reach}: {asked_w / MW:.2f} MW", passed=False)


def _money_check(ground: Ground) -> Check:
    if ground.hashprice is None:
        return Check("Money", POWER_ALONE, passed=True)
    return Check("Money", f"at {ground.hashprice:.2f} USD per PH/s and day", passed=True)

"""Turns a preview into what its dialog shows: effects, rows, batch steps; and into text for a file. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from console.domain.command import POWER_ALONE, Preview, Verb
from console.domain.command_journal import Batch, CommandRecord
from console.domain.csv_text import write_rows
from console.domain.fleet_state import FleetNow
from console.domain.freshness import age_text
from console.domain.interlock import CommandRules
from console.domain.site import Fleet
from console.ui.models.commands.words import (
    MW,
    joined,
    minutes,
    power_words,
    signed_hashrate,
    signed_power,
    title,
    way_back,
)
from console.ui.numbers import NO_VALUE, decimal, hashrate_text, in_unit, integer, percent, utc_date, utc_time


@dataclass(frozen=True, slots=True)
class Effect:
    """One of the six: label, figure with its unit, and a line below."""

    label: str
    value: str
    unit: str
    below: str


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One target by name, each cell as shown; `total` for the last line."""

    key: str
    name: str
    miners: str
    now: str
    asked: str
    hashrate: str
    link: str
    batch: str
    total: bool = False

    def sentence(self) -> str:
        """For a screen reader."""
        return (
            f"{self.name}, {self.miners} miners, {self.now} before, {self.asked} asked, "
            f"{self.hashrate}, {self.link}, batch {self.batch}"
        )


@dataclass(frozen=True, slots=True)
class Steps:
    """Power as each batch would leave it, in the order of sending; the ramp decides when, so no time is promised."""

    start_w: float
    power_w: tuple[float, ...]
    limit_w: float | None
    limit_word: str


def effects(preview: Preview, now: FleetNow | None) -> tuple[Effect, ...]:
    """The six effects, signs and all; without the fleet of `now`, which is not that of a preview long past."""
    back, how = way_back(preview.command)
    targets, asked = preview.targets, preview.command.selector.sites
    left_out = len(asked) - len(targets)
    missing = sum(one.count for one in preview.skipped)
    before = sum(target.before_w for target in targets)
    figure, unit = signed_power(preview.delta_w).rsplit(" ", 1) if round(preview.delta_w) else ("0", "MW")
    rate, rate_unit = signed_hashrate(preview.delta_hs).rsplit(" ", 1) if preview.delta_hs else ("0", "PH/s")
    return (
        Effect("Sites", integer(len(targets)), f"of {len(asked)} selected", f"{left_out} skipped" if left_out else ""),
        Effect("Miners", integer(preview.machines), "", f"{integer(missing)} skipped" if missing else "none skipped"),
        Effect("Power", figure, unit, _power_from_to(preview, before)),
        Effect("Hashrate", rate, rate_unit, _fleet_after(preview, now) if now else ""),
        Effect("Money", _money(preview.usd_per_h), "$ / h", _money_words(preview)),
        Effect("Way back", back, "", how),
    )


def _power_from_to(preview: Preview, before_w: float) -> str:
    """`site 3.6 MW → 3.2 MW`; in kW where megawatts would show no change."""
    whole = all(target.site_now_w is not None for target in preview.targets)
    of = ("site " if len(preview.targets) == 1 else "sites ") if whole else ""
    after_w = before_w + preview.delta_w
    texts = [power_words(power_w) for power_w in (before_w, after_w)]
    if texts[0] == texts[1] and round(preview.delta_w):
        texts = [f"{in_unit(power_w, 'kW', 0)} kW" for power_w in (before_w, after_w)]
    return f"{of}{' → '.join(texts)}"


def _fleet_after(preview: Preview, now: FleetNow) -> str:
    before, deployed = now.total.value("hashrate_hs"), now.total.value("deployed_hs")
    after = before + preview.delta_hs
    if not deployed > 0 or not math.isfinite(after):
        return ""
    return f"fleet {hashrate_text(before)[0]} → {' '.join(hashrate_text(after))}, {percent(after / deployed)} %"


def _money(usd_per_h: float) -> str:
    text = decimal(usd_per_h)
    return f"+{text}" if usd_per_h > 0 and text not in ("0", NO_VALUE) else text


def _money_words(preview: Preview) -> str:
    if not math.isfinite(preview.usd_per_h):
        return "not known: a price is missing"
    if any(check.detail == POWER_ALONE for check in preview.checks):
        return "power alone, no hash price"
    return "power saved less hashrate lost" if preview.delta_w < 0 else "hashrate earned less power"


def target_rows(preview: Preview, batches: Sequence[Batch], now: FleetNow | None) -> tuple[TargetRow, ...]:
    """Each target with its numbers, and the total as the last row; the links are those of `now`, if it is told."""
    numbers = batch_numbers(batches)
    links = {entry.site.id: entry.link.link.value if entry.link else NO_VALUE for entry in (now.sites if now else ())}
    rows = [
        TargetRow(
            target.site_id,
            target.name,
            integer(len(target.machines)),
            power_words(target.before_w),
            power_words(target.after_w),
            _hashrate_change(target.hashrate_asked_hs - target.hashrate_now_hs),
            joined((links.get(target.site_id, ""), age_text((preview.computed_ms - target.measured_ms) / 1000))),
            numbers.get(target.site_id, NO_VALUE),
        )
        for target in preview.targets
    ]
    if len(rows) < 2:
        return tuple(rows)
    before = sum(target.before_w for target in preview.targets)
    total = TargetRow(
        "total",
        "Total",
        integer(preview.machines),
        power_words(before),
        power_words(before + preview.delta_w),
        _hashrate_change(preview.delta_hs),
        "",
        f"{len(batches)}",
        total=True,
    )
    return (*rows, total)


def _hashrate_change(delta_hs: float) -> str:
    return signed_hashrate(delta_hs) if delta_hs else "0 PH/s"


def batch_numbers(batches: Sequence[Batch]) -> Mapping[str, str]:
    """By site the numbers of its batches: `1 – 2`, `5`."""
    by_site: dict[str, list[int]] = {}
    for batch in batches:
        by_site.setdefault(batch.site_id, []).append(batch.number)
    return {
        site_id: f"{min(found)}" if len(found) == 1 else f"{min(found)} – {max(found)}"
        for site_id, found in by_site.items()
    }


def steps(preview: Preview, batches: Sequence[Batch], fleet: Fleet) -> Steps:
    """The stair that the power of the sites walks batch by batch, and their floor or cap together."""
    power = start = sum(target.before_w for target in preview.targets)
    power_w = []
    for batch in sorted(batches, key=lambda one: one.number):
        power += batch.delta_w
        power_w.append(power)
    limit, word = _limit(preview, fleet)
    return Steps(start, tuple(power_w), limit, word)


def _limit(preview: Preview, fleet: Fleet) -> tuple[float | None, str]:
    known = {site.id: site.limits_in_force for site in fleet.sites}
    if any(target.site_now_w is None for target in preview.targets):
        return None, ""  # a limit is one of whole sites: beside a stair of some machines it would mean nothing
    limits = [known[target.site_id] for target in preview.targets if target.site_id in known]
    if not limits or len(limits) < len(preview.targets) or not preview.delta_w:
        return None, ""
    if preview.delta_w > 0:
        return sum(limit.cap_w for limit in limits), "cap"
    floor = sum(limit.floor_w for limit in limits)
    return (floor, "floor") if floor > 0 else (None, "")


def source_words(preview: Preview) -> str:
    """`preview 4f2a91c, computed 14:31:58 UTC from data 2 – 6 s old`."""
    ages = sorted((preview.computed_ms - target.measured_ms) / 1000 for target in preview.targets)
    old = ""
    if ages:
        first, last = age_text(ages[0]), age_text(ages[-1])
        old = f" from data {first if first == last else f'{first} – {last}'} old"
    return f"preview {preview.id[:8]}, computed {utc_time(preview.computed_ms)} UTC{old}"


def failure_rules(rules: CommandRules) -> tuple[str, ...]:
    """What happens by itself, in three lines."""
    return (
        f"Over {decimal(rules.stop_at_share * 100)} % of what was asked fails: it stops, holds and raises an alarm.",
        f"Read-back not within {minutes(rules.read_back_s)}: marked unverified, with an alarm.",
        "Stop at any time: what was sent stays as it is and can be taken back.",
    )


def batch_words(batches: Sequence[Batch], rules: CommandRules) -> str:
    """How they follow each other."""
    if len(batches) < 2:
        return "all at once"
    return f"at least {minutes(rules.batch_gap_s)} apart, slower where the ramp asks"


def preview_text(preview: Preview, record: CommandRecord | None, batches: Sequence[Batch], now: FleetNow) -> str:
    """The preview as CSV: what is asked, each target in canonical units, what is skipped, every check."""
    command = preview.command
    names = now.fleet.site_names()
    numbers = batch_numbers(batches)
    rows: list[tuple[str | float | int | None, ...]] = [
        ("command", title(command, names), command.id),
        ("reason", command.reason, ""),
        ("asked by", command.by, command.desk),
        ("computed", f"{utc_date(preview.computed_ms)} {utc_time(preview.computed_ms)} UTC", preview.id),
        ("risk", int(preview.risk), ""),
        ("change of power [W]", preview.delta_w, ""),
        ("change of hashrate [H/s]", preview.delta_hs, ""),
        ("money [USD/h]", preview.usd_per_h, ""),
        ("way back", *way_back(command)),
    ]
    if record is not None and record.approval is not None:
        rows.append(("second person", record.approval.by, "agreed" if record.approval.agreed else "refused"))
    rows += [
        (
            "target",
            target.name,
            target.site_id,
            len(target.machines),
            target.power_now_w,
            target.power_asked_w,
            target.hashrate_now_hs,
            target.hashrate_asked_hs,
            numbers.get(target.site_id, ""),
        )
        for target in preview.targets
    ]
    rows += [("skipped", one.name, one.reason, one.count) for one in preview.skipped]
    rows += [("check", one.name, one.detail, "passed" if one.passed else "failed") for one in preview.checks]
    head = ("what", "name", "detail", "machines", "now [W]", "asked [W]", "now [H/s]", "asked [H/s]", "batches")
    return write_rows(head, rows)


def moves_power(preview: Preview) -> bool:
    """Whether there is a stair to draw."""
    return preview.command.verb not in (Verb.LOCATE, Verb.CHANGE_POOL) and abs(preview.delta_w) > 0.001 * MW

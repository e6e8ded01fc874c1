"""Writes commands, previews and batches for a terminal, and as plain facts for a script."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any

from console.cli.alarms_text import plain
from console.cli.status import iso, known
from console.cli.table import columns
from console.domain.command import Preview, name_to_type
from console.domain.command_journal import Batch, CommandRecord

MOST_TARGETS = 60  # lines in a terminal; --json has them all
RISKS = ("", "low", "medium", "high", "fleet")


def write(as_json: bool, facts: Any, lines: Sequence[str]) -> None:
    """To standard output, in the form that was asked for."""
    text = json.dumps(facts, indent=2, allow_nan=False) if as_json else "\n".join(map(plain, lines))
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def list_lines(records: Sequence[CommandRecord]) -> list[str]:
    """A line a command, newest first."""
    heading = ("ID", "AT", "VERB", "TARGET", "BY", "STATE", "MACHINES", "MW")
    rows = [
        (
            record.id,
            iso(record.command.at_ms) or "",
            str(record.command.verb),
            record.command.selector.title or ", ".join(record.command.selector.sites[:3]),
            record.command.by,
            str(record.phase),
            f"{record.machines:,}",
            f"{record.delta_w / 1e6:+.2f}",
        )
        for record in records
    ]
    return columns([heading, *rows], right=(6, 7))


def record_lines(record: CommandRecord) -> list[str]:
    """What is kept of a command itself."""
    command = record.command
    lines = [f"{command.verb} {record.id} by {command.by} at {iso(command.at_ms)}: {command.reason}"]
    if record.approval is not None:
        word = "agreed" if record.approval.agreed else "disagreed"
        lines.append(f"{record.approval.by} {word} at {iso(record.approval.at_ms)} {record.approval.note}".rstrip())
    if record.revert_at_ms is not None:
        way = "confirmed" if record.confirmed else record.reverted_by or "unless confirmed"
        lines.append(f"taken back at {iso(record.revert_at_ms)}: {way}")
    return [*lines, progress_line(record)]


def progress_line(record: CommandRecord) -> str:
    """`running: 3 of 8 batches sent; 60 verified, 100 requested`."""
    counts = ", ".join(f"{count:,} {state}" for state, count in record.counts.items())
    words = f" ({record.words})" if record.words and record.words != counts else ""
    return f"{record.phase}: {record.batches_sent} of {record.batches} batches sent; {counts}{words}"


def preview_lines(preview: Preview) -> list[str]:
    """What a command would do, as the desktop's preview says it."""
    command = preview.command
    change = f"{preview.delta_w / 1e6:+.3f} MW, {preview.delta_hs / 1e15:+.2f} PH/s, {preview.usd_per_h:+.2f} USD/h"
    machines, sites = _many(preview.machines, "machine"), _many(len(preview.targets), "site")
    batches = _many(sum(target.batches for target in preview.targets), "batch", "batches")
    lines = [
        f"{command.verb}: {machines} at {sites}, {change}",
        f"risk {RISKS[preview.risk]}; {batches}; name to type: {name_to_type(preview)}",
    ]
    rows = [
        (target.name, f"{len(target.machines):,}", _change(target.before_w, target.after_w, 1e6, "MW"))
        for target in preview.targets[:MOST_TARGETS]
    ]
    lines += [f"  {line}" for line in columns(rows, right=(1,))]
    more = len(preview.targets) - MOST_TARGETS
    lines += [f"  and {more} sites more"] if more > 0 else []
    lines += [f"  skipped {left.count:,} of {left.name}: {left.reason}" for left in preview.skipped]
    return lines + [f"  {'ok' if check.passed else 'NO'}  {check.name}: {check.detail}" for check in preview.checks]


def _many(count: int, one: str, several: str = "") -> str:
    return f"{count:,} {one if count == 1 else several or one + 's'}"


def _change(before: float, after: float, scale: float, unit: str) -> str:
    return f"{before / scale:.3f} -> {after / scale:.3f} {unit}"


def batch_lines(batches: Sequence[Batch]) -> list[str]:
    """A line a batch."""
    rows = [
        (
            str(batch.number),
            batch.site_id,
            iso(batch.sent_ms) or "not sent",
            ", ".join(f"{count:,} {state}" for state, count in batch.counts().items()),
            batch.words,
        )
        for batch in batches
    ]
    return columns([("BATCH", "SITE", "SENT", "MACHINES", ""), *rows], right=(0,)) if rows else []


def record_facts(record: CommandRecord) -> dict[str, Any]:
    """A command as JSON has it."""
    command = record.command
    return {
        "id": record.id,
        "verb": str(command.verb),
        "sites": list(command.selector.sites),
        "title": command.selector.title,
        "by": command.by,
        "desk": command.desk,
        "reason": command.reason,
        "at": iso(command.at_ms),
        "phase": str(record.phase),
        "risk": RISKS[record.risk],
        "machines": record.machines,
        "delta_w": known(record.delta_w),
        "delta_hs": known(record.delta_hs),
        "usd_per_h": known(record.usd_per_h),
        "needs_second_person": record.needs_second,
        "set_in_motion_alone_w": known(record.lately_w),
        "approved_by": record.approval.by if record.approval and record.approval.agreed else None,
        "started_at": iso(record.started_ms),
        "ended_at": iso(record.ended_ms),
        "batches": record.batches,
        "batches_sent": record.batches_sent,
        "counts": {str(state): count for state, count in record.counts.items()},
        "revert_at": iso(record.revert_at_ms),
        "confirmed": record.confirmed,
        "reverted_by": record.reverted_by or None,
        "words": record.words,
    }


def show_facts(record: CommandRecord, preview: Preview, batches: Sequence[Batch]) -> dict[str, Any]:
    """A command with its preview and batches as JSON has it."""
    skipped: Counter[tuple[str, str]] = Counter()
    for left in preview.skipped:
        skipped[left.name, left.reason] += left.count
    return record_facts(record) | {
        "allowed": preview.allowed,
        "name_to_type": name_to_type(preview),
        "targets": [
            {
                "site": target.site_id,
                "name": target.name,
                "machines": list(target.machines),
                "site_now_w": target.site_now_w,
                "power_now_w": known(target.power_now_w),
                "power_asked_w": known(target.power_asked_w),
                "hashrate_now_hs": known(target.hashrate_now_hs),
                "hashrate_asked_hs": known(target.hashrate_asked_hs),
                "measured_at": iso(target.measured_ms),
            }
            for target in preview.targets
        ],
        "skipped": [{"name": name, "reason": reason, "count": count} for (name, reason), count in skipped.items()],
        "checks": [{"name": check.name, "detail": check.detail, "passed": check.passed} for check in preview.checks],
        "by_batch": [
            {
                "number": batch.number,
                "site": batch.site_id,
                "sent_at": iso(batch.sent_ms),
                "counts": {str(state): count for state, count in batch.counts().items()},
                "words": batch.words,
            }
            for batch in batches
        ],
    }

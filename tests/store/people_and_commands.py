"""Made-up commands, batches and audit rows for the tests of the journal; every one follows from its number."""

from __future__ import annotations

from console.domain.audit import AuditRow
from console.domain.command import (
    Arguments,
    Check,
    Command,
    Preview,
    PreviewTarget,
    Risk,
    Selector,
    Skipped,
    TargetState,
    Verb,
)
from console.domain.command_journal import Batch, CommandRecord, recorded, states_of


def command(number: int = 1, machines: int = 0) -> Command:
    named = {"s-0": tuple(f"m{position:06d}" for position in range(machines))} if machines else {}
    return Command(
        id=f"c-{number}", verb=Verb.CURTAIL, selector=Selector(("s-0",), machines=named, title="Texas"),
        reason="grid asks", by="ada", desk="desk 1", at_ms=1000 + number, arguments=Arguments(site_power_w=2e6),
        revert_after_s=600.0,
    )  # fmt: skip


def preview(number: int = 1, machines: int = 4) -> Preview:
    target = PreviewTarget(
        site_id="s-0", name="S 0", machines=tuple(f"m{position:06d}" for position in range(machines)),
        power_now_w=2e7, power_asked_w=2e6, hashrate_now_hs=1e18, hashrate_asked_hs=1e17, measured_ms=900,
    )  # fmt: skip
    return Preview(
        id=f"p-{number}", command=command(number), targets=(target,), skipped=(Skipped("S 1", 3, "stale"),),
        checks=(Check("Ramp", "2 MW/min", passed=True),), risk=Risk.HIGH, usd_per_h=-120.5, computed_ms=1000 + number,
    )  # fmt: skip


def record(number: int = 1, machines: int = 4, **more: object) -> CommandRecord:
    made = recorded(preview(number, machines), role=2, needs_second=True, batches=1)
    return CommandRecord(**{**{name: getattr(made, name) for name in made.__struct_fields__}, **more})


def batch(number: int = 0, machines: int = 4, state: TargetState = TargetState.REQUESTED, **more: object) -> Batch:
    return Batch(
        number=number, site_id="s-0", key=f"key-{number}", delta_w=-1.8e7, states=states_of(state, machines),
        machines=tuple(f"m{number:03d}-{position:06d}" for position in range(machines)), **more,
    )  # fmt: skip


def said(number: int = 1, **more: object) -> AuditRow:
    """A row as it comes to the store: not chained yet."""
    return AuditRow(
        **{
            "seq": 0, "at_ms": 1000 + number, "monotonic_ns": number, "actor": "ada", "role": "operator",
            "desk": "desk 1", "action": f"step {number}", "command_id": f"c-{number % 3}", **more,
        }
    )  # fmt: skip

"""Commands for tests of the screen: previews and records over the fake fleet, and a collector that answers on call."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from console.domain.access import Person, Role
from console.domain.audit import AuditRow, chained
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
    risk_of,
)
from console.domain.command_journal import STATES, Batch, CommandRecord, Phase, recorded, states_of, total
from console.link.messages import FromDesktop
from console.link.orders import CommandAnswer
from console.ui.models.commands.live import LiveCommands
from console.ui.models.desk import Desk
from console.ui.models.live import LiveFleet
from tests.ui.fakes import NOW_MS, FakeStore

MACHINES = 40


def command(command_id: str, store: FakeStore, sites: int = 1, verb: Verb = Verb.CURTAIL, **more: object) -> Command:
    """What operator 2 asks of the first sites."""
    ids = tuple(site.id for site in store.of.sites[:sites])
    title = "Texas and Plains" if sites > 1 else store.of.sites[0].name
    power = {Verb.CURTAIL: Arguments(site_power_w=5e6)}.get(verb, Arguments())
    return Command(
        id=command_id,
        verb=verb,
        selector=Selector(sites=ids, title=title),
        reason="power price 96 $/MWh until 18:00",
        by="operator 2",
        desk="desk 2",
        at_ms=NOW_MS - 9000,
        arguments=power,
        **more,
    )


def preview(of: Command, store: FakeStore, computed_ms: int = NOW_MS - 9000, risk: Risk | None = None) -> Preview:
    """A preview of it with two batches a site."""
    now = store.now()
    targets = tuple(
        PreviewTarget(
            site_id=site_id,
            name=now.site(site_id).site.name,
            machines=tuple(f"{site_id}-m{number}" for number in range(MACHINES)),
            power_now_w=now.site(site_id).value("meter_w"),
            power_asked_w=5e6,
            hashrate_now_hs=now.site(site_id).value("hashrate_hs"),
            hashrate_asked_hs=now.site(site_id).value("hashrate_hs") * 0.2,
            measured_ms=computed_ms - 2000 - place * 1000,
            batches=2,
        )
        for place, site_id in enumerate(of.selector.sites)
    )
    return Preview(
        id=f"p{of.id}",
        command=of,
        targets=targets,
        skipped=(
            Skipped("West Texas 2", 1, "already curtailed by plan 13 until 16:00"),
            Skipped("", 212, "in service, locked by work orders 1174, 1182, 1188"),
        ),
        checks=tuple(
            check
            for target in targets
            for check in (
                Check("Ramp", f"{target.name}: 14.5 MW/min, limit 20.0", passed=True),
                Check("Contract floor", f"{target.name}: 5.0 MW, floor 2.5", passed=True),
            )
        ),
        risk=risk or risk_of(of.verb, len(targets), MACHINES * len(targets)),
        usd_per_h=2013.0,
        computed_ms=computed_ms,
    )


def batches(of: Preview, states: Callable[[int], TargetState] = lambda _number: TargetState.REQUESTED) -> list[Batch]:
    """Two a site; `states` says how far batch N is."""
    made = []
    for target in of.targets:
        for half in range(2):
            number = len(made) + 1
            machines = target.machines[half * MACHINES // 2 : (half + 1) * MACHINES // 2]
            state = states(number)
            sent = None if state is TargetState.REQUESTED else NOW_MS - 60_000 + number * 1000
            made.append(
                Batch(
                    number=number,
                    site_id=target.site_id,
                    key=f"{of.id}-{number}",
                    machines=machines,
                    states=states_of(state, len(machines)),
                    delta_w=(target.power_asked_w - target.power_now_w) / 2,
                    sent_ms=sent,
                    due_ms=None if sent is None else sent + 180_000,
                )
            )
    return made


def keep(
    store: FakeStore, of: Preview, parts: list[Batch], needs_second: bool = False, phase: Phase = Phase.PREVIEWED,
    **more: object,
) -> CommandRecord:  # fmt: skip
    """Into the fake store, as the collector would."""
    record = recorded(of, int(Role.OPERATOR), needs_second, len(parts))
    record = msgspec.structs.replace(record, phase=phase, counts=total(parts), **more)
    command_id = of.command.id
    store.records[command_id], store.previews[command_id], store.batches_of[command_id] = record, of, parts
    return record


def running(store: FakeStore, sites: int = 5, command_id: str = "running1") -> CommandRecord:
    """A command in the middle: verified, accepted, one batch with trouble, the rest requested."""
    of = preview(command(command_id, store, sites, revert_after_s=1800.0), store, NOW_MS - 200_000)
    order = (TargetState.VERIFIED, TargetState.VERIFIED, TargetState.ACCEPTED, TargetState.SENT)
    parts = batches(of, lambda number: order[number - 1] if number <= len(order) else TargetState.REQUESTED)
    codes = bytearray(parts[1].states)
    codes[3] = STATES.index(TargetState.UNVERIFIED)
    codes[7] = STATES.index(TargetState.UNKNOWN)
    parts[1] = msgspec.structs.replace(parts[1], states=bytes(codes), words="two machines have not been read back")
    return keep(store, of, parts, phase=Phase.RUNNING, started_ms=NOW_MS - 90_000, batches_sent=4,
                next_batch_ms=NOW_MS + 8000, due_ms=NOW_MS + 120_000, revert_at_ms=NOW_MS + 1_700_000)  # fmt: skip


def audit_of(store: FakeStore, *ids: str) -> None:
    """Rows of a chain about these commands."""
    for place, command_id in enumerate(ids * 2):
        row = AuditRow(
            seq=0, at_ms=NOW_MS - 90_000 + place, monotonic_ns=place, actor="operator 2", role="operator",
            desk="desk 2", command_id=command_id, action="sent" if place >= len(ids) else "requested",
            target="North America 1", requested="curtail", reason="power price",
        )  # fmt: skip
        store.audit_rows.append(chained(row, store.audit_rows[-1] if store.audit_rows else None))


class Collector:
    """Takes what is asked; answers when the test says so, or at once by `on`: message type -> act."""

    def __init__(self, commands: LiveCommands) -> None:
        self.commands, self.asked = commands, []
        self.on: dict[type, Callable[[object], object]] = {}
        self.attached = True

    def ask(self, message: FromDesktop) -> bool:
        if not self.attached:
            return False
        self.asked.append(message)
        act = self.on.get(type(message))
        if act is not None:
            act(message)
        return True

    def of(self, kind: type) -> list:
        """Every message of a kind."""
        return [message for message in self.asked if isinstance(message, kind)]

    def agree(self, message: object, *refused: str) -> None:
        """Answer a request about a command."""
        command_id = getattr(message, "command_id", "") or message.command.id
        self.commands.heard(CommandAnswer(request=message.request, command_id=command_id, refused=refused))


def at_a_desk(live: LiveFleet, role: Role | None = Role.OPERATOR) -> Collector:
    """Somebody signed in (or nobody), and a collector at the other end."""
    desk, commands = Desk.of(live), LiveCommands.of(live)
    collector = Collector(commands)
    desk.use(collector.ask, "desk 2")
    commands.use(collector.ask)
    if role is not None:
        desk.session, desk.person = "s1", Person("operator 2", role)
        desk.changed.emit()
    commands.load()
    return collector

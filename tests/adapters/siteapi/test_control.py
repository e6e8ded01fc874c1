"""Commands through the Site API against the simulator over real HTTP: every verb, every fault, both kinds of fleet."""

from __future__ import annotations

import dataclasses
import json
import socket
from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np
import pytest

from console.adapters.base import Deadline
from console.adapters.control import Controller, Step
from console.adapters.registry import Registry
from console.domain.command import Arguments, Order, SleepWindow, Verb
from console.domain.errors import AuthRefused, CommandLost, CommandRefused, NotSent, SourceError, TooSlow, Unsupported
from console.domain.site import Site, Source
from console.simulator.clock import Clock
from console.simulator.faults import Fault
from console.simulator.host import SiteHost
from console.simulator.plan import demo_sites, scaled
from console.simulator.server import FleetServer
from tests.adapters.siteapi.test_client import site_of
from tests.contract import siteapi_case
from tests.hostile import Hostile, answering

NOON_S = 1_795_000_000.0  # of a calm day: the host rests none of its machines
READS, COMMANDS = "reading-token", "commanding-token"
SECRETS = {"reads": READS, "commands": COMMANDS}


class Yard:
    """One simulated site whose clock the test moves, and a controller of it."""

    def __init__(self) -> None:
        self.at_s = NOON_S
        plan = scaled(demo_sites(), 1, 400)[0]
        self.host = SiteHost(plan, 1, Clock(NOON_S, 1.0, lambda: self.at_s))
        self.server = FleetServer(0, {plan.id: self.host}, READS, control_token=COMMANDS)
        self.server.start()
        self.site = site_of(plan, f"{self.server.base_url}/sites/{plan.id}", "reads")
        self.site = changed(self.site, control_credential="commands", simulated=True)
        self.control = self.open(self.site)
        self.names = self.host.yard.miner_ids

    def open(self, site: Site) -> Controller:
        return Registry(()).open_control(site, SECRETS.__getitem__)

    def fail(self, fault: Fault | None) -> None:
        self.server.faults = {self.site.id: fault} if fault else {}

    def later(self, seconds: float = 30.0) -> None:
        self.at_s += seconds

    def states(self) -> list[str | None]:
        state = json.loads(self.host.telemetry({}, None).body)["state"]
        return [None if index is None else state["words"][index] for index in state["values"]]

    def column(self, name: str) -> np.ndarray:
        told = json.loads(self.host.telemetry({}, None).body)["metrics"][name]["values"]
        return np.array([np.nan if value is None else value for value in told])

    def working(self, count: int = 40) -> tuple[str, ...]:
        found = [name for name, state in zip(self.names, self.states(), strict=True) if state == "mining"]
        return tuple(found[:count])

    def rows(self, names: tuple[str, ...]) -> list[int]:
        return [self.names.index(name) for name in names]

    def acts(self) -> int:
        return len(self.host.desk.acts)

    def end(self) -> None:
        self.control.close()
        self.server.end()


def changed(site: Site, simulated: bool | None = None, **source: Any) -> Site:
    kept = {name: getattr(site.source, name) for name in Source.__struct_fields__}
    said = site.simulated if simulated is None else simulated
    return msgspec.structs.replace(site, simulated=said, source=Source(**{**kept, **source}))


def order(verb: Verb, *machines: str, **arguments: Any) -> Order:
    told = Arguments(**arguments)
    return Order(verb=verb, machines=machines, arguments=told, reason="a test", by="ada")


def soon() -> Deadline:
    return Deadline.after(10)


@pytest.fixture
def yard() -> Iterator[Yard]:
    one = Yard()
    yield one
    one.end()


def test_a_site_tells_what_it_can_be_asked(yard: Yard) -> None:
    assert yard.control.abilities(soon()) == frozenset(Verb)


def test_every_verb_of_the_domain_is_previewed_without_touching_anything_and_then_taken(yard: Yard) -> None:
    assert list(Verb)[:2] == [Verb.CURTAIL, Verb.RESUME]
    arguments: dict[Verb, dict[str, Any]] = {
        Verb.POWER_TARGET: {"machine_power_w": 2400.0},
        Verb.CHANGE_POOL: {"pool_url": "stratum+tcp://pool.example:3333", "pool_worker": "w"},
        Verb.SLEEP_SCHEDULE: {"sleep": (SleepWindow(60, 120),)},
    }
    machines: tuple[str, ...] = ()
    for number, verb in enumerate(Verb):
        machines = machines if verb is Verb.RESUME else yard.working(10)  # those that were curtailed just before
        asked = order(verb, *machines, **arguments.get(verb, {}))
        before = yard.acts()
        seen = yard.control.preview(asked, soon())
        assert set(seen.machines) == set(machines), verb
        assert yard.acts() == before
        taken = yard.control.execute(asked, f"key-{number}", soon())
        assert taken.refused == {}
        assert yard.acts() == before + 1
        act = yard.host.desk.acts[-1]
        assert {yard.names[index] for index in act.targets} == set(machines)
        yard.later()
        over = yard.control.progress(taken.token, soon())
        assert over.over
        assert set(over.steps) == set(machines)


def test_a_curtailment_and_its_resumption_are_foreseen_and_seen(yard: Yard) -> None:
    machines = yard.working()
    rows = yard.rows(machines)
    before_w = yard.column("power")[rows].sum()
    seen = yard.control.preview(order(Verb.CURTAIL, *machines), soon())
    assert seen.delta_w == pytest.approx(-before_w, rel=0.05)
    assert seen.delta_hs is not None
    assert seen.delta_hs < -1e15
    yard.control.execute(order(Verb.CURTAIL, *machines), "off", soon())
    yard.later()
    assert yard.column("power")[rows].sum() < 0.1 * before_w
    yard.control.execute(order(Verb.RESUME, *machines), "on", soon())
    yard.later()
    assert yard.column("power")[rows].sum() == pytest.approx(before_w, rel=0.05)


def test_machines_that_cannot_be_touched_are_named_with_the_sites_reason(yard: Yard) -> None:
    stopped = yard.names[yard.states().index("stopped")]
    asked = order(Verb.CURTAIL, *yard.working(3), stopped, "not-there")
    skipped = {one.name: (one.count, one.reason) for one in yard.control.preview(asked, soon()).skipped}
    assert skipped == {stopped: (1, "stopped: it does not hash"), "not-there": (1, "not in the roster")}
    taken = yard.control.execute(asked, "k", soon())
    assert taken.refused == {stopped: "stopped: it does not hash", "not-there": "not in the roster"}


@pytest.mark.parametrize(
    ("told", "held_w"), [({"machine_power_w": 2400.0}, 2400.0), ({"machine_share": 0.75}, 0.75 * 141 * 22.5)]
)
def test_a_power_target_in_watts_and_as_a_share(yard: Yard, told: dict[str, float], held_w: float) -> None:
    machines = yard.working(10)
    yard.control.execute(order(Verb.POWER_TARGET, *machines, **told), "k", soon())
    yard.later()
    assert np.median(yard.column("power")[yard.rows(machines)]) == pytest.approx(held_w, rel=0.06)


def test_a_power_target_needs_exactly_one_of_the_two(yard: Yard) -> None:
    for told in ({}, {"machine_power_w": 1.0, "machine_share": 0.5}):
        with pytest.raises(NotSent, match="either watts or a share"):
            yard.control.execute(order(Verb.POWER_TARGET, *yard.working(1), **told), "k", soon())


def test_machines_sleep_by_their_schedule_wake_after_it_and_are_free_of_it_when_it_is_cleared(yard: Yard) -> None:
    machines, minute = yard.working(5), int(NOON_S // 60 % 1440)
    rows = yard.rows(machines)
    window = SleepWindow(minute, (minute + 10) % 1440)
    asked = order(Verb.SLEEP_SCHEDULE, *machines, sleep=(window,))
    assert yard.control.preview(asked, soon()).delta_w == pytest.approx(-yard.column("power")[rows].sum(), rel=0.05)
    yard.control.execute(asked, "k1", soon())
    yard.later()
    assert {yard.states()[row] for row in rows} == {"curtailed"}
    skipped = yard.control.preview(order(Verb.RESUME, *machines), soon()).skipped
    assert [one.reason for one in skipped] == ["sleeps by its schedule: clear that first"]
    yard.later(600)
    assert "curtailed" not in {yard.states()[row] for row in rows}
    yard.later(86_400 - 630)
    assert {yard.states()[row] for row in rows} == {"curtailed"}
    yard.control.execute(order(Verb.SLEEP_SCHEDULE, *machines), "k2", soon())
    yard.later()
    assert "curtailed" not in {yard.states()[row] for row in rows}


def test_progress_comes_step_by_step(yard: Yard) -> None:
    taken = yard.control.execute(order(Verb.REBOOT, *yard.working(10)), "k", soon())
    first = yard.control.progress(taken.token, soon())
    assert (set(first.steps.values()), first.over) == ({Step.SENT}, False)
    with pytest.raises(Unsupported, match="tells nothing of the command"):
        yard.control.progress("c1234", soon())


def test_the_same_key_is_the_same_command_and_with_another_order_it_is_refused(yard: Yard) -> None:
    asked = order(Verb.REBOOT, *yard.working(3))
    assert yard.control.execute(asked, "k", soon()).token == yard.control.execute(asked, "k", soon()).token
    assert yard.acts() == 1
    with pytest.raises(CommandRefused, match="this Idempotency-Key was used for another command"):
        yard.control.execute(order(Verb.CURTAIL, *yard.working(3)), "k", soon())
    assert yard.acts() == 1


def test_a_site_that_refuses_says_why(yard: Yard) -> None:
    yard.fail(Fault.REFUSES)
    assert yard.control.preview(order(Verb.CURTAIL, *yard.working(3)), soon()).machines
    with pytest.raises(CommandRefused, match="refuses: the grid operator holds this site until further notice"):
        yard.control.execute(order(Verb.CURTAIL, *yard.working(3)), "k", soon())
    assert yard.acts() == 0


def test_an_answer_that_is_lost_after_the_deed_is_lost_and_the_key_finds_the_deed_again(yard: Yard) -> None:
    yard.fail(Fault.LOSES_ANSWER)
    asked = order(Verb.CURTAIL, *yard.working(10))
    with pytest.raises(CommandLost, match="whether anything was done is not known"):
        yard.control.execute(asked, "k", soon())
    assert yard.acts() == 1
    yard.fail(None)
    assert yard.control.execute(asked, "k", soon()).token == yard.host.desk.commands()[0].id
    assert yard.acts() == 1


def test_a_site_that_answers_twice_does_it_once_and_its_second_answer_is_nobodys(yard: Yard) -> None:
    yard.fail(Fault.ANSWERS_TWICE)
    asked = order(Verb.REBOOT, *yard.working(10))
    taken = yard.control.execute(asked, "k", soon())
    assert yard.acts() == 1
    assert yard.control.abilities(soon()) == frozenset(Verb)
    assert set(yard.control.progress(taken.token, soon()).steps) == set(asked.machines)
    assert yard.control.execute(asked, "k", soon()).token != taken.token, "it forgets its keys: a retry would double"
    assert yard.acts() == 2


@pytest.mark.parametrize(("fault", "obeying"), [(Fault.DOES_NOTHING, 0), (Fault.HALF, 20)])
def test_a_site_that_says_done_and_is_not_shows_only_in_the_frames(yard: Yard, fault: Fault, obeying: int) -> None:
    yard.fail(fault)
    machines = yard.working(40)
    taken = yard.control.execute(order(Verb.CURTAIL, *machines), "k", soon())
    yard.later()
    assert set(yard.control.progress(taken.token, soon()).steps.values()) == {Step.DONE}
    assert [yard.states()[row] for row in yard.rows(machines)].count("curtailed") == obeying


def test_seven_percent_fail_and_are_named(yard: Yard) -> None:
    yard.fail(Fault.FAILS_7_PERCENT)
    machines = yard.working(100)
    taken = yard.control.execute(order(Verb.CURTAIL, *machines), "k", soon())
    yard.later()
    steps = yard.control.progress(taken.token, soon()).steps
    failed = tuple(name for name, step in steps.items() if step is Step.FAILED)
    assert len(failed) == 7
    assert {yard.states()[row] for row in yard.rows(failed)} == {"mining"}


def test_machines_that_wake_low_hash_poorly_until_they_are_rebooted(yard: Yard) -> None:
    machines = yard.working(40)
    rows = yard.rows(machines)
    before = yard.column("hashrate")[rows].sum()
    yard.control.execute(order(Verb.CURTAIL, *machines), "off", soon())
    yard.later()
    yard.fail(Fault.WAKES_LOW)
    yard.control.execute(order(Verb.RESUME, *machines), "on", soon())
    yard.later()
    assert 0.3 * before < yard.column("hashrate")[rows].sum() < 0.5 * before
    yard.control.execute(order(Verb.REBOOT, *machines), "again", soon())
    yard.later(240)
    assert yard.column("hashrate")[rows].sum() > 0.9 * before


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault.HANG, NotSent),
        (Fault.RESET, NotSent),
        (Fault.SERVER_ERROR, NotSent),
        (Fault.HTML, NotSent),
        (Fault.TOO_MANY, NotSent),
        (Fault.UNAUTHORIZED, NotSent),
        (Fault.REDIRECT, NotSent),
    ],
)
def test_a_site_whose_facts_cannot_be_read_is_sent_nothing(yard: Yard, fault: Fault, kind: type[SourceError]) -> None:
    asked = order(Verb.CURTAIL, *yard.working(3))
    yard.fail(fault)
    with pytest.raises(kind):
        yard.control.execute(asked, "k", Deadline.after(1))
    assert yard.acts() == 0


def test_where_nothing_listens_nothing_is_sent(yard: Yard) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    control = yard.open(changed(yard.site, settings={"base_url": f"http://127.0.0.1:{port}"}))
    with pytest.raises(NotSent, match="refused the connection"):
        control.execute(order(Verb.REBOOT, "m"), "k", soon())
    control.close()


def test_a_deadline_that_has_passed_sends_nothing(yard: Yard) -> None:
    with pytest.raises(NotSent):
        yard.control.execute(order(Verb.REBOOT, *yard.working(1)), "k", dataclasses.replace(soon(), ends_at_s=0.0))
    with pytest.raises(TooSlow):
        yard.control.abilities(dataclasses.replace(soon(), ends_at_s=0.0))


def test_r60_a_real_fleet_cannot_command_a_simulated_site(yard: Yard) -> None:
    control = yard.open(changed(yard.site, simulated=False))
    asked = order(Verb.CURTAIL, *yard.working(3))
    with pytest.raises(NotSent, match="the site says that it is simulated, and the fleet is not"):
        control.execute(asked, "k", soon())
    for ask in (lambda: control.preview(asked, soon()), lambda: control.abilities(soon())):
        with pytest.raises(Unsupported, match="simulated"):
            ask()
    assert yard.acts() == 0
    control.close()


def test_r60_a_simulated_fleet_cannot_command_a_site_that_does_not_say_that_it_is_simulated(yard: Yard) -> None:
    with Hostile(answering(siteapi_case.honest)) as real:
        control = yard.open(changed(yard.site, settings={"base_url": real.url}))
        with pytest.raises(NotSent, match="the fleet is simulated, and the site does not say that it is"):
            control.execute(siteapi_case.ORDER, "k", soon())
        with pytest.raises(Unsupported, match="simulated"):
            control.preview(siteapi_case.ORDER, soon())
        control.close()
        assert {request.method for request in real.requests} == {"GET"}


def test_the_token_that_reads_may_not_command(yard: Yard) -> None:
    control = yard.open(changed(yard.site, control_credential="reads"))
    asked = order(Verb.CURTAIL, *yard.working(3))
    with pytest.raises(AuthRefused, match="forbids"):
        control.preview(asked, soon())
    with pytest.raises(CommandRefused, match="this token may only read"):
        control.execute(asked, "k", soon())
    assert yard.acts() == 0
    control.close()


def test_a_source_that_reads_with_a_credential_needs_one_to_command(yard: Yard) -> None:
    with pytest.raises(AuthRefused, match="no control credential is configured"):
        yard.open(changed(yard.site, control_credential=None))


def test_a_source_without_credentials_sends_none(yard: Yard) -> None:
    yard.server.token = yard.server.control_token = None
    asked: list[str] = []
    control = Registry(()).open_control(
        changed(yard.site, credential=None, control_credential=None), lambda name: asked.append(name) or ""
    )
    assert control.execute(order(Verb.LOCATE, *yard.working(1)), "k", soon()).refused == {}
    assert asked == []
    control.close()

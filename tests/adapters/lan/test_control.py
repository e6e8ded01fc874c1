"""Machines commanded through the real library against a stateful WhatsMiner: it obeys, refuses, pretends, hangs, cuts.

These tests also pin what was measured of the library, so that a new version that behaves otherwise is noticed.
"""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator

import pytest

from console.adapters.base import Deadline
from console.adapters.control import Controller, Step
from console.adapters.lan.order_wire import Doing, Fate
from console.adapters.lan.teller import Teller
from console.adapters.registry import Registry
from console.domain.command import Arguments, Order, Verb
from console.domain.errors import AuthRefused, CommandLost, NotSent, SourceError, Unsupported
from console.domain.site import Ownership, Site, Source
from tests.adapters.lan.fakes import ERROR, devices, hangs, net, reply
from tests.adapters.lan.whatsminer_device import FULL_W, Manner, Whatsminer, md5crypt

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs every 127.x.y.z address to be local")
NET = net(59)
WORDS = {"hall-control": "admin:admin", "wrong": "admin:another", "shapeless": "admin"}
ID = "D4:01:02:03:04:0{}".format


def site(*hosts: int, control: bool = True, credential: str | None = "hall-control", simulated: bool = False) -> Site:
    settings = {"addresses": [f"{NET}.{host}" for host in hosts], "control": control}
    return Site(
        id="hall", name="Hall", region="Test", country="US", latitude_deg=1, longitude_deg=2, time_zone="UTC",
        ownership=Ownership.HOSTED, deployed_hs=1e15, capacity_w=1e6, power_price_usd_per_mwh=45, poll_period_s=30,
        source=Source(adapter="lan", settings=settings, control_credential=credential), simulated=simulated,
    )  # fmt: skip


@contextlib.contextmanager
def hall(*manners: Manner, credential: str = "hall-control") -> Iterator[tuple[Controller, list[Whatsminer], list]]:
    """A controller of as many machines as there are manners, at addresses from 1."""
    machines = [Whatsminer(manner, mac=ID(number)) for number, manner in enumerate(manners, 1)]
    hosts = range(1, len(machines) + 1)
    control = Registry(()).open_control(site(*hosts, credential=credential), WORDS.__getitem__)
    with devices(*((f"{NET}.{host}", machine) for host, machine in zip(hosts, machines, strict=True))) as running:
        try:
            yield control, machines, running
        finally:
            control.close()
            control.close()


def order(verb: Verb, *machines: str, **arguments: object) -> Order:
    return Order(verb=verb, machines=machines, arguments=Arguments(**arguments), reason="a test", by="ada")


def soon() -> Deadline:
    return Deadline.after(12)


def test_the_device_has_the_right_crypt() -> None:
    """A published value of crypt(3), so that the device does not only agree with itself."""
    assert md5crypt("password", "saltsalt") == "qjXMvbEw8oaL.CzflDtaK/"


def test_a_machine_does_what_it_is_told_once() -> None:
    with hall(Manner.OBEYS) as (control, (machine,), _):
        seen = control.preview(order(Verb.CURTAIL, ID(1)), soon())
        assert (seen.machines, seen.skipped, seen.delta_w) == ((ID(1),), (), -FULL_W)
        assert seen.delta_hs == pytest.approx(-124.5e12)
        assert machine.orders == []
        asks = [
            (Verb.CURTAIL, {}, lambda: not machine.mining),
            (Verb.RESUME, {}, lambda: machine.mining),
            (Verb.POWER_TARGET, {"machine_power_w": 2800.0}, lambda: machine.limit_w == 2800),
            (Verb.LOCATE, {"led_on": True}, lambda: machine.led == "red"),
            (Verb.LOCATE, {"led_on": False}, lambda: machine.led == "auto"),
            (Verb.REBOOT, {}, lambda: machine.boots == 1),
            (
                Verb.CHANGE_POOL,
                {"pool_url": "stratum+tcp://pool.example:3333", "pool_worker": "w.1"},
                lambda: machine.pools == ["stratum+tcp://pool.example:3333"],
            ),
        ]
        for number, (verb, arguments, done) in enumerate(asks, 1):
            taken = control.execute(order(verb, ID(1), **arguments), f"k{number}", soon())
            assert (taken.refused, taken.lost) == ({}, {}), verb
            assert done(), verb
            assert len(machine.orders) == number


@pytest.mark.parametrize(("manner", "verb"), [(Manner.REFUSES, Verb.CURTAIL), (Manner.PRETENDS, Verb.REBOOT)])
def test_where_the_library_always_says_yes_an_order_is_taken_and_never_done(manner: Manner, verb: Verb) -> None:
    """`pause` and `restart` answer True whatever the machine says: only the frames tell."""
    with hall(manner) as (control, (machine,), (device,)):
        assert control.execute(order(verb, ID(1)), "k", soon()).refused == {}
        assert (machine.mining, machine.boots, len(machine.orders)) == (True, 0, 1)
        knocked = any(b"open_write_api" in request for request in device.asked)
        assert knocked is (manner is Manner.REFUSES), "the settings' help says when the library does this"
        with pytest.raises(Unsupported, match="only what is read"):
            control.progress("k", soon())


@pytest.mark.parametrize("manner", [Manner.OBEYS, Manner.PRETENDS])
def test_a_lamp_and_a_pool_are_asked_whether_they_are_as_told(manner: Manner) -> None:
    with hall(manner) as (control, _, _):
        for key, verb, told in (
            ("k1", Verb.LOCATE, {"led_on": True}),
            ("k2", Verb.CHANGE_POOL, {"pool_url": "stratum+tcp://pool.example:3333", "pool_worker": "w"}),
        ):
            token = control.execute(order(verb, ID(1), **told), key, soon()).token
            progress = control.progress(token, soon())
            assert progress.over is (manner is Manner.OBEYS), verb
            assert progress.steps == {ID(1): Step.DONE if manner is Manner.OBEYS else Step.SENT}
        with pytest.raises(Unsupported, match="no progress"):
            control.progress("of another session", soon())


@pytest.mark.parametrize("manner", [Manner.REFUSES, Manner.CUTS, Manner.HANGS])
def test_where_the_library_says_no_nobody_knows_and_it_was_sent_once(manner: Manner) -> None:
    """It says False for a refusal and for a lost answer alike, so that neither may be told as a refusal."""
    with hall(manner) as (control, (machine,), _):
        with pytest.raises(CommandLost, match="whether it did anything is not known"):
            control.execute(order(Verb.POWER_TARGET, ID(1), machine_power_w=2800.0), "k", Deadline.after(9))
        assert len(machine.orders) == 1
        assert machine.limit_w == (2800 if manner is Manner.CUTS else 0)


def test_a_wrong_password_moves_nothing() -> None:
    with hall(Manner.OBEYS, credential="wrong") as (control, (machine,), _):
        with pytest.raises(CommandLost):
            control.execute(order(Verb.POWER_TARGET, ID(1), machine_power_w=2800.0), "k", soon())
        assert machine.orders == []


def test_of_several_machines_each_has_its_own_fate() -> None:
    with hall(Manner.OBEYS, Manner.REFUSES) as (control, machines, _):
        asked = order(Verb.POWER_TARGET, ID(1), ID(2), ID(9), machine_power_w=2800.0)
        seen = control.preview(asked, soon())
        assert set(seen.machines) == {ID(1), ID(2)}
        assert [(one.name, one.reason) for one in seen.skipped] == [(ID(9), "is no machine that was seen here")]
        taken = control.execute(asked, "k", soon())
        assert taken.refused == {ID(9): "is no machine that was seen here"}
        assert taken.lost.keys() == {ID(2)}
        assert [machine.limit_w for machine in machines] == [2800, 0]


def test_a_machine_that_moved_to_another_address_is_not_mistaken_for_who_stands_there_now() -> None:
    first, second = Whatsminer(mac=ID(1)), Whatsminer(mac=ID(2))
    control = Registry(()).open_control(site(1), WORDS.__getitem__)
    try:
        with devices((f"{NET}.1", first)):
            assert control.preview(order(Verb.REBOOT, ID(1)), soon()).machines == (ID(1),)
        with devices((f"{NET}.1", second)), pytest.raises(NotSent, match="is no machine that was seen here"):
            control.execute(order(Verb.REBOOT, ID(1)), "k", soon())
        assert (first.boots, second.boots, second.orders) == (0, 0, [])
    finally:
        control.close()


def test_a_machine_that_is_gone_or_hangs_is_sent_nothing_in_time() -> None:
    with devices((f"{NET}.2", hangs)):
        control = Registry(()).open_control(site(1, 2), WORDS.__getitem__)
        began_s = time.monotonic()
        with pytest.raises(NotSent, match="does not answer"):
            control.execute(order(Verb.REBOOT, f"{NET}.1", f"{NET}.2"), "k", Deadline.after(4))
        assert time.monotonic() - began_s < 4.5
        control.close()


def test_a_preview_opens_no_write_door() -> None:
    refusing = {"summary": ERROR, "devs": ERROR, "status": ERROR}

    def behave(connection, command, device) -> None:
        if command in refusing:
            reply(connection, refusing[command])
        else:
            Whatsminer(mac=ID(1))(connection, command, device)

    with devices((f"{NET}.1", behave), (f"{NET}.2", Whatsminer(mac=ID(2)))) as running:
        control = Registry(()).open_control(site(1, 2), WORDS.__getitem__)
        with contextlib.suppress(SourceError):
            control.preview(order(Verb.CURTAIL, ID(1), ID(2)), soon())
        control.close()
        asked = [request for device in running for request in device.asked]
    assert asked
    assert not [one for one in asked if b"write" in one or b"token" in one or b'"enc"' in one]


def test_commanding_is_a_door_that_the_source_opens_in_so_many_words() -> None:
    with pytest.raises(Unsupported, match="only where it says control = true"):
        Registry(()).open_control(site(1, control=False), WORDS.__getitem__)
    with pytest.raises(AuthRefused, match="no control credential is configured"):
        Registry(()).open_control(site(1, credential=None), WORDS.__getitem__)
    with pytest.raises(Unsupported, match="the fleet is simulated"):
        Registry(()).open_control(site(1, simulated=True), WORDS.__getitem__)
    control = Registry(()).open_control(site(1, credential="shapeless"), WORDS.__getitem__)
    with pytest.raises(NotSent, match="user:password"):
        control.execute(order(Verb.REBOOT, ID(1)), "k", soon())
    control.close()


def test_what_no_machine_can_be_asked_is_said_before_anybody_is() -> None:
    control = Registry(()).open_control(site(1), WORDS.__getitem__)
    for asked in (order(Verb.SLEEP_SCHEDULE, "m"), order(Verb.POWER_TARGET, "m", machine_share=0.8)):
        with pytest.raises(Unsupported):
            control.preview(asked, soon())
        with pytest.raises(NotSent):
            control.execute(asked, "k", soon())
    assert Verb.SLEEP_SCHEDULE not in control.abilities(soon())
    control.close()


DIES = "import sys; sys.stdin.readline()"
MUTE = "import sys, time\nfor line in sys.stdin: time.sleep(60)"
HALF = (
    "import sys, json\nfor line in sys.stdin:\n"
    " run = json.loads(line)['run']\n"
    " print(json.dumps({'run': run, 'told': {'ip': '10.0.0.1', 'fate': 'taken'}}), 'x' * 9, sep='\\n', flush=True)\n"
    " sys.exit()"
)


@pytest.mark.parametrize("program", [DIES, MUTE, HALF])
def test_a_machine_of_which_the_process_says_nothing_is_lost_and_a_question_about_it_unsent(program: str) -> None:
    for doing, fate in ((Doing.TELL, Fate.LOST), (Doing.CAN, Fate.UNSENT)):
        teller = Teller(10, [sys.executable, "-c", program])
        began_s = time.monotonic()
        told = teller.tell(doing, Verb.REBOOT, ["10.0.0.1", "10.0.0.2"], Deadline.after(2))
        assert time.monotonic() - began_s < 2.5
        assert told["10.0.0.2"].fate is fate
        assert told["10.0.0.1"].fate is (Fate.TAKEN if program == HALF else fate)
        teller.close()


def test_a_process_that_cannot_be_given_the_order_leaves_it_unsent() -> None:
    teller = Teller(10, [sys.executable, "-c", "pass"])
    teller.started()
    assert teller._process is not None
    teller._process.wait(10)
    teller._process.poll = lambda: None  # it died between the look and the word
    with pytest.raises(NotSent, match="the commanding process is gone"):
        teller.tell(Doing.TELL, Verb.REBOOT, ["10.0.0.1"], Deadline.after(2))


def test_s5_the_credential_stands_in_no_argument_and_no_representation() -> None:
    with hall(Manner.OBEYS) as (control, (machine,), _):
        control.execute(order(Verb.LOCATE, ID(1)), "k", soon())
        process = control._teller._process
        assert process is not None
        with open(f"/proc/{process.pid}/cmdline", "rb") as told, open(f"/proc/{process.pid}/environ", "rb") as around:
            assert b"admin:admin" not in told.read() + around.read()
        assert machine.orders

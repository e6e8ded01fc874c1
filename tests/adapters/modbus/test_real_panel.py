"""Breakers read and switched on a real Modbus server: it obeys, refuses, or says yes and does nothing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from pymodbus.constants import ExcCodes

from console.adapters.base import Deadline
from console.adapters.control import Controller, Progress, Step
from console.adapters.registry import Registry
from console.collect.arrival import accept
from console.domain.command import Arguments, Order, Verb
from console.domain.errors import BadAnswer, CommandLost, CommandRefused, NotSent, Unsupported
from console.domain.frame import Reading
from console.domain.site import Site
from tests.adapters.modbus.devices import MOST_W, READ_COILS, WRITE_COIL, Panel
from tests.adapters.modbus.test_breakers import site

RATED_KW = MOST_W / 1e3


@pytest.fixture
def panel() -> Iterator[Panel]:
    one = Panel()
    yield one
    one.close()


def yard(panel: Panel) -> Site:
    """Two containers: the second's meter stands in a holding register, in kW."""
    at = {"host": "127.0.0.1", "port": panel.port, "coil": 0}
    first = {**at, "power": {"register": 0, "unit": "W", "words": 2}, "rated_power_kw": RATED_KW}
    second = {**at, "device_id": 2, "power": {"register": 2, "unit": "kW", "scale": 10.0, "kind": "holding"}}
    return site({"C01": first, "C02": second}, control=True)


def read(panel: Panel) -> Reading:
    reader = Registry(()).open(yard(panel), str)
    reading = reader.read(Deadline.after(5))
    reader.close()
    reader.close()
    return reading


def control(panel: Panel) -> Controller:
    return Registry(()).open_control(yard(panel), str)


def order(verb: Verb, *machines: str) -> Order:
    return Order(verb=verb, machines=machines, arguments=Arguments(), reason="a test", by="ada")


def soon() -> Deadline:
    return Deadline.after(5)


def test_power_and_state_come_in_canonical_units_and_pass_the_gate(panel: Panel) -> None:
    reading = read(panel)
    assert reading.roster is not None
    assert [miner.id for miner in reading.roster.miners] == ["C01", "C02"]
    np.testing.assert_allclose(reading.frame.columns["power_w"], [MOST_W, 1_500_000.0])
    assert np.isnan(reading.frame.columns["hashrate_hs"]).all()
    arrival = accept(yard(panel), None, reading, reading.frame.received_ms)
    assert arrival.rollup.site_value("power_w") == MOST_W, "C02 states no rated power: 1.5 MW are too much for one"
    assert arrival.rollup.site_value("suspect") == 1
    assert np.isnan(arrival.rollup.site_value("hashrate_hs"))


def test_a_container_goes_off_and_on_again_and_its_coil_tells(panel: Panel) -> None:
    one = control(panel)
    assert one.abilities(soon()) == {Verb.CURTAIL, Verb.RESUME}
    off = one.preview(order(Verb.CURTAIL, "C01"), soon())
    assert (off.machines, off.skipped, off.delta_w, panel.wrote) == (("C01",), (), -MOST_W, [])
    taken = one.execute(order(Verb.CURTAIL, "C01"), "k1", soon())
    assert panel.wrote == [(1, 0, False)]
    assert taken.refused == {}
    assert one.progress(taken.token, soon()) == Progress({"C01": Step.DONE, "C02": Step.SENT}, over=False)
    assert control(panel).progress(taken.token, soon()).steps["C01"] is Step.DONE, (
        "a collector that started anew asks too"
    )
    frame = read(panel).frame
    assert frame.columns["state"][0] == 4
    assert frame.columns["power_w"][0] == 0
    skipped = one.preview(order(Verb.CURTAIL, "C01", "C02", "C09"), soon()).skipped
    assert {(each.name, each.reason) for each in skipped} == {
        ("C01", "is open already"),
        ("C09", "is no breaker of this site"),
    }
    assert one.preview(order(Verb.RESUME, "C01"), soon()).delta_w == MOST_W
    one.execute(order(Verb.RESUME, "C01"), "k2", soon())
    assert panel.wrote == [(1, 0, False), (1, 0, True)]
    assert np.isnan(read(panel).frame.columns["state"]).all()
    one.close()
    one.close()


def test_a_breaker_that_says_yes_and_does_nothing_is_never_done(panel: Panel) -> None:
    panel.welded = True
    one = control(panel)
    taken = one.execute(order(Verb.CURTAIL, "C01"), "k", soon())
    assert panel.wrote == [(1, 0, False)]
    progress = one.progress(taken.token, soon())
    assert (progress.steps["C01"], progress.over) == (Step.SENT, False)
    assert read(panel).frame.columns["power_w"][0] == MOST_W


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (ExcCodes.ILLEGAL_FUNCTION, CommandRefused),
        (ExcCodes.ILLEGAL_ADDRESS, CommandRefused),
        (ExcCodes.ILLEGAL_VALUE, CommandRefused),
        (ExcCodes.DEVICE_BUSY, CommandRefused),
        (ExcCodes.GATEWAY_PATH_UNAVIABLE, CommandRefused),
        (ExcCodes.DEVICE_FAILURE, CommandLost),
        (ExcCodes.NEGATIVE_ACKNOWLEDGE, CommandLost),
        (ExcCodes.MEMORY_PARITY_ERROR, CommandLost),
        (ExcCodes.GATEWAY_NO_RESPONSE, CommandLost),
    ],
)
def test_an_exception_is_a_refusal_only_where_nothing_can_have_moved(
    panel: Panel, code: ExcCodes, kind: type[Exception]
) -> None:
    panel.answers[WRITE_COIL] = code
    with pytest.raises(kind):
        control(panel).execute(order(Verb.CURTAIL, "C01"), "k", soon())


def test_a_slow_breaker_that_acknowledges_is_taken_and_not_yet_done(panel: Panel) -> None:
    panel.answers[WRITE_COIL] = ExcCodes.ACKNOWLEDGE
    one = control(panel)
    taken = one.execute(order(Verb.CURTAIL, "C01"), "k", soon())
    assert one.progress(taken.token, soon()).steps["C01"] is Step.SENT


def test_of_several_breakers_each_has_its_own_fate(panel: Panel) -> None:
    taken = control(panel).execute(order(Verb.CURTAIL, "C09", "C02", "C01"), "k", soon())
    assert taken.refused == {"C09": "is no breaker of this site"}
    assert panel.wrote == [(2, 0, False), (1, 0, False)]


def test_a_wrong_device_is_no_answer_and_a_wrong_coil_a_refusal(panel: Panel) -> None:
    at = {"host": "127.0.0.1", "port": panel.port}
    there = Registry(()).open_control(site({"C01": {**at, "coil": 99}}, control=True), str)
    with pytest.raises(CommandRefused, match="it has no such address"):
        there.execute(order(Verb.CURTAIL, "C01"), "k", soon())
    other = Registry(()).open(site({"C01": {**at, "coil": 0, "device_id": 9}}), str)
    with pytest.raises(BadAnswer, match="refuses to tell"):
        other.read(soon())
    assert panel.wrote == []


def test_a_meter_without_a_value_is_no_zero_and_no_failure(panel: Panel) -> None:
    at = {"host": "127.0.0.1", "port": panel.port, "coil": 0}
    for meter in (
        {"register": 3, "unit": "W"},
        {"register": 3, "unit": "W", "words": 2},
        {"register": 77, "unit": "W"},
    ):
        reading = Registry(()).open(site({"C01": {**at, "power": meter}}), str).read(soon())
        assert "power_w" not in reading.frame.columns
        assert np.isnan(reading.frame.columns["state"][0])


def test_other_verbs_are_no_breakers(panel: Panel) -> None:
    one = control(panel)
    with pytest.raises(Unsupported, match="has no order 'reboot'"):
        one.preview(order(Verb.REBOOT, "C01"), soon())
    with pytest.raises(NotSent, match="has no order 'reboot'"):
        one.execute(order(Verb.REBOOT, "C01"), "k", soon())
    with pytest.raises(BadAnswer, match="not given to breakers"):
        one.progress("c-7", soon())


def test_a_preview_of_breakers_that_do_not_answer_says_so(panel: Panel) -> None:
    panel.answers[READ_COILS] = ExcCodes.DEVICE_BUSY
    seen = control(panel).preview(order(Verb.CURTAIL, "C01"), soon())
    assert seen.machines == ()
    assert "it is busy" in seen.skipped[0].reason

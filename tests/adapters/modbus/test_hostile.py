"""Breakers that hang, drip, cut, babble or answer for others: nothing is sent twice, and no deadline is outlived."""

from __future__ import annotations

import contextlib
import socket
import struct
import time

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.adapters.base import Deadline
from console.adapters.control import Taken
from console.adapters.registry import Registry
from console.domain.command import Verb
from console.domain.errors import BadAnswer, CommandLost, NotSent, SourceError, TooSlow, Unreachable
from tests.adapters.modbus.devices import Panel, Saying, frame, honest, saying
from tests.adapters.modbus.test_breakers import site
from tests.adapters.modbus.test_real_panel import order

GRACE_S = 0.5


def hang(sock: socket.socket, request: bytes) -> None:
    with contextlib.suppress(OSError):
        sock.recv(1)


def drip(sock: socket.socket, request: bytes) -> None:
    for byte in honest(request):
        time.sleep(0.3)
        sock.sendall(bytes((byte,)))


def reset(sock: socket.socket, request: bytes) -> None:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def flood(sock: socket.socket, request: bytes) -> None:
    for _ in range(10_000):
        sock.sendall(b"\x00\x01\x00\x07" * 1024)


def says(make) -> Saying:
    return lambda sock, request: sock.sendall(make(request))


def half(sock: socket.socket, request: bytes) -> None:
    sock.sendall(honest(request)[:7])
    sock.close()


PLAYS: dict[str, tuple[Saying, type[SourceError]]] = {
    "hang": (hang, TooSlow),
    "drip": (drip, TooSlow),
    "reset": (reset, Unreachable),
    "close": (lambda sock, request: sock.close(), Unreachable),
    "half a frame": (half, Unreachable),
    "flood": (flood, BadAnswer),
    "another transaction": (says(lambda request: frame(request, request[7:12], transaction=999)), TooSlow),
    "another device": (says(lambda request: frame(request, request[7:12], device=77)), TooSlow),
    "another function": (says(lambda request: frame(request, b"\x03\x02\x00\x01")), BadAnswer),
    "no function": (says(lambda request: frame(request, b"\x63\x01\x00")), BadAnswer),
    "an exception of another function": (says(lambda request: frame(request, b"\x90\x02")), BadAnswer),
    "an exception that there is not": (says(lambda request: frame(request, bytes((request[7] | 0x80, 99)))), BadAnswer),
    "no coil": (says(lambda request: frame(request, b"\x01\x00")), BadAnswer),
    "HTTP": (says(lambda request: b"HTTP/1.1 400 Bad Request\r\n\r\n"), TooSlow),
}


def yard(port: int):
    return site({"C01": {"host": "127.0.0.1", "port": port, "coil": 0}}, control=True)


@pytest.mark.parametrize("name", PLAYS)
def test_a_reading_is_an_error_of_the_tree_in_time(name: str) -> None:
    play, kind = PLAYS[name]
    with saying(play) as (port, _):
        began_s = time.monotonic()
        with pytest.raises(kind) as caught:
            Registry(()).open(yard(port), str).read(Deadline.after(1.5))
        assert time.monotonic() - began_s < 1.5 + GRACE_S
        assert str(caught.value).isprintable()


@pytest.mark.parametrize("name", PLAYS)
def test_a_switch_whose_answer_cannot_be_trusted_is_lost_and_was_sent_once(name: str) -> None:
    with saying(PLAYS[name][0]) as (port, asked):
        began_s = time.monotonic()
        with pytest.raises(CommandLost):
            Registry(()).open_control(yard(port), str).execute(order(Verb.CURTAIL, "C01"), "k", Deadline.after(1.5))
        assert time.monotonic() - began_s < 1.5 + GRACE_S
        assert len(asked) == 1


@pytest.mark.parametrize(
    "echo", [b"\x05\x00\x00\xff\x00", b"\x05\x00\x07\x00\x00"], ids=["the old state", "another coil"]
)
def test_a_switch_that_is_echoed_wrongly_is_lost(echo: bytes) -> None:
    with saying(says(lambda request: frame(request, echo))) as (port, _), pytest.raises(CommandLost, match="another"):
        Registry(()).open_control(yard(port), str).execute(order(Verb.CURTAIL, "C01"), "k", Deadline.after(2))


def test_where_nothing_listens_nothing_is_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(NotSent, match="refused the connection"):
        Registry(()).open_control(yard(port), str).execute(order(Verb.CURTAIL, "C01"), "k", Deadline.after(2))


def test_the_first_lost_answer_ends_the_order() -> None:
    panel = Panel()
    try:
        with saying(hang) as (port, _):
            there = {"host": "127.0.0.1", "port": panel.port}
            breakers = {
                "C01": {**there, "coil": 1},
                "C02": {"host": "127.0.0.1", "port": port, "coil": 0},
                "C03": {**there, "coil": 3},
            }
            control = Registry(()).open_control(site(breakers, control=True), str)
            taken = control.execute(order(Verb.CURTAIL, "C01", "C02", "C03"), "k", Deadline.after(1))
        assert taken.refused.keys() == {"C03"}
        assert "was not asked" in taken.refused["C03"]
        assert taken.lost.keys() == {"C02"}
        assert "whether the coil moved is not known" in taken.lost["C02"]
        assert panel.wrote == [(1, 1, False)]
    finally:
        panel.close()


def test_a_gateway_that_hangs_holds_up_no_other() -> None:
    panel = Panel()
    try:
        at = {"host": "127.0.0.1", "coil": 0}
        alone = site({"C02": {**at, "port": panel.port}}, control=True)
        Registry(()).open_control(alone, str).execute(order(Verb.CURTAIL, "C02"), "k", Deadline.after(2))
        with saying(hang) as (port, _):
            both = site({"C01": {**at, "port": port}, "C02": {**at, "port": panel.port}})
            reading = Registry(()).open(both, str).read(Deadline.after(2))
        assert reading.roster is not None
        assert [miner.id for miner in reading.roster.miners] == ["C01", "C02"]
        state = reading.frame.columns["state"]
        assert (bool(np.isnan(state[0])), float(state[1])) == (True, 4.0)
    finally:
        panel.close()


@settings(max_examples=80, suppress_health_check=list(HealthCheck))
@given(junk=st.binary(min_size=0, max_size=12), at=st.integers(0, 11))
def test_any_damage_to_an_answer_is_taken_or_lost(junk: bytes, at: int) -> None:
    def damaged(sock: socket.socket, request: bytes) -> None:
        answer = honest(request)
        sock.sendall(answer[:at] + junk + answer[at + len(junk) :])
        sock.close()

    with saying(damaged) as (port, asked):
        control = Registry(()).open_control(yard(port), str)
        try:
            assert isinstance(control.execute(order(Verb.CURTAIL, "C01"), "k", Deadline.after(2)), Taken)
        except SourceError as error:
            assert isinstance(error, CommandLost) or "refuses" in str(error)  # noqa: PT017 - either is right
        assert len(asked) == 1

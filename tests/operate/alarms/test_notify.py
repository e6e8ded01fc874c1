"""Alarms outside of the room: routed by priority, site and shift, summed up, and never in the engine's way."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from console.domain.alarm import AlarmEvent, AlarmState, Priority
from console.domain.alarm_change import AlarmChange
from console.domain.errors import AuthRefused, ConfigError
from console.operate.alarms.notify import Message, Notifier, Outbox, apprise_send
from console.operate.alarms.routes import Route, read_routes
from tests.kill.processes import until
from tests.store.made import T0

MINUTE = 60_000


@pytest.fixture(scope="session")
def httpserver_listen_address() -> tuple[str, int]:
    """By number: a bare machine need not know the name localhost."""
    return ("127.0.0.1", 0)


def line(
    at_ms: int = T0, priority: Priority = Priority.HIGH, place: str = "site:us-ga-1", **more: object
) -> AlarmChange:
    return AlarmChange(
        **{
            "at_ms": at_ms, "rule": "dark", "place": place, "event": AlarmEvent.OCCUR, "before": AlarmState.NORMAL,
            "after": AlarmState.UNACKNOWLEDGED, "priority": priority, "title": "The site is dark", **more,
        }
    )  # fmt: skip


def route(**changes: object) -> Route:
    same = {"name": "shift", "credential": "mail", "priorities": frozenset({Priority.HIGH, Priority.CRITICAL})}
    same |= {"sites": frozenset(), "minutes": None, "time_zone": "UTC", "digest_s": 600.0}
    return Route(**{**same, **changes})


def test_a_route_is_for_its_priorities_its_sites_and_its_shift() -> None:
    night = route(sites=frozenset({"us-ga-1"}), minutes=(18 * 60, 6 * 60), time_zone="America/New_York")
    at_3_utc = T0 + 3 * 60 * MINUTE  # 22:00 in New York
    assert night.takes(line(at_3_utc))
    assert night.takes(line(at_3_utc, place="container:us-ga-1/C01"))
    assert not night.takes(line(at_3_utc, Priority.MEDIUM))
    assert not night.takes(line(at_3_utc, place="site:us-tx-1"))
    assert not night.takes(line(at_3_utc, place="fleet"))
    assert not night.takes(line(T0 + 15 * 60 * MINUTE))
    assert not night.takes(line(at_3_utc, parent="x@fleet")), "what a cause explains is told with the cause"


def test_the_first_leaves_at_once_and_a_flood_is_summed_up() -> None:
    outbox, one = Outbox([route()]), route()
    outbox = Outbox([one])
    outbox.add([line()])
    ((_, message),) = outbox.due(T0)
    assert message == Message(
        "[HIGH] The site is dark: site:us-ga-1", "2024-10-04 00:00:00 UTC [H] The site is dark: site:us-ga-1"
    )
    assert outbox.settled(one, T0, delivered=True)
    outbox.add([line(T0 + number, place=f"site:s-{number}") for number in range(500)])
    outbox.add([line(T0 + 9, Priority.CRITICAL, "fleet", title="Half\r\nis gone")])
    assert outbox.due(T0 + 9 * MINUTE) == []
    ((_, message),) = outbox.due(T0 + 10 * MINUTE)
    assert message.title == "501 alarms, worst: [CRITICAL] Half  is gone: fleet"
    assert message.body.count("\n") == 12
    assert message.body.endswith("and 489 more")


def test_what_cannot_be_delivered_is_tried_again_and_then_given_up() -> None:
    one = route()
    outbox = Outbox([one])
    outbox.add([line()])
    assert outbox.settled(one, T0, delivered=False)
    assert outbox.due(T0 + 9 * MINUTE) == []
    assert len(outbox.due(T0 + 10 * MINUTE)) == 1
    assert outbox.settled(one, T0 + 10 * MINUTE, delivered=False)
    assert not outbox.settled(one, T0 + 20 * MINUTE, delivered=False)
    assert outbox.due(T0 + 60 * MINUTE) == []


def test_a_service_that_hangs_never_holds_up_who_tells() -> None:
    entered, released = threading.Event(), threading.Event()

    def hang(address: str, message: Message) -> bool:
        entered.set()
        return released.wait(30)

    notifier = Notifier([route()], lambda name: "x", lambda words: None, lambda: T0, hang)
    notifier.start()
    notifier.tell([line()])
    assert entered.wait(10)
    for _ in range(5000):  # more than any queue holds
        notifier.tell([line()])
    released.set()
    notifier.stop()


def test_a_missing_credential_is_trouble_and_no_address_is_told() -> None:
    troubles: list[str] = []

    def refuse(name: str) -> str:
        raise AuthRefused(f"no credential {name}")

    def fail(address: str, message: Message) -> bool:
        raise ValueError(address)

    def deliver(secrets: Callable[[str], str]) -> None:
        told = len(troubles)
        notifier = Notifier([route()], secrets, troubles.append, lambda: T0, fail)
        notifier.start()
        notifier.tell([line()])
        until(lambda: len(troubles) > told)
        notifier.stop()

    deliver(refuse)
    deliver(lambda name: "mailto://user:secret@host")
    assert troubles == ["shift: no credential mail; it is tried again", "shift: ValueError; it is tried again"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # one of the library's plugins imports `imghdr`
def test_the_library_delivers_to_a_real_webhook(httpserver: HTTPServer) -> None:
    pytest.importorskip("apprise", reason="the optional extra `notify` is not installed")
    httpserver.expect_oneshot_request("/alarms", method="POST").respond_with_data("ok")
    address = f"json://127.0.0.1:{httpserver.port}/alarms"
    assert apprise_send(address, Message("[HIGH] <b>dark</b>", "one\ntwo"))
    body = httpserver.log[0][0].get_json()
    assert (body["title"], body["message"]) == ("[HIGH] <b>dark</b>", "one\ntwo")
    assert not apprise_send(f"json://127.0.0.1:{httpserver.port}/other", Message("x", "y"))


def test_routes_are_read_and_every_problem_is_told(tmp_path: Path) -> None:
    file = tmp_path / "notify.toml"
    assert read_routes(file) == ()
    file.write_text(
        '[[route]]\nname = "shift"\ncredential = "mail"\nhours = "18:00-06:00"\npriorities = ["high"]\n', "utf-8"
    )
    assert read_routes(file) == (route(minutes=(1080, 360), priorities=frozenset({Priority.HIGH})),)
    file.write_text(
        '[[route]]\nname = "x"\nhours = "6-18"\ntime_zone = "Mars"\ndigest = "5"\n'
        'address = "mailto://me:secret@host"\n', "utf-8"
    )  # fmt: skip
    with pytest.raises(ConfigError) as caught:
        read_routes(file)
    text = str(caught.value)
    for told in (
        "3: route.hours:",
        "4: route.time_zone:",
        "5: route.digest:",
        "6: route.address:",
        "credential: missing",
    ):
        assert told in text
    assert "secret@host" not in text

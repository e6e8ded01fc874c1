"""What every adapter that commands over HTTP does with a healthy site and with one that misbehaves.

Three things may never be confused: nothing left, the site refused, and we do not know.
"""

from __future__ import annotations

import json
import time
import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.adapters.base import Deadline
from console.adapters.control import Controller, Step, Taken
from console.domain.errors import CommandLost, CommandRefused, NotSent, SourceError, TooSlow
from tests.contract.case import CANARY, Case
from tests.contract.cases import COMMANDING
from tests.contract.test_hostile import GRACE_S, TRICKS, Trick, body, checked
from tests.hostile import (
    Hostile,
    Play,
    Reply,
    Request,
    answering,
    cut,
    dripping,
    gzip_bomb,
    hanging,
    read_request,
    resetting,
    serving,
    status,
)

pytestmark = pytest.mark.parametrize("case", COMMANDING, ids=lambda case: case.name)
ANSWERED = {"401": CommandRefused, "403": CommandRefused, "429": NotSent}  # every other trick leaves us in the dark


def at(case: Case, path: str, trick: Trick) -> Play:
    """A site that is honest but for the answers under one path."""

    def play(sock, request: Request) -> None:
        reply = case.honest(request)
        act = trick(request, reply) if request.path == path else reply
        (answering(act) if isinstance(act, Reply) else act)(sock, request)

    return play


def sent(server: Hostile, case: Case) -> int:
    """How many orders ever reached the site."""
    return sum(request.path == case.commands for request in server.requests)


def executed(case: Case, play: Play, seconds: float = 20.0) -> tuple[Taken | SourceError, int]:
    """What became of one order, and how many of it were sent."""
    with Hostile(play) as server:
        control = case.open_control(server.url)
        try:
            return control.execute(case.order, "key-1", Deadline.after(seconds)), sent(server, case)
        except SourceError as error:
            return checked(error), sent(server, case)
        finally:
            control.close()


def test_opening_asks_nothing_and_closing_twice_is_fine(case: Case) -> None:
    with serving(Reply(b"{}")) as server:
        control = case.open_control(server.url)
        assert isinstance(control, Controller)
        control.close()
        control.close()
        assert server.connections == 0


def test_an_order_is_sent_once_under_its_key_and_its_progress_told(case: Case) -> None:
    with Hostile(answering(case.honest)) as server:
        control = case.open_control(server.url)
        taken = control.execute(case.order, "key-1", Deadline.after(20))
        assert sent(server, case) == 1
        (request,) = [request for request in server.requests if request.path == case.commands]
        assert request.headers["idempotency-key"] == "key-1"
        assert CANARY in request.headers["authorization"]
        progress = control.progress(taken.token, Deadline.after(20))
        assert progress.steps.keys() | taken.refused.keys() == set(case.order.machines)
        assert set(progress.steps.values()) <= set(Step)
        assert sent(server, case) == 1
        control.close()


def test_a_preview_touches_nothing(case: Case) -> None:
    with Hostile(answering(case.honest)) as server:
        control = case.open_control(server.url)
        seen = control.preview(case.order, Deadline.after(20))
        assert set(seen.machines) <= set(case.order.machines)
        assert len(seen.machines) + sum(one.count for one in seen.skipped) == len(case.order.machines)
        assert case.order.verb in control.abilities(Deadline.after(20))
        assert sent(server, case) == 0
        control.close()


@pytest.mark.parametrize("name", TRICKS)
def test_a_misbehaving_answer_to_an_order_leaves_it_lost_and_is_never_asked_again(case: Case, name: str) -> None:
    outcome, times = executed(case, at(case, case.commands, TRICKS[name][0]))
    assert isinstance(outcome, ANSWERED.get(name, CommandLost)), repr(outcome)
    assert times == 1


@pytest.mark.parametrize("code", [400, 404, 409, 413, 415, 422, 423])
def test_a_refusal_is_one_whatever_its_body(case: Case, code: int) -> None:
    said = {"title": "No", "status": code, "detail": f"the breaker is \x1b[31mopen, {CANARY}\u202e " + "x" * 900}
    told = Reply(json.dumps(said).encode(), code, media="application/problem+json")
    for reply in (told, status(code), Reply(b"<html>no</html>", code, "text/html"), Reply(b"[" * 9999, code)):
        outcome, times = executed(case, at(case, case.commands, lambda request, honest, reply=reply: reply))
        assert isinstance(outcome, CommandRefused)
        assert str(code) in str(outcome)
        assert ("the breaker is" in str(outcome)) is (reply is told)
        assert times == 1


@pytest.mark.parametrize("code", [200, 201, 204, 301, 302, 303, 307, 308, 500, 501, 502, 504, 599])
def test_any_answer_that_is_no_promise_leaves_the_order_lost(case: Case, code: int) -> None:
    with serving(Reply(b"{}")) as elsewhere:
        away = status(code, Location=f"{elsewhere.url}/steal")
        outcome, times = executed(case, at(case, case.commands, lambda request, reply: away))
        assert isinstance(outcome, CommandLost)
        assert (times, elsewhere.connections) == (1, 0)


def test_lies_about_what_was_taken_leave_the_order_lost(case: Case) -> None:
    assert case.command_lies
    for name, lie in case.command_lies.items():
        outcome, times = executed(case, at(case, case.commands, lie))
        assert isinstance(outcome, CommandLost), f"{name}: {outcome!r}"
        assert times == 1


@pytest.mark.parametrize("where", ["hang", "drip"])
def test_t13_the_deadline_holds_while_an_order_waits_for_its_answer(case: Case, where: str) -> None:
    tricks: dict[str, Trick] = {
        "hang": lambda request, reply: hanging,
        "drip": lambda request, reply: dripping(reply.wire(), 0.1),
    }
    began_s = time.monotonic()
    outcome, times = executed(case, at(case, case.commands, tricks[where]), seconds=1.5)
    assert time.monotonic() - began_s < 1.5 + GRACE_S
    assert isinstance(outcome, CommandLost)
    assert times == 1


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_n5_an_answer_cut_at_any_offset_leaves_the_order_lost(case: Case, data: st.DataObject) -> None:
    share = data.draw(st.floats(0, 1, exclude_max=True), "share")
    trick: Trick = lambda request, reply: cut(reply.wire(), int(len(reply.wire()) * share))  # noqa: E731
    outcome, times = executed(case, at(case, case.commands, trick))
    assert isinstance(outcome, CommandLost)
    assert times == 1


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_an_answer_with_damaged_bytes_is_taken_or_lost_and_nothing_else(case: Case, data: st.DataObject) -> None:
    junk = data.draw(st.binary(min_size=1, max_size=4), "junk")
    share = data.draw(st.floats(0, 1), "where")

    def damaged(request: Request, reply: Reply) -> Reply:
        where = int(len(reply.body) * share)
        return Reply(reply.body[:where] + junk + reply.body[where + len(junk) :], reply.status)

    outcome, times = executed(case, at(case, case.commands, damaged))
    assert isinstance(outcome, Taken | CommandLost)
    assert times == 1


def test_t14_a_gzip_bomb_for_an_answer_stays_small(case: Case) -> None:
    bomb = gzip_bomb(200 * 1024**2)
    tracemalloc.start()
    try:
        outcome, _ = executed(case, at(case, case.commands, lambda request, reply: bomb), seconds=60)
        assert isinstance(outcome, CommandLost)
        assert tracemalloc.get_traced_memory()[1] < 64 * 1024**2
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", TRICKS)
def test_what_is_asked_before_an_order_may_fail_as_it_likes_and_nothing_is_sent(case: Case, name: str) -> None:
    """The requests before the order itself; the preview's is never made here."""

    def play(sock, request: Request) -> None:
        reply = case.honest(request)
        act = TRICKS[name][0](request, reply) if request.path != case.commands else reply
        (answering(act) if isinstance(act, Reply) else act)(sock, request)

    outcome, times = executed(case, play)
    assert isinstance(outcome, NotSent), repr(outcome)
    assert times == 0


def test_a_site_that_is_not_there_is_sent_nothing(case: Case) -> None:
    with serving(Reply(b"{}")) as server:
        url = server.url
    control = case.open_control(url)
    with pytest.raises(NotSent):
        control.execute(case.order, "key-1", Deadline.after(5))
    control.close()


def test_a_connection_closed_behind_our_back_never_doubles_an_order(case: Case) -> None:
    """The site says nothing of closing, and closes: whether the order was heard cannot be known then."""

    def silent_close(sock, request: Request) -> None:
        sock.sendall(case.honest(request).wire().replace(b"Connection: close\r\n", b""))

    for _ in range(20):
        outcome, times = executed(case, silent_close)
        assert isinstance(outcome, Taken | CommandLost)
        assert times == 1 if isinstance(outcome, Taken) else times <= 1


def test_an_order_that_a_kept_connection_swallows_is_lost_and_not_sent_on_a_new_one(case: Case) -> None:
    """A reading may be asked again when its kept connection turns out to be dead; an order may never be."""

    def swallow(sock, request: Request) -> None:
        sock.sendall(case.honest(request).wire().replace(b"Connection: close\r\n", b""))
        order = read_request(sock)
        if order is not None:
            server.requests.append(order)

    with Hostile(swallow) as server:
        control = case.open_control(server.url)
        with pytest.raises(CommandLost):
            control.execute(case.order, "key-1", Deadline.after(5))
        assert sent(server, case) == 1
        control.close()


@pytest.mark.parametrize("name", TRICKS)
def test_a_misbehaving_preview_is_an_error_of_the_tree_and_moves_nothing(case: Case, name: str) -> None:
    trick = TRICKS[name][0]
    paths: list[str] = []
    with Hostile(answering(case.honest)) as server:
        control = case.open_control(server.url)
        control.preview(case.order, Deadline.after(20))
        control.close()
        paths = [request.path for request in server.requests]
    for path in paths:
        with Hostile(at(case, path, trick)) as server:
            control = case.open_control(server.url)
            with pytest.raises(SourceError) as caught:
                control.preview(case.order, Deadline.after(20))
            checked(caught.value)
            control.close()
            assert sent(server, case) == 0


def test_t13_the_deadline_holds_for_a_preview_and_for_progress(case: Case) -> None:
    asks: tuple[Callable[[Controller], object], ...] = (
        lambda control: control.preview(case.order, Deadline.after(1.5)),
        lambda control: control.progress("c-7", Deadline.after(1.5)),
    )
    for ask in asks:
        with Hostile(hanging) as server:
            control = case.open_control(server.url)
            began_s = time.monotonic()
            with pytest.raises(TooSlow):
                ask(control)
            assert time.monotonic() - began_s < 1.5 + GRACE_S
            control.close()


def test_lies_in_progress_are_refused(case: Case) -> None:
    """What a lie about the order itself (its machines, its verb) cannot be here: progress names only the command."""
    with Hostile(answering(case.honest)) as server:
        control = case.open_control(server.url)
        token = control.execute(case.order, "key-1", Deadline.after(20)).token
        for name in ("a step that there is not", "a step too few", "a word that there is not", "no id"):
            lie = case.command_lies[name]
            server.play = answering(lambda request, lie=lie: lie(request, case.honest(request)))
            with pytest.raises(SourceError):
                control.progress(token, Deadline.after(20))
        control.close()


def test_a_controller_recovers_once_the_site_does(case: Case) -> None:
    with Hostile(resetting()) as server:
        control = case.open_control(server.url)
        with pytest.raises(NotSent):
            control.execute(case.order, "key-1", Deadline.after(20))
        server.play = at(case, case.commands, body(lambda honest: b"null"))
        with pytest.raises(CommandLost):
            control.execute(case.order, "key-1", Deadline.after(20))
        server.play = answering(case.honest)
        assert control.execute(case.order, "key-1", Deadline.after(20)).token
        control.close()

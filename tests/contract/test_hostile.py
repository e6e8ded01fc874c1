"""What every adapter does with a source that misbehaves: an error of the tree in time, and nothing half-read."""

from __future__ import annotations

import re
import time
import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.adapters.base import Deadline
from console.domain.errors import AuthRefused, BadAnswer, RateLimited, SourceError, TooSlow, Unreachable
from tests.contract.case import CANARY, Case, Stage
from tests.contract.cases import CASES
from tests.hostile import (
    Hostile,
    Play,
    Reply,
    Request,
    cut,
    dripping,
    flooding,
    gzip_bomb,
    hanging,
    resetting,
    serving,
    status,
)

pytestmark = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
Trick = Callable[[Request, Reply], Reply | Play]
GRACE_S = 0.5  # T13
NUMBER = re.compile(rb"(?<=[\[ ,])-?\d+(?:\.\d+)?(?=[,\]} ])|(?<=\")\d+\.\d+(?=\")")


def body(change: Callable[[bytes], bytes]) -> Trick:
    return lambda request, reply: Reply(change(reply.body))


def one_number(text: bytes) -> Trick:
    """The first number of the body becomes `text`; a body without one becomes that number."""
    return body(lambda honest: NUMBER.sub(text, honest, count=1) if NUMBER.search(honest) else text)


def first_key_twice(honest: bytes) -> bytes:
    return re.sub(rb'\{("[^"]+": ?)("[^"]*")', rb"{\1\2, \1\2", honest, count=1)


TRICKS: dict[str, tuple[Trick, type[SourceError]]] = {
    "reset": (lambda request, reply: resetting(), Unreachable),
    "closed without a word": (lambda request, reply: cut(b"", 0), Unreachable),
    "no HTTP": (lambda request, reply: cut(b"220 ftp ready\r\n\r\n", 17), BadAnswer),
    "204": (lambda request, reply: status(204), BadAnswer),
    "empty": (body(lambda honest: b""), BadAnswer),
    "HTML": (lambda request, reply: Reply(b"<html>Log in</html>", media="text/html"), BadAnswer),
    "HTML that says JSON": (body(lambda honest: b"<html>Log in</html>"), BadAnswer),
    "JSON that says text": (lambda request, reply: Reply(reply.body, media="text/plain"), BadAnswer),
    "another shape": (body(lambda honest: b'{"hello":"world"}'), BadAnswer),
    "null": (body(lambda honest: b"null"), BadAnswer),
    "1e999": (one_number(b"1e999"), BadAnswer),
    "a number of 5000 digits": (one_number(b"9" * 5000), BadAnswer),
    "duplicate keys": (body(first_key_twice), BadAnswer),
    "deep nesting": (body(lambda honest: b'{"zz":' + b"[" * 90 + b"]" * 90 + b"," + honest[1:]), BadAnswer),
    "very deep nesting": (body(lambda honest: b"[" * 200_000), BadAnswer),
    "a flood": (lambda request, reply: flooding(40 * 1024**2), BadAnswer),
    "401": (lambda request, reply: status(401), AuthRefused),
    "403": (lambda request, reply: status(403), AuthRefused),
    "429": (lambda request, reply: status(429, Retry_After="7"), RateLimited),
    "503 with Retry-After": (lambda request, reply: status(503, Retry_After="7"), RateLimited),
    "500": (lambda request, reply: status(500), BadAnswer),
    "502": (lambda request, reply: status(502), Unreachable),
}


def turns(case: Case) -> range:
    """The requests that one reading takes."""
    with Hostile(Stage(case.honest, lambda request, reply: reply, None)) as server:
        reader = case.open(server.url)
        reader.read(Deadline.after(20))
        reader.close()
        return range(len(server.requests))


def read(case: Case, play: Play, seconds: float = 20.0) -> SourceError | None:
    """The error of one reading, held to what holds for every error; None where it succeeded."""
    with Hostile(play) as server:
        reader = case.open(server.url)
        try:
            case.check(reader.read(Deadline.after(seconds)))
        except SourceError as error:
            return checked(error)
        finally:
            reader.close()
    return None


def checked(error: SourceError) -> SourceError:
    """What holds for the text of every error."""
    assert CANARY not in str(error)
    assert str(error).isprintable()
    assert 5 < len(str(error)) < 400
    return error


@pytest.mark.parametrize("name", TRICKS)
def test_a_misbehaving_answer_is_an_error_of_the_tree_at_whichever_request(case: Case, name: str) -> None:
    trick, kind = TRICKS[name]
    for turn in turns(case):
        error = read(case, Stage(case.honest, trick, turn))
        assert isinstance(error, kind), f"request {turn}: {error!r}"


def test_n6_not_a_number_is_refused_or_no_value_and_never_a_number(case: Case) -> None:
    """A Prometheus server writes NaN as text and means "no value"; a bare NaN is no JSON anywhere."""
    error = read(case, Stage(case.honest, body(lambda honest: re.sub(rb"(: ?)[\[\"]", rb"\1NaN,[", honest)), 0))
    assert isinstance(error, BadAnswer)


def test_n3_the_source_word_on_waiting_is_kept(case: Case) -> None:
    error = read(case, Stage(case.honest, lambda request, reply: status(429, Retry_After="7"), 0))
    assert isinstance(error, RateLimited)
    assert error.retry_after_s == 7


@pytest.mark.parametrize("where", ["hang", "drip"])
def test_t13_the_deadline_holds_at_whichever_request(case: Case, where: str) -> None:
    tricks: dict[str, Trick] = {
        "hang": lambda request, reply: hanging,
        "drip": lambda request, reply: dripping(reply.wire(), 0.1),
    }
    for turn in {turns(case)[0], turns(case)[-1]}:
        began_s = time.monotonic()
        error = read(case, Stage(case.honest, tricks[where], turn), seconds=1.5)
        assert isinstance(error, TooSlow)
        assert time.monotonic() - began_s < 1.5 + GRACE_S


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_n5_an_answer_cut_at_any_offset_is_refused(case: Case, data: st.DataObject) -> None:
    turn = data.draw(st.sampled_from(turns(case)), "request")
    share = data.draw(st.floats(0, 1, exclude_max=True), "share")
    error = read(
        case, Stage(case.honest, lambda request, reply: cut(reply.wire(), int(len(reply.wire()) * share)), turn)
    )
    assert error is not None


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_body_with_damaged_bytes_gives_a_reading_or_an_error_of_the_tree(case: Case, data: st.DataObject) -> None:
    turn = data.draw(st.sampled_from(turns(case)), "request")
    junk = data.draw(st.binary(min_size=1, max_size=4), "junk")
    share = data.draw(st.floats(0, 1), "where")

    def damaged(honest: bytes) -> bytes:
        at = int(len(honest) * share)
        return honest[:at] + junk + honest[at + len(junk) :]

    with Hostile(Stage(case.honest, body(damaged), turn)) as server:
        reader = case.open(server.url)
        try:
            reader.read(Deadline.after(20))
        except SourceError as error:
            checked(error)
        finally:
            reader.close()


def test_t14_a_gzip_bomb_stays_small(case: Case) -> None:
    bomb = gzip_bomb(200 * 1024**2)
    tracemalloc.start()
    try:
        error = read(case, Stage(case.honest, lambda request, reply: bomb, 0), seconds=60)
        assert isinstance(error, BadAnswer)
        assert tracemalloc.get_traced_memory()[1] < 64 * 1024**2
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("code", [301, 302, 307, 308])
def test_t17_a_redirect_takes_no_secret_elsewhere(case: Case, code: int) -> None:
    with serving(Reply(b"{}")) as thief:
        away = status(code, Location=f"{thief.url}/steal")
        error = read(case, Stage(case.honest, lambda request, reply: away, 0))
        assert isinstance(error, BadAnswer)
        assert thief.connections == 0


def test_lies_of_its_own_protocol_are_refused(case: Case) -> None:
    for name, lie in case.lies.items():
        refused = [read(case, Stage(case.honest, lie, turn)) for turn in turns(case)]
        assert any(isinstance(error, BadAnswer) for error in refused), name


def test_a_session_recovers_once_the_source_does(case: Case) -> None:
    stage = Stage(case.honest, lambda request, reply: resetting(reply.wire()[:40]), 0)
    with Hostile(stage) as server:
        reader = case.open(server.url)
        with pytest.raises(SourceError):
            reader.read(Deadline.after(20))
        case.check(reader.read(Deadline.after(20)))
        stage.turn = stage.asked
        with pytest.raises(SourceError):
            reader.read(Deadline.after(20))
        case.check(reader.read(Deadline.after(20)))
        reader.close()

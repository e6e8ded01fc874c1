"""The HTTP session against servers that misbehave: deadlines, caps, redirects, statuses and secrets."""

from __future__ import annotations

import gzip
import socket
import subprocess
import sys
import threading
import time
import tracemalloc
from pathlib import Path

import pytest
import time_machine

from console.adapters.base import Deadline
from console.adapters.budget import Budgets
from console.adapters.http import MOST_BYTES, Answer, HttpSession, HttpSource
from console.domain.errors import AuthRefused, BadAnswer, ConfigError, RateLimited, SourceError, TooSlow, Unreachable
from tests.hostile import (
    Hostile,
    Play,
    Reply,
    Request,
    answering,
    cut,
    dripping,
    flooding,
    gzip_bomb,
    hanging,
    raw,
    resetting,
    serving,
    status,
)  # fmt: skip

SECRET = "canary-4711-secret"  # it must never be seen again, and opens nothing
OK = Reply(b'{"ok":true}')
GRACE_S = 0.5  # T13


def session(url: str, secret: str | None = None, **settings: object) -> HttpSession:
    source = HttpSource(base_url=url, **settings)
    return HttpSession(source, Budgets(1000, 1000), None if secret is None else lambda: secret)


def ask(play: Play | Reply, seconds: float = 5.0, **settings: object) -> Answer:
    with serving(play) as server:
        one = session(server.url, SECRET, **settings)
        try:
            return one.get("/v1/site", deadline=Deadline.after(seconds))
        finally:
            one.close()


def test_an_honest_answer_comes_whole() -> None:
    answer = ask(Reply(b'{"a":1}', headers={"ETag": '"v1"'}))
    assert (answer.status, answer.json_body(), answer.headers["etag"]) == (200, b'{"a":1}', '"v1"')


def test_the_request_is_what_was_asked_and_carries_the_credential_as_told() -> None:
    with serving(OK) as server:
        for auth, header, value in (
            ("bearer", "authorization", f"Bearer {SECRET}"),
            ("basic", "authorization", "Basic Y2FuYXJ5LTQ3MTEtc2VjcmV0"),
            ("X-API-Key", "x-api-key", SECRET),
        ):
            one = session(server.url + "/base/", SECRET, auth=auth)
            one.get("/a b".replace(" ", "%20"), {"q": 'x{y="ü"}'}, {"If-None-Match": '"1"'}, deadline=Deadline.after(5))
            request = server.requests[-1]
            assert request.headers[header] == value
            assert (request.path, request.query) == ("/base/a%20b", {"q": 'x{y="ü"}'})
            assert request.headers["if-none-match"] == '"1"'
            one.close()


def test_post_sends_its_body_once_even_when_the_answer_is_lost() -> None:
    with Hostile(resetting()) as server:
        one = session(server.url)
        with pytest.raises(Unreachable):
            one.post("/commands", b'{"verb":"off"}', deadline=Deadline.after(5))
        assert [request.raw.rpartition(b"\r\n\r\n")[2] for request in server.requests] == [b'{"verb":"off"}']
        one.close()


@pytest.mark.parametrize(
    "play",
    [
        pytest.param(hanging, id="hang"),
        pytest.param(dripping(b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 500), id="drip in the head"),
        pytest.param(dripping(Reply(b" " * 500).wire()), id="drip in the body"),
        pytest.param(dripping(b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 500), id="drip without a length"),
        pytest.param(dripping(b"HTTP/1.1 100 Continue\r\n\r\n" * 50, 0.005), id="100 Continue for ever"),
    ],
)
def test_t13_the_total_deadline_holds(play: Play) -> None:
    began_s = time.monotonic()
    with pytest.raises(TooSlow, match="within the poll's deadline"):
        ask(play, seconds=0.6)
    assert time.monotonic() - began_s < 0.6 + GRACE_S


def test_t13_a_tls_handshake_that_hangs_ends_at_the_deadline() -> None:
    with Hostile(hanging) as server:
        one = session(server.url.replace("http:", "https:"))
        began_s = time.monotonic()
        with pytest.raises(TooSlow):
            one.get("/", deadline=Deadline.after(0.6))
        assert time.monotonic() - began_s < 0.6 + GRACE_S
        one.close()


def test_a_session_works_on_after_the_watchdog_cut_it() -> None:
    with Hostile(dripping(Reply(b" " * 500).wire())) as server:
        one = session(server.url)
        with pytest.raises(TooSlow):
            one.get("/", deadline=Deadline.after(0.3))
        server.play = answering(OK)
        assert one.get("/", deadline=Deadline.after(5)).body == b'{"ok":true}'
        one.close()


@pytest.mark.parametrize(
    ("play", "kind", "words"),
    [
        (resetting(), Unreachable, "closed the connection without an answer"),
        (raw(b""), Unreachable, "closed the connection without an answer"),
        (cut(Reply(b'{"a":1}').wire(), -3), BadAnswer, "broke off in the middle"),
        (raw(b"SSH-2.0-OpenSSH_9.2\r\n"), BadAnswer, "proper HTTP"),
        (raw(b"HTTP/1.1 banana\r\n\r\n"), BadAnswer, "proper HTTP"),
        (raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n"), BadAnswer, "proper HTTP"),
        (raw(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n"), BadAnswer, "proper HTTP"),
        (Reply(b"\x1f\x8b\x08broken", headers={"Content-Encoding": "gzip"}), BadAnswer, "damaged gzip"),
        (Reply(gzip.compress(b"{}" * 50)[:-9], headers={"Content-Encoding": "gzip"}), BadAnswer, "broke off"),
        (Reply(b"x", headers={"Content-Encoding": "br"}), BadAnswer, "did not ask for"),
    ],
)
def test_n4_n5_broken_answers_are_told_in_plain_words(play: Play | Reply, kind: type[SourceError], words: str) -> None:
    with pytest.raises(kind, match=words) as caught:
        ask(play)
    assert SECRET not in str(caught.value)


def test_gzip_of_one_or_several_members_is_unpacked() -> None:
    packed = gzip.compress(b'{"a":') + gzip.compress(b"1}")
    assert ask(Reply(packed, headers={"Content-Encoding": "gzip"})).body == b'{"a":1}'


@pytest.mark.parametrize("play", [flooding(64 * 1024**2), gzip_bomb(256 * 1024**2)], ids=["flood", "gzip bomb"])
def test_t14_more_than_16_mib_is_refused_while_it_streams(play: Play | Reply) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(BadAnswer, match="more than 16 MiB"):
            ask(play, seconds=30)
        assert tracemalloc.get_traced_memory()[1] < 64 * 1024**2
    finally:
        tracemalloc.stop()


def test_just_16_mib_pass() -> None:
    body = b" " * MOST_BYTES
    assert ask(Reply(gzip.compress(body), headers={"Content-Encoding": "gzip"}), seconds=30).body == body


MEASURE = """
import resource, sys
from console.adapters.base import Deadline
from console.adapters.budget import Budgets
from console.adapters.http import HttpSession, HttpSource
from console.domain.errors import BadAnswer
session = HttpSession(HttpSource(base_url=sys.argv[1]), Budgets(9, 9))
session.get("/honest", deadline=Deadline.after(20))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    session.get("/bomb", deadline=Deadline.after(60))
except BadAnswer:
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="resource is not there on Windows")
def test_t14_a_gzip_bomb_costs_less_than_64_mib_of_memory() -> None:
    bomb, root = gzip_bomb(200 * 1024**2), Path(__file__).resolve().parents[2]
    with Hostile(answering(lambda request: bomb if request.path == "/bomb" else OK)) as server:
        command = [sys.executable, "-c", MEASURE, server.url]
        run = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=90, check=True)
    assert int(run.stdout) < 64


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("auth", ["bearer", "X-API-Key"])
def test_t17_a_redirect_is_not_followed_and_no_secret_reaches_the_second_host(code: int, auth: str) -> None:
    with serving(OK) as thief, serving(status(code, Location=f"{thief.url}/steal")) as server:
        one = session(server.url, SECRET, auth=auth)
        with pytest.raises(BadAnswer, match="redirects are not followed"):
            one.get("/", deadline=Deadline.after(5))
        one.close()
        assert thief.connections == 0
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        (401, AuthRefused, "does not know our credential"),
        (403, AuthRefused, "forbids"),
        (404, BadAnswer, "base_url"),
        (429, RateLimited, "asks us to wait"),
        (500, BadAnswer, "failed inside"),
        (502, Unreachable, "away"),
        (503, Unreachable, "away"),
        (204, BadAnswer, "without the expected content"),
        (418, BadAnswer, "refused the request"),
    ],
)
def test_each_status_has_its_own_error_and_words(code: int, kind: type[SourceError], words: str) -> None:
    with pytest.raises(kind, match=words):
        ask(status(code))


@time_machine.travel("2026-05-01 12:00:00+00:00", tick=False)
@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7", 7),
        ("0", 0),
        ("Fri, 01 May 2026 12:02:00 GMT", 120),
        ("Fri, 01 May 2026 11:00:00 GMT", 0),
        ("99999999999", 3600),
        ("Fri, 01 May 2099 12:02:00 GMT", 3600),
    ],
)
@pytest.mark.parametrize("code", [429, 503])
def test_n3_retry_after_is_read_as_seconds_and_as_a_date_and_capped(code: int, text: str, seconds: float) -> None:
    with pytest.raises(RateLimited) as caught:
        ask(status(code, Retry_After=text))
    assert caught.value.retry_after_s == seconds


@pytest.mark.parametrize("text", ["soon", "-5", "1e3", "Fri, 99 Foo 2026 12:02:00 GMT", "٣"])
def test_an_unreadable_retry_after_is_none(text: str) -> None:
    with pytest.raises(RateLimited) as caught:
        ask(raw(f"HTTP/1.1 429 No\r\nRetry-After: {text}\r\nContent-Length: 0\r\n\r\n".encode()))
    assert caught.value.retry_after_s is None


def test_n3_after_a_retry_after_nothing_is_sent_until_the_time_is_over() -> None:
    with serving(status(429, Retry_After="30")) as server:
        one = session(server.url)
        for _ in range(3):
            with pytest.raises(RateLimited):
                one.get("/", deadline=Deadline.after(5))
        assert len(server.requests) == 1
        one.close()


def test_a_kept_connection_that_the_source_closed_is_dialled_again() -> None:
    """Servers close an idle connection at the very second at which we poll again."""
    keep = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}"
    with Hostile(raw(keep)) as server:  # says nothing of closing, and closes
        one = session(server.url)
        for _ in range(20):
            assert one.get("/", deadline=Deadline.after(5)).body == b"{}"
        one.close()


def test_a_source_that_closes_sees_us_close_too() -> None:
    ended = threading.Event()

    def play(sock: socket.socket, request: Request) -> None:
        sock.sendall(OK.wire())
        if sock.recv(1) == b"":
            ended.set()

    with Hostile(play) as server:
        one = session(server.url)
        one.get("/", deadline=Deadline.after(5))
        assert ended.wait(5), "a handle of ours kept the connection open"
        one.close()


def test_a_changed_credential_is_picked_up_after_a_refusal() -> None:
    secrets = iter(["old-secret", "new-secret"])

    def doorman(request: object) -> Reply:
        return OK if request.headers["authorization"] == "Bearer new-secret" else status(401)

    with Hostile(answering(doorman)) as server:
        one = HttpSession(HttpSource(base_url=server.url), Budgets(99, 99), lambda: next(secrets))
        with pytest.raises(AuthRefused):
            one.get("/", deadline=Deadline.after(5))
        assert one.get("/", deadline=Deadline.after(5)).body == OK.body
        one.close()


@pytest.mark.parametrize("secret", ["", "two\r\nlines", "tab\tinside", "ümlaut", " blank"])
def test_a_secret_that_cannot_stand_in_a_header_is_refused_without_being_shown(secret: str) -> None:
    with serving(OK) as server:
        one = session(server.url, secret)
        with pytest.raises(AuthRefused) as caught:
            one.get("/", deadline=Deadline.after(5))
        assert not secret.strip() or secret not in str(caught.value)
        assert server.requests == []
        one.close()


@pytest.mark.parametrize(
    "path", ["", "x", "//other.example/x", "/a/../b", "/a\r\nHost: b", "/a?b", "/a#b", "/ü", "/..", "/a\\b"]
)
def test_a_path_made_of_foreign_words_cannot_leave_the_base(path: str) -> None:
    with serving(OK) as server:
        one = session(server.url)
        with pytest.raises(BadAnswer):
            one.get(path, deadline=Deadline.after(5))
        assert server.connections == 0
        one.close()


def test_proxies_and_certificates_of_the_environment_are_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(OK) as server, serving(OK) as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere")
        one = session(server.url)
        one.get("/", deadline=Deadline.after(5))
        assert (len(server.requests), proxy.connections) == (1, 0)
        one.close()


def test_cookies_are_not_kept() -> None:
    with serving(Reply(b"{}", headers={"Set-Cookie": "track=1"})) as server:
        one = session(server.url)
        for _ in range(2):
            one.get("/", deadline=Deadline.after(5))
        assert "cookie" not in server.requests[1].headers
        one.close()


@pytest.mark.parametrize("media", ["text/html", "text/plain", "", "application/xml", "image/json"])
def test_n4_only_json_is_taken_for_json(media: str) -> None:
    with pytest.raises(BadAnswer, match="JSON was expected"):
        ask(Reply(b"{}", media=media)).json_body()


def test_a_missing_ca_file_is_a_config_error() -> None:
    with pytest.raises(ConfigError, match=r"ca_file: /nowhere/ca\.pem is not a file"):
        session("https://127.0.0.1:1", ca_file="/nowhere/ca.pem")

"""Server and client over a real socket: the key, several desktops, slow and hostile ones, coming back."""

from __future__ import annotations

import os
import pickle
import socket
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection
from pathlib import Path

import pytest

from console.domain.errors import StoreError
from console.link import server as server_room
from console.link.address import family_of, link_key
from console.link.client import LinkClient
from console.link.messages import CancelBackfill, FrameStored, Hello, Refresh, Stopping
from console.link.orders import SignedIn, SignIn
from console.link.server import LinkServer
from console.settings import LONGEST_SOCKET_PATH, Profile

HELLO = Hello("0", 1, 2, simulated=True)


def until(done: Callable[[], bool], seconds: float = 10.0) -> None:
    ends = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < ends, "did not happen in time"
        time.sleep(0.01)


class Listener:
    """A client and what it heard."""

    def __init__(self, profile: Profile) -> None:
        self.heard: list[object] = []
        self.attached: list[bool] = []
        self.client = LinkClient(profile, self.heard.append, self.attached.append)
        self.client.start()


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile(tmp_path).create()


@pytest.fixture
def requests() -> list[object]:
    return []


@pytest.fixture
def server(profile: Profile, requests: list[object]) -> Iterator[LinkServer]:
    server = LinkServer(profile, HELLO, lambda request, reply: requests.append(request))
    yield server
    server.close()


def raw(profile: Profile) -> Connection:
    address = profile.link_address
    return Client(address, family_of(address), authkey=link_key(profile.link_key))


def test_every_desktop_hears_the_greeting_and_every_message(profile: Profile, server: LinkServer) -> None:
    desktops = [Listener(profile) for _ in range(3)]
    until(lambda: server.desktops() == 3)
    server.tell(FrameStored("a", 1))
    server.tell(FrameStored("b", 2))
    for desktop in desktops:
        until(lambda desktop=desktop: len(desktop.heard) == 3)
        assert desktop.heard == [HELLO, FrameStored("a", 1), FrameStored("b", 2)]
        desktop.client.stop()
    until(lambda: server.desktops() == 0)


def test_requests_arrive(profile: Profile, server: LinkServer, requests: list[object]) -> None:
    desktop = Listener(profile)
    until(lambda: desktop.attached == [True])
    assert desktop.client.ask(Refresh("us-ga-1"))
    assert desktop.client.ask(CancelBackfill())
    until(lambda: len(requests) == 2)
    assert requests == [Refresh("us-ga-1"), CancelBackfill()]
    desktop.client.stop()
    assert not desktop.client.ask(CancelBackfill())


def test_a_client_waits_for_a_collector_and_finds_it_again(profile: Profile) -> None:
    desktop = Listener(profile)
    time.sleep(0.3)
    assert desktop.attached == []
    first = LinkServer(profile, HELLO, lambda request, reply: None)
    until(lambda: desktop.heard == [HELLO])
    assert desktop.attached == [True]
    first.close(Stopping("test"))
    until(lambda: desktop.attached == [True, False])
    assert desktop.heard[-1] == Stopping("test")
    second = LinkServer(profile, HELLO, lambda request, reply: None)
    until(lambda: desktop.attached == [True, False, True])
    desktop.client.stop()
    second.close()


def test_the_key_is_private_and_a_wrong_one_opens_nothing(profile: Profile, server: LinkServer) -> None:
    assert stat.S_IMODE(profile.link_key.stat().st_mode) == 0o600
    assert stat.S_IMODE(Path(profile.link_address).stat().st_mode) == 0o600
    assert link_key(profile.link_key) == link_key(profile.link_key)
    with pytest.raises((AuthenticationError, EOFError, OSError)):
        Client(profile.link_address, family_of(profile.link_address), authkey=b"wrong")
    assert server.desktops() == 0


def test_a_key_of_the_wrong_size_is_refused(profile: Profile) -> None:
    profile.link_key.write_bytes(b"short")
    with pytest.raises(StoreError, match="5 bytes"):
        link_key(profile.link_key)


def test_twenty_starts_at_once_agree_on_one_key(tmp_path: Path, profile: Profile) -> None:
    keys: list[bytes] = []
    threads = [threading.Thread(target=lambda: keys.append(link_key(profile.link_key))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(keys)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["link.key"]


def test_a_desktop_that_attaches_while_the_collector_leaves_hears_why(
    profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its threads have not begun when the farewell is said."""
    let_in = LinkServer._let_in

    def late(server: LinkServer, desktop: object) -> bool:
        known = let_in(server, desktop)
        until(lambda: server._closing)
        return known

    monkeypatch.setattr(LinkServer, "_let_in", late)
    server = LinkServer(profile, HELLO, lambda request, reply: None)
    desktop = Listener(profile)
    until(lambda: server.desktops() == 1)
    server.close(Stopping("test"))
    until(lambda: desktop.attached == [True, False])
    assert desktop.heard == [HELLO, Stopping("test")]
    desktop.client.stop()


def test_nobody_is_let_in_once_the_collector_leaves(profile: Profile) -> None:
    server = LinkServer(profile, HELLO, lambda request, reply: None)
    server._closing = True  # the very moment between the word and the closed door
    with pytest.raises((EOFError, OSError)):
        raw(profile)
    server.close()


def test_a_slow_desktop_is_dropped_and_never_waited_for(
    profile: Profile, server: LinkServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_room, "MOST_WAITING", 50)
    quick = Listener(profile)
    asleep = raw(profile)  # attaches and never reads
    until(lambda: server.desktops() == 2)
    longest, sent = 0.0, 0
    while server.desktops() == 2:
        began = time.monotonic()
        server.tell(FrameStored("x" * 200, sent))
        longest = max(longest, time.monotonic() - began)
        sent += 1
        assert sent < 200_000
        until(lambda due=sent - 20: len(quick.heard) >= due)
    assert longest < 5.0, "whoever waits for a sleeper waits for ever"
    assert quick.attached == [True]
    asleep.close()
    quick.client.stop()


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff" * 100, pickle.dumps(os.getcwd), b"x" * 100_000],
    ids=["nothing", "noise", "a pickle", "too long"],
)
def test_a_desktop_that_says_no_request_is_dropped(
    profile: Profile, server: LinkServer, requests: list[object], body: bytes
) -> None:
    hostile = raw(profile)
    until(lambda: server.desktops() == 1)
    with suppress(OSError):  # what is too long is not read to its end
        hostile.send_bytes(body)
    until(lambda: server.desktops() == 0)
    assert requests == []
    hostile.close()


def test_a_caller_that_knocks_and_says_nothing_is_put_out(
    profile: Profile, server: LinkServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_room, "KNOCK_S", 0.2)
    with socket.socket(socket.AF_UNIX) as silent:
        silent.connect(profile.link_address)
        desktop = Listener(profile)
        until(lambda: desktop.attached == [True])
        silent.settimeout(5)
        while silent.recv(1000):
            pass
    desktop.client.stop()


def test_a_long_profile_path_still_has_a_socket(tmp_path: Path) -> None:
    profile = Profile(tmp_path.joinpath(*["a-rather-long-directory-name"] * 5)).create()
    assert len(os.fsencode(profile.link_address)) <= LONGEST_SOCKET_PATH
    server = LinkServer(profile, HELLO, lambda request, reply: None)
    desktop = Listener(profile)
    until(lambda: desktop.heard == [HELLO])
    desktop.client.stop()
    server.close()


def test_a_socket_left_by_a_killed_collector_is_taken_over(profile: Profile) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(profile.link_address)
    server = LinkServer(profile, HELLO, lambda request, reply: None)
    desktop = Listener(profile)
    until(lambda: desktop.attached == [True])
    desktop.client.stop()
    server.close()


def test_messages_survive_the_wire_as_typed_structs() -> None:
    from console.link.messages import BackfillProgress, LinkChanged, decode_from_collector, encode

    for message in (HELLO, FrameStored("a", 1), LinkChanged("a", "down"), BackfillProgress(1, 2, True), Stopping("x")):
        assert decode_from_collector(encode(message)) == message


def test_an_answer_reaches_the_desktop_that_asked_and_no_other(profile: Profile) -> None:
    server = LinkServer(profile, HELLO, lambda request, reply: reply(SignedIn(request=request.request, session="s")))
    one, other = Listener(profile), Listener(profile)
    until(lambda: server.desktops() == 2)
    assert one.client.ask(SignIn(request="r", name="ada", secret="not told", desk="desk 1"))
    until(lambda: any(isinstance(message, SignedIn) for message in one.heard))
    word = Stopping("now")
    server.tell(word)
    until(lambda: word in other.heard)
    assert not any(isinstance(message, SignedIn) for message in other.heard)
    for listener in (one, other):
        listener.client.stop()
    server.close()

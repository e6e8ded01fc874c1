"""Servers that misbehave on purpose, on a loopback port of their own: drip, hang, reset, cut, flood and lie.

A *play* gets the open socket and the request, and does what it likes; the connection is closed after it. The server
counts connections and keeps the requests, so that a test can prove what was never sent.
"""

from __future__ import annotations

import contextlib
import gzip
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from urllib.parse import parse_qs, urlsplit

TLS_HELLO = b"\x16\x03"
GIVE_UP_S = 10.0  # no play outlives this, so that a failing test leaves no threads behind


@dataclass(frozen=True)
class Request:
    """What a client asked; header names in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    raw: bytes

    @property
    def path(self) -> str:
        """The path without the query."""
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        """The query's parameters, the last of each name."""
        return {name: values[-1] for name, values in parse_qs(urlsplit(self.target).query).items()}


@dataclass(frozen=True)
class Reply:
    """One proper HTTP answer."""

    body: bytes = b""
    status: int = 200
    media: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)

    def wire(self) -> bytes:
        """The bytes on the wire; 204 and 304 carry no body."""
        lines = [f"HTTP/1.1 {self.status} Whatever", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        body = b"" if self.status in (204, 304) else self.body
        if self.status != 204:
            lines += [f"Content-Type: {self.media}", f"Content-Length: {len(body)}"]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


Play = Callable[[socket.socket, Request], None]


class Hostile:
    """A server whose `play` may be changed between requests. `url` and `port` hold from enter to exit."""

    def __init__(self, play: Play, context: ssl.SSLContext | None = None) -> None:
        self.play, self._context = play, context
        self.requests: list[Request] = []
        self.connections = 0
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = int(self._listener.getsockname()[1])
        self.url = f"{'https' if context else 'http'}://127.0.0.1:{self.port}"
        self._open: set[socket.socket] = set()
        self._thread = threading.Thread(target=self._accept, name="hostile", daemon=True)

    def __enter__(self) -> Hostile:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for sock in self._open:
                with contextlib.suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, raw: socket.socket) -> None:
        raw.settimeout(GIVE_UP_S)
        sock = raw
        with contextlib.suppress(OSError, ssl.SSLError):
            if self._context is not None:
                sock = self._context.wrap_socket(raw, server_side=True)
            with self._lock:
                self._open.add(sock)
            request = read_request(sock)
            if request is not None:
                with self._lock:
                    self.requests.append(request)
                self.play(sock, request)
        with self._lock:
            self._open.discard(sock)
        with contextlib.suppress(OSError):
            sock.close()


def read_request(sock: socket.socket) -> Request | None:
    """One request, its body included; None where the client went away."""
    raw = b""
    while b"\r\n\r\n" not in raw:
        piece = sock.recv(65536)
        if not piece:
            return None
        raw += piece
        if raw.startswith(TLS_HELLO):
            return Request("TLS", "", {}, raw)
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").split("\r\n")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
    while len(body) < int(headers.get("content-length", "0")):
        body += sock.recv(65536)
    method, target, _ = first.split(" ", 2)
    return Request(method, target, headers, head + b"\r\n\r\n" + body)


def answering(answer: Reply | Callable[[Request], Reply]) -> Play:
    """A healthy server."""

    def play(sock: socket.socket, request: Request) -> None:
        sock.sendall((answer if isinstance(answer, Reply) else answer(request)).wire())

    return play


def hanging(sock: socket.socket, request: Request) -> None:
    """Takes the request and never answers."""
    with contextlib.suppress(OSError):
        while sock.recv(65536):
            pass


def dripping(wire: bytes, interval_s: float = 0.05) -> Play:
    """Sends one byte at a time, so slowly that the end is never seen, so often that no read times out."""

    def play(sock: socket.socket, request: Request) -> None:
        ends_s = time.monotonic() + GIVE_UP_S
        for byte in wire:
            sock.sendall(bytes((byte,)))
            if time.monotonic() > ends_s:
                return
            time.sleep(interval_s)

    return play


def resetting(wire: bytes = b"") -> Play:
    """Sends `wire`, then breaks the connection with a RST."""

    def play(sock: socket.socket, request: Request) -> None:
        if wire:
            sock.sendall(wire)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return play


def cut(wire: bytes, at: int) -> Play:
    """Closes in good order after `at` bytes."""

    def play(sock: socket.socket, request: Request) -> None:
        sock.sendall(wire[:at])

    return play


def raw(wire: bytes) -> Play:
    """Sends exactly these bytes."""
    return cut(wire, len(wire))


def flooding(total_bytes: int, unit: bytes = b"[0,0,0,0,0,0,0]," * 4096) -> Play:
    """Sends an endless JSON body, without saying how long it will be."""

    def play(sock: socket.socket, request: Request) -> None:
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n[")
        for _ in range(total_bytes // len(unit)):
            sock.sendall(unit)

    return play


def gzip_bomb(decoded_bytes: int) -> Reply:
    """A small body that unpacks to `decoded_bytes` of blanks."""
    packed = b"".join(gzip.compress(b" " * (decoded_bytes // 16), 9) for _ in range(16))
    return Reply(packed, headers={"Content-Encoding": "gzip"})


def status(code: int, **headers: str) -> Reply:
    """A bare status with headers; underscores in their names stand for hyphens."""
    return Reply(b'{"error":"no"}', code, headers={name.replace("_", "-"): value for name, value in headers.items()})


@contextlib.contextmanager
def serving(play: Play | Reply) -> Iterator[Hostile]:
    """A server for a play, or for a healthy reply."""
    with Hostile(answering(play) if isinstance(play, Reply) else play) as server:
        yield server

"""Knows how to ask a source over HTTP so that no answer can hang, flood, mislead or rob us; knows no vendor.

Every request holds to one total deadline (also against a dripping source), a cap on the decoded size, verified TLS
and no redirects, so that no secret reaches a second host. Every failure comes out as one error of `domain.errors`.
"""

from __future__ import annotations

import contextlib
import http.cookiejar
import socket
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any

import requests
import requests.adapters
import urllib3

from console.adapters.base import Deadline
from console.adapters.budget import Budgets
from console.adapters.dial import Line, private_ranges
from console.adapters.http_source import HttpSource, auth_headers, check_base_url, check_path
from console.adapters.plain_words import as_source_error, retry_after_s, status_error
from console.domain.errors import BadAnswer, RateLimited, SourceError

__all__ = ["Answer", "HttpSession", "HttpSource"]
MOST_BYTES = 16 * 1024 * 1024  # T14: of one decoded body
CHUNK_BYTES = 64 * 1024
SHORTEST_TIMEOUT_S = 0.001


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete answer: `headers` ignore case, `body` is decompressed and at most 16 MiB."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    latency_ms: float

    def json_body(self) -> bytes:
        """The body, once the source says that it is JSON; raises BadAnswer for a log-in page and the like (N4)."""
        media = self.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if not self.body.strip():
            raise BadAnswer("the source answered with nothing where JSON was expected")
        if media != "application/json" and not (media.startswith("application/") and media.endswith("+json")):
            kind = "an HTML page" if media == "text/html" else "something else"
            raise BadAnswer(f"the source answered with {kind} where JSON was expected")
        return self.body


class HttpSession:
    """One site's session with one base URL, used by one thread at a time.

    `secret` is asked for at the first request and again after a refusal, so that a changed one is picked up; None:
    the source wants no credential. Raises ConfigError where the settings break the rules (S4).
    """

    def __init__(self, source: HttpSource, budgets: Budgets, secret: Callable[[], str] | None = None) -> None:
        scheme, self.host = check_base_url(source)
        self._base = source.base_url.rstrip("/")
        self._auth, self._secret = source.auth, secret
        self._auth_headers: Mapping[str, str] | None = None
        self._line = Line(scheme, private_ranges(source.plain_http_to))
        self._budget = budgets.of(self.host)
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy, netrc or CA bundle from the environment
        self._session.verify = source.ca_file or True
        self._session.cookies.set_policy(http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))
        self._session.mount(f"{scheme}://", _LineAdapter(self._line))

    def get(
        self,
        path: str,
        params: Mapping[str, str | int | float] | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        deadline: Deadline,
        expect: Set[int] = frozenset({200}),
    ) -> Answer:
        """GET `path` under the base URL. A status outside `expect` raises, mapped on the error tree."""
        return self._ask("GET", path, {"params": params, "headers": headers}, deadline, expect)

    def post(
        self,
        path: str,
        body: bytes,
        headers: Mapping[str, str] | None = None,
        *,
        params: Mapping[str, str | int | float] | None = None,
        deadline: Deadline,
        expect: Set[int] = frozenset({200}),
    ) -> Answer:
        """POST `body` as JSON unless `headers` say otherwise; never sent twice by itself."""
        said = {"Content-Type": "application/json", **(headers or {})}
        return self._ask("POST", path, {"params": params, "data": body, "headers": said}, deadline, expect)

    @property
    def spoke(self) -> bool:
        """Whether anything of the last request may have reached the source; what failed before then did nothing."""
        return self._line.spoke

    def hang_up(self) -> None:
        """Close the connection, so that what the source may still say on it is never taken for the next answer."""
        self._session.close()

    def close(self) -> None:
        """Close the sockets; safe to call twice."""
        self.hang_up()
        self._line.close()

    def _ask(self, method: str, path: str, parts: dict[str, Any], deadline: Deadline, expect: Set[int]) -> Answer:
        self._line.spoke = False
        check_path(path)
        parts["headers"] = self._headers(parts.get("headers") or {})
        self._budget.take(deadline)
        started_s = time.monotonic()
        with self._line.request(deadline):
            try:
                answer = self._send(method, path, parts, deadline, started_s)
            except _StaleConnection:
                answer = self._send(method, path, parts, deadline, started_s)
        if answer.status in expect:
            return answer
        raise self._refusal(answer)

    def _headers(self, own: Mapping[str, str]) -> dict[str, str]:
        if self._auth_headers is None:
            self._auth_headers = {} if self._secret is None else auth_headers(self._auth, self._secret())
        return {"User-Agent": "Meridian", "Accept": "application/json", "Accept-Encoding": "gzip", **own,
                **self._auth_headers}  # fmt: skip

    def _send(self, method: str, path: str, parts: dict[str, Any], deadline: Deadline, started_s: float) -> Answer:
        try:
            response = self._session.request(
                method,
                self._base + path,
                timeout=max(SHORTEST_TIMEOUT_S, deadline.remaining_s()),
                stream=True,
                allow_redirects=False,
                **parts,
            )
            with contextlib.closing(response):
                body = read_capped(response, self.host)
        except SourceError:
            raise
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            kept = not (self._line.dialled or self._line.cut)
            if method == "GET" and kept and isinstance(error, requests.ConnectionError):
                raise _StaleConnection from None
            raise as_source_error(error, self.host, cut=self._line.cut) from None
        if self._line.cut:  # without a Content-Length a cut answer looks like a complete one
            raise as_source_error(TimeoutError(), self.host, cut=True)
        return Answer(response.status_code, response.headers, body, (time.monotonic() - started_s) * 1000)

    def _refusal(self, answer: Answer) -> SourceError:
        wait_s = retry_after_s(answer.headers.get("Retry-After"), time.time_ns() // 1_000_000)
        error = status_error(answer.status, self.host, wait_s)
        if isinstance(error, RateLimited) and error.retry_after_s:
            self._budget.hold(error.retry_after_s)
        if answer.status == 401:
            self._auth_headers = None
        return error


class _StaleConnection(Exception):
    """A kept connection was closed by the source before it heard us: ask once more on a new one."""


class _LineAdapter(requests.adapters.HTTPAdapter):
    """requests' transport with our own way of dialling."""

    def __init__(self, line: Line) -> None:
        self._line = line
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any) -> None:
        """Hand urllib3 connections that are dialled by the line."""
        super().init_poolmanager(connections, maxsize, block, **pool_kwargs)
        self.poolmanager.pool_classes_by_scheme = _pools(self._line)


def _pools(line: Line) -> dict[str, type[urllib3.HTTPConnectionPool]]:
    class Plain(urllib3.connection.HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return line.dial(self.host, self.port)

        def send(self, data: Any) -> None:
            if self.sock is None:
                self.connect()
            line.spoke = True
            super().send(data)

        def close(self) -> None:
            super().close()
            line.hang_up()

    class Secure(Plain, urllib3.connection.HTTPSConnection):
        """The same with TLS, whose handshake is over before a request is sent."""

    class PlainPool(urllib3.HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(urllib3.HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


def read_capped(response: requests.Response, host: str) -> bytes:
    """The body, decompressed while it streams; raises BadAnswer past 16 MiB, so that a gzip bomb stays small (N7)."""
    coding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if coding not in ("identity", "gzip", ""):
        raise BadAnswer(f"{host} answered in an encoding that we did not ask for")
    chunks = response.raw.stream(CHUNK_BYTES, decode_content=False)
    body = bytearray()
    for part in _gunzipped(chunks, host) if coding == "gzip" else chunks:
        body += part
        if len(body) > MOST_BYTES:
            response.raw.close()  # do not drain the rest to keep the connection
            raise BadAnswer(f"{host} answered with more than {MOST_BYTES // 1024**2} MiB")
    return bytes(body)


def _gunzipped(chunks: Iterable[bytes], host: str) -> Iterator[bytes]:
    """The decompressed stream in pieces of bounded size, whatever the ratio; also of several members in a row."""
    unzip = zlib.decompressobj(wbits=31)
    for chunk in chunks:
        waiting = chunk
        while waiting:
            if unzip.eof:
                unzip = zlib.decompressobj(wbits=31)
            try:
                yield unzip.decompress(waiting, CHUNK_BYTES)
            except zlib.error:
                raise BadAnswer(f"{host} answered with damaged gzip data") from None
            waiting = unzip.unused_data if unzip.eof else unzip.unconsumed_tail
    if not unzip.eof:
        raise BadAnswer(f"{host} broke off in the middle of its answer")

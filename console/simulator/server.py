"""Serves every site of the simulated fleet over HTTP on this machine: sockets, tokens, faults; nothing of physics."""

from __future__ import annotations

import contextlib
import hmac
import json
import socket
import struct
import sys
import threading
from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from console.domain.errors import ConfigError
from console.simulator.answer import Answer, Refused, ok
from console.simulator.faults import AFTER_AN_ORDER, ON_THE_LINE, Fault, parse_faults, spoilt
from console.simulator.host import SiteHost
from console.simulator.routes import Ask, query_of, respond

IDLE_S = 90.0  # a keep-alive connection that says nothing for so long is closed
MOST_BODY = 4 * 1024**2
DRIP_S = 0.5  # between two bytes
FAULTS_PATH = "/simulator/faults"  # the simulator's own switchboard: no part of the Site API
LINGER_NOT = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)  # close with a reset
COMMANDS = "v1/commands"
BEARER = {"WWW-Authenticate": "Bearer"}
BODILESS = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)


class FleetServer(ThreadingHTTPServer):
    """The HTTP server; `hosts` maps a site id to its host, `faults` a site id to what is wrong with it.

    Every client needs `token` where there is one; with a `control_token` as well, only that one commands.
    """

    daemon_threads = True
    request_queue_size = 256
    allow_reuse_address = sys.platform != "win32"  # there it would let two servers share a port

    def __init__(
        self,
        port: int,
        hosts: Mapping[str, SiteHost],
        token: str | None = None,
        faults: Mapping[str, Fault] | None = None,
        control_token: str | None = None,
    ) -> None:
        self.hosts, self.token, self.control_token, self.faults = hosts, token, control_token, dict(faults or {})
        self.ending = threading.Event()
        try:
            super().__init__(("127.0.0.1", port), Handler)
        except OSError as error:
            raise ConfigError(
                (f"port {port} on 127.0.0.1 cannot be used: {error.strerror}; choose another",)
            ) from error

    @property
    def base_url(self) -> str:
        """Where it listens, e.g. `http://127.0.0.1:18440`."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def start(self) -> threading.Thread:
        """Serve in a thread of its own until `end()`."""
        thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.2}, name="serve", daemon=True)
        thread.start()
        return thread

    def end(self) -> None:
        """Stop serving and let go of every hanging client."""
        self.ending.set()
        self.shutdown()
        self.server_close()

    def fault_of(self, host: SiteHost) -> Fault | None:
        """What is wrong with a site now: what was asked for, else a link that drops by itself."""
        fault = self.faults.get(host.plan.id)
        return Fault.RESET if fault is None and host.link_down() else fault

    def handle_error(self, request: socket.socket | tuple[bytes, socket.socket], client_address: object) -> None:
        """A client that went away is no event worth a word."""


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server_version = "SiteAPI"
    sys_version = ""
    timeout = IDLE_S
    wbufsize = -1  # head and body leave in one packet; Nagle would add 40 ms to each answer
    disable_nagle_algorithm = True
    server: FleetServer

    def do_GET(self) -> None:
        """Read, or whatever another method asks for."""
        fault: Fault | None = None
        try:
            url = urlsplit(self.path)
            body = self._body()
            if url.path == FAULTS_PATH:
                answer = self._switch(body)
            else:
                host, path = self._host(url.path)
                fault = self.server.fault_of(host)
                self._authorise(path)
                headers = {name.lower(): value for name, value in self.headers.items()}
                answer = respond(host, Ask(self.command, path, query_of(url.query), headers, body, fault))
        except Refused as refused:
            answer = refused.answer()
        if fault is not None:
            answer = spoilt(fault, answer)
        if fault in ON_THE_LINE or (fault in AFTER_AN_ORDER and answer.status is HTTPStatus.ACCEPTED):
            self._misbehave(fault, answer)
        else:
            self._send(answer, answer.body)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_HEAD = do_TRACE = do_QUERY = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Silent: the demo fleet answers hundreds of requests a minute."""

    def _host(self, path: str) -> tuple[SiteHost, str]:
        """The site that a path names, and the rest of the path."""
        _, sites, site_id, *rest = (path + "//").split("/", 3)
        host = self.server.hosts.get(site_id) if sites == "sites" else None
        if host is None:
            raise Refused(HTTPStatus.NOT_FOUND, "no such site")
        return host, rest[0].rstrip("/")

    def _body(self) -> bytes:
        """The request's body; a connection whose body was not read is closed after the answer."""
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not (length.isascii() and length.isdigit()):
            self.close_connection = True
            raise Refused(HTTPStatus.LENGTH_REQUIRED, "a body needs its Content-Length")
        if len(length) > 9 or int(length) > MOST_BODY:
            self.close_connection = True
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a body has at most {MOST_BODY} bytes")
        return self.rfile.read(int(length))

    def _authorise(self, path: str) -> None:
        commands = self._bears(self.server.control_token)
        if self.server.control_token is not None and path.startswith(COMMANDS) and not commands:
            if self._bears(self.server.token):
                raise Refused(HTTPStatus.FORBIDDEN, "this token may only read")
            raise Refused(HTTPStatus.UNAUTHORIZED, "a token that may command is needed", BEARER)
        if self.server.token is not None and not (commands or self._bears(self.server.token)):
            raise Refused(HTTPStatus.UNAUTHORIZED, "a bearer token is needed", BEARER)

    def _bears(self, token: str | None) -> bool:
        given = self.headers.get("Authorization", "").encode(errors="replace")
        return token is not None and hmac.compare_digest(given, f"Bearer {token}".encode())

    def _switch(self, body: bytes) -> Answer:
        """GET tells the faults; POST {"us-ga-1": "hang", "us-tx-1": null} changes them while the fleet runs."""
        if self.command == "POST":
            try:
                wanted: dict[str, str | None] = json.loads(body)
                set_now = parse_faults([f"{site}={kind}" for site, kind in wanted.items() if kind], self.server.hosts)
            except (ValueError, AttributeError, ConfigError) as error:
                raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from error
            kept = {site: fault for site, fault in self.server.faults.items() if site not in wanted}
            self.server.faults = {} if wanted.get("all", "") is None else kept | set_now
        return ok(self.server.faults)

    def _send(self, answer: Answer, body: bytes) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status not in BODILESS:
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _misbehave(self, fault: Fault | None, answer: Answer) -> None:
        """The faults of the line itself. Each ends with the connection."""
        self.close_connection = True
        with contextlib.suppress(OSError):
            if fault is Fault.HANG:
                self._until_gone(None)
            elif fault in (Fault.RESET, Fault.LOSES_ANSWER):
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
            elif fault is Fault.ANSWERS_TWICE:  # the second waits on the connection for whoever asks next
                self.close_connection = False
                self._send(answer, answer.body)
                self._send(answer, answer.body)
            elif fault is Fault.TRUNCATED:
                self._send(answer, answer.body[: len(answer.body) // 2])
            else:
                self._send(answer, b"")
                self._until_gone(answer.body)

    def _until_gone(self, dripping: bytes | None) -> None:
        """Hold the client until it goes or the server ends; `dripping` leaves a byte at a time."""
        self.wfile.flush()
        self.connection.settimeout(DRIP_S)
        for index in range(10**9 if dripping is None else len(dripping)):
            if self.server.ending.is_set():
                return
            if dripping is not None:
                self.connection.sendall(dripping[index : index + 1])
            with contextlib.suppress(TimeoutError):
                if not self.connection.recv(4096):
                    return

"""Serves every site of the simulated fleet over HTTP on this machine; knows routes, tokens and nothing of physics."""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from console.domain.errors import BadAnswer, ConfigError
from console.simulator.answer import Answer, Refused
from console.simulator.host import SiteHost

IDLE_S = 90.0  # a keep-alive connection that says nothing for so long is closed


class FleetServer(ThreadingHTTPServer):
    """The HTTP server; `hosts` maps a site id to its host."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, port: int, hosts: Mapping[str, SiteHost], token: str | None = None) -> None:
        self.hosts, self.token = hosts, token
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
        """Serve in a thread of its own until `shutdown()`."""
        thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.2}, name="serve", daemon=True)
        thread.start()
        return thread

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
        """Read."""
        try:
            answer = self._route()
        except Refused as refused:
            answer = refused.answer()
        except BadAnswer as error:
            answer = Refused(HTTPStatus.BAD_REQUEST, str(error)).answer()
        self._send(answer)

    def log_message(self, format: str, *args: object) -> None:
        """Silent: the demo fleet answers hundreds of requests a minute."""

    def _route(self) -> Answer:
        url = urlsplit(self.path)
        parts = url.path.strip("/").split("/")
        if len(parts) < 4 or parts[0] != "sites" or parts[2] != "v1":
            raise Refused(HTTPStatus.NOT_FOUND, "no such path")
        host = self.server.hosts.get(parts[1])
        if host is None:
            raise Refused(HTTPStatus.NOT_FOUND, "no such site")
        self._authorise()
        query = dict(parse_qsl(url.query, keep_blank_values=True))
        if parts[3:] == ["site"]:
            return host.facts()
        if parts[3:] == ["roster"]:
            return host.roster()
        if parts[3:] == ["history"]:
            return host.history(query)
        if parts[3:] == ["telemetry"]:
            return host.telemetry(query, self.headers.get("If-None-Match"))
        raise Refused(HTTPStatus.NOT_FOUND, "no such path")

    def _authorise(self) -> None:
        token = self.server.token
        if token is not None and self.headers.get("Authorization") != f"Bearer {token}":
            raise Refused(HTTPStatus.UNAUTHORIZED, "a bearer token is needed", {"WWW-Authenticate": "Bearer"})

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status not in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED):
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

"""Devices on loopback addresses that answer as they are told to, and remember what they were asked."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import socketserver
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

Behaviour = Callable[[socket.socket, str, "Device"], None]
RPC_PORT = 4028
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")


def net(number: int) -> str:
    """The first three bytes of loopback addresses that no other test and no other test process uses."""
    return f"127.{WORKER}.{number}"


class Device:
    """One fake device; `asked` holds every request in full."""

    def __init__(self, ip: str, behaviour: Behaviour, port: int = RPC_PORT) -> None:
        self.asked: list[bytes] = []
        self.ending = threading.Event()
        device = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError):
                    self.request.settimeout(3)
                    request = self.request.recv(65536)
                    device.asked.append(request)
                    behaviour(self.request, command_of(request), device)

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True
            block_on_close = False

            def handle_error(self, request: object, client_address: object) -> None:
                """Whoever went away is no event; every other fault is."""
                if not isinstance(sys.exception(), ConnectionError):
                    super().handle_error(request, client_address)

        self._server = Server((ip, port), Handler)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self) -> None:
        self.ending.set()
        self._server.shutdown()
        self._server.server_close()

    def commands(self) -> set[str]:
        return {command_of(request) for request in self.asked}


@contextlib.contextmanager
def devices(*told: tuple[str, Behaviour]) -> Iterator[list[Device]]:
    running = [Device(ip, behaviour) for ip, behaviour in told]
    try:
        yield running
    finally:
        for device in running:
            device.close()


def command_of(request: bytes) -> str:
    try:
        message = json.loads(request.rstrip(b"\0\r\n"))
    except ValueError:
        return ""
    return str(message.get("command") or message.get("cmd") or "") if isinstance(message, dict) else ""


def reply(connection: socket.socket, body: Any) -> None:
    connection.sendall((body if isinstance(body, bytes) else json.dumps(body).encode()) + b"\0")


ERROR = {"STATUS": "E", "Code": 14, "Msg": "invalid cmd", "Description": ""}
DETAILS = {
    "STATUS": [{"STATUS": "S", "Msg": "Device Details"}],
    "DEVDETAILS": [{"DEVDETAILS": 0, "Name": "SM", "ID": 0, "Driver": "BITMICRO", "Model": "M50S_VE30"}],
    "id": 1,
}
VERSION = {"STATUS": "S", "Code": 131, "Msg": {"api_ver": "2.0.5", "fw_ver": "20230803.11.REL"}}
SUMMARY = {
    "STATUS": [{"STATUS": "S", "Msg": "Summary"}],
    "SUMMARY": [{"HS RT": 124.5e6, "Factory GHS": 126000, "Power": 3200, "Env Temp": 28.5, "MAC": "d4:01:02:03:04:05"}],
}


def whatsminer(**replies: Any) -> Behaviour:
    """A WhatsMiner that answers these commands and refuses every other one, the way a real one does."""
    known = {"devdetails": DETAILS, "get_version": VERSION, "summary": SUMMARY, **replies}

    def behave(connection: socket.socket, command: str, device: Device) -> None:
        reply(connection, known.get(command, ERROR))

    return behave


def hangs(connection: socket.socket, command: str, device: Device) -> None:
    """Takes the question and never answers."""
    device.ending.wait(30)


def drips(connection: socket.socket, command: str, device: Device) -> None:
    """Sends a byte now and then, so that no time-out of a single read ever strikes."""
    while not device.ending.is_set():
        connection.sendall(b" ")
        time.sleep(0.1)


def resets(connection: socket.socket, command: str, device: Device) -> None:
    """Cuts the line with a RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def junk(connection: socket.socket, command: str, device: Device) -> None:
    """Sends bytes that are no JSON."""
    reply(connection, b"\xff\xfe{]" * 500)


def floods(connection: socket.socket, command: str, device: Device) -> None:
    """Sends without end."""
    while not device.ending.is_set():
        connection.sendall(b"9" * 65536)

"""The desktop's end of the link: attaches, stays attached, and calls back with each message. Knows no Qt."""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Callable
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection

import msgspec

from console.domain.errors import StoreError
from console.link.address import family_of, link_key
from console.link.messages import FromCollector, FromDesktop, decode_from_collector, encode
from console.settings import Profile

FIRST_WAIT_S = 0.2
LONGEST_WAIT_S = 3.0  # a collector that came back is found within this
LISTEN_S = 0.5  # how often the thread looks whether it shall end
LONGEST_MESSAGE = 64 * 1024  # bytes


class LinkClient:
    """Keeps one connection to the profile's collector, for as long as `start` … `stop`.

    `on_message` and `on_attached` (True: attached, False: lost) are called from the client's own thread.
    """

    def __init__(
        self,
        profile: Profile,
        on_message: Callable[[FromCollector], None],
        on_attached: Callable[[bool], None] = lambda attached: None,
    ) -> None:
        self._profile, self._on_message, self._on_attached = profile, on_message, on_attached
        self._stopping = threading.Event()
        self._connection: Connection | None = None
        self._sending = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="link client", daemon=True)

    def start(self) -> None:
        """Attach, now or as soon as there is a collector."""
        self._thread.start()

    def stop(self, timeout_s: float = 2.0) -> None:
        """Detach and end the thread."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(timeout_s)

    def ask(self, request: FromDesktop) -> bool:
        """Send a request; False when no collector is attached. May be called from any thread."""
        with self._sending:
            if self._connection is None:
                return False
            try:
                self._connection.send_bytes(encode(request))
            except (OSError, ValueError):
                return False
        return True

    def _run(self) -> None:
        wait_s = FIRST_WAIT_S
        while not self._stopping.is_set():
            connection = self._attach()
            if connection is None:
                self._stopping.wait(wait_s * random.uniform(0.7, 1.0))  # noqa: S311 - a jitter, not a secret
                wait_s = min(wait_s * 2, LONGEST_WAIT_S)
                continue
            wait_s = FIRST_WAIT_S
            self._on_attached(True)
            self._listen(connection)
            with self._sending:
                self._connection = None
                connection.close()
            self._on_attached(False)

    def _attach(self) -> Connection | None:
        """A connection on which both sides have proved the key, or None."""
        if not self._profile.link_key.exists():
            return None
        try:
            address = self._profile.link_address
            if family_of(address) == "AF_UNIX" and not os.path.exists(address):
                return None
            connection = Client(address, family_of(address), authkey=link_key(self._profile.link_key))
        except (OSError, EOFError, AuthenticationError, StoreError, ValueError, AssertionError):
            return None
        with self._sending:
            self._connection = connection
        return connection

    def _listen(self, connection: Connection) -> None:
        while not self._stopping.is_set():
            try:
                if not connection.poll(LISTEN_S):
                    continue
                message = decode_from_collector(connection.recv_bytes(LONGEST_MESSAGE))
            except (OSError, EOFError, msgspec.DecodeError):
                return
            self._on_message(message)

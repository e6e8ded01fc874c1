"""The collector's end of the link: tells every desktop, waits for none, and understands two requests.

Bytes and msgspec only, never pickle. A desktop that reads too slowly or says what is no request is dropped; it comes
back by itself and finds everything in the store.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import AuthenticationError
from multiprocessing.connection import Connection, Listener, answer_challenge, deliver_challenge
from pathlib import Path

import msgspec

from console.link.address import family_of, link_key
from console.link.messages import FromCollector, FromDesktop, decode_from_desktop, encode
from console.settings import Profile

MOST_WAITING = 512  # messages a desktop may be behind: some four minutes of a fleet of 60 sites
MOST_DESKTOPS = 16
LONGEST_REQUEST = 1024 * 1024  # bytes: a selection of some 70,000 machines by name
Reply = Callable[[FromCollector], bool]  # to the desktop that asked; False when it has left
FAREWELL_S = 0.5  # how long leaving waits for the last words to go out
KNOCK_S = 5.0  # a caller that has not shown the key by then is dropped


class _Desktop:
    """One attached desktop: a thread that sends from its own outbox and one that listens."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.known = False
        self._outbox: deque[bytes] = deque()
        self._changed = threading.Condition()
        self._closed = False

    def post(self, body: bytes) -> bool:
        """Put a message in the outbox; False when the desktop is too far behind or gone."""
        with self._changed:
            if self._closed or len(self._outbox) >= MOST_WAITING:
                return False
            self._outbox.append(body)
            self._changed.notify()
        return True

    def send_all(self) -> None:
        """Send until closed, then wake the listening thread; the body of the sending thread."""
        with suppress(OSError, ValueError):
            while (body := self._next()) is not None:
                self.connection.send_bytes(body)
        _shut_down(self.connection)

    def _next(self) -> bytes | None:
        with self._changed:
            while not self._outbox and not self._closed:
                self._changed.wait()
            return self._outbox.popleft() if self._outbox else None

    def hang_up(self, drain: bool = False) -> None:
        """End both threads; with `drain` what waits in the outbox is still tried."""
        with self._changed:
            self._closed = True
            if not drain:
                self._outbox.clear()
            self._changed.notify()
        if not drain:
            _shut_down(self.connection)


def _shut_down(connection: Connection) -> None:
    """Wake a thread that is blocked in this connection: closing alone would leave it asleep."""
    with suppress(OSError, ValueError):
        if sys.platform == "win32":
            connection.close()
            return
        with socket.socket(fileno=os.dup(connection.fileno())) as end:
            end.shutdown(socket.SHUT_RDWR)


class LinkServer:
    """Listens on the profile's address. `tell` may be called from any thread and never blocks.

    `greeting` is sent first to whoever attaches. `on_request` is called from the desktops' listening threads, with a
    way to answer that desktop alone: a session is no other desktop's business.
    """

    def __init__(
        self, profile: Profile, greeting: FromCollector, on_request: Callable[[FromDesktop, Reply], None]
    ) -> None:
        self._greeting, self._on_request = encode(greeting), on_request
        self._address, self._key = profile.link_address, link_key(profile.link_key)
        self._desktops: list[_Desktop] = []
        self._lock = threading.Lock()
        self._closing = False
        if family_of(self._address) == "AF_UNIX":
            Path(self._address).unlink(missing_ok=True)  # left by a killed collector; the profile's lock is ours
        self._listener = Listener(self._address, family_of(self._address), backlog=MOST_DESKTOPS)
        if family_of(self._address) == "AF_UNIX":
            Path(self._address).chmod(0o600)
        threading.Thread(target=self._accept, name="link accept", daemon=True).start()

    def tell(self, message: FromCollector) -> None:
        """Post a message to every desktop; those too far behind are dropped."""
        body = encode(message)
        with self._lock:
            known = [desktop for desktop in self._desktops if desktop.known]
        for desktop in known:
            if not desktop.post(body):
                desktop.hang_up()

    def desktops(self) -> int:
        """How many are attached."""
        with self._lock:
            return sum(desktop.known for desktop in self._desktops)

    def close(self, farewell: FromCollector | None = None) -> None:
        """Say farewell where it costs no waiting, then stop listening."""
        if farewell is not None:
            self.tell(farewell)
        self._closing = True
        with self._lock:
            desktops = tuple(self._desktops)
        for desktop in desktops:
            desktop.hang_up(drain=farewell is not None and desktop.known)
        with suppress(OSError):
            self._listener.close()
        ends_s = time.monotonic() + FAREWELL_S
        while self._desktops and time.monotonic() < ends_s:
            time.sleep(0.01)

    def _accept(self) -> None:
        while not self._closing:
            try:
                connection = self._listener.accept()
            except OSError:
                if self._closing:
                    return
                continue  # one caller that failed to attach
            with self._lock:
                full = self._closing or len(self._desktops) >= MOST_DESKTOPS
                desktop = _Desktop(connection)
                if not full:
                    self._desktops.append(desktop)
            if full:
                connection.close()
            else:
                threading.Thread(target=self._attend, args=(desktop,), name="link desktop", daemon=True).start()

    def _attend(self, desktop: _Desktop) -> None:
        """The whole life of one desktop, in its listening thread."""
        sender = threading.Thread(target=desktop.send_all, name="link send", daemon=True)
        try:
            if self._let_in(desktop):
                sender.start()
                self._listen(desktop)
        finally:
            with self._lock:
                self._desktops.remove(desktop)
            desktop.hang_up()
            if sender.ident is not None:
                sender.join()
            desktop.connection.close()

    def _let_in(self, desktop: _Desktop) -> bool:
        """Both sides prove that they hold the key. Whoever knocks and then says nothing is put out."""
        late = threading.Timer(KNOCK_S, _shut_down, (desktop.connection,))
        late.daemon = True
        late.start()
        try:
            deliver_challenge(desktop.connection, self._key)
            answer_challenge(desktop.connection, self._key)
        except (AuthenticationError, OSError, EOFError, ValueError, AssertionError):
            return False
        finally:
            late.cancel()
        desktop.post(self._greeting)
        desktop.known = True
        return True

    def _listen(self, desktop: _Desktop) -> None:
        """Until either side hangs up; where we leave, the sending thread does so after the last word."""
        while True:
            try:
                request = decode_from_desktop(desktop.connection.recv_bytes(LONGEST_REQUEST))
            except (OSError, EOFError, msgspec.DecodeError):
                return
            self._on_request(request, lambda message: desktop.post(encode(message)))

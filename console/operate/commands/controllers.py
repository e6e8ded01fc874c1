"""Holds the open control sessions, one a site, each used by one thread at a time (the controller's contract)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from console.adapters.control import Controller
from console.domain.errors import CommandRefused, Unsupported
from console.domain.site import Site

Open = Callable[[Site], Controller]  # raises Unsupported or ConfigError where a site cannot be commanded


class _Seat:
    """One site's session and whose turn it is."""

    def __init__(self) -> None:
        self.turn = threading.Lock()
        self.controller: Controller | None = None


class Controllers:
    """`at` may be used from any thread."""

    def __init__(self, open_control: Open) -> None:
        self._open = open_control
        self._seats: dict[str, _Seat] = {}
        self._lock = threading.Lock()

    @contextmanager
    def at(self, site: Site) -> Iterator[Controller]:
        """The site's controller for as long as the block lasts; a session that went wrong is not used again."""
        with self._lock:
            seat = self._seats.setdefault(site.id, _Seat())
        with seat.turn:
            if seat.controller is None:
                seat.controller = self._open(site)
            try:
                yield seat.controller
            except (CommandRefused, Unsupported):
                raise  # the site's own word: the session is sound
            except BaseException:
                _close(seat)
                raise

    def close(self) -> None:
        """Close every session that nobody uses; one in use ends with its process."""
        with self._lock:
            seats, self._seats = tuple(self._seats.values()), {}
        for seat in seats:
            if seat.turn.acquire(timeout=1.0):
                _close(seat)
                seat.turn.release()


def _close(seat: _Seat) -> None:
    controller, seat.controller = seat.controller, None
    if controller is not None:
        with suppress(Exception):  # an adapter is foreign code: what cannot be closed is dropped
            controller.close()

"""Asks the collector one thing at a time and waits for its answer: for a command line, which has no screen."""

from __future__ import annotations

import queue
import threading
import time
from types import TracebackType

from console.domain.errors import MeridianError
from console.link.client import LinkClient
from console.link.messages import FromCollector, FromDesktop
from console.settings import Profile

ATTACH_S = 5.0
ANSWER_S = 30.0


class NoAnswer(MeridianError):
    """The collector is not there, or has not answered in time: what was asked may or may not have been done."""


class Asking:
    """A link to the profile's collector from `__enter__` to `__exit__`."""

    def __init__(self, profile: Profile) -> None:
        self._attached = threading.Event()
        self._heard: queue.SimpleQueue[FromCollector] = queue.SimpleQueue()
        self._client = LinkClient(profile, self._heard.put, lambda attached: self._attached.set() if attached else None)

    def __enter__(self) -> Asking:
        """Attach; raises NoAnswer where no collector is."""
        self._client.start()
        if not self._attached.wait(ATTACH_S):
            self._client.stop()
            raise NoAnswer("no collector answers on this profile")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Detach."""
        self._client.stop()

    def tell(self, request: FromDesktop) -> None:
        """Say what nobody answers; raises NoAnswer where the collector has left."""
        if not self._client.ask(request):
            raise NoAnswer("the collector has left")

    def ask(self, request: FromDesktop, timeout_s: float = ANSWER_S) -> FromCollector:
        """The answer that names this request; raises NoAnswer."""
        self.tell(request)
        wanted, ends_s = getattr(request, "request", None), time.monotonic() + timeout_s
        while (message := self.hear(ends_s - time.monotonic())) is not None:
            if getattr(message, "request", None) == wanted:
                return message
        raise NoAnswer(
            f"the collector did not answer within {timeout_s:g} s; look whether it was done before asking again"
        )

    def hear(self, timeout_s: float) -> FromCollector | None:
        """The next word of the collector, whatever it is about; None where none came in time."""
        try:
            return self._heard.get(timeout=max(timeout_s, 0.001))
        except queue.Empty:
            return None

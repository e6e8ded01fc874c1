"""Keeps the store in shape once an hour, beside the live writes: closes finished days, forgets old ones, tells how far.

Knows the store's writer and when it is time; must not know what a day looks like inside.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Protocol

from console.collect.diary import Diary
from console.domain.errors import StoreError
from console.link.messages import TidyProgress
from console.store.retention import Tidied
from console.store.salvage import Salvaged

TELL_S = 0.5  # progress is told at most this often


class Keeper(Protocol):
    """What housekeeping needs of the store's writer."""

    def salvage(self) -> Salvaged | None:
        """Bring over what a damaged store still holds."""
        ...

    def compact(self, now_ms: int, most: int | None = None, *, tell: Callable[[int, int], None]) -> int:
        """Close finished days, telling how many of how many."""
        ...

    def retain(self, now_ms: int) -> Tidied:
        """Forget what is old."""
        ...

    def checkpoint(self) -> None:
        """Keep the log short."""
        ...


class Housekeeping:
    """A thread of its own from `start` to `stop`; `publish` is called from it."""

    def __init__(
        self,
        keeper: Keeper,
        publish: Callable[[TidyProgress], None],
        diary: Diary,
        wall_ms: Callable[[], int],
        first_s: float,
        every_s: float,
    ) -> None:
        self._keeper, self._publish, self._diary, self._wall_ms = keeper, publish, diary, wall_ms
        self._first_s, self._every_s = first_s, every_s
        self._told_s = float("-inf")
        self._over = threading.Event()

    def start(self) -> None:
        """Begin to wait for the first time."""
        threading.Thread(target=self._run, name="tidy", daemon=True).start()

    def stop(self) -> None:
        """Begin nothing more; what is under way is safe to be cut off."""
        self._over.set()

    def _run(self) -> None:
        wait_s = self._first_s
        while not self._over.wait(wait_s):
            wait_s = self._every_s
            self.tidy()

    def tidy(self) -> None:
        """All of it once; a StoreError is written down and tried again next time."""
        keeper = self._keeper
        try:
            saved = keeper.salvage()
            closed = keeper.compact(self._wall_ms(), tell=self._tell)
            gone = keeper.retain(self._wall_ms())
            keeper.checkpoint()
        except StoreError as error:
            self._diary.warn("the store could not be tidied", error=str(error))
            return
        finally:
            self._tell_over()
        if saved is not None:
            self._diary.say("salvaged from the damaged store", days=saved.days, lost=saved.lost)
        self._diary.say("tidied", days_closed=closed, frames_forgotten=gone.frames)

    def _tell(self, done: int, total: int) -> None:
        now_s = time.monotonic()
        if now_s - self._told_s >= TELL_S:
            self._told_s = now_s
            self._publish(TidyProgress(done, total, running=True))

    def _tell_over(self) -> None:
        """Only where something was told: an hour without a finished day is not worth a word."""
        if self._told_s != float("-inf"):
            self._told_s = float("-inf")
            self._publish(TidyProgress(0, 0, running=False))

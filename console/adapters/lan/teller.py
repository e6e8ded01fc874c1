"""Keeps the process in which one controller commands machines, and never lets an unheard machine pass for untouched."""

from __future__ import annotations

import queue
from collections.abc import Sequence
from typing import Any

import msgspec

from console.adapters.base import Deadline
from console.adapters.lan.child import Child, decoded
from console.adapters.lan.order_wire import Doing, Fate, OrderAnswer, OrderRequest, Told
from console.domain.errors import NotSent, TooSlow
from console.own_program import own_program

MARGIN_S = 0.5  # the process ends its work this long before the deadline
UNHEARD = "the machine's answer was not heard; whether it did anything is not known"


class Teller(Child):
    """One commanding process, started at the first order. Used by one thread at a time; `close` from any."""

    def __init__(self, at_once: int, argv: Sequence[str] | None = None) -> None:
        super().__init__(argv or own_program("lan-orders"))
        self._at_once, self._run = at_once, 0

    def tell(
        self, doing: Doing, verb: str, addresses: Sequence[str], deadline: Deadline, **more: Any
    ) -> dict[str, Told]:
        """Address -> what became of it there; `more`: the other fields of the request.

        An address that is not heard of is LOST, or UNSENT where nothing was to be sent. Raises NotSent where the
        process could not be given the order.
        """
        lines = self.started()
        self._run += 1
        request = OrderRequest(
            run=self._run,
            doing=doing,
            verb=verb,
            addresses=list(addresses),
            within_s=max(0.1, deadline.remaining_s() - MARGIN_S),
            at_once=self._at_once,
            **more,
        )
        try:
            self.write(msgspec.json.encode(request))
        except OSError:
            self.close()
            raise NotSent("the commanding process is gone; it is started again with the next order") from None
        heard = self._collect(lines, deadline)
        unheard = Fate.LOST if doing is Doing.TELL else Fate.UNSENT
        return {ip: heard.get(ip) or Told(ip, unheard, UNHEARD) for ip in addresses}

    def _collect(self, lines: queue.SimpleQueue[bytes], deadline: Deadline) -> dict[str, Told]:
        heard: dict[str, Told] = {}
        while True:
            try:
                line = lines.get(timeout=deadline.remaining_s())
            except (queue.Empty, TooSlow):
                line = b""
            if not line:
                self.close()  # it ended, or did not keep its time
                return heard
            answer = decoded(line, OrderAnswer)
            if answer is None or answer.run != self._run:
                continue
            if answer.done:
                return heard
            if answer.told is not None:
                heard[answer.told.ip] = answer.told

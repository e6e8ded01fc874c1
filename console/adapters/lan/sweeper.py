"""Keeps the sweeping process of one session: asks it, and kills it when it does not keep its time."""

from __future__ import annotations

import queue
from collections.abc import Sequence

import msgspec

from console.adapters.base import Deadline
from console.adapters.lan.child import Child, decoded
from console.adapters.lan.sighting import Sighting
from console.adapters.lan.sweep_wire import SweepAnswer, SweepRequest
from console.domain.errors import SourceError, TooSlow
from console.domain.machine_detail import MachineDetail
from console.own_program import own_program

MARGIN_S = 0.5  # the process ends its sweep this long before the poll's deadline


class Sweeper(Child):
    """One sweeping process, started at the first sweep. Used by one thread at a time; `close` from any."""

    def __init__(self, at_once: int, argv: Sequence[str] | None = None) -> None:
        super().__init__(argv or own_program("lan-sweep"))
        self._at_once, self._run = at_once, 0

    def sweep(self, addresses: Sequence[str], deadline: Deadline) -> list[Sighting]:
        """What stands at `addresses`, as far as it answered before the deadline; raises SourceError."""
        return [answer.sighting for answer in self._ask(addresses, deadline) if answer.sighting is not None]

    def look_closely(self, address: str, deadline: Deadline) -> tuple[Sighting, MachineDetail] | None:
        """One device with its parts; None where it did not answer in time. Raises SourceError."""
        for answer in self._ask([address], deadline, closely=True):
            if answer.sighting is not None and answer.detail is not None:
                return answer.sighting, answer.detail
        return None

    def _ask(self, addresses: Sequence[str], deadline: Deadline, closely: bool = False) -> list[SweepAnswer]:
        lines = self.started()
        self._run += 1
        within_s = max(0.1, deadline.remaining_s() - MARGIN_S)
        request = SweepRequest(self._run, list(addresses), within_s, self._at_once, closely)
        try:
            self.write(msgspec.json.encode(request))
        except OSError:
            self.close()
            raise SourceError("the sweeping process is gone; it is started again at the next poll") from None
        return self._collect(lines, deadline)

    def _collect(self, lines: queue.SimpleQueue[bytes], deadline: Deadline) -> list[SweepAnswer]:
        seen: list[SweepAnswer] = []
        while True:
            try:
                line = lines.get(timeout=deadline.remaining_s())
            except (queue.Empty, TooSlow):
                self.close()  # it did not keep its time: what it said until now counts, it does not
                return seen
            if not line:
                self.close()
                raise SourceError("the sweeping process ended unexpectedly; it is started again at the next poll")
            answer = decoded(line, SweepAnswer)
            if answer is None or answer.run != self._run:
                continue
            if answer.done:
                return seen
            if answer.sighting is not None:
                seen.append(answer)

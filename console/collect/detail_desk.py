"""Asks a source for the parts of one machine when somebody looks at it: one question at a time, beside the polls.

Each question has a session of its own and a deadline, so that a machine that hangs costs nobody else anything. What
comes is told to the desktops and kept nowhere.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable
from typing import Protocol

from console.adapters.base import Deadline, Reader
from console.adapters.detail import Details
from console.domain.errors import MeridianError
from console.domain.machine_detail import MachineDetail
from console.domain.roster import Miner, Roster
from console.domain.site import Site
from console.link.messages import AskDetail, DetailAnswer, FromCollector

WITHIN_S = 12.0  # a device on a site's own network is looked at in two to five seconds
MOST_WAITING = 16  # questions; a person looks at one machine at a time
NOT_TOLD = "this source does not tell boards and fans"
BUSY = "too many machines are asked for at once: ask again"


class Rosters(Protocol):
    """What is read of the store."""

    def roster(self, site_id: str) -> Roster | None:
        """The newest roster of a site."""
        ...


class DetailDesk:
    """`ask` may be called from any thread and never waits; the answer goes to every desktop through `publish`."""

    def __init__(
        self,
        sites: Iterable[Site],
        rosters: Rosters,
        open_source: Callable[[Site], Reader],
        publish: Callable[[FromCollector], None],
        redact: Callable[[str], str],
        within_s: float = WITHIN_S,
    ) -> None:
        self._sites = {site.id: site for site in sites}
        self._rosters, self._open, self._publish, self._redact = rosters, open_source, publish, redact
        self._within_s = within_s
        self._waiting: queue.Queue[AskDetail | None] = queue.Queue(MOST_WAITING)
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def ask(self, request: AskDetail) -> None:
        """Put a question at the end; the thread that answers starts with the first."""
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name="machine detail", daemon=True)
                self._thread.start()
        try:
            self._waiting.put_nowait(request)
        except queue.Full:
            self._publish(DetailAnswer(request.request, reason=BUSY))

    def close(self) -> None:
        """Answer nothing more; a question under way ends with its own deadline."""
        with self._starting:
            thread, self._thread = self._thread, None
        if thread is None:
            return
        while not self._waiting.empty():
            self._waiting.get_nowait()
        self._waiting.put(None)
        thread.join(self._within_s + 1.0)

    def _serve(self) -> None:
        while (request := self._waiting.get()) is not None:
            self._publish(self._answer(request))

    def _answer(self, request: AskDetail) -> DetailAnswer:
        try:
            detail = self._look(request)
        except MeridianError as error:
            return DetailAnswer(request.request, reason=self._redact(str(error)))
        except Exception as error:  # noqa: BLE001 - a fault of an adapter is one machine's without its parts
            return DetailAnswer(request.request, reason=f"the adapter failed: {type(error).__name__}")
        return DetailAnswer(request.request, detail, "" if detail else NOT_TOLD)

    def _look(self, request: AskDetail) -> MachineDetail | None:
        site = self._sites.get(request.site_id)
        machine = None if site is None else self._machine(site.id, request.miner_id)
        if site is None or machine is None:
            raise MeridianError("the newest roster of its site lacks this machine")
        session = self._open(site)
        try:
            return session.detail(machine, Deadline.after(self._within_s)) if isinstance(session, Details) else None
        finally:
            session.close()

    def _machine(self, site_id: str, miner_id: str) -> Miner | None:
        roster = self._rosters.roster(site_id)
        return None if roster is None else next((miner for miner in roster.miners if miner.id == miner_id), None)

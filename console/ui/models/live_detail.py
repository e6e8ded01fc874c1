"""The parts of the machine on screen, asked of its source when somebody looks and now and then while they do.

Knows the link's question and answer; stores nothing. What is shown keeps its age, and a question without an answer
says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from console.domain.machine_detail import MachineDetail
from console.link.messages import AskDetail, DetailAnswer
from console.ui.models.awaited import new_id
from console.ui.models.live import LiveFleet

AGAIN_MS = 30_000
WITHIN_MS = 15_000
NO_LINK = "no collector is attached: nobody can ask the machine"
ASKING = "asking the machine"


@dataclass(frozen=True, slots=True)
class DetailNow:
    """What is known: the last answer, and in `words` why there is none or none newer; empty words: all is well."""

    detail: MachineDetail | None = None
    words: str = ""


class DetailLine(QObject):
    """The one way to ask over this fleet's link; every answer passes here."""

    answered = Signal(object)

    def __init__(self, live: LiveFleet) -> None:
        super().__init__(live)
        self._ask: Callable[[AskDetail], bool] | None = None

    @classmethod
    def of(cls, live: LiveFleet) -> DetailLine:
        """The one that all views over this fleet share."""
        return live.findChild(cls) or cls(live)

    def use(self, ask: Callable[[AskDetail], bool]) -> None:
        """Ask through this link."""
        self._ask = ask

    def ask(self, request: AskDetail) -> bool:
        """Send a question; False where nobody hears it."""
        return self._ask is not None and self._ask(request)

    def heard(self, answer: DetailAnswer) -> None:
        """An answer came, to a question of this desk or of another."""
        self.answered.emit(answer)


class LiveDetail(QObject):
    """`changed` carries a DetailNow of the machine that was opened last."""

    changed = Signal(object)

    def __init__(self, live: LiveFleet, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._live, self._line = live, DetailLine.of(live)
        self._machine: tuple[str, str] | None = None
        self._request, self._asked_ms = "", 0
        self._awake = False
        self.now = DetailNow()
        self._line.answered.connect(self._take)
        live.changed.connect(self._beat)

    def open(self, site_id: str, miner_id: str) -> None:
        """Look at a machine; another one's parts go at once."""
        if (site_id, miner_id) != self._machine:
            self._machine, self._request = (site_id, miner_id), ""
            self._show(DetailNow())
        elif self._awake:
            return
        self._awake = True
        self._question()

    def rest(self) -> None:
        """Nobody looks: nothing is asked."""
        self._awake = False

    def _question(self) -> None:
        if self._machine is None or self._request:
            return
        request = AskDetail(new_id(), *self._machine)
        self._request, self._asked_ms = request.request, self._live.clock()
        if not self._line.ask(request):
            self._request = ""
            self._show(DetailNow(self.now.detail, NO_LINK))
            return
        if self.now.detail is None:
            self._show(DetailNow(None, ASKING))
        QTimer.singleShot(WITHIN_MS, self, lambda: self._waited(request.request))

    def _take(self, answer: DetailAnswer) -> None:
        if answer.request == self._request:
            self._request = ""
            self._show(DetailNow(answer.detail or self.now.detail, answer.reason))

    def _waited(self, request: str) -> None:
        if request == self._request:
            self._request = ""
            self._show(DetailNow(self.now.detail, "the machine was asked and nothing came back"))

    def _beat(self, _now: object) -> None:
        if self._awake and abs(self._live.clock() - self._asked_ms) >= AGAIN_MS:
            self._question()

    def _show(self, now: DetailNow) -> None:
        self.now = now
        self.changed.emit(now)

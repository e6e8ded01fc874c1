"""The alarms as they stand for every widget: read from the store off the GUI thread, asked of the engine by name.

Knows the store's alarm face and who may ask for what; never changes an alarm itself: what is shown changes when the
engine's word has come back (R37's rule, held for alarms too).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from console.domain.access import Person, Right, Role, may
from console.domain.alarm import AlarmState
from console.domain.alarm_change import HistorySearch
from console.link.messages import AlarmAnswer, AlarmRequest, AlarmVerb
from console.ui.background import Reread
from console.ui.models.alarms.blink import Blink
from console.ui.models.alarms.now import AlarmsNow
from console.ui.models.awaited import new_id
from console.ui.models.live import LiveFleet, Mode
from console.ui.models.why_off import why_off

READ_AT_LEAST_EVERY_MS = 3000  # a lost word costs at most this
ANSWER_WITHIN_MS = 5000
SILENCE_S = 600.0  # the longest there is (R32)
RIGHTS = {
    AlarmVerb.SHELVE: Right.SHELVE,
    AlarmVerb.UNSHELVE: Right.SHELVE,
    AlarmVerb.TAKE_OUT: Right.TAKE_OUT_OF_SERVICE,
    AlarmVerb.PUT_BACK: Right.TAKE_OUT_OF_SERVICE,
}


class LiveAlarms(QObject):
    """`changed` carries an AlarmsNow, at once after the collector's word and every few seconds without one.

    `answered` carries what became of a request in plain words; `use` says who sits here and how to ask.
    """

    changed = Signal(object)
    answered = Signal(str)

    def __init__(self, live: LiveFleet) -> None:
        super().__init__(live)
        self.live = live
        self.now = AlarmsNow()
        self.person = Person("", Role.VIEWER)
        self.blink = Blink(self)
        self._desk = self._session = ""
        self._ask: Callable[[AlarmRequest], bool] | None = None
        self._asked: dict[str, AlarmVerb] = {}
        self._reread = Reread(live.reads, self._fetch, self._take)
        self._read_at_ms = 0
        live.changed.connect(self._beat)

    @classmethod
    def of(cls, live: LiveFleet) -> LiveAlarms:
        """The one model that all views over this fleet share."""
        return live.findChild(cls) or cls(live)

    def use(self, ask: Callable[[AlarmRequest], bool], person: Person, desk: str, session: str = "") -> None:
        """Ask through this, as this person at this desk; the collector knows them by `session`."""
        self._ask, self.person, self._desk, self._session = ask, person, desk, session
        self.changed.emit(self.now)

    # reading

    def load(self) -> None:
        """Read at once on this thread: for captures and tests, not for a running window."""
        self._take(self._fetch())

    def read(self) -> None:
        """The collector said that something moved: read now, or once more after the read that is on its way."""
        self._read_at_ms = self.live.clock()
        self._reread.ask()

    def _beat(self, _now: object) -> None:
        if abs(self.live.clock() - self._read_at_ms) >= READ_AT_LEAST_EVERY_MS:
            self.read()

    def _fetch(self) -> AlarmsNow:
        reader = self.live.operations
        rules = {rule.id: rule for rule in reader.alarm_rules()}
        alarms = tuple(reader.alarms())
        last = () if alarms else reader.alarm_history(HistorySearch(most=1))
        return AlarmsNow(alarms, rules, reader.flood(), reader.silence(), next(iter(last), None)).ordered()

    def _take(self, now: AlarmsNow) -> None:
        if now != self.now:
            self.now = now
            self.blink.want(bool(now.heads((AlarmState.UNACKNOWLEDGED,))))
            self.changed.emit(now)

    # asking

    @property
    def desk(self) -> str:
        """The workstation that is recorded."""
        return self._desk

    @property
    def offline(self) -> bool:
        """Whether what is shown is of the past."""
        return Mode.OFFLINE in self.live.mode

    @property
    def linked(self) -> bool:
        """Whether somebody is there to record what is asked, and may be asked."""
        return not why_off(self.live, linked=self._ask is not None, signed_in=True)

    def why_not(self, verb: AlarmVerb) -> str:
        """Why this person cannot ask for this here and now; empty where it can be asked."""
        reason = why_off(self.live, linked=self._ask is not None, signed_in=bool(self.person.name))
        if reason:
            return reason
        if not may(self.person, RIGHTS.get(verb, Right.ACKNOWLEDGE)):
            return f"Off: the role {self.person.role.name.lower()} may not {verb}"
        return ""

    def ask(self, verb: AlarmVerb, keys: Sequence[str] = (), note: str = "", span_s: float = 0.0) -> bool:
        """Ask the engine; False, with the reason in `answered`, where nobody hears it."""
        reason = self.why_not(verb)
        if reason:
            self.answered.emit(reason)
            return False
        request = new_id()
        self._asked[request] = verb  # before it leaves: the answer may be quicker than the next line
        sent = self._ask(
            AlarmRequest(
                request=request,
                verb=verb,
                who=self.person.name,
                role=int(self.person.role),
                session=self._session,
                workstation=self._desk,
                keys=tuple(keys),
                note=note,
                span_s=span_s,
            )
        )
        if not sent:
            del self._asked[request]
            self.answered.emit("Not done: no collector is attached")
            return False
        QTimer.singleShot(ANSWER_WITHIN_MS, self, lambda: self._waited(request))
        return True

    def silence(self) -> bool:
        """Silence for ten minutes; what is new sounds again."""
        return self.ask(AlarmVerb.SILENCE, span_s=SILENCE_S)

    def heard(self, answer: AlarmAnswer) -> None:
        """An answer came; only that to a request of this desk is said aloud."""
        verb = self._asked.pop(answer.request, None)
        self.read()
        if verb is None:
            return
        done = f"{verb.value.capitalize()}: {len(answer.done)} recorded" if answer.done else ""
        refused = "; ".join(dict.fromkeys(reason for _, reason in answer.refused))
        self.answered.emit(". ".join(part for part in (done, f"Refused: {refused}" if refused else "") if part))

    def _waited(self, request: str) -> None:
        if self._asked.pop(request, None) is not None:
            self.answered.emit("No answer from the collector: what is shown is what is recorded")

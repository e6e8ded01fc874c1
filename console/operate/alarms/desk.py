"""Keeps watch in the collector: feeds the engine, keeps what it moved, tells the desktops, and answers them.

The order is always the same: the engine moves, the disk has it, the link says so. What a person asked for and the
disk refused is undone and refused; what happened by itself waits and is kept as soon as the store can be written.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from console.domain.alarm_change import AlarmChange
from console.domain.errors import StoreError
from console.domain.link_state import LinkState
from console.domain.rollup import SiteRollup
from console.link.messages import AlarmAnswer, AlarmRequest, AlarmsChanged, AlarmVerb, FromCollector
from console.operate.alarms.engine import AlarmEngine
from console.operate.alarms.machines import Machines
from console.operate.alarms.requests import Refusals, apply_request, silence_of
from console.store.alarms_face import AlarmWriter

TICK_MS = 1000
Sample = tuple[SiteRollup, float, Machines | None]  # its source's clock runs so many seconds ahead


class AlarmDesk:
    """May be called from any thread, one at a time gets its turn. `publish` tells every desktop and never blocks.

    `notify` hears last of what asks somebody to look, and must not wait either. `trouble` is told when the store
    refused what the alarms did, and of a fault of the engine itself: neither may stop the measurements from being kept.
    """

    def __init__(
        self,
        engine: AlarmEngine,
        writer: AlarmWriter,
        publish: Callable[[FromCollector], None],
        trouble: Callable[[BaseException], None],
        wall_ms: Callable[[], int],
        notify: Callable[[Sequence[AlarmChange]], None] = lambda lines: None,
    ) -> None:
        self._notify = notify
        self._engine, self._writer, self._publish = engine, writer, publish
        self._trouble, self._wall_ms = trouble, wall_ms
        self._turn = threading.Lock()
        self._ticked_ms = 0
        self._told = ""  # the trouble that was told last: a store that stays full is one line in the log, not many

    def start(self) -> None:
        """Keep the rules and what a restart changed."""
        with self._turn:
            self._engine.resume(self._wall_ms())
            self._guarded(lambda: self._writer.put_alarm_rules(tuple(self._engine.book.rules.values())))
            self._keep()

    def sampled(self, samples: Iterable[Sample]) -> None:
        """What the store has just taken in, in this order."""
        with self._turn:
            for sample in samples:
                self._guarded(partial(self._engine.sample, *sample))
            self._keep()

    def tick(self, links: Callable[[], Mapping[str, LinkState]], stalled_s: float = float("nan")) -> None:
        """Look at links, ages, totals and shelves, at most once a second."""
        now_ms = self._wall_ms()
        if abs(now_ms - self._ticked_ms) < TICK_MS:
            return
        self._ticked_ms = now_ms
        with self._turn:
            self._guarded(lambda: self._engine.tick(now_ms, links(), stalled_s))
            self._keep()

    def raise_event(self, rule_id: str, place: str, text: str, goes_on: bool = False) -> bool:
        """Raise the alarm of a rule of signal `event` at a place, with what happened in words; from any thread.

        It stands until `clear_event`, also over a restart; what `goes_on` is told again and asks nobody anew. False
        where the profile left the rule out.
        """
        raised: list[bool] = []
        with self._turn:
            at_ms = self._wall_ms()
            self._guarded(lambda: raised.append(self._engine.raise_event(rule_id, place, at_ms, text, goes_on)))
            self._keep()
        return raised == [True]

    def clear_event(self, rule_id: str, place: str, text: str = "") -> None:
        """What `raise_event` told is over; `text` says how it ended, for the history."""
        with self._turn:
            self._guarded(lambda: self._engine.clear_event(rule_id, place, self._wall_ms(), text))
            self._keep()

    def answer(self, request: AlarmRequest) -> None:
        """Do what a desktop asks, as far as the role may and the alarms let; every desktop hears the answer."""
        refused = Refusals()
        with self._turn:
            try:
                self._keep_or_raise()  # what happened before stands before; it must not be undone with a request
                done = self._do(request, refused)
            except StoreError as error:
                done, refused = (), Refusals()
                refused.add("", f"nothing was changed, because it could not be kept: {error}")
        self._publish(AlarmAnswer(request.request, done, refused.found()))

    def _do(self, request: AlarmRequest, refused: Refusals) -> tuple[str, ...]:
        now_ms = self._wall_ms()
        if request.verb is AlarmVerb.SILENCE:
            return self._silence(request, now_ms, refused)
        done = apply_request(self._engine.book, request, now_ms, refused)
        try:
            self._keep_or_raise()
        except StoreError:
            self._engine.book.undo()
            raise
        return done

    def _silence(self, request: AlarmRequest, now_ms: int, refused: Refusals) -> tuple[str, ...]:
        silence = silence_of(request, now_ms, refused)
        if silence is not None:
            self._writer.put_silence(silence)
            self._publish(AlarmsChanged(0, 0, 0))
        return ()

    def _guarded(self, work: Callable[[], object]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - a fault of the alarms must not end the thread that stores samples
            if repr(error) != self._told:
                self._told = repr(error)
                self._trouble(error)

    def _keep(self) -> None:
        self._guarded(self._keep_or_raise)

    def _keep_or_raise(self) -> None:
        """On the disk first, then the word of it."""
        changes = self._engine.book.changes()
        if not changes:
            return
        self._writer.put_alarms(changes.alarms, changes.lines, changes.flood)
        self._engine.book.kept()
        self._told = ""
        asking = [line for line in changes.lines if line.announces]
        worst = max((line.priority for line in asking), default=0)
        self._publish(AlarmsChanged(len(changes.lines), len(asking), int(worst)))
        if asking:
            self._notify(asking)

"""Any order of conditions, people, restarts and clocks: engine and store agree, and no rule of the life is broken."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from console.domain.access import Role
from console.domain.alarm import AlarmState, Priority
from console.domain.alarm_change import HistorySearch
from console.link.messages import AlarmVerb
from console.operate.alarms.desk import AlarmDesk
from console.operate.alarms.engine import AlarmEngine
from console.store import open_reader, open_writer
from tests.operate.alarms import made

FAMILY = [
    made.rule("hot", parent="burning"),
    made.rule("burning", limit=60.0, priority=Priority.HIGH),
    made.rule("blazing", limit=80.0, priority=Priority.CRITICAL),
]
KEYS = [f"{rule.id}@container:s-0/C{number:02d}" for rule in FAMILY for number in (1, 2)]
QUIET = (AlarmState.NORMAL,)
BUSY = (AlarmState.UNACKNOWLEDGED, AlarmState.ACKNOWLEDGED)


class DeskMachine(RuleBasedStateMachine):
    """One site with two containers; `heat` is the truth beneath every alarm."""

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.now_ms, self.heat = made.T0, [30.0, 30.0]
        self._open()

    def _open(self) -> None:
        path = Path(self.folder.name) / "store.db"
        self.writer = open_writer(path)
        self.reader = open_reader(path)
        self.engine = AlarmEngine(made.fleet(1), FAMILY, self.reader.alarms())
        self.desk = AlarmDesk(self.engine, self.writer, lambda message: None, self._fail, lambda: self.now_ms)
        self.desk.start()

    def _fail(self, error: BaseException) -> None:
        raise AssertionError from error

    @rule(heat=st.lists(st.sampled_from([30.0, 45.0, 65.0, 85.0]), min_size=2, max_size=2))
    def sample(self, heat: list[float]) -> None:
        self.now_ms += 60_000
        self.heat = heat
        minute = (self.now_ms - made.T0) / 60_000
        self.desk.sampled([(made.rollup("s-0", minute, 2, inlet_c=[30.0, *heat]), 0.0, None)])

    @rule(
        verb=st.sampled_from([verb for verb in AlarmVerb if verb is not AlarmVerb.SILENCE]),
        keys=st.sets(st.sampled_from(KEYS), min_size=1),
        role=st.sampled_from(Role),
        note=st.sampled_from(["", "seen"]),
    )
    def ask(self, verb: AlarmVerb, keys: set[str], role: Role, note: str) -> None:
        self.now_ms += 1000
        self.desk.answer(made.request(verb, *sorted(keys), role=role, note=note))

    @rule(minutes=st.integers(1, 30))
    def wait(self, minutes: int) -> None:
        for _ in range(minutes):
            self.now_ms += 60_000
            self.desk.tick(lambda: made.links(made.fleet(1)))

    @rule()
    def kill_and_reopen(self) -> None:
        self.reader.close()
        self.writer.close()
        self._open()

    @invariant()
    def store_and_engine_agree(self) -> None:
        if hasattr(self, "engine"):
            assert {alarm.key: alarm for alarm in self.reader.alarms()} == {
                alarm.key: alarm for alarm in self.engine.book.alarms()
            }

    @invariant()
    def every_alarm_tells_the_truth_about_its_condition(self) -> None:
        if not hasattr(self, "engine"):
            return
        found = {alarm.key: alarm for alarm in self.engine.book.alarms()}
        for one in FAMILY:
            for number, heat in enumerate(self.heat, 1):
                alarm = found.get(f"{one.id}@container:s-0/C{number:02d}")
                assert (alarm is not None and alarm.active) == (heat > one.limit)
                if alarm is not None and alarm.state in BUSY:
                    assert alarm.active

    @invariant()
    def a_critical_alarm_is_never_shelved_and_a_parent_is_always_active(self) -> None:
        if not hasattr(self, "engine"):
            return
        found = {alarm.key: alarm for alarm in self.engine.book.alarms()}
        for alarm in found.values():
            assert not (alarm.priority is Priority.CRITICAL and alarm.state is AlarmState.SHELVED)
            assert alarm.parent is None or found[alarm.parent].active

    @invariant()
    def the_history_leads_to_the_present_without_a_gap(self) -> None:
        if not hasattr(self, "engine"):
            return
        last: dict[str, AlarmState] = {}
        for line in reversed(self.reader.alarm_history(HistorySearch(most=100_000))):
            assert line.before is last.get(line.key, AlarmState.NORMAL)
            last[line.key] = line.after
        states = {alarm.key: alarm.state for alarm in self.engine.book.alarms()}
        assert {key: state for key, state in last.items() if state not in QUIET} == states

    def teardown(self) -> None:
        if hasattr(self, "engine"):
            self.reader.close()
            self.writer.close()
            self.folder.cleanup()


DeskMachine.TestCase.settings = settings(
    max_examples=40, stateful_step_count=25, suppress_health_check=list(HealthCheck)
)


@pytest.mark.slow
class TestDesk(DeskMachine.TestCase):
    """Hypothesis drives it."""

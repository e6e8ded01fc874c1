"""The engine over roll-ups, links and the clock: what raises, what is suppressed, what explains what."""

from __future__ import annotations

import numpy as np
import pytest

from console.domain.alarm import Alarm, AlarmEvent, AlarmState, Priority
from console.domain.alarm_rule import Condition, Enabling, Level
from console.domain.frame import Frame, Reading
from console.domain.link_state import Link
from console.domain.rollup import RosterIndex, SiteRollup, roll_up
from console.domain.roster import Roster
from console.operate.alarms.engine import AlarmEngine
from tests.operate.alarms.made import MINUTE, SHIPPED, fleet, links, rollup, rule
from tests.store.made import T0

B, C, D, F = AlarmState.UNACKNOWLEDGED, AlarmState.ACKNOWLEDGED, AlarmState.RETURNED, AlarmState.SUPPRESSED
FLEET3 = fleet()


def states(engine: AlarmEngine) -> dict[str, AlarmState]:
    return {alarm.key: alarm.state for alarm in engine.book.alarms()}


def feed(engine: AlarmEngine, minutes: range, site: str = "s-0", **signals: object) -> None:
    for minute in minutes:
        engine.sample(rollup(site, minute, **signals))


def test_a_hot_container_raises_and_the_others_do_not() -> None:
    engine = AlarmEngine(FLEET3, [rule()])
    engine.sample(rollup(inlet_c=[30, 30, 41, 30, 30]))
    assert states(engine) == {"hot@container:s-0/C02": B}
    alarm = engine.book.alarms()[0]
    assert (alarm.value, alarm.limit, alarm.occurred_ms) == (41.0, 40.0, T0)
    engine.sample(rollup(minute=1, inlet_c=30))
    assert states(engine) == {"hot@container:s-0/C02": D}


def test_r22_a_curtailed_site_raises_nothing_for_low_hashrate() -> None:
    engine = AlarmEngine(FLEET3, SHIPPED)
    feed(engine, range(30))
    resting = {"hashrate_hs": 0.03e18, "curtailed": 96.0, "hashing": 4.0, "power_w": 1e6, "meter_w": 1e6}
    feed(engine, range(30, 200), **resting)
    feed(engine, range(200, 400))
    assert states(engine) == {}
    assert [line for line in engine.book.changes().lines if line.announces] == []


def test_r22_a_site_that_falls_without_being_told_to_rest_raises() -> None:
    engine = AlarmEngine(FLEET3, SHIPPED)
    feed(engine, range(5))
    feed(engine, range(5, 12), hashrate_hs=0.03e18, hashing=4.0, off=96.0)
    assert states(engine)["site-half-gone@site:s-0"] is B


def test_r22_what_is_active_is_suppressed_by_design_while_the_place_rests_and_speaks_again_after_it_settled() -> None:
    watched = rule(enabled_when=(Enabling.FRESH, Enabling.NOT_CURTAILED))
    engine = AlarmEngine(FLEET3, [watched])
    key = "hot@container:s-0/C01"
    engine.sample(rollup(minute=0, inlet_c=[30, 45, 30, 30, 30]))
    engine.sample(rollup(minute=1, inlet_c=[30, 45, 30, 30, 30], curtailed=90.0))
    assert states(engine) == {key: F}
    engine.sample(rollup(minute=2, inlet_c=[30, 45, 45, 30, 30], curtailed=90.0))
    assert states(engine) == {key: F, "hot@container:s-0/C02": F}
    engine.sample(rollup(minute=3, inlet_c=[30, 45, 30, 30, 30]))
    assert states(engine) == {key: F}, "it is still getting up"
    engine.sample(rollup(minute=30, inlet_c=[30, 45, 30, 30, 30]))
    assert states(engine) == {key: B}


def test_r26_no_link_stands_beside_the_value_alarm_and_neither_acknowledges_nor_ends_it() -> None:
    engine = AlarmEngine(FLEET3, [*SHIPPED, rule()])
    engine.sample(rollup(inlet_c=45))
    before = {alarm.key: alarm for alarm in engine.book.alarms()}
    assert len([key for key in before if key.startswith("hot@")]) == 4
    for second in range(1500):
        engine.tick(T0 + second * 1000, links(FLEET3, s_0=Link.DOWN))
    found = {alarm.key: alarm for alarm in engine.book.alarms()}
    assert found["site-no-link@site:s-0"].state is B
    assert {key: found[key] for key in before} == before
    assert found["site-stale@site:s-0"].parent == "site-no-link@site:s-0"


def test_r26_a_restart_that_has_asked_nobody_yet_ends_no_alarm_of_a_link() -> None:
    down, engine = links(FLEET3, s_0=Link.DOWN), AlarmEngine(FLEET3, SHIPPED)
    for second in range(1500):
        engine.tick(T0 + second * 1000, down)
    standing = [alarm for alarm in engine.book.alarms() if alarm.rule == "site-no-link"]
    assert len(standing) == 1
    again = AlarmEngine(FLEET3, SHIPPED, engine.book.alarms())
    for second in range(1500, 3000):
        again.tick(T0 + second * 1000, links(FLEET3, Link.NEVER))
    assert [alarm for alarm in again.book.alarms() if alarm.rule == "site-no-link"] == standing


def family() -> list[object]:
    above = {"level": Level.SITE, "signal": "hashrate_hs", "condition": Condition.BELOW, "limit": 0.5e18}
    return [
        rule("site-down", priority=Priority.HIGH, **above),
        rule("off", signal="off_share", limit=0.5, parent="site-down"),
    ]


def test_r27_a_site_that_goes_down_is_one_alarm_with_its_children_beneath() -> None:
    engine = AlarmEngine(FLEET3, family())
    engine.sample(rollup(minute=0, off=[0, 90, 0, 0, 0]))
    engine.sample(rollup(minute=1, off=90, hashrate_hs=0.0))
    found = {alarm.key: alarm for alarm in engine.book.alarms()}
    assert len(found) == 5
    children = [alarm for alarm in found.values() if alarm.parent == "site-down@site:s-0"]
    assert len(children) == 4
    first = min(found.values(), key=lambda alarm: alarm.occurred_ms)
    assert first.key == "off@container:s-0/C01", "first-out stays told by its time"
    announced = [line.key for line in engine.book.changes().lines if line.announces]
    assert announced == ["off@container:s-0/C01", "site-down@site:s-0"]


def test_r27_when_the_cause_ends_what_still_stands_stands_for_itself() -> None:
    engine = AlarmEngine(FLEET3, family())
    engine.sample(rollup(minute=0, off=90, hashrate_hs=0.0))
    engine.sample(rollup(minute=1, off=[0, 90, 0, 0, 0]))
    found = {alarm.key: alarm for alarm in engine.book.alarms()}
    assert found["off@container:s-0/C01"].parent is None
    assert found["off@container:s-0/C01"].active
    assert not found["off@container:s-0/C02"].active


def test_r27_a_cause_out_of_service_explains_nothing() -> None:
    engine = AlarmEngine(FLEET3, family())
    engine.book.change("site-down@site:s-0", AlarmEvent.TAKE_OUT, T0, "ada", "desk-2", "maintenance")
    engine.sample(rollup(minute=0, off=90, hashrate_hs=0.0))
    assert all(alarm.parent is None for alarm in engine.book.alarms())


def test_t29_an_alarm_latches_and_a_restart_takes_up_where_it_was() -> None:
    engine = AlarmEngine(FLEET3, [rule(deadband=5.0, off_delay_s=120.0)])
    engine.sample(rollup(inlet_c=[30, 45, 30, 30, 30]))
    again = AlarmEngine(FLEET3, [rule(deadband=5.0, off_delay_s=120.0)], engine.book.alarms())
    again.resume(T0)
    again.sample(rollup(minute=5, inlet_c=[30, 38, 30, 30, 30]))
    assert states(again) == {"hot@container:s-0/C01": B}, "within the dead-band"
    feed(again, range(6, 9), inlet_c=30.0)
    assert states(again) == {"hot@container:s-0/C01": D}, "returned, and still waits for somebody"


def test_a_worse_rule_after_a_restart_must_be_acknowledged_again() -> None:
    known = Alarm(
        rule="hot", place="container:s-0/C01", state=C, active=True, priority=Priority.LOW, occurred_ms=1, changed_ms=1
    )
    engine = AlarmEngine(FLEET3, [rule(priority=Priority.HIGH)], [known])
    engine.resume(T0)
    assert states(engine) == {"hot@container:s-0/C01": B}
    assert engine.book.changes().lines[0].event is AlarmEvent.ESCALATE


def test_alarms_of_rules_and_sites_that_are_gone_end_and_say_why() -> None:
    known = [
        Alarm(rule=name, place=place, state=B, active=True, occurred_ms=1)
        for name, place in (("gone", "site:s-0"), ("hot", "container:sold/C01"), ("hot", "container:s-1/C01"))
    ]
    engine = AlarmEngine(FLEET3, [rule()], known)
    engine.resume(T0)
    assert states(engine) == {"hot@container:s-1/C01": B}
    assert {line.note for line in engine.book.changes().lines} == {"its rule or its site is gone"}


def test_a_container_that_is_taken_away_ends_its_alarms() -> None:
    engine = AlarmEngine(FLEET3, [rule()])
    engine.sample(rollup(inlet_c=45))
    engine.sample(rollup(minute=1, containers=2, inlet_c=45))
    assert {alarm.place: alarm.active for alarm in engine.book.alarms()} == {
        "container:s-0/C01": True, "container:s-0/C02": True, "container:s-0/C03": False, "container:s-0/C04": False,
    }  # fmt: skip


@pytest.mark.parametrize("jump_ms", [3_600_000, -3_600_000, 8 * 3_600_000])
def test_t34_a_clock_that_jumps_or_a_machine_that_slept_brings_no_storm(jump_ms: int) -> None:
    engine = AlarmEngine(FLEET3, SHIPPED)
    for second in range(120):
        for site in FLEET3.sites:
            engine.sample(rollup(site.id, second / 60))
        engine.tick(T0 + second * 1000, links(FLEET3))
    for second in range(120, 420):
        now_ms = T0 + jump_ms + second * 1000
        if second >= 150:  # polls come back after half a minute
            for site in FLEET3.sites:
                engine.sample(rollup(site.id, (now_ms - T0) / MINUTE))
        engine.tick(now_ms, links(FLEET3))
    assert states(engine) == {}


def test_t34_a_delay_that_ran_when_the_machine_fell_asleep_begins_anew() -> None:
    engine = AlarmEngine(FLEET3, SHIPPED)
    for second in range(60):
        engine.tick(T0 + second * 1000, links(FLEET3, s_0=Link.DOWN))
    woken_ms = T0 + 8 * 60 * MINUTE
    engine.tick(woken_ms, links(FLEET3, s_0=Link.DOWN))
    assert states(engine) == {}
    engine.tick(woken_ms + 20_000, links(FLEET3))
    assert states(engine) == {}


def test_r22_what_somebody_shelved_stays_on_the_shelf_while_the_place_rests() -> None:
    engine = AlarmEngine(FLEET3, [rule(enabled_when=(Enabling.NOT_CURTAILED,))])
    key = "hot@container:s-0/C01"
    engine.sample(rollup(minute=0, inlet_c=[30, 45, 30, 30, 30]))
    engine.book.shelve(key, T0, T0 + 90 * MINUTE, "sensor", "ada", "desk-2")
    engine.sample(rollup(minute=1, inlet_c=45, curtailed=90.0))
    assert states(engine)[key] is AlarmState.SHELVED
    engine.book.tick(T0 + 91 * MINUTE)
    assert states(engine)[key] is F, "its time is over, and the place still rests"


def test_r22_what_is_put_back_in_service_while_the_place_rests_is_suppressed() -> None:
    engine = AlarmEngine(FLEET3, [rule(enabled_when=(Enabling.NOT_CURTAILED,))])
    key = "hot@container:s-0/C01"
    engine.book.change(key, AlarmEvent.TAKE_OUT, T0, "ada", "desk-2", "maintenance")
    engine.sample(rollup(minute=0, inlet_c=[30, 45, 30, 30, 30], curtailed=90.0))
    engine.book.change(key, AlarmEvent.PUT_BACK, T0, "ada", "desk-2")
    assert states(engine) == {key: F}


def test_a_late_sample_changes_nothing() -> None:
    engine = AlarmEngine(FLEET3, [rule()])
    engine.sample(rollup(minute=4))
    engine.sample(rollup(minute=3, inlet_c=45))
    assert states(engine) == {}


def test_a_site_whose_credentials_are_refused_is_one_medium_alarm_with_its_reason_beneath() -> None:
    engine = AlarmEngine(FLEET3, SHIPPED)
    for second in range(1000):
        engine.tick(T0 + second * 1000, links(FLEET3, s_1=Link.REFUSED))
    found = {alarm.key: alarm for alarm in engine.book.alarms()}
    assert found["site-no-link@site:s-1"].priority is Priority.MEDIUM
    assert found["site-access-refused@site:s-1"].parent == "site-no-link@site:s-1"


def test_all_sites_lost_is_one_alarm() -> None:
    many = fleet(40)
    engine = AlarmEngine(many, SHIPPED)
    for site in many.sites:
        engine.sample(rollup(site.id))
    for second in range(0, 1500):
        engine.tick(T0 + second * 1000, links(many, Link.DOWN))
    heads = [alarm.key for alarm in engine.book.alarms() if alarm.parent is None]
    assert heads == ["fleet-sites-missing@fleet"]
    assert len(engine.book.alarms()) == 81


def test_r26_a_link_that_comes_back_within_a_quarter_of_an_hour_asks_nobody() -> None:
    engine = AlarmEngine(FLEET3, SHIPPED)
    for second in range(0, 3600, 5):
        engine.sample(rollup("s-1", second / 60)) if second % 30 == 0 else None
        word = Link.DOWN if 600 <= second < 1400 else Link.GOOD
        engine.tick(T0 + second * 1000, links(FLEET3, s_1=word))
    assert not any(alarm.place == "site:s-1" for alarm in engine.book.alarms())


def test_a_part_of_the_fleet_that_is_not_heard_is_missing_and_not_at_zero() -> None:
    many, hour = fleet(10), 60
    engine = AlarmEngine(many, SHIPPED)
    for minute in range(2 * hour):
        for number, site in enumerate(many.sites):
            if minute < 10 or number < 5:
                engine.sample(rollup(site.id, minute))
        down = {f"s_{number}": Link.DOWN for number in range(5, 10) if minute >= 10}
        for second in range(0, 60, 10):
            engine.tick(T0 + minute * MINUTE + second * 1000, links(many, **down))
    heads = {alarm.rule for alarm in engine.book.alarms() if alarm.parent is None}
    assert heads == {"fleet-sites-missing"}, "we are blind at half of the sites; nobody knows of any lost income"


def test_r24_a_worse_alarm_of_the_same_place_speaks_while_the_lesser_one_is_on_the_shelf() -> None:
    engine = AlarmEngine(FLEET3, family())
    engine.sample(rollup(minute=0, off=[0, 90, 0, 0, 0]))
    engine.book.shelve("off@container:s-0/C01", T0, T0 + 900_000, "known", "ada", "desk-2")
    engine.sample(rollup(minute=1, off=90, hashrate_hs=0.0))
    assert states(engine)["site-down@site:s-0"] is B
    assert states(engine)["off@container:s-0/C01"] is AlarmState.SHELVED


def test_r24_a_shelved_alarm_whose_rule_became_worse_comes_back_at_the_restart() -> None:
    shelf = {"shelved_until_ms": T0 + 900_000, "shelf_reason": "known", "acknowledged_by": "ada"}
    known = Alarm(rule="hot", place="container:s-0/C01", state=AlarmState.SHELVED, active=True, occurred_ms=1, **shelf)
    engine = AlarmEngine(FLEET3, [rule(priority=Priority.HIGH)], [known])
    engine.resume(T0)
    (alarm,) = engine.book.alarms()
    assert (alarm.state, alarm.shelf_reason, alarm.shelved_until_ms) == (B, "", None)
    assert engine.book.changes().lines[0].event is AlarmEvent.ESCALATE


def test_t29_every_shipped_rule_carries_guidance() -> None:
    assert all(len(one.guidance_text) > 100 and one.response and one.cause for one in SHIPPED)


def untold(minute: float, site: str = "s-0") -> SiteRollup:
    """What a frame of an empty roster becomes."""
    at_ms = T0 + round(minute * MINUTE)
    nothing = Reading(Frame(site, at_ms, at_ms, "empty", {}), site_values={"meter_w": 1.7e7})
    return roll_up(FLEET3.site(site), RosterIndex.of(Roster(site, "empty", ())), nothing)


def test_a_site_whose_roster_became_empty_raises_one_alarm_and_clears_it_when_its_machines_are_back() -> None:
    engine = AlarmEngine(FLEET3, SHIPPED)
    feed(engine, range(5))
    for minute in range(5, 17):
        engine.sample(untold(minute))
    assert states(engine) == {"site-hashrate-untold@site:s-0": B}
    feed(engine, range(17, 20))
    assert states(engine) == {"site-hashrate-untold@site:s-0": D}


def test_a_site_that_never_told_a_hashrate_is_not_missed_for_it() -> None:
    engine = AlarmEngine(FLEET3, SHIPPED)
    for minute in range(60):
        engine.sample(untold(minute))
    assert states(engine) == {}


def test_that_a_hashrate_is_missed_outlasts_a_restart() -> None:
    engine = AlarmEngine(FLEET3, SHIPPED)
    feed(engine, range(5))
    for minute in range(5, 17):
        engine.sample(untold(minute))
    later = AlarmEngine(FLEET3, SHIPPED, engine.book.alarms(), rollups={"s-0": untold(16)})
    for minute in range(17, 40):
        later.sample(untold(minute))
    assert states(later) == {"site-hashrate-untold@site:s-0": B}
    feed(later, range(40, 43))
    assert states(later) == {"site-hashrate-untold@site:s-0": D}


def test_silent_machines_explain_that_no_hashrate_is_told_and_a_rest_excuses_it() -> None:
    engine = AlarmEngine(FLEET3, SHIPPED)
    feed(engine, range(5))
    feed(engine, range(5, 20), hashrate_hs=np.nan, hashing=0.0, unknown=100.0)
    found = {alarm.key: alarm for alarm in engine.book.alarms()}
    assert found["site-hashrate-untold@site:s-0"].parent == "site-machines-silent@site:s-0"
    resting = AlarmEngine(FLEET3, SHIPPED)
    feed(resting, range(5), site="s-1")
    feed(resting, range(5, 30), site="s-1", hashrate_hs=np.nan, hashing=0.0, curtailed=100.0, power_w=1e6, meter_w=1e6)
    assert B not in states(resting).values()

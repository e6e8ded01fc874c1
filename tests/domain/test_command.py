"""Commands as data: risk by the table of gestures, states that only move forward, previews that must still agree."""

from __future__ import annotations

import itertools

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.command import (
    ABSOLUTE,
    FAILED,
    OPEN,
    Check,
    Command,
    Preview,
    PreviewTarget,
    Risk,
    Selector,
    TargetState,
    Verb,
    agrees,
    may_follow,
    name_to_type,
    risk_of,
)
from console.domain.interlock import SiteLimits, SitePlan, Window, judge

COMMAND = Command(
    id="c1", verb=Verb.CURTAIL, selector=Selector(("us-ga-1",)), reason="price", by="ada", desk="desk 1", at_ms=0
)


def target(now_w: float = 40e6, asked_w: float = 20e6, machines: tuple[str, ...] = ("a", "b")) -> PreviewTarget:
    return PreviewTarget(
        site_id="us-ga-1",
        name="Georgia 1",
        machines=machines,
        power_now_w=now_w,
        power_asked_w=asked_w,
        hashrate_now_hs=2e18,
        hashrate_asked_hs=1e18,
        measured_ms=0,
    )


def preview(*targets: PreviewTarget, passed: bool = True) -> Preview:
    checks = (Check("Ramp", "", passed),)
    return Preview(
        id="p", command=COMMAND, targets=targets, skipped=(), checks=checks, risk=Risk.HIGH, usd_per_h=0, computed_ms=0
    )


@pytest.mark.parametrize(
    ("verb", "sites", "machines", "risk"),
    [
        (Verb.LOCATE, 3, 5_000, Risk.LOW),
        (Verb.REBOOT, 1, 10, Risk.MEDIUM),
        (Verb.REBOOT, 1, 11, Risk.FLEET),  # a reboot cannot be taken back
        (Verb.CURTAIL, 1, 14_000, Risk.HIGH),
        (Verb.POWER_TARGET, 1, 3, Risk.MEDIUM),
        (Verb.CURTAIL, 2, 4, Risk.FLEET),
        (Verb.CHANGE_POOL, 1, 500, Risk.FLEET),
    ],
)
def test_r35_risk_decides_the_gesture(verb: Verb, sites: int, machines: int, risk: Risk) -> None:
    assert risk_of(verb, sites, machines) is risk


def test_a_reboot_is_never_sent_twice() -> None:
    assert Verb.REBOOT not in ABSOLUTE


def test_no_state_is_left_for_an_earlier_one() -> None:
    order = list(TargetState)
    for before, after in itertools.product(TargetState, TargetState):
        if may_follow(before, after):
            assert after not in (TargetState.REQUESTED, before)
    assert not may_follow(TargetState.UNKNOWN, TargetState.SENT)  # a lost answer is never sent again blindly
    assert may_follow(TargetState.UNVERIFIED, TargetState.VERIFIED)
    assert order[0] in OPEN
    assert TargetState.VERIFIED not in OPEN | FAILED


@pytest.mark.parametrize(
    ("fresh", "same"),
    [
        (preview(target()), True),
        (preview(target(now_w=40.2e6)), True),
        (preview(target(now_w=44e6)), False),
        (preview(target(machines=("a",))), False),
        (preview(target(), passed=False), False),
        (preview(), False),
    ],
)
def test_t5_a_changed_preview_starts_again(fresh: Preview, same: bool) -> None:
    assert agrees(preview(target()), fresh) is same


def test_t5_of_many_machines_a_few_may_have_left_and_none_may_have_come() -> None:
    names = tuple(f"m{number}" for number in range(100))
    shown = preview(target(machines=names))
    assert agrees(shown, preview(target(machines=names[:98])))
    assert not agrees(shown, preview(target(machines=names[:97])))
    assert not agrees(shown, preview(target(machines=(*names[:99], "never shown"))))


def test_r35_the_name_to_type_is_that_of_the_selection_or_of_its_one_site() -> None:
    titled = msgspec.structs.replace(COMMAND, selector=Selector(("us-ga-1",), title="Texas and Plains"))
    assert name_to_type(preview(target())) == "Georgia 1"
    assert name_to_type(msgspec.structs.replace(preview(target()), command=titled)) == "Texas and Plains"
    assert name_to_type(preview(target(), target())) == "2 sites"


def test_t6_a_step_is_not_hidden_by_a_mild_mean() -> None:
    assert failed(SitePlan(target(), 48e6, 500, takes_s=3600, steepest_w_per_min=5.1e6)) == {"Ramp"}


def test_a_preview_dies_after_120_s_and_does_not_live_in_the_future() -> None:
    assert not preview(target()).expired(120_000)
    assert preview(target()).expired(120_001)
    assert preview(target()).expired(-1)


LIMITS = SiteLimits(cap_w=50e6, floor_w=10e6, ramp_w_per_min=5e6, least_machines_on=100)


def failed(plan: SitePlan, limits: SiteLimits = LIMITS, command: Command = COMMAND, now_ms: int = 0) -> set[str]:
    return {check.name for check in judge(command, [plan], {"us-ga-1": limits}, now_ms) if not check.passed}


def test_t6_each_interlock_refuses_on_its_own() -> None:
    good = SitePlan(target(), 48e6, 500, takes_s=300)
    assert failed(good) == set()
    assert failed(SitePlan(target(20e6, 40e6), 35e6, 500, 300)) == {"Power cap"}
    assert failed(SitePlan(target(40e6, 1e6), 48e6, 500, 600)) == {"Contract floor"}
    assert failed(SitePlan(target(), 48e6, 500, 60)) == {"Ramp"}
    assert failed(SitePlan(target(), 48e6, 99, 300)) == {"Machines on"}
    assert failed(good, msgspec.structs.replace(LIMITS, hold="transformer work")) == {"Maintenance hold"}
    assert failed(good, msgspec.structs.replace(LIMITS, protected=frozenset({"b"}))) == {"Protected machines"}
    night = Window(23 * 60, 60, "contract peak")
    assert failed(good, msgspec.structs.replace(LIMITS, windows=(night,)), now_ms=30 * 60_000) == {"Contract window"}
    assert failed(good, msgspec.structs.replace(LIMITS, windows=(night,)), now_ms=61 * 60_000) == set()


def test_t6_a_site_without_limits_is_refused() -> None:
    assert [check.passed for check in judge(COMMAND, [SitePlan(target(), 48e6, 500, 300)], {}, 0)] == [False]


@given(
    now_mw=st.floats(0, 80),
    from_mw=st.floats(0, 80),
    to_mw=st.floats(0, 80),
    machines_on=st.integers(0, 300),
    takes_s=st.floats(0, 3600),
)
def test_t6_no_plan_over_a_limit_passes(
    now_mw: float, from_mw: float, to_mw: float, machines_on: int, takes_s: float
) -> None:
    plan = SitePlan(target(from_mw * 1e6, to_mw * 1e6), now_mw * 1e6, machines_on, takes_s)
    if not failed(plan):
        after, change = plan.site_after_w, plan.site_after_w - plan.site_now_w
        assert change <= 0 or after <= LIMITS.cap_w
        assert change >= 0 or (after >= LIMITS.floor_w and machines_on >= LIMITS.least_machines_on)
        assert abs(change) <= LIMITS.ramp_w_per_min * takes_s / 60 * (1 + 1e-9)

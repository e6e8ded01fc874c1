"""What a frame must show before a machine counts as having done what it was told."""

from __future__ import annotations

import numpy as np
import pytest

from console.domain.command import Arguments, Verb
from console.domain.frame import Frame
from console.domain.machines_now import MachinesNow, NamedRoster
from console.domain.metric import MinerState
from console.domain.read_back import down, proved, within_ms
from console.domain.roster import Miner, Roster

NAN = float("nan")
H, C, OFF, U = MinerState.HASHING, MinerState.CURTAILED, MinerState.OFF, MinerState.UNKNOWN


def one(hashrate_ths: float, power_w: float, state: float = H, rated_w: float | None = 3_000.0) -> MachinesNow:
    roster = NamedRoster.of(Roster("a", "r", (Miner("m", rated_hs=100e12, rated_w=rated_w),)))
    columns = {"hashrate_hs": hashrate_ths * 1e12, "power_w": power_w, "state": state}
    return MachinesNow.of(
        roster, Frame("a", 1, 1, "r", {k: np.array([v], np.float32) for k, v in columns.items()}), NAN
    )


def shows(verb: Verb, now: MachinesNow, arguments: Arguments | None = None, *, seen_down: bool = False) -> bool:
    rows = np.array([0])
    return bool(proved(verb, arguments or Arguments(), now, rows, np.array([seen_down]))[0])


@pytest.mark.parametrize(
    ("now", "rests"),
    [
        (one(0, 60, C), True),
        (one(0, 60, OFF), True),
        (one(0, NAN, C), True),  # power is not told: the word and the hashrate stand
        (one(0, 3_000, C), False),  # says that it rests, and draws all its power
        (one(100, 3_000, H), False),
        (one(NAN, NAN, U), False),  # silence proves nothing
        (one(0, 60, C, rated_w=None), True),
    ],
)
def test_curtailed_is_no_hashrate_and_resting_power(now: MachinesNow, rests: bool) -> None:
    assert shows(Verb.CURTAIL, now) is rests


@pytest.mark.parametrize(("hashrate_ths", "awake"), [(100, True), (75, True), (74, False), (0, False), (NAN, False)])
def test_resumed_is_three_quarters_of_the_rated_hashrate(hashrate_ths: float, awake: bool) -> None:
    assert shows(Verb.RESUME, one(hashrate_ths, 3_000)) is awake


@pytest.mark.parametrize(
    ("power_w", "held"), [(2_400, True), (2_519, True), (2_521, False), (2_279, False), (NAN, False)]
)
def test_a_power_target_is_met_within_five_percent(power_w: float, held: bool) -> None:
    assert shows(Verb.POWER_TARGET, one(80, power_w), Arguments(machine_share=0.8)) is held
    assert shows(Verb.POWER_TARGET, one(80, power_w), Arguments(machine_power_w=2_400.0)) is held


def test_a_reboot_was_seen_down_and_hashes() -> None:
    assert not shows(Verb.REBOOT, one(100, 3_000))
    assert shows(Verb.REBOOT, one(100, 3_000), seen_down=True)
    assert not shows(Verb.REBOOT, one(0, 60), seen_down=True)
    assert bool(down(one(0, 60), np.array([0]))[0])
    assert not bool(down(one(NAN, NAN, U), np.array([0]))[0])
    assert within_ms(Verb.REBOOT, 180) == 4 * within_ms(Verb.CURTAIL, 180) == 720_000


@pytest.mark.parametrize("verb", [Verb.LOCATE, Verb.CHANGE_POOL, Verb.SLEEP_SCHEDULE])
def test_no_frame_proves_what_no_frame_can_show(verb: Verb) -> None:
    assert not shows(verb, one(100, 3_000))

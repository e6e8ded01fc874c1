"""The parts of a machine: what no machine can have is left out, and no source can make an answer large."""

from __future__ import annotations

import math

import msgspec

from console.domain.machine_detail import Board, Fan, MachineDetail, Pool, plausible


def test_what_no_machine_can_have_is_not_told_and_never_zero() -> None:
    board = Board(name="b", hashrate_hs=-1.0, board_c=900.0, chip_c=math.nan, chips_working=-3, chips_expected=108)
    detail = MachineDetail(at_ms=1, boards=(board,), fans=(Fan(name="f", speed_rpm=math.inf),))
    kept = plausible(detail)
    assert kept.boards == (Board(name="b", chips_expected=108),)
    assert kept.fans == (Fan(name="f"),)


def test_a_standing_fan_stays_zero() -> None:
    assert plausible(MachineDetail(at_ms=1, fans=(Fan(name="f", speed_rpm=0.0),))).fans[0].speed_rpm == 0.0


def test_more_chips_than_there_should_be_tell_that_the_expected_number_is_wrong() -> None:
    board = Board(name="b", chips_working=114, chips_expected=108)
    assert plausible(MachineDetail(at_ms=1, boards=(board,))).boards == (Board(name="b", chips_working=114),)


def test_the_largest_answer_fits_the_link_many_times() -> None:
    many = 100_000
    hostile = MachineDetail(
        at_ms=1,
        boards=(Board(name="ß" * many),) * 500,
        fans=(Fan(name="\x1b[2J" * many),) * 500,
        pools=(Pool(host="h" * many, accepted=2**63, rejected=-1),) * 500,
        errors=("e" * many,) * 500,
    )
    kept = plausible(hostile)
    assert len(msgspec.msgpack.encode(kept)) < 16 * 1024
    assert "\x1b" not in kept.fans[0].name
    assert (kept.pools[0].accepted, kept.pools[0].rejected) == (None, None)

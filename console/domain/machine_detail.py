"""What a source tells of one machine when it is asked for it alone: boards, fans, pools, errors. Never stored.

Numbers are canonical (H/s, °C, rpm) with the unit in the name; None is "not told" and never zero. Texts are the
source's own words: plain text, short. Small on purpose: it travels over the link, which carries words and no data.
"""

from __future__ import annotations

import msgspec

MOST_PARTS = 16  # boards, fans, pools or errors of one machine
MOST_TEXT = 120
MOST_RPM, LEAST_C, MOST_C, MOST_HS, MOST_CHIPS = 100_000.0, -60.0, 250.0, 1e16, 100_000


class Board(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One hashboard."""

    name: str
    hashrate_hs: float | None = None
    board_c: float | None = None
    chip_c: float | None = None  # the hottest chip
    chips_working: int | None = None
    chips_expected: int | None = None


class Fan(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One fan; a speed of 0 is a fan that stands."""

    name: str
    speed_rpm: float | None = None


class Pool(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One pool, without the account: a screen that anybody sees is no place for it."""

    host: str
    alive: bool | None = None
    in_use: bool | None = None
    accepted: int | None = None  # shares
    rejected: int | None = None


class MachineDetail(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One look at one machine; `at_ms` is when it was measured, UTC."""

    at_ms: int
    boards: tuple[Board, ...] = ()
    fans: tuple[Fan, ...] = ()
    pools: tuple[Pool, ...] = ()
    errors: tuple[str, ...] = ()


def short(text: object) -> str:
    """Somebody else's text as one short printable line; anything but text is none."""
    if not isinstance(text, str):
        return ""
    return "".join(char if char.isprintable() else " " for char in text[: 4 * MOST_TEXT]).strip()[:MOST_TEXT]


def plausible(detail: MachineDetail) -> MachineDetail:
    """The same without what no machine can have, and with no more parts and letters than fit."""
    return MachineDetail(
        at_ms=detail.at_ms,
        boards=tuple(map(_board, detail.boards[:MOST_PARTS])),
        fans=tuple(
            Fan(name=short(fan.name), speed_rpm=_within(fan.speed_rpm, 0.0, MOST_RPM))
            for fan in detail.fans[:MOST_PARTS]
        ),
        pools=tuple(
            msgspec.structs.replace(
                pool, host=short(pool.host), accepted=_count(pool.accepted), rejected=_count(pool.rejected)
            )
            for pool in detail.pools[:MOST_PARTS]
        ),
        errors=tuple(filter(None, map(short, detail.errors[:MOST_PARTS]))),
    )


def _board(board: Board) -> Board:
    """More working chips than there should be: then what should be is known wrongly, and is left out."""
    working, expected = _count(board.chips_working, MOST_CHIPS), _count(board.chips_expected, MOST_CHIPS)
    if working is not None and expected is not None and working > expected:
        expected = None
    return Board(
        name=short(board.name),
        hashrate_hs=_within(board.hashrate_hs, 0.0, MOST_HS),
        board_c=_within(board.board_c, LEAST_C, MOST_C),
        chip_c=_within(board.chip_c, LEAST_C, MOST_C),
        chips_working=working,
        chips_expected=expected,
    )


def _within(value: float | None, low: float, high: float) -> float | None:
    return value if value is not None and low <= value <= high else None  # NaN is within nothing


def _count(value: int | None, most: int = 2**53) -> int | None:
    return value if value is not None and 0 <= value <= most else None

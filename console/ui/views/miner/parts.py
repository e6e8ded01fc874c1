"""Says a machine's boards, fans, pools and errors in words; what the source does not tell is a dash, never a zero."""

from __future__ import annotations

from console.domain.machine_detail import Board, Fan, MachineDetail, Pool
from console.ui.models.live_detail import AGAIN_MS, DetailNow
from console.ui.numbers import NO_VALUE, decimal, integer
from console.ui.views.site.words import age_of
from console.ui.widgets.part_rows import PartGroup

OLD_MS = 2.5 * AGAIN_MS  # R8's rule for what is asked every so often


def parts_line(now: DetailNow, now_ms: int) -> str:
    """What stands above the parts: their age, or why there are none."""
    if now.detail is None:
        return now.words or "not asked yet"
    age = f"measured {age_of(min(now.detail.at_ms, now_ms), now_ms)} ago"
    return f"{age} · {now.words}" if now.words else age


def is_old(now: DetailNow, now_ms: int) -> bool:
    """Whether nobody may take it for the present any more."""
    return now.detail is not None and now_ms - now.detail.at_ms > OLD_MS


def part_groups(detail: MachineDetail | None) -> tuple[PartGroup, ...]:
    """The groups of which the source tells something."""
    if detail is None:
        return ()
    groups = (
        PartGroup("Boards", ("TH/s", "board °C", "chip °C", "chips"), tuple(map(_board, detail.boards))),
        PartGroup("Fans", ("rpm",), tuple(map(_fan, detail.fans))),
        PartGroup("Pools", ("state", "accepted", "rejected"), tuple(map(_pool, detail.pools))),
        PartGroup("What it complains of", (), tuple((text,) for text in detail.errors)),
    )
    return tuple(group for group in groups if group.rows)


def _board(board: Board) -> tuple[str, ...]:
    hashrate_ths = None if board.hashrate_hs is None else board.hashrate_hs * 1e-12
    chips = integer(board.chips_working)
    if board.chips_expected is not None:
        chips = f"{chips} of {integer(board.chips_expected)}"
    return board.name, decimal(hashrate_ths, 1), decimal(board.board_c, 1), decimal(board.chip_c, 1), chips


def _fan(fan: Fan) -> tuple[str, ...]:
    return fan.name, "stands" if fan.speed_rpm == 0 else integer(fan.speed_rpm)


def _pool(pool: Pool) -> tuple[str, ...]:
    alive = {True: "alive", False: "dead", None: NO_VALUE}[pool.alive]
    return pool.host, f"{alive}, in use" if pool.in_use else alive, integer(pool.accepted), integer(pool.rejected)

"""How wide the columns of the miner table are: pure, but for the scale of the fonts."""

from __future__ import annotations

from collections.abc import Sequence

from console.ui.fonts import px
from console.ui.models.miners.columns import Column

MOST_SPARE_PX = 48


def widths_of(columns: Sequence[Column], room_px: int) -> list[int]:
    """Each column at its own width; room to spare is shared, text takes twice what a number takes."""
    wanted = [px(column.width) for column in columns]
    shares = [1 if column.numeric else 2 for column in columns]
    spare = max(0, room_px - sum(wanted))
    return [
        width + min(px(MOST_SPARE_PX) * share, spare * share // max(1, sum(shares)))
        for width, share in zip(wanted, shares, strict=True)
    ]

"""The racks of one container, each with its head line over cells large enough to be targets (mock-up 7)."""

from __future__ import annotations

from console.ui.fonts import px
from console.ui.heat_map.canvas import EDGE_PX, HEAD_PX
from console.ui.heat_map.heat_map import HeatMap
from console.ui.heat_map.layout import Style

CELL_PITCHES = (72, 64, 56, 48, 42, 36, 32, 28, 24)  # each cell is a target, none smaller (R56); a wall has room
HEAD_ROOM_PX = 204  # `R01 28 of 30 hash · inlet 27.8 °C`


class RackView(HeatMap):
    """Cells as large as all of them fit; where 24 px do not, it scrolls."""

    def pitches(self) -> tuple[tuple[int, int], ...]:
        """From the largest to the smallest target."""
        return tuple((self._device(px(side)), self._device(px(side))) for side in CELL_PITCHES)

    def styles(self) -> tuple[Style, ...]:
        """Racks lie broad, so that their head lines have room."""
        racks = Style(
            pitches=self.pitches(),
            head=self._device(px(HEAD_PX) + 4),
            gap=self._device(px(14)),
            least_width=self._device(px(HEAD_ROOM_PX)),
            wanted=2.2,
            edge=self._device(EDGE_PX),
        )
        return (racks,)

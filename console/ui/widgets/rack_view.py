"""The racks of one container, each with its head line over cells large enough to be targets (mock-up 7)."""

from __future__ import annotations

from console.ui.fonts import px
from console.ui.widgets.heat_map import HeatMap
from console.ui.widgets.heat_map_canvas import HEAD_PX
from console.ui.widgets.heat_map_layout import Style

CELL_PITCHES = (36, 32, 28, 24, 22, 20, 18, 16)
SCROLLING_PX = 24
HEAD_ROOM_PX = 204  # `R01 28 of 30 hash · inlet 27.8 °C`


class RackView(HeatMap):
    """24 px cells and larger where they fit; where not even the smallest target does, it scrolls at 24 px."""

    def pitches(self) -> tuple[tuple[int, int], ...]:
        """From 36 px down to the smallest target, then 24 again for scrolling."""
        return tuple((self._device(px(side)), self._device(px(side))) for side in (*CELL_PITCHES, SCROLLING_PX))

    def styles(self) -> tuple[Style, ...]:
        """Racks lie broad, so that their head lines have room."""
        racks = Style(
            pitches=self.pitches(),
            head=self._device(px(HEAD_PX) + 4),
            gap=self._device(px(14)),
            least_width=self._device(px(HEAD_ROOM_PX)),
            wanted=2.2,
        )
        return (racks,)

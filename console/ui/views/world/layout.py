"""Where the parts of the world stand at each of the three densities (7-look.md, section 12). Pure arithmetic."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect

from console.ui.density import Density
from console.ui.fonts import px

MAP_SHARE = 1096 / 1876  # of the width between margin and margin, less the gap
WALL_MAP_SHARE = 2400 / 3752
GRAPH_SHARE = 0.362  # of the height below the strip: 300 of 828
WALL_GRAPH_SHARE = 0.245
REGIONS_PX, LEAST_LIST_PX, WALL_LIST_PX = 268, 130, 240
TABS_PX, LEAST_SIDE_PX = 32, 380
SIDE_SHARE = 0.31


@dataclass(frozen=True, slots=True)
class Places:
    """Rectangles in the view's own pixels; `tabs` is None where everything is shown at once."""

    strip: QRect
    tabs: QRect | None
    map: QRect
    regions: QRect
    attention: QRect
    graphs: QRect


def places(width: int, height: int, strip_height: int, density: Density) -> Places:
    """The places in a view of `width` x `height` whose strip needs `strip_height`."""
    margin, gap = density.value.margin, density.value.gap
    inner = QRect(margin, gap, width - 2 * margin, height - 2 * gap)
    strip = QRect(inner.left(), inner.top(), inner.width(), strip_height)
    below = QRect(inner.left(), strip.bottom() + 1 + gap, inner.width(), inner.height() - strip_height - gap)
    if density is Density.COMPACT:
        return _tabbed(strip, below, gap)
    wall = density is Density.WALL
    shares = (WALL_MAP_SHARE, WALL_GRAPH_SHARE) if wall else (MAP_SHARE, GRAPH_SHARE)
    return _at_once(strip, below, gap, shares, wall=wall)


def _tabbed(strip: QRect, below: QRect, gap: int) -> Places:
    """Map, regions and graphs take turns; what needs attention stays."""
    side = max(px(LEAST_SIDE_PX), round(below.width() * SIDE_SHARE))
    left = below.width() - side - gap
    tabs = QRect(below.left(), below.top(), left, px(TABS_PX))
    body = QRect(below.left(), tabs.bottom() + 1 + 4, left, below.height() - tabs.height() - 4)
    attention = QRect(below.left() + left + gap, below.top(), side, below.height())
    return Places(strip, tabs, body, body, attention, body)


def _at_once(strip: QRect, below: QRect, gap: int, shares: tuple[float, float], *, wall: bool) -> Places:
    map_share, graph_share = shares
    graph_height = round((below.height() - gap) * graph_share)
    top_height = below.height() - gap - graph_height
    map_width = round((below.width() - gap) * map_share)
    the_map = QRect(below.left(), below.top(), map_width, top_height)
    right = QRect(below.left() + map_width + gap, below.top(), below.width() - map_width - gap, top_height)
    wanted = top_height if wall else px(REGIONS_PX)  # a wall shows the sites beneath their regions
    regions_height = min(wanted, top_height - gap - px(WALL_LIST_PX if wall else LEAST_LIST_PX))
    regions = QRect(right.left(), right.top(), right.width(), regions_height)
    attention = right.adjusted(0, regions_height + gap, 0, 0)
    graphs = QRect(below.left(), below.top() + top_height + gap, below.width(), graph_height)
    return Places(strip, None, the_map, regions, attention, graphs)

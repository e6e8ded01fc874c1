"""Where the parts of a site's view stand at each of the three densities (7-look.md, section 12). Pure arithmetic."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect

from console.ui.density import Density, density_at
from console.ui.fonts import px

LEFT_SHARE = 0.72  # 1360 of 1888
PLOT_SHARE = 0.426  # 336 of 788
WALL_SHARES = (0.38, 0.38)  # plots, containers; the rest holds the side
TABS_PX = 32
LEAST_PLOTS_PX, LEAST_CARDS_PX = 270, 240


@dataclass(frozen=True, slots=True)
class Places:
    """Rectangles in the view's own pixels; `tabs` is None where everything is shown at once."""

    header: QRect
    tabs: QRect | None
    plots: QRect
    containers: QRect
    side: QRect


def places(width: int, height: int, header_height: int, window_width: int) -> Places:
    """The places in a view of `width` x `height` whose header needs `header_height`."""
    density = density_at(window_width)
    margin, gap = density.value.margin, density.value.gap
    inner = QRect(margin, gap, width - 2 * margin, height - 2 * gap)
    header = QRect(inner.left(), inner.top(), inner.width(), header_height)
    below = QRect(inner.left(), header.bottom() + 1 + gap, inner.width(), inner.height() - header_height - gap)
    if density is Density.COMPACT:
        return _tabbed(header, below, gap)
    if density is Density.WALL:
        return _three_columns(header, below, gap)
    return _two_columns(header, below, gap)


def least_height(header_height: int, window_width: int) -> int:
    """Below this the view asks to be scrolled instead of squeezing a plot to nothing."""
    density = density_at(window_width)
    gap = density.value.gap
    if density is Density.COMPACT:
        return header_height + px(TABS_PX) + px(LEAST_PLOTS_PX) + 4 * gap
    return header_height + px(LEAST_PLOTS_PX) + px(LEAST_CARDS_PX) + 4 * gap


def _tabbed(header: QRect, below: QRect, gap: int) -> Places:
    tabs = QRect(below.left(), below.top(), below.width(), px(TABS_PX))
    body = below.adjusted(0, tabs.height() + gap, 0, 0)
    return Places(header, tabs, body, body, body)


def _two_columns(header: QRect, below: QRect, gap: int) -> Places:
    left = round((below.width() - gap) * LEFT_SHARE)
    top = round((below.height() - gap) * PLOT_SHARE)
    plots = QRect(below.left(), below.top(), left, top)
    containers = QRect(below.left(), below.top() + top + gap, left, below.height() - top - gap)
    side = QRect(below.left() + left + gap, below.top(), below.width() - left - gap, below.height())
    return Places(header, None, plots, containers, side)


def _three_columns(header: QRect, below: QRect, gap: int) -> Places:
    first, second = (round((below.width() - 2 * gap) * share) for share in WALL_SHARES)
    plots = QRect(below.left(), below.top(), first, below.height())
    containers = QRect(below.left() + first + gap, below.top(), second, below.height())
    left = below.left() + first + second + 2 * gap
    return Places(header, None, plots, containers, QRect(left, below.top(), below.right() + 1 - left, below.height()))


def side_parts(spots: Places, upper: int) -> tuple[QRect, QRect]:
    """Commands in the upper `upper` px and details beneath; each has all of the side where tabs lead to them."""
    side = spots.side
    if spots.tabs is not None:
        return side, side
    gap = 12
    return (
        QRect(side.left(), side.top(), side.width(), upper),
        QRect(side.left(), side.top() + upper + gap, side.width(), max(0, side.height() - upper - gap)),
    )

"""Decides which areas get a lens and where it stands, and lays out what is in it. Arithmetic on pins; paints nothing.

The plan rests on places and capacities alone, so that no lens jumps because a site draws less or loses its link.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace

import numpy as np

from console.ui.fonts import px
from console.ui.map.clusters import spread
from console.ui.map.density import DenseArea, dense_areas, place_name, told_apart
from console.ui.map.labels import Box
from console.ui.map.lens_room import LensWish, Sea, arrange
from console.ui.map.marks import MAP_PX_PER_ROOT_MW, Label, Mark, Measure, labels_of, mark_scale, marks_of
from console.ui.map.pins import Pin
from console.ui.map.projection import EqualEarth
from console.ui.map.site_glyph import radius_px
from console.ui.map.viewport import Viewport

TITLE_PX = 24.0
LEAST_ROOM = (620.0, 300.0)
LENS_PX_PER_ROOT_MW = 1.65
STRAY_PX = 12.0  # how far a disc in a lens may stand from its place to be seen apart
MOST_PX_PER_DEGREE = 60.0
MOST_ENLARGED = 8.0  # against the map around it
LENS_MARGIN_PX = 26.0
WALL_WIDTH_PX = 2000.0

LensPlan = tuple[tuple[DenseArea, Box], ...]


@dataclass(frozen=True, slots=True)
class Lens:
    """A dense area enlarged: a view of `box` size, marks and labels in px of it; its hairline ends at (x, y)."""

    title: str
    time_zone: str
    box: Box
    view: Viewport
    marks: tuple[Mark, ...]
    labels: tuple[Label, ...]
    x: float
    y: float
    members: tuple[int, ...]


def plan_lenses(pins: Sequence[Pin], view: Viewport, sea: Callable[[], Sea], keep_free: Sequence[Box] = ()) -> LensPlan:
    """The dense areas of a fleet and the boxes of their lenses. `keep_free` is what else stands on the map."""
    if view.width < px(LEAST_ROOM[0]) or view.height < px(LEAST_ROOM[1]):
        return ()
    full = [replace(pin, power_w=pin.capacity_w) for pin in pins]
    longitudes, latitudes = [pin.longitude_deg for pin in pins], [pin.latitude_deg for pin in pins]
    x, y = view.to_px(longitudes, latitudes)
    marks = marks_of(full, x, y, MAP_PX_PER_ROOT_MW * mark_scale(view))
    most = 6 if view.width >= WALL_WIDTH_PX else 4
    areas = sorted(dense_areas(longitudes, latitudes, 2 * most), key=lambda area: _need(area, marks, pins))
    # a lens on what is clear already would only hide the sea
    areas = [area for area in areas if _need(area, marks, pins)[0] < 0][:most]
    wishes = [_wish(area, pins, view) for area in areas]
    boxes = [] if not wishes else arrange(wishes, sea(), [*keep_free, *(mark.box for mark in marks)])
    return tuple((area, box) for area, box in zip(areas, boxes, strict=True) if box is not None)


def lenses_of(
    plan: LensPlan, pins: Sequence[Pin], marks: Sequence[Mark], measure: Measure, told: Container[int]
) -> tuple[Lens, ...]:
    """The planned lenses with what is in them now; `marks` are those of the map, where the hairlines end."""
    titles = _titles([area for area, _ in plan], pins)
    return tuple(
        _lens(title, area, pins, _hairline_end(area, marks, box), box, measure, told)
        for title, (area, box) in zip(titles, plan, strict=True)
    )


def _titles(areas: Sequence[DenseArea], pins: Sequence[Pin]) -> tuple[str, ...]:
    """Each lens has a name of its own: its place, else the country of most of its sites."""
    names = []
    for area in areas:
        countries = Counter(pins[member].country for member in area.members)
        names.append(place_name(area.longitude_deg, area.latitude_deg) or countries.most_common(1)[0][0])
    return told_apart(names, areas)


def _need(area: DenseArea, marks: Sequence[Mark], pins: Sequence[Pin]) -> tuple[int, float]:
    """Sorts areas: first where most sites hide behind others, then the tighter one."""
    inside = [len(set(mark.members).intersection(area.members)) for mark in marks]
    return -sum(count - 1 for count in inside if count > 1), max(_spans(area, pins))


def _hairline_end(area: DenseArea, marks: Sequence[Mark], box: Box) -> tuple[float, float]:
    """The edge of the mark that holds most of an area's sites, on the side of its lens."""
    mark = max(marks, key=lambda mark: len(set(mark.members).intersection(area.members)))
    dx = min(max(mark.x, box.left), box.left + box.width) - mark.x
    dy = min(max(mark.y, box.top), box.top + box.height) - mark.y
    away = float(np.hypot(dx, dy)) or 1.0
    reach = mark.box.width / 2
    return mark.x + dx / away * reach, mark.y + dy / away * reach


def _wish(area: DenseArea, pins: Sequence[Pin], view: Viewport) -> LensWish:
    x, y = view.to_px(area.longitude_deg, area.latitude_deg)
    wide, high = _spans(area, pins)
    asked = view.height * (0.38 + 0.01 * len(area.members))
    enough = high * view.scale * MOST_ENLARGED + px(TITLE_PX) + 2 * LENS_MARGIN_PX
    height = float(np.clip(min(asked, enough, 0.48 * view.height), px(140), px(480)))
    return LensWish(float(x), float(y), height * float(np.clip(wide / high, 0.92, 1.25)), height)


def _spans(area: DenseArea, pins: Sequence[Pin]) -> tuple[float, float]:
    """Width and height of an area in earth radii, never smaller than about a degree."""
    x, y = EqualEarth(area.longitude_deg).forward(
        [pins[member].longitude_deg for member in area.members], [pins[member].latitude_deg for member in area.members]
    )
    return max(0.02, float(np.ptp(x))), max(0.02, float(np.ptp(y)))


def _lens(
    title: str,
    area: DenseArea,
    pins: Sequence[Pin],
    end: tuple[float, float],
    box: Box,
    measure: Measure,
    told: Container[int],
) -> Lens:
    inside = [pins[member] for member in area.members]
    view = _lens_view(area, pins, box)
    per_root_mw = _fitting_scale(inside, box)
    x, y = view.to_px([pin.longitude_deg for pin in inside], [pin.latitude_deg for pin in inside])
    radii = np.array([radius_px(pin.power_w, per_root_mw) for pin in inside])
    x, y = spread(x, y, radii, STRAY_PX)
    local = marks_of(inside, x, y, per_root_mw, reach_px=11.0, crowding=0.5)
    bounds = Box(4, px(TITLE_PX) + 2, box.width - 8, box.height - px(TITLE_PX) - 6)
    speaking = {index for index, member in enumerate(area.members) if member in told}
    labels = labels_of(inside, local, speaking, [], bounds, measure)
    marks = tuple(replace(mark, members=tuple(area.members[member] for member in mark.members)) for mark in local)
    zone = Counter(pin.time_zone for pin in inside).most_common(1)[0][0]
    return Lens(title, zone, box, view, marks, labels, *end, area.members)


def _fitting_scale(inside: Sequence[Pin], box: Box) -> float:
    """As large as in the mock-up, smaller where discs would cover more than a fifth of the lens."""
    size = min(1.6, max(0.8, box.height / 200) ** 0.6)
    covered = np.pi * sum(pin.power_w / 1e6 for pin in inside) * (LENS_PX_PER_ROOT_MW * size) ** 2
    room = 0.2 * box.width * (box.height - px(TITLE_PX))
    return LENS_PX_PER_ROOT_MW * size * min(1.0, float(np.sqrt(room / max(covered, 1.0))))


def _lens_view(area: DenseArea, pins: Sequence[Pin], box: Box) -> Viewport:
    """The members with a margin, in the part of the box below the title."""
    projection = EqualEarth(area.longitude_deg)
    x, y = projection.forward(
        [pins[member].longitude_deg for member in area.members], [pins[member].latitude_deg for member in area.members]
    )
    wide, high = _spans(area, pins)
    scale = min((box.width - 2 * LENS_MARGIN_PX) / wide, (box.height - px(TITLE_PX) - 2 * LENS_MARGIN_PX) / high)
    scale = min(scale, MOST_PX_PER_DEGREE * 180 / np.pi)
    centre_y = float(y.min() + y.max()) / 2 + px(TITLE_PX) / 2 / scale
    return Viewport(projection, box.width, box.height, float(x.min() + x.max()) / 2, centre_y, float(scale))

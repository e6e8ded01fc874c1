"""Lays out what stands on the map at one viewport: marks, labels, lenses. Arithmetic on pins; paints nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from console.domain.fleet_state import SiteMark
from console.ui.map.clusters import Floats, cluster, spread
from console.ui.map.density import DenseArea, dense_areas, place_name
from console.ui.map.labels import Box, Wanted, place
from console.ui.map.lens_room import LensWish, Sea, arrange
from console.ui.map.pins import WORST_FIRST, Pin, worst
from console.ui.map.projection import EqualEarth
from console.ui.map.site_glyph import radius_px
from console.ui.map.viewport import Viewport

LINE_PX = 16.0
TITLE_PX = 24.0
LEAST_ROOM = (620.0, 300.0)
MAP_PX_PER_ROOT_MW, LENS_PX_PER_ROOT_MW = 1.2, 1.65
STRAY_PX = 12.0  # how far a disc in a lens may stand from its place to be seen apart
MOST_PX_PER_DEGREE = 60.0
MOST_ENLARGED = 8.0  # against the map around it
LENS_MARGIN_PX = 26.0
WALL_WIDTH_PX = 2000.0

Measure = Callable[[str, bool], float]  # the width of a text in px; True: in bold


@dataclass(frozen=True, slots=True)
class Mark:
    """One disc or cluster at (x, y) px of its view, for the pins `members`."""

    x: float
    y: float
    radius: float
    members: tuple[int, ...]
    state: SiteMark

    @property
    def box(self) -> Box:
        """What the disc covers, halo included."""
        reach = self.radius + (5.0 if len(self.members) > 1 else 2.0)
        return Box(self.x - reach, self.y - reach, 2 * reach, 2 * reach)


@dataclass(frozen=True, slots=True)
class Label:
    """Two lines of text in a box; `right` aligned when it stands left of its mark."""

    box: Box
    name: str
    reason: str
    right: bool


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


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything over the ground at `view`."""

    view: Viewport
    marks: tuple[Mark, ...]
    labels: tuple[Label, ...]
    lenses: tuple[Lens, ...]


def lay_out(
    pins: Sequence[Pin],
    view: Viewport,
    measure: Measure,
    sea: Callable[[], Sea] | None,
    keep_free: Sequence[Box] = (),
    selected: str | None = None,
) -> Scene:
    """The scene; `sea` None means no lenses (zoomed in, or no room). `keep_free` is title and key."""
    size = _mark_scale(view)
    x, y = view.to_px([pin.longitude_deg for pin in pins], [pin.latitude_deg for pin in pins])
    marks = _marks(pins, x, y, MAP_PX_PER_ROOT_MW * size)
    lenses: tuple[Lens, ...] = ()
    if sea is not None and view.width >= LEAST_ROOM[0] and view.height >= LEAST_ROOM[1]:
        lenses = _lenses(pins, view, marks, measure, sea, keep_free, selected)
    shown_larger = {member for lens in lenses for member in lens.members}
    bounds = Box(0, 0, view.width, view.height)
    taken = [*keep_free, *(lens.box for lens in lenses)]
    labels = _labels(pins, marks, shown_larger, taken, bounds, measure, selected)
    return Scene(view, marks, labels, lenses)


def _mark_scale(view: Viewport) -> float:
    """Discs grow with the map, more slowly than it: 1 at the mock-up's 1096 x 460."""
    return float(np.clip(np.sqrt(min(view.width / 1096, view.height / 460)), 0.85, 1.7))


def _marks(
    pins: Sequence[Pin], x: Floats, y: Floats, per_root_mw: float, reach_px: float = 24.0, crowding: float = 0.8
) -> tuple[Mark, ...]:
    power_w = np.array([pin.power_w for pin in pins], dtype=np.float64)

    def radii(weights: Floats, counts: Floats) -> Floats:
        least = np.where(counts > 1, 10.0, 4.6)
        return np.maximum(least, per_root_mw * np.sqrt(np.maximum(weights, 0.0) / 1e6))

    def mark(x: float, y: float, members: tuple[int, ...]) -> Mark:
        total_w = sum(pins[member].power_w for member in members)
        state = worst(tuple(pins[member].mark for member in members))
        return Mark(x, y, radius_px(total_w, per_root_mw, count=len(members)), members, state)

    joined = cluster(x, y, power_w, radii, reach_px, crowding)
    return tuple(mark(each.x, each.y, each.members) for each in joined)


def _labels(
    pins: Sequence[Pin],
    marks: Sequence[Mark],
    elsewhere: set[int],
    taken: Sequence[Box],
    bounds: Box,
    measure: Measure,
    selected: str | None,
) -> tuple[Label, ...]:
    """Names only where something is wrong, planned or selected; the worst choose their place first."""
    speaking = [(mark, words) for mark in marks if (words := _words(pins, mark, elsewhere, selected))]
    speaking.sort(key=lambda entry: WORST_FIRST.index(entry[0].state))
    wanted = [
        Wanted(mark.x, mark.y, mark.box.width / 2, _width(words, measure), LINE_PX * (2 if words[1] else 1))
        for mark, words in speaking
    ]
    boxes = place(wanted, [*taken, *(mark.box for mark in marks)], bounds)
    return tuple(
        Label(box, words[0], words[1], box.left + box.width / 2 < mark.x - mark.radius)
        for (mark, words), box in zip(speaking, boxes, strict=True)
        if box is not None
    )


def _words(pins: Sequence[Pin], mark: Mark, elsewhere: set[int], selected: str | None) -> tuple[str, str] | None:
    told = [
        pins[member]
        for member in mark.members
        if member not in elsewhere and (pins[member].reason or pins[member].site_id == selected)
    ]
    if not told:
        return None
    if len(told) == 1:
        return told[0].name, told[0].reason
    states = Counter(pin.mark.value for pin in told if pin.mark is not SiteMark.NORMAL)
    return f"{len(told)} of {len(mark.members)} sites", ", ".join(f"{count} {state}" for state, count in states.items())


def _width(words: tuple[str, str], measure: Measure) -> float:
    return max(measure(words[0], True), measure(words[1], False))


def _lenses(
    pins: Sequence[Pin],
    view: Viewport,
    marks: Sequence[Mark],
    measure: Measure,
    sea: Callable[[], Sea],
    keep_free: Sequence[Box],
    selected: str | None,
) -> tuple[Lens, ...]:
    longitudes, latitudes = [pin.longitude_deg for pin in pins], [pin.latitude_deg for pin in pins]
    most = 6 if view.width >= WALL_WIDTH_PX else 4
    areas = sorted(dense_areas(longitudes, latitudes, 2 * most), key=lambda area: _need(area, marks, pins))
    # a lens on what is clear already would only hide the sea
    areas = [area for area in areas if _need(area, marks, pins)[0] < 0][:most]
    wishes = [_wish(area, pins, view) for area in areas]
    boxes = [] if not wishes else arrange(wishes, sea(), [*keep_free, *(mark.box for mark in marks)])
    return tuple(
        _lens(area, pins, _hairline_end(area, marks, box), box, measure, selected)
        for area, wish, box in zip(areas, wishes, boxes, strict=True)
        if box is not None
    )


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
    enough = high * view.scale * MOST_ENLARGED + TITLE_PX + 2 * LENS_MARGIN_PX
    height = float(np.clip(min(asked, enough, 0.48 * view.height), 140.0, 480.0))
    return LensWish(float(x), float(y), height * float(np.clip(wide / high, 0.92, 1.25)), height)


def _spans(area: DenseArea, pins: Sequence[Pin]) -> tuple[float, float]:
    """Width and height of an area in earth radii, never smaller than about a degree."""
    x, y = EqualEarth(area.longitude_deg).forward(
        [pins[member].longitude_deg for member in area.members], [pins[member].latitude_deg for member in area.members]
    )
    return max(0.02, float(np.ptp(x))), max(0.02, float(np.ptp(y)))


def _lens(
    area: DenseArea, pins: Sequence[Pin], end: tuple[float, float], box: Box, measure: Measure, selected: str | None
) -> Lens:
    inside = [pins[member] for member in area.members]
    view = _lens_view(area, pins, box)
    per_root_mw = _fitting_scale(inside, box)
    x, y = view.to_px([pin.longitude_deg for pin in inside], [pin.latitude_deg for pin in inside])
    radii = np.array([radius_px(pin.power_w, per_root_mw) for pin in inside])
    x, y = spread(x, y, radii, STRAY_PX)
    local = _marks(inside, x, y, per_root_mw, reach_px=11.0, crowding=0.5)
    bounds = Box(4, TITLE_PX + 2, box.width - 8, box.height - TITLE_PX - 6)
    labels = _labels(inside, local, set(), [], bounds, measure, selected)
    marks = tuple(replace(mark, members=tuple(area.members[member] for member in mark.members)) for mark in local)
    countries = Counter(pin.country for pin in inside)
    title = place_name(area.longitude_deg, area.latitude_deg) or countries.most_common(1)[0][0]
    zone = Counter(pin.time_zone for pin in inside).most_common(1)[0][0]
    return Lens(title, zone, box, view, marks, labels, *end, area.members)


def _fitting_scale(inside: Sequence[Pin], box: Box) -> float:
    """As large as in the mock-up, smaller where discs would cover more than a fifth of the lens."""
    size = min(1.6, max(0.8, box.height / 200) ** 0.6)
    covered = np.pi * sum(pin.power_w / 1e6 for pin in inside) * (LENS_PX_PER_ROOT_MW * size) ** 2
    room = 0.2 * box.width * (box.height - TITLE_PX)
    return LENS_PX_PER_ROOT_MW * size * min(1.0, float(np.sqrt(room / max(covered, 1.0))))


def _lens_view(area: DenseArea, pins: Sequence[Pin], box: Box) -> Viewport:
    """The members with a margin, in the part of the box below the title."""
    projection = EqualEarth(area.longitude_deg)
    x, y = projection.forward(
        [pins[member].longitude_deg for member in area.members], [pins[member].latitude_deg for member in area.members]
    )
    wide, high = _spans(area, pins)
    scale = min((box.width - 2 * LENS_MARGIN_PX) / wide, (box.height - TITLE_PX - 2 * LENS_MARGIN_PX) / high)
    scale = min(scale, MOST_PX_PER_DEGREE * 180 / np.pi)
    centre_y = float(y.min() + y.max()) / 2 + TITLE_PX / 2 / scale
    return Viewport(projection, box.width, box.height, float(x.min() + x.max()) / 2, centre_y, float(scale))

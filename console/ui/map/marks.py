"""Discs and their labels at one viewport: sizes, clusters, words and places. Arithmetic on pins; paints nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace

import numpy as np

from console.domain.fleet_state import NOTHING_LIVE, SiteMark
from console.ui.fonts import font_scale, px
from console.ui.map.alarm_ring import SYMBOL
from console.ui.map.badges import CORNERS, Badge, Corner, badge_at, corners_of
from console.ui.map.clusters import CROWDING, REACH_PX, Floats, cluster
from console.ui.map.discs import Disc
from console.ui.map.labels import Box, Wanted, place
from console.ui.map.pins import WORST_FIRST, Pin, worst
from console.ui.map.site_glyph import BADGE, LEAST_CLUSTER_RADIUS_PX, LEAST_RADIUS_PX, radius_px
from console.ui.map.viewport import Viewport
from console.ui.models.alarms.sites import SiteAlarm, worst_of

LINE_PX = 16.0
MAP_PX_PER_ROOT_MW = 1.2
RIM_PX, RIM_OF_MANY_PX = 2.0, 5.0  # halo of a site; ring and halo of a cluster
STATE_BADGE = Badge(BADGE.radius, BADGE.reach - RIM_OF_MANY_PX)  # as seen from the rim
ALARM_BADGE = Badge(SYMBOL.radius, SYMBOL.reach - RIM_PX)
MOST_NAMED = 12  # sites of one state, or a quarter of the fleet

Measure = Callable[[str, bool], float]  # the width of a text in px; True: in bold


@dataclass(frozen=True, slots=True)
class Mark:
    """One disc or cluster at (x, y) px of its view, for the pins `members`.

    `dark`: nothing in it is live. `corner`: where a cluster wears its worst state; `alarm_corner`: and its alarm.
    """

    x: float
    y: float
    radius: float
    members: tuple[int, ...]
    state: SiteMark
    dark: bool = False
    alarm: SiteAlarm | None = None
    corner: Corner = CORNERS[0]
    alarm_corner: Corner = CORNERS[0]

    @property
    def has_badge(self) -> bool:
        """Whether it is a cluster in which something is not normal."""
        return len(self.members) > 1 and self.state is not SiteMark.NORMAL

    @property
    def rim_px(self) -> float:
        """How far ring and halo reach beyond its disc."""
        return RIM_OF_MANY_PX if len(self.members) > 1 else RIM_PX

    @property
    def disc(self) -> Disc:
        """Disc and rim."""
        return Disc(self.x, self.y, self.radius + self.rim_px)

    @property
    def signs(self) -> tuple[Disc, ...]:
        """Its badge and the symbol of its alarm, where it wears them."""
        badge = (badge_at(self.disc, self.corner, STATE_BADGE),) if self.has_badge else ()
        symbol = (badge_at(self.disc, self.alarm_corner, ALARM_BADGE),) if self.alarm is not None else ()
        return badge + symbol

    @property
    def box(self) -> Box:
        """What the disc covers, halo included."""
        reach = self.radius + self.rim_px
        return Box(self.x - reach, self.y - reach, 2 * reach, 2 * reach)


@dataclass(frozen=True, slots=True)
class Label:
    """Two lines of text in a box; `right` aligned when it stands left of its mark."""

    box: Box
    name: str
    reason: str
    right: bool


def mark_scale(view: Viewport) -> float:
    """Discs grow with the map, more slowly than it: 1 at the mock-up's 1096 x 460."""
    return float(np.clip(np.sqrt(min(view.width / 1096, view.height / 460)), 0.85, 1.7)) * font_scale() ** 0.5


def marks_of(
    pins: Sequence[Pin],
    x: Floats,
    y: Floats,
    per_root_mw: float,
    reach_px: float = REACH_PX,
    crowding: float = CROWDING,
) -> tuple[Mark, ...]:
    """The marks of pins at (x, y) px, `per_root_mw` px of radius for the square root of a megawatt."""
    power_w = np.array([pin.power_w for pin in pins], dtype=np.float64)

    def radii(weights: Floats, counts: Floats) -> Floats:
        least = np.where(counts > 1, LEAST_CLUSTER_RADIUS_PX, LEAST_RADIUS_PX)
        return np.maximum(least, per_root_mw * np.sqrt(np.maximum(weights, 0.0) / 1e6))

    def mark(x: float, y: float, members: tuple[int, ...]) -> Mark:
        total_w = sum(pins[member].power_w for member in members)
        states = tuple(pins[member].mark for member in members)
        radius = radius_px(total_w, per_root_mw, count=len(members))
        alarms = [alarm for alarm in (pins[member].alarm for member in members) if alarm is not None]
        return Mark(x, y, radius, members, worst(states), dark=NOTHING_LIVE.issuperset(states), alarm=worst_of(alarms))

    joined = cluster(x, y, power_w, radii, reach_px, crowding)
    return _with_badges([mark(each.x, each.y, each.members) for each in joined])


def _with_badges(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """Each cluster in which something is not normal, and each mark in alarm, says so where it touches no other."""
    discs = [mark.disc for mark in marks]
    unwell = [index for index, mark in enumerate(marks) if mark.has_badge]
    alarmed = [index for index, mark in enumerate(marks) if mark.alarm is not None]
    badges_at = dict(zip(unwell, corners_of([discs[n] for n in unwell], _but(discs, unwell), STATE_BADGE), strict=True))
    worn = [badge_at(discs[index], corner, STATE_BADGE) for index, corner in badges_at.items()]
    others = [*_but(discs, alarmed), *worn]
    symbols_at = dict(zip(alarmed, corners_of([discs[n] for n in alarmed], others, ALARM_BADGE), strict=True))
    return tuple(
        replace(mark, corner=badges_at.get(n, CORNERS[0]), alarm_corner=symbols_at.get(n, CORNERS[0]))
        for n, mark in enumerate(marks)
    )


def _but(discs: Sequence[Disc], left_out: Container[int]) -> list[Disc]:
    return [disc for index, disc in enumerate(discs) if index not in left_out]


def named(pins: Sequence[Pin]) -> frozenset[int]:
    """The pins whose names the map writes: what is wrong or planned, unless a state is so common that names drown.

    Then the forms tell it, and the list beside the map has every name.
    """
    counts = Counter(_kind(pin) for pin in pins)
    return frozenset(
        index for index, pin in enumerate(pins) if pin.reason and counts[_kind(pin)] <= max(MOST_NAMED, len(pins) // 4)
    )


def _kind(pin: Pin) -> object:
    """Its priority in alarm, else its state."""
    return pin.alarm.priority if pin.alarm is not None else pin.mark


def labels_of(
    pins: Sequence[Pin],
    marks: Sequence[Mark],
    told: Container[int],
    taken: Sequence[Box],
    bounds: Box,
    measure: Measure,
) -> tuple[Label, ...]:
    """A label for each mark that holds pins to be `told`; the worst choose their place first."""
    speaking = [(mark, words) for mark in marks if (words := _words(pins, mark, told))]
    speaking.sort(key=lambda entry: WORST_FIRST.index(entry[0].state))
    wanted = [
        Wanted(mark.x, mark.y, mark.box.width / 2, _width(words, measure), px(LINE_PX) * 2) for mark, words in speaking
    ]
    signs = [_box_of(sign) for mark in marks for sign in mark.signs]
    boxes = place(wanted, [*taken, *(mark.box for mark in marks), *signs], bounds)
    return tuple(
        Label(box, words[0], words[1], box.left + box.width / 2 < mark.x - mark.radius)
        for (mark, words), box in zip(speaking, boxes, strict=True)
        if box is not None
    )


def _box_of(disc: Disc) -> Box:
    return Box(disc.x - disc.radius, disc.y - disc.radius, 2 * disc.radius, 2 * disc.radius)


def _words(pins: Sequence[Pin], mark: Mark, told: Container[int]) -> tuple[str, str] | None:
    here = [pins[member] for member in mark.members if member in told]
    if not here:
        return None
    if len(here) == 1:
        return here[0].name, here[0].reason
    states = Counter(_told(pin) for pin in sorted(here, key=lambda pin: pin.alarm is None))
    return f"{len(here)} of {len(mark.members)} sites", ", ".join(f"{count} {state}" for state, count in states.items())


def _told(pin: Pin) -> str:
    """What is told of a site among others: an alarm before a state, which may well be normal."""
    return f"in {pin.reason}" if pin.alarm is not None else pin.mark.value


def _width(words: tuple[str, str], measure: Measure) -> float:
    return max(measure(words[0], True), measure(words[1], False))

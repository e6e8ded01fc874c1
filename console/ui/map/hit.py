"""Knows which mark of a scene lies under a point, lenses first; and where a given site stands. Pure arithmetic."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from console.domain.fleet_state import SiteMark
from console.ui.map.lens_scene import Lens
from console.ui.map.marks import Mark
from console.ui.map.pins import Pin
from console.ui.map.scene import Scene

HIT_RADIUS_PX = 12.0  # targets of at least 24 px (R56)
MOST_NAMES = 9


@dataclass(frozen=True, slots=True)
class Target:
    """A mark as the pointer finds it, in px of the widget."""

    x: float
    y: float
    radius: float
    members: tuple[int, ...]

    @classmethod
    def of_member(cls, scene: Scene, index: int, moved_x: float, moved_y: float) -> Target:
        """Where the site `index` stands: in its lens, if it has one."""
        for lens in scene.lenses:
            if index in lens.members:
                return next(_in_lens(lens, mark) for mark in lens.marks if index in mark.members)
        return next(_on_map(mark, moved_x, moved_y) for mark in scene.marks if index in mark.members)

    def words(self, pins: Sequence[Pin], only: int = -1) -> list[str]:
        """The lines of its plate: one site in full, or the names of a cluster, the worst first."""
        if only in self.members:
            return list(pins[only].words)
        if len(self.members) == 1:
            return list(pins[self.members[0]].words)
        order = tuple(SiteMark)
        inside = sorted((pins[member] for member in self.members), key=lambda pin: (order.index(pin.mark), pin.name))
        lines = [f"{len(inside)} sites"]
        lines += [f"{pin.name} · {pin.reason or pin.mark.value}" for pin in inside[:MOST_NAMES]]
        if len(inside) > MOST_NAMES:
            lines.append(f"and {len(inside) - MOST_NAMES} more")
        return lines


def find(scene: Scene, x: float, y: float, moved_x: float, moved_y: float) -> Target | None:
    """The nearest mark whose hit area holds (x, y); a lens hides the map beneath it."""
    for lens in scene.lenses:
        box = lens.box
        if box.left <= x <= box.left + box.width and box.top <= y <= box.top + box.height:
            return _nearest([_in_lens(lens, mark) for mark in lens.marks], x, y)
    return _nearest([_on_map(mark, moved_x, moved_y) for mark in scene.marks], x, y)


def _nearest(targets: Sequence[Target], x: float, y: float) -> Target | None:
    reached = [
        (math.hypot(target.x - x, target.y - y), index)
        for index, target in enumerate(targets)
        if math.hypot(target.x - x, target.y - y) <= max(HIT_RADIUS_PX, target.radius)
    ]
    return targets[min(reached)[1]] if reached else None


def _in_lens(lens: Lens, mark: Mark) -> Target:
    return Target(mark.x + lens.box.left, mark.y + lens.box.top, mark.radius, mark.members)


def _on_map(mark: Mark, moved_x: float, moved_y: float) -> Target:
    return Target(mark.x + moved_x, mark.y + moved_y, mark.radius, mark.members)

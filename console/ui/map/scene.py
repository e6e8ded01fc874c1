"""Everything that stands over the ground at one viewport: marks, labels, lenses. Arithmetic; paints nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from console.ui.map.discs import Circles, circles_of
from console.ui.map.labels import Box
from console.ui.map.lens_scene import Lens, LensPlan, lenses_of
from console.ui.map.marks import MAP_PX_PER_ROOT_MW, Label, Mark, Measure, labels_of, mark_scale, marks_of, named
from console.ui.map.pins import Pin
from console.ui.map.viewport import Viewport


@dataclass(frozen=True, slots=True)
class Scene:
    """What is laid out at `view`; `circles` are the marks with their rims."""

    view: Viewport
    marks: tuple[Mark, ...]
    labels: tuple[Label, ...]
    lenses: tuple[Lens, ...]
    circles: Circles


def lay_out(
    pins: Sequence[Pin],
    view: Viewport,
    measure: Measure,
    plan: LensPlan = (),
    keep_free: Sequence[Box] = (),
) -> Scene:
    """The scene. `keep_free` is title and key; an empty `plan` means no lenses (zoomed in, or no room)."""
    x, y = view.to_px([pin.longitude_deg for pin in pins], [pin.latitude_deg for pin in pins])
    marks = marks_of(pins, x, y, MAP_PX_PER_ROOT_MW * mark_scale(view))
    told = named(pins)
    lenses = lenses_of(plan, pins, marks, measure, told)
    told -= {member for lens in lenses for member in lens.members}  # their names stand in the lens
    bounds = Box(0, 0, view.width, view.height)
    taken = [*keep_free, *(lens.box for lens in lenses)]
    labels = labels_of(pins, marks, told, taken, bounds, measure)
    return Scene(view, marks, labels, lenses, circles_of([mark.disc for mark in marks]))

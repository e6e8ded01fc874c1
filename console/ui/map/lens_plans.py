"""Remembers which lenses stand where: to look for their room costs more than to paint them. Paints nothing."""

from __future__ import annotations

from collections.abc import Sequence

from console.ui.map.labels import Box
from console.ui.map.land import sea_of
from console.ui.map.lens_scene import LensPlan, plan_lenses
from console.ui.map.pins import Pin
from console.ui.map.viewport import Viewport

LENSES_UNTIL_ZOOM = 1.4
MOST_PLANS = 6


class LensPlans:
    """One plan a view and the places of its sites; the last few, for a window goes back and forth between two sizes."""

    def __init__(self) -> None:
        self._plans: dict[object, LensPlan] = {}

    def plan(self, pins: Sequence[Pin], view: Viewport, home: Viewport, keep_free: Sequence[Box]) -> LensPlan:
        """The lenses of `view`, none where it is zoomed in beyond `home`; they hide nothing of `keep_free`."""
        if view.scale > LENSES_UNTIL_ZOOM * home.scale:
            return ()
        places = tuple((pin.longitude_deg, pin.latitude_deg, pin.capacity_w) for pin in pins)
        key = (view, tuple(keep_free), places)
        if key not in self._plans:
            if len(self._plans) >= MOST_PLANS:
                del self._plans[next(iter(self._plans))]
            self._plans[key] = plan_lenses(pins, view, lambda: sea_of(view), keep_free)
        return self._plans[key]

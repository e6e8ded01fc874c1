"""Merges marks that lie closer on the screen than a finger or a pointer can tell apart (R43). Pure arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

REACH_PX = 24.0
CROWDING = 0.8  # discs merge when their middles are nearer than this share of the sum of their radii

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Cluster:
    """One mark at (x, y) for the sites `members` (indices into what was given), in order."""

    x: float
    y: float
    members: tuple[int, ...]


def cluster(
    x: Floats,
    y: Floats,
    weight: Floats,
    radius_of: Callable[[Floats, Floats], Floats],
    reach_px: float = REACH_PX,
    crowding: float = CROWDING,
) -> tuple[Cluster, ...]:
    """Joins the nearest pair until every two are `reach_px` apart and no disc hides another.

    A joint mark stands at the weighted middle. `radius_of(weights, counts)` is the radius of each disc in px.
    Shape of `x`, `y`, `weight`: (n,). Each site is in exactly one cluster; the order is that of the input.
    """
    x, y, weight = (np.array(values, dtype=np.float64) for values in (x, y, np.maximum(weight, 1.0)))
    members: list[list[int]] = [[index] for index in range(len(x))]
    counts = np.ones(len(x))
    gaps = _gaps(x, y, radius_of(weight, counts), (reach_px, crowding))
    while len(gaps) > 1:
        first, second = divmod(int(gaps.argmin()), len(gaps))
        if gaps[first, second] >= 0:
            break
        first, second = sorted((first, second))
        joint = weight[first] + weight[second]
        for axis in (x, y):
            axis[first] = (axis[first] * weight[first] + axis[second] * weight[second]) / joint
        weight[first], counts[first] = joint, counts[first] + counts[second]
        members[first] += members.pop(second)
        x, y, weight, counts = (np.delete(values, second) for values in (x, y, weight, counts))
        gaps = np.delete(np.delete(gaps, second, axis=0), second, axis=1)
        gaps[first] = gaps[:, first] = _gaps_to(first, x, y, radius_of(weight, counts), (reach_px, crowding))
    return tuple(
        Cluster(float(x[index]), float(y[index]), tuple(sorted(inside))) for index, inside in enumerate(members)
    )


def _gaps(x: Floats, y: Floats, radius: Floats, apart: tuple[float, float]) -> Floats:
    """How far each pair is from having to merge; below zero it must. A mark and itself: infinitely far."""
    reach_px, crowding = apart
    gaps = np.hypot(x[:, None] - x, y[:, None] - y) - np.maximum(reach_px, crowding * (radius[:, None] + radius))
    np.fill_diagonal(gaps, np.inf)
    return gaps


def _gaps_to(index: int, x: Floats, y: Floats, radius: Floats, apart: tuple[float, float]) -> Floats:
    reach_px, crowding = apart
    gaps = np.hypot(x - x[index], y - y[index]) - np.maximum(reach_px, crowding * (radius + radius[index]))
    gaps[index] = np.inf
    return gaps


def spread(x: Floats, y: Floats, radius: Floats, most_px: float, rounds: int = 24) -> tuple[Floats, Floats]:
    """Pushes overlapping discs apart, none further than `most_px` from where it belongs."""
    home = np.column_stack([x, y]).astype(np.float64)
    at = home + 1e-3 * np.column_stack([np.cos(np.arange(len(x))), np.sin(np.arange(len(x)))])  # two on one spot part
    wanted = radius[:, None] + radius + 2.0
    for _ in range(rounds):
        away = at[:, None, :] - at[None, :, :]
        length = np.hypot(away[..., 0], away[..., 1])
        np.fill_diagonal(length, np.inf)
        push = np.maximum(0.0, wanted - length) / 2
        if not push.any():
            break
        at = at + (away / length[..., None] * push[..., None]).sum(axis=1) * 0.7
        off = at - home
        far = np.hypot(off[:, 0], off[:, 1])
        at = home + off * np.minimum(1.0, most_px / np.maximum(far, 1e-9))[:, None]
    return at[:, 0], at[:, 1]

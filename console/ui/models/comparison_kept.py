"""Keeps in the profile what was compared last: places, measure, scale, and whether the reference line is on."""

from __future__ import annotations

from pathlib import Path

import msgspec

from console.ui.kept import keep, read_kept
from console.ui.models.comparison import Measure, Scale

FILE = "comparison.json"
WHAT = "what was compared last"


class Choice(msgspec.Struct, frozen=True):
    """What is compared, as the operator left it."""

    places: tuple[str, ...] = ()
    measure: Measure = Measure.HASHRATE
    scale: Scale = Scale.DEPLOYED
    reference: bool = True


def read_choice(folder: Path) -> Choice:
    """The last choice; the usual one where there is none or it cannot be read: it must never stop a start."""
    return read_kept(folder / FILE, Choice(), WHAT)


def keep_choice(folder: Path, choice: Choice) -> None:
    """Whole or not at all; a profile that cannot be written costs the memory and nothing else."""
    keep(folder / FILE, choice, WHAT)

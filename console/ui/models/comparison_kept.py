"""Keeps in the profile what was compared last: places, measure, scale, and whether the reference line is on."""

from __future__ import annotations

import logging
from pathlib import Path

import msgspec

from console.ui.models.comparison import Measure, Scale

LOG = logging.getLogger(__name__)
FILE = "comparison.json"


class Choice(msgspec.Struct, frozen=True):
    """What is compared, as the operator left it."""

    places: tuple[str, ...] = ()
    measure: Measure = Measure.HASHRATE
    scale: Scale = Scale.DEPLOYED
    reference: bool = True


def read_choice(folder: Path) -> Choice:
    """The last choice; the usual one where there is none or it cannot be read: it must never stop a start."""
    path = folder / FILE
    if not path.is_file():
        return Choice()
    try:
        return msgspec.json.decode(path.read_bytes(), type=Choice)
    except (OSError, msgspec.DecodeError) as error:
        LOG.warning("%s: found %s, expected what was compared last", path, error)
        return Choice()


def keep_choice(folder: Path, choice: Choice) -> None:
    """Whole or not at all; a profile that cannot be written costs the memory and nothing else."""
    path = folder / FILE
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(msgspec.json.format(msgspec.json.encode(choice)))
        beside.replace(path)
    except OSError as error:
        LOG.warning("%s: what is compared cannot be kept (%s)", path, error.strerror)

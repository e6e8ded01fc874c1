"""Keeps small choices of a person in the profile: whole or not at all, and never in the way of a start."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TypeVar

import msgspec

from console.ui.whole_file import whole

LOG = logging.getLogger(__name__)
Choice = TypeVar("Choice", bound=msgspec.Struct)


def read_kept(path: Path, usual: Choice, what: str) -> Choice:
    """What was kept; the usual where there is nothing, or nothing that can be read. `what` names it in the log."""
    if not path.is_file():
        return usual
    try:
        return msgspec.json.decode(path.read_bytes(), type=type(usual))
    except (OSError, msgspec.DecodeError) as error:
        LOG.warning("%s: found %s, expected %s", path, error, what)
        return usual


def keep(path: Path, choice: msgspec.Struct, what: str) -> None:
    """A profile that cannot be written costs the memory and nothing else."""
    try:
        with whole(path) as draft:
            draft.write_bytes(msgspec.json.format(msgspec.json.encode(choice)))
    except OSError as error:
        LOG.warning("%s: %s cannot be kept (%s)", path, what, error.strerror)

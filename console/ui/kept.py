"""Keeps small choices of a person in the profile: whole or not at all, and never in the way of a start."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TypeVar

import msgspec

from console.ui.scribe import SCRIBE

LOG = logging.getLogger(__name__)
Choice = TypeVar("Choice", bound=msgspec.Struct)


def read_kept(path: Path, usual: Choice, what: str) -> Choice:
    """What was kept; the usual where there is nothing, or nothing that can be read. `what` names it in the log."""
    SCRIBE.settle()
    if not path.is_file():
        return usual
    try:
        return msgspec.json.decode(path.read_bytes(), type=type(usual))
    except (OSError, msgspec.DecodeError) as error:
        LOG.warning("%s: found %s, expected %s", path, error, what)
        return usual


def keep(path: Path, choice: msgspec.Struct, what: str) -> None:
    """Soon, beside the GUI thread; a profile that cannot be written costs the memory and nothing else."""
    SCRIBE.write(path, msgspec.json.format(msgspec.json.encode(choice)), what)

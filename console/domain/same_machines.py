"""Finds machines of one roster in another of the same site, so that what was meant of them is never done to others.

A machine is known by its serial, else by its MAC, where no other machine of its roster tells the same; by its name
only where it has neither. One that cannot be told from another is not found. Makes objects of names while it runs.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from console.domain.roster_columns import RosterColumns, Text

NOWHERE = -1
Rows = NDArray[np.intp]


class _Names:
    """What a roster tells of its machines, and where each name stands that stands there once; made when asked for."""

    def __init__(self, roster: RosterColumns) -> None:
        self._text = roster.text

    @cached_property
    def serial(self) -> list[str]:
        """Serial numbers, a machine each."""
        return _listed(self._text["serial"])

    @cached_property
    def mac(self) -> list[str]:
        """MAC addresses, a machine each."""
        return _listed(self._text["mac"])

    @cached_property
    def id(self) -> list[str]:
        """Names, a machine each."""
        return _listed(self._text["id"])

    @cached_property
    def of_serial(self) -> dict[str, int]:
        """Row by serial number."""
        return _once(self.serial)

    @cached_property
    def of_mac(self) -> dict[str, int]:
        """Row by MAC address."""
        return _once(self.mac)

    @cached_property
    def of_id(self) -> dict[str, int]:
        """Row by name."""
        return _once(self.id)

    def own(self, row: int) -> tuple[str, str]:
        """Serial and MAC that tell one machine apart; empty where none does."""
        serial, mac = self.serial[row], self.mac[row]
        return serial if serial in self.of_serial else "", mac if mac in self.of_mac else ""


def refound(before: RosterColumns, rows: Rows, now: RosterColumns) -> Rows:
    """Where the machines of `rows` in one roster stand in another; shape (rows,), NOWHERE = not to be found."""
    old, new = _Names(before), _Names(now)
    serials, was, is_now = old.serial, old.of_serial, new.of_serial
    places = [is_now.get(serials[row], NOWHERE) if serials[row] in was else NOWHERE for row in rows.tolist()]
    found = np.array(places, dtype=np.intp)
    for other in np.flatnonzero(found == NOWHERE).tolist():
        found[other] = _place_without_serial(old, int(rows[other]), new)
    return found


def _place_without_serial(old: _Names, row: int, new: _Names) -> int:
    """By its MAC; by its name where it has no number at all."""
    serial, mac = old.own(row)
    place = NOWHERE
    if mac:
        place = new.of_mac.get(mac, NOWHERE)
    elif not serial and old.id[row] in old.of_id:
        place = new.of_id.get(old.id[row], NOWHERE)
    return place if place != NOWHERE and _may_be(old, row, new, place) else NOWHERE


def _may_be(old: _Names, row: int, new: _Names, place: int) -> bool:
    """Whether no number speaks against it: of its own, nor one that was another machine's before."""
    serial, mac = old.own(row)
    theirs, board = new.serial[place], new.mac[place]
    if serial and theirs:
        return serial == theirs
    if old.of_serial.get(theirs, row) != row:
        return False
    return mac == board if mac and board else old.of_mac.get(board, row) == row


def _listed(column: Text) -> list[str]:
    names: list[str] = column.tolist()
    return names


def _once(names: list[str]) -> dict[str, int]:
    """Position by name, of those that stand once; the empty one is "not told"."""
    found = dict(zip(names, range(len(names)), strict=True))
    if len(found) < len(names):
        found = {name: found[name] for name, count in Counter(names).items() if count == 1}
    found.pop("", None)
    return found

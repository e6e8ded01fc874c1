"""Holds a roster as columns, without a Python object a machine, and knows what is odd about it.

Text lives in numpy's variable-width strings; every column has shape (miners,) in roster order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from console.domain.roster import Roster

Text = NDArray[Any]  # numpy's StringDType has no static type of its own yet
TEXT = np.dtypes.StringDType()
ROSTER_FIELDS = ("container", "rack", "slot", "id", "serial", "mac", "ip", "model", "firmware")
MOST_NAMED = 3  # examples in a sentence


@dataclass(frozen=True, slots=True)
class RosterColumns:
    """One version of a site's roster. Without names `text` is empty: ratings alone are enough to judge machines.

    `rated_hs` in H/s and `rated_w` in W are the model's profile, NaN = not told.
    """

    site_id: str
    version: str
    rated_hs: NDArray[np.float64]
    rated_w: NDArray[np.float64]
    text: Mapping[str, Text]

    @classmethod
    def of(cls, roster: Roster) -> RosterColumns:
        """All of a roster, names too."""
        miners = roster.miners
        text = {name: strings(getattr(miner, name) for miner in miners) for name in ROSTER_FIELDS}
        rated_hs, rated_w = [miner.rated_hs for miner in miners], [miner.rated_w for miner in miners]
        return cls(roster.site_id, roster.version, ratings(rated_hs), ratings(rated_w), text)

    def __len__(self) -> int:
        return int(self.rated_hs.size)

    @property
    def named(self) -> bool:
        """Whether names are at hand."""
        return bool(self.text)


def unshared(roster: RosterColumns, position: int) -> tuple[str, str]:
    """Serial and MAC of one machine; empty where none is told, or where another machine of the roster tells it too."""
    columns = [roster.text[name] for name in ("serial", "mac")]
    own = [str(column[position]) for column in columns]
    shared = [np.count_nonzero(column == number) > 1 for column, number in zip(columns, own, strict=True)]
    serial, mac = ["" if many else number for number, many in zip(own, shared, strict=True)]
    return serial, mac


def strings(values: Iterable[str]) -> Text:
    """A text column."""
    return np.array(list(values), dtype=TEXT)


def ratings(values: Sequence[float | None]) -> NDArray[np.float64]:
    """A number column; what is not told (or is zero: no machine is rated at nothing) is NaN."""
    column = np.array(values, dtype=np.float64)  # numpy reads None as NaN
    column[column == 0.0] = np.nan
    return column


def odd(roster: RosterColumns) -> tuple[str, ...]:
    """What cannot be right in a roster, in words, machines named: shared serial numbers, one machine in two racks.

    Nothing is dropped for it: the screen shows every row that the source tells, and says this beside them.
    """
    if not roster.named:
        return ()
    words = []
    serials = roster.text["serial"]
    twice = _repeated(serials)
    if twice:
        rows = np.flatnonzero(np.isin(serials, strings(twice)))
        places = np.strings.add(np.strings.add(roster.text["container"][rows], " "), roster.text["rack"][rows])
        where: dict[str, set[str]] = {}
        for serial, place in zip(serials[rows].tolist(), places.tolist(), strict=True):
            where.setdefault(serial, set()).add(place)
        apart = [serial for serial in twice if len(where[serial]) > 1]
        together = [serial for serial in twice if len(where[serial]) == 1]
        words += [f"{_counted(apart, 'machine')} in two racks: {_examples(apart)}"] if apart else []
        words += [f"{_counted(together, 'serial number')} told twice: {_examples(together)}"] if together else []
    ids = _repeated(roster.text["id"])
    words += [f"{_counted(ids, 'name')} told twice: {_examples(ids)}"] if ids else []
    return tuple(words)


def _repeated(column: Text) -> list[str]:
    """Texts that stand more than once, each once, in order; the empty text is "not told" and no duplicate."""
    if column.size == 0:
        return []
    found, counts = np.unique(column, return_counts=True)
    return [str(text) for text in found[counts > 1] if text]


def _counted(found: list[str], what: str) -> str:
    return f"{len(found):,} {what}{'' if len(found) == 1 else 's'}"


def _examples(found: list[str]) -> str:
    more = len(found) - MOST_NAMED
    return ", ".join(found[:MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")

"""Finds anything by what people type: a view, a site, a container, a serial number, a MAC or an IP address.

Knows the names only: bytes in one row after the other, made once a roster version, so that half a million machines
are searched in a few ms without a Python object each. Says how it understood the text: "nothing found" is no riddle.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.domain.roster import Roster
from console.domain.site import Site

MOST_HITS = 50
LEAST_PART = 3  # letters with which the inside of a name is searched
MINER_KEYS = ("id", "serial", "mac", "ip")
NEWLINE = 10
_MAC = re.compile(r"[0-9a-f]{2}([:-][0-9a-f]{2}){1,5}[:-]?")
_IP = re.compile(r"\d{1,3}(\.\d{1,3}){1,3}\.?")
_BARE_MAC = re.compile(r"[0-9a-f]{6,12}")  # of fewer digits nearly every text of letters a to f is one
_UNEVEN = re.compile(r"[^\S\n ]|  |^ | $| \n|\n ")  # white space that nobody sees or types
_FOLD = bytes(range(256)).lower()
_FOLD_MAC = _FOLD.replace(b"-", b":")  # either separator, and one byte for one byte

Rows = NDArray[np.intp]


class HitKind(enum.StrEnum):
    """What was found; in the order in which equal hits are listed."""

    VIEW = "view"
    SITE = "site"
    CONTAINER = "container"
    MINER = "miner"


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. `site_id`, `container` and `miner_id` are '' where they do not apply; `by` is what matched."""

    kind: HitKind
    title: str
    by: str
    site_id: str = ""
    container: str = ""
    miner_id: str = ""


@dataclass(frozen=True, slots=True)
class Findings:
    """The best hits, how many there are in all, and how the text was understood, in plain words."""

    hits: tuple[Hit, ...]
    total: int
    understood: str


NOTHING_ASKED = Findings((), 0, "type a site, container, serial number, MAC or IP address")


class Lines:
    """One name a machine, all in one run of bytes; `fold` makes equal what counts as equal.

    Both runs are kept, as told and folded: to fold half a million names anew at each letter typed costs more than to
    search them. The few names with other letters than ASCII or uneven white space lie folded in both, and as told in
    `_odd`.
    """

    def __init__(self, names: Iterable[str], fold: bytes = _FOLD) -> None:
        told = list(names)
        self._odd: dict[int, str] = {}
        whole = "\n".join(told)
        if not whole.isascii() or _UNEVEN.search(whole) or whole.count("\n") >= max(1, len(told)):
            for row, name in enumerate(told):
                if (typed := _typed(name)) != name and (not name.isascii() or typed != name.lower()):
                    told[row], self._odd[row] = typed, name
        self._bytes = ("\n".join(told) + "\n").encode("utf-8", "replace")
        folded = self._bytes.translate(fold)
        self._folded = self._bytes if folded == self._bytes else folded
        self._buffer = np.frombuffer(self._folded, dtype=np.uint8)
        ends = np.flatnonzero(self._buffer == NEWLINE)[: len(told)]
        self._starts = np.concatenate([[0], ends[:-1] + 1]).astype(np.int32)[: len(told)]
        self._first = self._buffer[self._starts]  # settles most rows without a look at the rest

    def __len__(self) -> int:
        return int(self._starts.size)

    def text(self, row: int) -> str:
        """A machine's name as told."""
        if row in self._odd:
            return self._odd[row]
        start = int(self._starts[row])
        return self._bytes[start : self._bytes.index(b"\n", start)].decode("utf-8", "replace")

    def beginning(self, wanted: bytes) -> tuple[Rows, Rows]:
        """The rows that begin with `wanted` (folded), and those of them that are just that."""
        rows: Rows = np.flatnonzero(self._first == wanted[0])
        for offset, byte in enumerate(wanted[1:], 1):
            if not rows.size:
                return rows, rows
            rows = rows[self._buffer[self._starts[rows] + offset] == byte]
        return rows, rows[self._buffer[self._starts[rows] + len(wanted)] == NEWLINE]

    def holding(self, wanted: bytes, most: int) -> Rows:
        """The first rows that hold `wanted` (folded) anywhere."""
        at = -1
        found: list[int] = []
        while len(found) < most and (at := self._folded.find(wanted, at + 1)) >= 0:
            row = int(np.searchsorted(self._starts, at, side="right")) - 1
            if not found or found[-1] != row:
                found.append(row)
        return np.array(found, dtype=np.intp)


@dataclass(frozen=True, slots=True, eq=False)
class SiteNames:
    """The names of one roster version. `container` has one index into `containers` a machine."""

    site_id: str
    version: str
    keys: dict[str, Lines]
    containers: tuple[str, ...]
    container: NDArray[np.int32]

    @classmethod
    def of(cls, roster: Roster) -> SiteNames:
        """Any thread."""
        miners = roster.miners
        keys = {
            key: Lines((getattr(miner, key) for miner in miners), _FOLD_MAC if key == "mac" else _FOLD)
            for key in MINER_KEYS
        }
        containers = roster.containers()
        number = {name: index for index, name in enumerate(containers)}
        container = np.array([number[miner.container] for miner in miners], dtype=np.int32)
        return cls(roster.site_id, roster.version, keys, containers, container)

    def __len__(self) -> int:
        return int(self.container.size)

    def hit(self, row: int, key: str) -> Hit:
        """One machine, by the key that matched."""
        miner_id = self.keys["id"].text(row)
        title = miner_id if key == "id" else f"{self.keys[key].text(row)} · {miner_id}"
        return Hit(HitKind.MINER, title, key, self.site_id, self.containers[self.container[row]], miner_id)


class FindIndex:
    """The names of a fleet, ready to be searched. Cheap to make anew: what is large lies in `names`, a site each."""

    def __init__(self, sites: Sequence[Site], names: Sequence[SiteNames], views: Iterable[str] = ()) -> None:
        self._sites = tuple(sites)
        self._views = tuple(views)
        self._names = tuple(names)
        self._words = {site.id: f"{site.id} {site.name}".lower() for site in sites}

    def __len__(self) -> int:
        """How many machines can be found."""
        return sum(len(names) for names in self._names)

    def find(self, text: str, most: int = MOST_HITS, here: str = "") -> Findings:
        """Everything whose name holds `text` (sites, containers, views) or begins with it (machines).

        Where no machine begins so, those whose name holds it: people read the last digits of a label. Of equal hits
        those of the site `here` come first: sixty sites have a C03-R05-07, and who looks at one of them means its own.
        """
        wanted = _typed(text)
        if not wanted:
            return NOTHING_ASKED
        near_first = sorted(self._names, key=lambda names: names.site_id != here)
        places = self._views_and_places(wanted, near_first)
        room, keys = max(0, most - len(places)), _keys(wanted)
        machines, count = _beginning(near_first, wanted, keys, room)
        part = not count and len(wanted) >= LEAST_PART
        if part:
            machines, count = _holding(near_first, wanted, keys, room)
        hits = tuple((places + machines)[:most])
        understood = ("part of " if part and count else "") + _understood(keys[0], hits)
        more = "at least " if part and count and count == room else ""
        return Findings(hits, len(places) + count, _summary(understood, len(places) + count, more))

    def _views_and_places(self, wanted: str, order: Sequence[SiteNames]) -> list[Hit]:
        views = [Hit(HitKind.VIEW, view, "view") for view in self._views if wanted in view.lower()]
        sites = [
            Hit(HitKind.SITE, site.name, "name" if wanted in site.name.lower() else "id", site.id)
            for site in self._sites
            if wanted in site.name.lower() or wanted in site.id.lower()
        ]
        return views + sites + list(self._containers(wanted, order))

    def _containers(self, wanted: str, order: Sequence[SiteNames]) -> Iterator[Hit]:
        """`C07`, `us-ga-1/C07`, or a container beside words of its site: `georgia c07`."""
        words = wanted.replace("/", " ").split()
        for names in order:
            of_site = self._words.get(names.site_id, names.site_id.lower())
            others = [word for word in words if word not in of_site]
            for container in names.containers:
                if container and (others == [container.lower()] or (not others and container.lower() in words)):
                    yield Hit(HitKind.CONTAINER, container, "container", names.site_id, container)


def _beginning(order: Sequence[SiteNames], wanted: str, keys: Sequence[str], most: int) -> tuple[list[Hit], int]:
    """Machines by the start of a key, and how many there are; an exact name comes before a longer one."""
    exact: list[tuple[SiteNames, int, str]] = []
    longer: list[tuple[SiteNames, int, str]] = []
    total = 0
    for names in order:
        seen = np.zeros(len(names), dtype=np.bool_)
        for key in keys:
            for form in _forms(wanted, key):
                begins, same = names.keys[key].beginning(form)
                new = begins[~seen[begins]]
                seen[new] = True
                exact += [(names, row, key) for row in same[:most].tolist()]
                longer += [(names, row, key) for row in new[: max(0, most - len(longer))].tolist()]
        total += int(np.count_nonzero(seen))
    return _hits(exact + longer, most), total


def _holding(order: Sequence[SiteNames], wanted: str, keys: Sequence[str], most: int) -> tuple[list[Hit], int]:
    """The first machines that hold it anywhere, and how many these are."""
    hits: list[Hit] = []
    for names in order:
        found = [
            (names, row, key)
            for key in keys
            for form in _forms(wanted, key)
            for row in names.keys[key].holding(form, most).tolist()
        ]
        hits += _hits(found, most - len(hits))
        if len(hits) >= most:
            break
    return hits, len(hits)


def _typed(name: str) -> str:
    """As people type it: in small letters, with single spaces."""
    return " ".join(name.lower().split())


def _forms(wanted: str, key: str) -> tuple[bytes, ...]:
    """What a name is searched for: itself; a MAC address with either separator and with none."""
    told = wanted.encode("utf-8", "replace").translate(_FOLD_MAC if key == "mac" else _FOLD)
    if key != "mac":
        return (told,)
    if _MAC.fullmatch(wanted):
        return told, told.replace(b":", b"")
    if _BARE_MAC.fullmatch(wanted):
        return told, b":".join(told[at : at + 2] for at in range(0, len(told), 2))
    return (told,)


def _hits(found: Sequence[tuple[SiteNames, int, str]], most: int) -> list[Hit]:
    """Each machine once, by the key that matched first."""
    first: dict[tuple[str, int], tuple[SiteNames, int, str]] = {}
    for names, row, key in found:
        if len(first) == most:
            break
        first.setdefault((names.site_id, row), (names, row, key))
    return [names.hit(row, key) for names, row, key in first.values()]


def _keys(wanted: str) -> tuple[str, ...]:
    """The keys of a machine in the order in which the text is likely to be one.

    A rack's `a1-07` looks like the start of a MAC address, a name like `10.0.0.5:9100` like an IP address: what looks
    so may be a name too.
    """
    if _MAC.fullmatch(wanted):
        return ("mac", "id", "serial", "ip")
    return ("ip", "id", "serial", "mac") if _IP.fullmatch(wanted) else ("id", "serial", "mac", "ip")


def _understood(likely: str, hits: Sequence[Hit]) -> str:
    """What the text was read as, after what it was likely to be and what was found."""
    words = {"mac": "a MAC address", "ip": "an IP address"}.get(likely)
    if words is None:
        return "a name or serial number"
    return words if hits and all(hit.by == likely for hit in hits) else f"{words} or a name"


def _summary(understood: str, total: int, more: str = "") -> str:
    count = "nothing found" if not total else "1 found" if total == 1 else f"{more}{total:,} found"
    return f"read as {understood}: {count}"

"""Finds anything by what people type: a view, a site, a container, a serial number, a MAC or an IP address.

Knows the names only, as lower-case columns made once a roster version; 400,000 machines are searched without a
Python object each. Says how it understood the text, so that "nothing found" is never a riddle.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from console.domain.roster_columns import TEXT
from console.domain.site import Site

MOST_HITS = 50
MINER_KEYS = ("id", "serial", "mac", "ip")
_MAC = re.compile(r"[0-9a-f]{2}([:-][0-9a-f]{2}){1,5}[:-]?")
_IP = re.compile(r"\d{1,3}(\.\d{1,3}){1,3}\.?")


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


class FindIndex:
    """The names of a fleet, ready to be searched; build it anew when a roster changes (any thread)."""

    def __init__(self, sites: Sequence[Site], miners: Mapping[str, NDArray[Any]], views: Iterable[str] = ()) -> None:
        """`miners`: the text columns of a `MinerTable` (site, container, id, serial, mac, ip), shape (miners,)."""
        self._sites = tuple(sites)
        self._views = tuple(views)
        self._miners = miners
        self._lowered = {name: np.strings.lower(miners[name]) for name in MINER_KEYS}
        self._lowered["mac"] = np.strings.replace(self._lowered["mac"], "-", ":")
        self._containers = _distinct(miners["site"], miners["container"])

    def find(self, text: str, most: int = MOST_HITS) -> Findings:
        """Everything whose name holds `text` (sites, containers, views) or begins with it (machines)."""
        wanted = text.strip().lower()
        if not wanted:
            return Findings((), 0, "type a site, container, serial number, MAC or IP address")
        keys, understood = _understand(wanted)
        hits: list[Hit] = []
        if len(keys) > 1:
            hits += self._views_and_places(wanted)
        machine_hits, machines = self._machines(wanted, keys, max(0, most - len(hits)))
        total = len(hits) + machines
        return Findings(tuple((hits + machine_hits)[:most]), total, _summary(understood, total))

    def _views_and_places(self, wanted: str) -> list[Hit]:
        views = [Hit(HitKind.VIEW, view, "view") for view in self._views if wanted in view.lower()]
        sites = [
            Hit(HitKind.SITE, site.name, "name" if wanted in site.name.lower() else "id", site.id)
            for site in self._sites
            if wanted in site.name.lower() or wanted in site.id.lower()
        ]
        places = [
            Hit(HitKind.CONTAINER, f"{container} · {site_id}", "container", site_id, container)
            for site_id, container in self._containers
            if container and wanted in (container.lower(), f"{site_id}/{container}".lower())
        ]
        return views + sites + places

    def _machines(self, wanted: str, keys: Sequence[str], most: int) -> tuple[list[Hit], int]:
        """Machines by the start of a key; an exact name comes before a longer one."""
        pattern = np.asarray(wanted.replace("-", ":") if keys == ("mac",) else wanted, dtype=TEXT)
        found: dict[int, str] = {}
        total = np.zeros(self._lowered["id"].shape, dtype=np.bool_)
        for key in keys:
            matches = np.strings.startswith(self._lowered[key], pattern)
            total |= matches
            exact = np.flatnonzero(self._lowered[key] == pattern)
            for row in (*exact[:most], *np.flatnonzero(matches)[:most]):
                found.setdefault(int(row), key)
        hits = [self._miner_hit(row, key) for row, key in found.items()]
        return hits[:most], int(total.sum())

    def _miner_hit(self, row: int, key: str) -> Hit:
        names = {name: str(column[row]) for name, column in self._miners.items()}
        title = names["id"] if key == "id" else f"{names[key]} · {names['id']}"
        return Hit(HitKind.MINER, title, key, names["site"], names["container"], names["id"])


def _distinct(sites: NDArray[Any], containers: NDArray[Any]) -> tuple[tuple[str, str], ...]:
    """Each (site, container) pair once, in roster order: neighbours in a roster mostly share theirs."""
    if not sites.size:
        return ()
    changes = (sites[1:] != sites[:-1]) | (containers[1:] != containers[:-1])
    starts = np.concatenate([[0], np.flatnonzero(changes) + 1])
    return tuple(dict.fromkeys((str(sites[row]), str(containers[row])) for row in starts))


def _understand(wanted: str) -> tuple[tuple[str, ...], str]:
    """Which keys of a machine the text can be, and the words for it."""
    if _MAC.fullmatch(wanted):
        return ("mac",), "a MAC address"
    if _IP.fullmatch(wanted):
        return ("ip",), "an IP address"
    return ("id", "serial", "mac", "ip"), "a name or serial number"


def _summary(understood: str, total: int) -> str:
    count = "nothing found" if not total else "1 found" if total == 1 else f"{total:,} found"
    return f"read as {understood}: {count}"

"""Finds one machine in every roster, at whatever site it stood and whatever it was called, and reads its past.

A machine is known by its serial number, else by its MAC address, else by its name at the source. A number that
several machines of a roster share tells none of them apart and counts as not told. At another site only its numbers
find it, never its name, and not where that site tells it still: then nobody knows which of the two it is.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass

import msgspec
import numpy as np

from console.store.codec import decode_one, unpack
from console.store.face import MinerSeries
from console.store.trouble import StoreCorrupt

_REMEMBERED = 4096  # places of machines; a roster's names would take megabytes
_NOWHERE = -1
_REMEMBERED_MACHINES = 64  # each with a word on every roster of the other sites


class _Named(msgspec.Struct, gc=False):
    """Of a stored machine, what tells it apart."""

    id: str
    serial: str = ""
    mac: str = ""


class _NamedRoster(msgspec.Struct):
    miners: list[_Named]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a machine is; empty text is "not told"."""

    id: str
    serial: str = ""
    mac: str = ""

    @property
    def numbers(self) -> Identity:
        """The same without its name: at another site the name is somebody else's."""
        return Identity("", self.serial, self.mac)

    def place_in(self, miners: list[_Named]) -> int | None:
        """Where it stands in a roster; None where it is not, or where another machine took over its name."""
        for told in ("serial", "mac"):
            own = getattr(self, told)
            places = [place for place, other in enumerate(miners) if getattr(other, told) == own] if own else []
            if len(places) == 1 and self._may_be(miners[places[0]]):
                return places[0]
        if not self.id:
            return None
        return next((place for place, other in enumerate(miners) if other.id == self.id and self._may_be(other)), None)

    def shares_number(self, other: _Named) -> bool:
        """Whether another machine tells its serial, or where either tells none its MAC."""
        if self.serial and other.serial:
            return self.serial == other.serial
        return bool(self.mac) and self.mac == other.mac

    def _may_be(self, other: _Named) -> bool:
        """Whether no serial, nor where that is not told a MAC, speaks against it."""
        if self.serial and other.serial:
            return self.serial == other.serial
        return not (self.mac and other.mac) or self.mac == other.mac


def identity_in(miners: list[_Named], miner_id: str) -> Identity | None:
    """Who bears a name in a roster; None where nobody does."""
    own = next((miner for miner in miners if miner.id == miner_id), None)
    if own is None:
        return None
    serial = own.serial if sum(other.serial == own.serial for other in miners) == 1 else ""
    mac = own.mac if sum(other.mac == own.mac for other in miners) == 1 else ""
    return Identity(miner_id, serial, mac)


def tells(connection: sqlite3.Connection, site_id: str, who: Identity) -> bool:
    """Whether a site's newest roster tells the machine's number, be it of one machine or of several."""
    version = _newest(connection, site_id)
    row = connection.execute("SELECT body FROM roster WHERE site = ? AND version = ?", (site_id, version)).fetchone()
    try:
        miners = _names(row[0]) if row is not None else []
    except StoreCorrupt:
        return False
    return any(who.shares_number(other) for other in miners)


class MachinePasts:
    """Reads the past of machines and remembers where they stood. Safe from any thread."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, str, Identity], int] = OrderedDict()
        self._tells: OrderedDict[Identity, dict[tuple[str, str], bool]] = OrderedDict()
        self._lock = threading.Lock()

    def series(
        self, connection: sqlite3.Connection, site_id: str, miner_id: str, metric: str, start_ms: int, end_ms: int
    ) -> MinerSeries:
        """One machine's values at the minutes in [start_ms, end_ms) that have a frame."""
        who = _identity(connection, site_id, miner_id)
        if who is None:
            return MinerSeries(np.array([], dtype=np.int64), np.array([], dtype=np.float32))
        found = self._at(connection, site_id, who, metric, start_ms, end_ms)
        for other in self._elsewhere(connection, site_id, who):
            for minute_ms, value in self._at(connection, other, who.numbers, metric, start_ms, end_ms).items():
                found.setdefault(minute_ms, value)
        at_ms = sorted(found)
        return MinerSeries(
            np.array(at_ms, dtype=np.int64), np.array([found[minute_ms] for minute_ms in at_ms], dtype=np.float32)
        )

    def _at(
        self, connection: sqlite3.Connection, site_id: str, who: Identity, metric: str, start_ms: int, end_ms: int
    ) -> dict[int, float]:
        """The values at one site by minute."""
        rows = connection.execute(
            "SELECT minute_ms, roster, body FROM frame WHERE site = ? AND metric = ? AND minute_ms >= ?"
            " AND minute_ms < ? ORDER BY minute_ms",
            (site_id, metric, start_ms, end_ms),
        )
        values: dict[int, float] = {}
        places: dict[str, int] = {}
        for minute_ms, version, body in rows:
            if version not in places:
                places[version] = self._place(connection, site_id, version, who)
            if places[version] != _NOWHERE:
                with suppress(StoreCorrupt):  # a damaged minute is an absent one
                    values[minute_ms] = decode_one(body, places[version])
        return values

    def _elsewhere(self, connection: sqlite3.Connection, site_id: str, who: Identity) -> list[str]:
        """The other sites where the machine stood once and stands no more.

        A roster is searched for a machine once, for it never changes; which one is its site's newest is read each
        time, for that changes without a new roster where a site comes back to one that is known.
        """
        if who.numbers == Identity(""):
            return []
        rosters = connection.execute("SELECT site, version FROM roster WHERE site != ?", (site_id,)).fetchall()
        with self._lock:
            before = self._tells.get(who.numbers, {})
        tells: dict[tuple[str, str], bool] = {}
        for other, version in rosters:
            known = before.get((other, version))
            tells[other, version] = self._told(connection, other, version, who) if known is None else known
        with self._lock:
            self._tells[who.numbers] = tells
            self._tells.move_to_end(who.numbers)
            while len(self._tells) > _REMEMBERED_MACHINES:
                self._tells.popitem(last=False)
        stood = dict.fromkeys(other for other, version in rosters if tells[other, version])
        return [other for other in stood if not tells[other, _newest(connection, other)]]

    def _told(self, connection: sqlite3.Connection, site_id: str, version: str, who: Identity) -> bool:
        """Whether a roster tells the machine's number; its bytes are searched before anything is made of them."""
        row = connection.execute(
            "SELECT body FROM roster WHERE site = ? AND version = ?", (site_id, version)
        ).fetchone()
        if row is None:
            return False
        try:
            raw = unpack(row[0])
            numbers = [number.encode() for number in (who.serial, who.mac) if number]
            return any(number in raw for number in numbers) and who.numbers.place_in(_made(raw)) is not None
        except StoreCorrupt:
            return False

    def _place(self, connection: sqlite3.Connection, site_id: str, version: str, who: Identity) -> int:
        key = (site_id, version, who)
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        row = connection.execute("SELECT body FROM roster WHERE site = ? AND version = ?", key[:2]).fetchone()
        if row is None:
            return _NOWHERE
        place = who.place_in(_names(row[0]))
        with self._lock:
            self._known[key] = _NOWHERE if place is None else place
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
            return self._known[key]


def _identity(connection: sqlite3.Connection, site_id: str, miner_id: str) -> Identity | None:
    """Who bears this name now; else who bore it last."""
    bodies = connection.execute(
        "SELECT roster.body FROM roster LEFT JOIN latest ON latest.site = roster.site AND latest.roster = version"
        " WHERE roster.site = ? ORDER BY latest.site IS NOT NULL DESC, since_ms DESC, version DESC",
        (site_id,),
    )
    return next((who for (body,) in bodies if (who := identity_in(_names(body), miner_id)) is not None), None)


def _newest(connection: sqlite3.Connection, site_id: str) -> str:
    """The version of a site's newest roster; empty where it has none."""
    row = connection.execute(
        "SELECT version FROM roster LEFT JOIN latest ON latest.site = roster.site AND latest.roster = version"
        " WHERE roster.site = ? ORDER BY latest.site IS NOT NULL DESC, since_ms DESC, version DESC LIMIT 1",
        (site_id,),
    ).fetchone()
    return "" if row is None else str(row[0])


def _names(body: bytes) -> list[_Named]:
    return _made(unpack(body))


def _made(raw: bytes) -> list[_Named]:
    try:
        return msgspec.msgpack.decode(raw, type=_NamedRoster).miners
    except msgspec.DecodeError as error:
        raise StoreCorrupt(f"a stored roster cannot be read ({error})") from error

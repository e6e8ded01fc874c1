"""Keeps the roster of a site between sweeps: a machine that was seen once keeps its row, whether it answers or not."""

from __future__ import annotations

from collections.abc import Iterable

from console.adapters.lan.addresses import Addresses, Places
from console.adapters.lan.sighting import Sighting
from console.domain.roster import Miner, Roster, fingerprint


class RosterBook:
    """The machines of a site by address. A machine's id is its MAC, else its serial, else its address."""

    def __init__(self, site_id: str, addresses: Addresses, places: Places) -> None:
        self._site_id, self._places = site_id, places
        self._order = {ip: position for position, ip in enumerate(addresses.all)}
        self._miners: dict[str, Miner] = {}
        for ip in addresses.all:
            if ip in addresses.sure:
                self._miners[ip] = self._placed(Sighting(ip=ip))

    def __len__(self) -> int:
        return len(self._miners)

    def update(self, sightings: Iterable[Sighting]) -> Roster:
        """The roster after these sightings, in the order of addresses; they may come in any order."""
        ours = [sighting for sighting in sightings if sighting.ip in self._order]
        for sighting in sorted(ours, key=lambda sighting: self._order[sighting.ip]):
            self._miners[sighting.ip] = self._merged(self._miners.get(sighting.ip), sighting)
        miners = tuple(self._miners[ip] for ip in sorted(self._miners, key=self._order.__getitem__))
        return Roster(self._site_id, fingerprint(miners), miners)

    def _merged(self, known: Miner | None, sighting: Sighting) -> Miner:
        """What is not told this time stays as it was known, unless another machine stands there now."""
        if known is None or _replaced(known, sighting):
            return self._placed(sighting)
        return Miner(
            id=known.id if known.mac or known.serial else self._own_id(sighting),
            model=sighting.model or known.model,
            serial=sighting.serial or known.serial,
            mac=sighting.mac or known.mac,
            ip=known.ip,
            container=known.container,
            rack=known.rack,
            firmware=sighting.firmware or known.firmware,
            rated_hs=sighting.rated_hs or known.rated_hs,
        )

    def _placed(self, sighting: Sighting) -> Miner:
        place = self._places(sighting.ip)
        return Miner(
            id=self._own_id(sighting),
            model=sighting.model,
            serial=sighting.serial,
            mac=sighting.mac,
            ip=sighting.ip,
            container=place.container,
            rack=place.rack,
            firmware=sighting.firmware,
            rated_hs=sighting.rated_hs or None,
        )

    def _own_id(self, sighting: Sighting) -> str:
        """Two devices that claim one identity (a cloned control board) are told apart by their addresses."""
        claimed = sighting.mac or sighting.serial or sighting.ip
        others = {miner.id for ip, miner in self._miners.items() if ip != sighting.ip}
        return f"{claimed}@{sighting.ip}" if claimed in others else claimed


def _replaced(known: Miner, sighting: Sighting) -> bool:
    pairs = ((known.mac, sighting.mac), (known.serial, sighting.serial))
    return any(before and now and before != now for before, now in pairs)

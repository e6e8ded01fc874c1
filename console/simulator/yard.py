"""Lays a site's machines out in containers, racks and slots, with serial numbers and addresses; nothing moves here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from console.simulator.noise import key_of, keys_of
from console.simulator.plan import MODELS, SitePlan

CONTAINER_SIZE = 480
SLOTS = 30  # a rack
FIRMWARE = ("Stock 2024.11", "Stock 2025.03", "LuxOS 2025.8", "Braiins OS 25.05")

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Yard:
    """The machines of one site in roster order; per-machine arrays have shape (miners,), others (containers,)."""

    site: SitePlan
    containers: tuple[str, ...]
    sizes: Ints
    models: Ints  # index into MODELS
    row: Ints  # each machine's container
    place: Ints  # its position in the container
    rank: Ints  # its frailty in the container, 0 fails first

    @classmethod
    def of(cls, site: SitePlan, seed: int) -> Yard:
        """The yard of `site`: one model a container, machines spread evenly over just enough containers."""
        sizes: list[int] = []
        models: list[int] = []
        for model, count in enumerate(site.machines):
            boxes = -(-count // CONTAINER_SIZE)
            sizes += [count // boxes + (box < count % boxes) for box in range(boxes)]
            models += [model] * boxes
        random = np.random.default_rng(int(key_of(seed, site.id, "yard")))
        return cls(
            site=site,
            containers=tuple(f"C{number:02d}" for number in range(1, len(sizes) + 1)),
            sizes=np.array(sizes, dtype=np.int64),
            models=np.array(models, dtype=np.int64),
            row=np.repeat(np.arange(len(sizes)), sizes),
            place=np.concatenate([np.arange(size) for size in sizes]),
            rank=np.concatenate([random.permutation(size) for size in sizes]),
        )

    @cached_property
    def rated_hs(self) -> NDArray[np.float64]:
        """Rated hashrate of one machine of each container."""
        return np.array([MODELS[model].rated_hs for model in self.models])

    @cached_property
    def rated_w(self) -> NDArray[np.float64]:
        """Rated power of one machine of each container."""
        return np.array([MODELS[model].rated_w for model in self.models])

    @cached_property
    def miner_ids(self) -> tuple[str, ...]:
        """The machines' names, e.g. `C07-R03-12`: unique at the site."""
        return tuple(
            f"{self.containers[row]}-R{place // SLOTS + 1:02d}-{place % SLOTS + 1:02d}"
            for row, place in zip(self.row.tolist(), self.place.tolist(), strict=True)
        )

    def miners(self, seed: int) -> list[dict[str, str | float]]:
        """The roster's rows as the Site API writes them; hashrate in TH/s and power in W."""
        serials = keys_of(key_of(seed, self.site.id, "serial"), len(self.row)).tolist()
        places = zip(self.miner_ids, self.row.tolist(), self.place.tolist(), serials, strict=True)
        return [
            {
                "id": name,
                "model": MODELS[self.models[row]].name,
                "serial": f"SN{serial:016X}"[:14],
                "mac": ":".join(f"{(serial >> shift) & 0xFF:02X}" for shift in range(0, 48, 8)),
                "ip": f"10.{row + 1}.{place // SLOTS + 1}.{place % SLOTS + 11}",
                "container": self.containers[row],
                "rack": f"R{place // SLOTS + 1:02d}",
                "slot": f"{place % SLOTS + 1:02d}",
                "firmware": FIRMWARE[serial % len(FIRMWARE)],
                "rated_hashrate": float(self.rated_hs[row] / 1e12),
                "rated_power": round(float(self.rated_w[row]), 1),
            }
            for name, row, place, serial in places
        ]

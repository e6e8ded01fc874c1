"""A site of 60 machines in 3 containers as exposition text, and the site of a fleet file that maps it."""

from __future__ import annotations

import json
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import Any

import numpy as np

from console.adapters.base import Reader
from console.adapters.registry import Registry
from console.domain.site import Ownership, Site, Source

CONTAINERS = ("C1", 'C"2\\', "C10")  # a label may hold anything; numbers sort as numbers
MINERS = 60


@dataclass(frozen=True)
class Samples:
    """The values of every machine; shape (MINERS,)."""

    hashrate_ths: np.ndarray
    power_kw: np.ndarray
    board_c: np.ndarray

    @classmethod
    def of(cls, seed: int) -> Samples:
        """Random and reproducible."""
        random = np.random.default_rng(seed)
        return cls(random.uniform(90, 240, MINERS), random.uniform(3.0, 5.6, MINERS), random.uniform(55, 80, MINERS))


def exposition(samples: Samples, site: str, at_ms: int | None = None) -> str:
    """The samples as Prometheus text; another site's series stand among them, to be left out by `match`."""
    stamp = "" if at_ms is None else f" {at_ms}"
    lines = []
    for index in range(MINERS):
        labels = f'site={json.dumps(site)},miner="m{index}",container={json.dumps(CONTAINERS[index % 3])}'
        lines.append(f"device_hashrate_terahash{{{labels}}} {samples.hashrate_ths[index]!r}{stamp}")
        lines.append(f"device_power_kilowatt{{{labels}}} {samples.power_kw[index]!r}{stamp}")
        for board, less in (("0", 0.0), ("1", 3.5)):
            value = samples.board_c[index] - less
            lines.append(f'device_board_celsius{{{labels},board="{board}"}} {value!r}{stamp}')
    lines.append(f'device_hashrate_terahash{{site="elsewhere",miner="m0",container="C1"}} 1{stamp}')
    lines.append(f"site_meter_megawatt{{site={json.dumps(site)}}} 12.345678{stamp}")
    return "\n".join(line.replace("np.float64(", "").replace(")", "") for line in lines) + "\n"


def settings(url: str, site: str) -> dict[str, Any]:
    """The settings of the source as a fleet file has them."""
    in_site = f"{{site={json.dumps(site)}}}"
    return {
        "base_url": url,
        "labels": {"miner": "miner", "container": "container"},
        "match": {"site": site},
        "metrics": {
            "hashrate": {"metric": "device_hashrate_terahash", "unit": "TH/s"},
            "power": {"metric": "device_power_kilowatt", "unit": "kW"},
            "board": {"query": f"max by (miner) (device_board_celsius{in_site})", "unit": "°C"},
        },
        "totals": {"meter": {"metric": "site_meter_megawatt", "unit": "MW"}},
    }


def opened(site_id: str, values: dict[str, Any]) -> Reader:
    """A session of the real adapter, by way of the registry."""
    site = Site(
        id=site_id, name=site_id, region="Test", country="US", latitude_deg=0, longitude_deg=0, time_zone="UTC",
        ownership=Ownership.OWNED, deployed_hs=1e16, capacity_w=1e6, power_price_usd_per_mwh=40, poll_period_s=30,
        source=Source(adapter="promql", settings=values),
    )  # fmt: skip
    return Registry(plugins=()).open(site, lambda name: name)


def ask(url: str, path: str, **form: str) -> Any:
    """An independent query: no code of the program's own."""
    with urllib.request.urlopen(f"{url}{path}?{urllib.parse.urlencode(form)}", timeout=10) as answer:  # noqa: S310
        return json.load(answer)["data"]["result"]


def push(url: str, text: str) -> None:
    """Hand exposition text to a VictoriaMetrics, which shows it some seconds later."""
    request = urllib.request.Request(f"{url}/api/v1/import/prometheus", text.encode(), method="POST")  # noqa: S310
    urllib.request.urlopen(request, timeout=10).close()  # noqa: S310 - loopback

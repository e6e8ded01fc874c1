"""Knows the fleet file: its tables, their keys, what each may hold, and how it becomes a `Fleet`.

Nothing here opens a source; whether an adapter exists and likes its settings is the adapters' own matter.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Annotated, Any

import msgspec

from console.domain.site import Fleet, Ownership, Site, Source
from console.domain.units import Dimension
from console.fleet.command_limits import command_rules, site_limits
from console.fleet.lines import Path
from console.fleet.table import Problems, Quantity, found, read_table, refuse_secrets, suggestion
from console.fleet.text import read_text, read_toml

Judge = Callable[[Source], Iterable[str]]  # what is wrong with a source's settings, each as `key: what`
EXPECTED = "a fleet file"

Text = Annotated[
    str, msgspec.Meta(pattern=r"\A(?=.*\S)[^\x00-\x1f\x7f]+\Z", max_length=120, description="a line of text")
]
Note = Annotated[str, msgspec.Meta(max_length=2000, description="text of at most 2000 characters")]
SiteId = Annotated[
    str,
    msgspec.Meta(
        pattern=r"\A[a-z0-9]+(-[a-z0-9]+)*\Z",
        max_length=64,
        description='lowercase letters, digits and hyphens, e.g. "us-ga-1"',
    ),
]
AdapterName = Annotated[
    str,
    msgspec.Meta(pattern=r"\A[a-z][a-z0-9_-]*\Z", max_length=64, description='the name of an adapter, e.g. "siteapi"'),
]
CredentialName = Annotated[
    str,
    msgspec.Meta(
        pattern=r"\A[A-Za-z0-9][A-Za-z0-9_-]*\Z",
        max_length=64,
        description="the name of a credential: letters, digits, - and _",
    ),
]
Latitude = Annotated[float, msgspec.Meta(ge=-90, le=90, description="degrees north from -90 to 90")]
Longitude = Annotated[float, msgspec.Meta(ge=-180, le=180, description="degrees east from -180 to 180")]
OwnershipWord = Annotated[Ownership, msgspec.Meta(description='"owned" or "hosted"')]
TargetRatio = Annotated[float, msgspec.Meta(gt=0, le=1, description="a share above 0 and up to 1, e.g. 0.90")]
Fee = Annotated[float, msgspec.Meta(ge=0, lt=1, description="a share from 0 to below 1, e.g. 0.002")]
Hashrate = Annotated[float, Quantity(Dimension.HASHRATE, 1.0, 1e24, 'a hashrate above zero, e.g. "2.2 EH/s"')]
Power = Annotated[float, Quantity(Dimension.POWER, 1.0, 1e12, 'a power above zero, e.g. "50 MW"')]
Price = Annotated[float, Quantity(Dimension.ENERGY_PRICE, 0.0, 1e5, 'a price of zero or more, e.g. "45 USD/MWh"')]
Period = Annotated[float, Quantity(Dimension.DURATION, 5.0, 3600.0, 'a duration from "5 s" to "1 h"')]


class FleetTable(msgspec.Struct):
    """`[fleet]`."""

    name: Text
    simulated: bool = False
    target_ratio: TargetRatio = 0.90
    pool_fee: Fee = 0.0


class SourceTable(msgspec.Struct):
    """`[site.source]`; every other key in it belongs to the adapter."""

    adapter: AdapterName
    credential: CredentialName | None = None
    control_credential: CredentialName | None = None


class SiteTable(msgspec.Struct, kw_only=True):
    """`[[site]]`, without its source and its limits."""

    id: SiteId
    name: Text
    region: Text
    country: Text
    latitude: Latitude
    longitude: Longitude
    time_zone: Text
    ownership: OwnershipWord
    deployed: Hashrate
    capacity: Power
    power_price: Price
    poll_period: Period = 30.0
    note: Note = ""


@dataclass(frozen=True, slots=True)
class FleetFile:
    """A fleet and where each key of it stands, so that whoever judges a source's settings can say where."""

    fleet: Fleet
    file: str
    lines: Mapping[Path, int]

    def place(self, site_id: str, key: str = "") -> str:
        """`file:line` of a key among a site's source settings, of the source itself when the key is not there."""
        index = [site.id for site in self.fleet.sites].index(site_id)
        path: Path = ("site", index, "source", *(key.split(".") if key else ()))
        while path not in self.lines and path:
            path = path[:-1]
        return f"{self.file}:{self.lines.get(path, 1)}"


def load_fleet(path: FilePath | str) -> Fleet:
    """The fleet of a file; raises ConfigError with every problem of it, each as `file:line: key: what`."""
    return read_fleet(path).fleet


def read_fleet(path: FilePath | str, judge: Judge | None = None) -> FleetFile:
    """Like `load_fleet`, with the lines of the keys; what `judge` says of each source is told along with the rest."""
    file = str(path)
    data, lines = read_toml(read_text(FilePath(path), file, EXPECTED), file, EXPECTED)
    problems = Problems(file, lines)
    refused = refuse_secrets(data, (), problems)
    data = _without(data, refused, ())
    if judge is not None:
        _judge_sources(data.get("site"), judge, problems)
    return FleetFile(_fleet(data, problems), file, lines)


def _fleet(data: dict[str, Any], problems: Problems) -> Fleet:
    for key in data.keys() - {"fleet", "site"}:
        problems.add((key,), f"unknown key{suggestion(key, ('fleet', 'site'))} (known: fleet, site)")
    head = data.get("fleet", {})
    if not isinstance(head, dict):
        problems.add(("fleet",), f"{found(head)}, expected a [fleet] table")
        head = {"name": "?"}
    values = read_table(FleetTable, _but(head, "commands"), ("fleet",), problems)
    rules = command_rules(head, problems)
    sites = _sites(data.get("site"), problems)
    problems.raise_any()
    told = FleetTable(**values)
    return Fleet(
        name=told.name,
        sites=tuple(msgspec.structs.replace(site, simulated=told.simulated) for site in sites),
        simulated=told.simulated,
        target_ratio=told.target_ratio,
        pool_fee=told.pool_fee,
        command_rules=rules,
    )


def _sites(tables: object, problems: Problems) -> tuple[Site, ...]:
    if not isinstance(tables, list) or not tables:
        problems.add(
            ("site",),
            "missing, expected at least one [[site]]"
            if tables is None
            else f"{found(tables)}, expected [[site]] tables",
        )
        return ()
    read = [_site(table, ("site", index), problems) for index, table in enumerate(tables)]
    _refuse_twins(tables, problems)
    return tuple(site for site in read if site is not None)


def _site(table: object, path: Path, problems: Problems) -> Site | None:
    if not isinstance(table, dict):
        problems.add(path, f"{found(table)}, expected a [[site]] table")
        return None
    before = len(problems.found)
    values = read_table(SiteTable, _but(table, "source", "limits"), path, problems)
    limits = site_limits(table.get("limits"), (*path, "limits"), problems, values.get("capacity"))
    _check_zone(values.get("time_zone"), (*path, "time_zone"), problems)
    source = _source(table.get("source"), (*path, "source"), problems)
    if source is None or len(problems.found) > before:
        return None
    told = SiteTable(**values)
    return Site(
        id=told.id,
        name=told.name,
        region=told.region,
        country=told.country,
        latitude_deg=told.latitude,
        longitude_deg=told.longitude,
        time_zone=told.time_zone,
        ownership=told.ownership,
        deployed_hs=told.deployed,
        capacity_w=told.capacity,
        power_price_usd_per_mwh=told.power_price,
        poll_period_s=told.poll_period,
        source=source,
        note=told.note,
        line=problems.line_of(path),
        limits=limits,
    )


def _source(table: object, path: Path, problems: Problems) -> Source | None:
    if not isinstance(table, dict):
        what = "missing" if table is None else found(table)
        problems.add(path, f"{what}, expected a [site.source] table with an adapter")
        return None
    values = read_table(SourceTable, table, path, problems, rest=True)
    if "adapter" not in values:
        return None
    return Source(
        adapter=values["adapter"],
        settings=_settings(table),
        credential=values.get("credential"),
        control_credential=values.get("control_credential"),
    )


def _judge_sources(tables: object, judge: Judge, problems: Problems) -> None:
    """A source is judged even where the rest of its site is wrong: all problems at once, not one by one."""
    for index, table in enumerate(tables if isinstance(tables, list) else ()):
        source = table.get("source") if isinstance(table, dict) else None
        if not isinstance(source, dict) or not isinstance(source.get("adapter"), str):
            continue
        for problem in judge(Source(adapter=source["adapter"], settings=_settings(source))):
            key, what = split_key(problem)
            problems.add(("site", index, "source", *key.split(".")) if key else ("site", index, "source"), what)


def split_key(problem: str) -> tuple[str, str]:
    """`key: what` in two; the key is empty where the problem has none."""
    key, colon, what = problem.partition(": ")
    return (key, what) if colon and " " not in key else ("", problem)


def _settings(source: Mapping[str, Any]) -> dict[str, Any]:
    return _but(source, *SourceTable.__struct_fields__)


def _but(table: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    """A table without the keys that are read apart."""
    return {key: value for key, value in table.items() if key not in keys}


def _check_zone(zone: str | None, path: Path, problems: Problems) -> None:
    if zone is None:
        return
    try:
        zoneinfo.ZoneInfo(zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        hint = suggestion(zone, zoneinfo.available_timezones())
        problems.add(path, f'{found(zone)}, expected an IANA time zone such as "Africa/Addis_Ababa"{hint}')


def _refuse_twins(tables: list[Any], problems: Problems) -> None:
    first: dict[str, int] = {}
    for index, table in enumerate(tables):
        site_id = table.get("id") if isinstance(table, dict) else None
        if not isinstance(site_id, str):
            continue
        if site_id in first:
            line = problems.line_of(("site", first[site_id], "id"))
            problems.add(
                ("site", index, "id"), f"{found(site_id)} again, expected an id of its own (first on line {line})"
            )
        first.setdefault(site_id, index)


def _without(value: Any, refused: set[Path], path: Path) -> Any:
    """The tables without the refused keys: each secret is told once, and never as an unknown key too."""
    if isinstance(value, dict):
        return {k: _without(v, refused, (*path, k)) for k, v in value.items() if (*path, k) not in refused}
    if isinstance(value, list):
        return [_without(v, refused, (*path, i)) for i, v in enumerate(value)]
    return value

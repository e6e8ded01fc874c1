"""Knows the parts of a fleet file that bound commands: `[site.limits]` of one site, `[fleet.commands]` of all.

A limit that cannot be read is a problem of the file, never a limit that is not there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from console.domain.interlock import USUAL_RAMP_W_PER_MIN, CommandRules, SiteLimits, Window
from console.domain.units import Dimension
from console.fleet.lines import Path
from console.fleet.table import Problems, Quantity, found, read_table

CLOCK = re.compile(r"\A([01][0-9]|2[0-3]):([0-5][0-9])\Z")
USUAL = CommandRules()

Cap = Annotated[float, Quantity(Dimension.POWER, 1.0, 1e12, 'a power above zero, e.g. "50 MW"')]
Floor = Annotated[float, Quantity(Dimension.POWER, 0.0, 1e12, 'a power of zero or more, e.g. "12 MW"')]
Ramp = Annotated[float, Quantity(Dimension.POWER_RAMP, 1.0, 1e12, 'a power ramp above zero, e.g. "5 MW/min"')]
Machines = Annotated[int, msgspec.Meta(ge=0, description="a whole number of machines, e.g. 200")]
BatchSize = Annotated[int, msgspec.Meta(ge=1, le=10_000, description="1 to 10000 machines")]
Sites = Annotated[int, msgspec.Meta(ge=0, description="a whole number of sites")]
Share = Annotated[float, msgspec.Meta(gt=0, le=1, description="a share above 0 and up to 1, e.g. 0.05")]
Gap = Annotated[float, Quantity(Dimension.DURATION, 0.0, 3600.0, 'a duration from "0 s" to "1 h"')]
Wait = Annotated[float, Quantity(Dimension.DURATION, 30.0, 7200.0, 'a duration from "30 s" to "2 h"')]
Lock = Annotated[float, Quantity(Dimension.DURATION, 60.0, 43_200.0, 'a duration from "1 min" to "12 h"')]
Words = Annotated[str, msgspec.Meta(min_length=1, max_length=200, description="a reason in words")]
Clock = Annotated[str, msgspec.Meta(pattern=CLOCK.pattern, description='a time of the UTC day, e.g. "16:00"')]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=128, description="the name of a machine")]


class LimitsTable(msgspec.Struct, kw_only=True):
    """`[site.limits]`, without its windows."""

    cap: Cap = 0.0  # not stated: the site's capacity
    floor: Floor = 0.0
    ramp: Ramp = USUAL_RAMP_W_PER_MIN
    least_machines_on: Machines = 0
    hold: Words = ""
    protected: Annotated[list[Name], msgspec.Meta(description="a list of names of machines")] = []


class WindowTable(msgspec.Struct, rename={"start": "from", "end": "to"}):
    """One of `windows`: a span of the UTC day in which the contract forbids a change of power."""

    start: Clock
    end: Clock
    reason: Words


class CommandsTable(msgspec.Struct, kw_only=True):
    """`[fleet.commands]`."""

    second_person_above: Floor = USUAL.second_person_above_w
    batch_machines: BatchSize = USUAL.batch_machines
    batch_gap: Gap = USUAL.batch_gap_s
    stop_at: Share = USUAL.stop_at_share
    read_back: Wait = USUAL.read_back_s
    least_sites_on: Sites = USUAL.least_sites_on
    lock_after: Lock = USUAL.lock_after_s


def site_limits(table: object, path: Path, problems: Problems, capacity_w: float | None) -> SiteLimits | None:
    """The limits of a site; None where the file states none, or states them wrongly, which is a problem."""
    if table is None:
        return None
    if not isinstance(table, dict):
        problems.add(path, f"{found(table)}, expected a [site.limits] table")
        return None
    before = len(problems.found)
    values = read_table(LimitsTable, {key: table[key] for key in table if key != "windows"}, path, problems)
    windows = _windows(table.get("windows", []), (*path, "windows"), problems)
    told = LimitsTable(**values)
    cap_w = told.cap or capacity_w
    if capacity_w is not None and cap_w is not None:
        if cap_w > capacity_w:
            problems.add((*path, "cap"), f"{found(table['cap'])}, expected at most the site's capacity")
        if told.floor > cap_w:
            problems.add((*path, "floor"), f"{found(table['floor'])}, expected at most the cap")
    if cap_w is None or len(problems.found) > before:
        return None
    return SiteLimits(
        cap_w=cap_w,
        floor_w=told.floor,
        ramp_w_per_min=told.ramp,
        least_machines_on=told.least_machines_on,
        windows=windows,
        hold=told.hold,
        protected=frozenset(told.protected),
    )


def _windows(tables: object, path: Path, problems: Problems) -> tuple[Window, ...]:
    if not isinstance(tables, list):
        problems.add(path, f'{found(tables)}, expected a list such as [{{from = "16:00", to = "20:00", reason = "…"}}]')
        return ()
    read = []
    for table in tables:
        if not isinstance(table, dict):
            problems.add(path, f"{found(table)}, expected a table with from, to and reason")
            continue
        values = read_table(WindowTable, table, path, problems)
        if len(values) == len(WindowTable.__struct_fields__):
            read.append(Window(_minute(values["start"]), _minute(values["end"]), values["reason"]))
    return tuple(read)


def _minute(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def command_rules(head: Mapping[str, Any], problems: Problems) -> CommandRules:
    """How the fleet is commanded, from the `commands` of the `[fleet]` table."""
    table, path = head.get("commands", {}), ("fleet", "commands")
    if not isinstance(table, dict):
        problems.add(path, f"{found(table)}, expected a [fleet.commands] table")
        return USUAL
    told = CommandsTable(**read_table(CommandsTable, table, path, problems))
    return CommandRules(
        second_person_above_w=told.second_person_above,
        batch_machines=told.batch_machines,
        batch_gap_s=told.batch_gap,
        stop_at_share=told.stop_at,
        read_back_s=told.read_back,
        least_sites_on=told.least_sites_on,
        lock_after_s=told.lock_after,
    )

"""Turns the shared selection into a selector: every machine by name, site by site; what is commanded is the list.

Knows rows of machines and the rosters' names; a whole site is named as one, so that a command stays small.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec
import numpy as np

from console.domain.command import Selector
from console.domain.machines_now import mark_of, mark_of_all
from console.domain.roster_columns import RosterColumns
from console.store.face import TelemetryReader
from console.ui.models.miners.machines import MachinesNow
from console.ui.models.selection import Chosen

MOST_BYTES = 900_000  # what the link takes in one word, with room for the rest of it
TOO_MANY = "So many machines by name do not fit into one command: choose whole sites or containers, or fewer machines"
MOVED = "The roster of {site} changed meanwhile: choose the machines again"
Names = Callable[[str], RosterColumns | None]


class CannotSelect(ValueError):
    """The selection cannot be named; the text says why."""


def names_from(telemetry: TelemetryReader) -> Names:
    """Names of a site's newest roster, read when asked; for worker threads."""

    def of(site_id: str) -> RosterColumns | None:
        roster = telemetry.roster(site_id)
        return None if roster is None else RosterColumns.of(roster)

    return of


def selector_of(machines: MachinesNow, chosen: Chosen, names: Names, query: str = "") -> Selector:
    """The chosen machines by name; raises CannotSelect. `query` is how they were found, kept for the audit."""
    by_site: dict[str, tuple[str, ...]] = {}
    who: dict[str, str] = {}
    whole: list[str] = []
    index = np.searchsorted(machines.starts, chosen.rows, side="right") - 1
    for place in np.unique(index).tolist():
        part = machines.parts[place]
        rows = chosen.rows[index == place] - int(machines.starts[place])
        if rows.size == len(part.roster):
            whole.append(part.site.id)
            continue
        roster = part.roster if part.roster.named else names(part.site.id)
        if roster is None or roster.version != part.roster.version:
            raise CannotSelect(MOVED.format(site=part.site.name))
        told = [roster.text[name][rows].tolist() for name in ("id", "serial", "mac")]
        by_site[part.site.id], who[part.site.id] = tuple(told[0]), mark_of_all(map(mark_of, *told))
    order = [part.site.id for part in machines.parts if part.site.id in by_site or part.site.id in whole]
    title = _title(machines, order)
    selector = Selector(sites=tuple(order), machines=by_site, title=title, query=query[:200], who=who)
    if len(msgspec.msgpack.encode(selector)) > MOST_BYTES:
        raise CannotSelect(TOO_MANY)
    return selector


def _title(machines: MachinesNow, order: list[str]) -> str:
    known: Mapping[str, str] = {part.site.id: part.site.name for part in machines.parts}
    return known[order[0]] if len(order) == 1 else f"{len(order)} sites"

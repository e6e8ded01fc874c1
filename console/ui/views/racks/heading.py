"""Dresses the panel of a site's machines: its title, what is on it, how old that is, what is odd, what can be done."""

from __future__ import annotations

from dataclasses import dataclass

from console.domain.fleet_state import SiteNow
from console.domain.freshness import Freshness
from console.ui.heat_map.panel import HeatPanel
from console.ui.heat_map.scale import metric_named
from console.ui.models.miners.machines import MachinesNow
from console.ui.models.span import TimeBarModel
from console.ui.numbers import counted, integer
from console.ui.views.racks.blocks import Plan, rows_of, site_signs
from console.ui.views.site.words import age_of


@dataclass(frozen=True, slots=True)
class Scene:
    """What is on screen: the site as judged at `now_ms`, and a container of it (None: all)."""

    now: SiteNow
    now_ms: int
    container: str | None
    span: TimeBarModel


def as_of(span: TimeBarModel) -> str:
    """Cells show the newest values whatever the time bar shows, and say so where it shows something else."""
    if span.span.live:
        return ""
    if span.cutoff_ms is None:
        return "as of now, not of the frozen span · "
    at_the_end = span.span.end_ms >= span.cutoff_ms
    return "as of the cut-off · " if at_the_end else "as of the cut-off, not of the frozen span · "


def dress(panel: HeatPanel, machines: MachinesNow, plan: Plan, scene: Scene) -> None:
    """The panel's words for a scene."""
    now, container = scene.now, scene.container
    metric, rows = metric_named(panel.metric), rows_of(plan.blocks)
    count, kind = len(plan.blocks), "container" if container is None else "rack"
    title = now.site.name if container is None else f"Container {container or 'not told'}"
    what = f"{integer(rows.size)} machines in {counted(count, kind)}"
    age = age_of(machines.parts[0].at_ms if machines.parts else None, scene.now_ms)
    old = now.freshness is Freshness.STALE
    note = f"last known, {age} old" if old else f"{as_of(scene.span)}age {age}"
    panel.set_words(title, f"{what} · tone = {metric.meaning}", note, "t1" if old else "t3")
    panel.show_foot(_foot(panel), site_signs(machines, rows, metric.metric, plan))


def _foot(panel: HeatPanel) -> str:
    opens = "a click or Enter opens the machine" if panel.heat_map.cells_are_targets else "a click opens the racks"
    return f"One cell = one machine · {opens} · drag or Shift + arrows selects · scale fixed, not stretched"


def nothing_here(machines: MachinesNow, container: str | None) -> str:
    """Why there is no cell."""
    if not machines.parts:
        return "no machine is known here: this site has sent no roster yet"
    if not len(machines):
        return "0 machines: the source tells an empty roster"
    return f"no machine stands in {container or 'no container'} any more"

"""Every machine of the fleet at once: sites as blocks by region, one cell a machine; a click opens the site's racks.

Knows machines as numbers only; the names of a site are read when the pointer first stands on it.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent

from console.domain.fleet_state import FleetNow, SiteMark
from console.ui.density import density_at
from console.ui.heat_map.heat_map import HeatMap
from console.ui.heat_map.panel import HeatPanel
from console.ui.heat_map.picture import Block
from console.ui.heat_map.scale import metric_named
from console.ui.models.commands.live import LiveCommands
from console.ui.models.live import LiveFleet
from console.ui.models.miners.machines import FLEET, MachinesNow
from console.ui.models.selection import Chosen, How, Selection
from console.ui.models.site_names import SiteNames
from console.ui.models.span import TimeBarModel
from console.ui.numbers import NO_VALUE, integer
from console.ui.theme import DARK, Theme
from console.ui.views.commands.menu import CommandMenu
from console.ui.views.machines_view import MachinesView
from console.ui.views.racks.blocks import QUANTITIES, hashing_words, sites_named
from console.ui.views.racks.heading import as_of
from console.ui.views.racks.words import fleet_plate
from console.ui.views.site.words import age_of

OLD = frozenset({SiteMark.NO_LINK, SiteMark.STALE, SiteMark.NEVER})
FOOT = "One cell = one machine, sites in roster order · a click or Enter opens the site · drag selects"


class FleetHeatView(MachinesView):
    """`place_asked` carries the address of a site's racks."""

    def __init__(
        self, live: LiveFleet, span: TimeBarModel, theme: Theme = DARK, selection: Selection | None = None
    ) -> None:
        super().__init__(live, span, theme, selection, names=False)
        self._names = SiteNames(live, self)
        self.panel = HeatPanel(HeatMap("machines of the fleet", theme), theme, self)
        self.command = CommandMenu(
            LiveCommands.of(live), lambda: (self.machines.now, self.selection.chosen), theme, self.panel
        )
        self.setAccessibleName("fleet heat map view")
        self.setFocusProxy(self.panel.heat_map)
        self._connect()

    def _connect(self) -> None:
        heat_map = self.panel.heat_map
        self.command.wished.connect(self.command_asked.emit)
        heat_map.describe_by(self._words)
        heat_map.block_opened.connect(lambda site_id: self.place_asked.emit(f"racks:{site_id}"))
        heat_map.row_opened.connect(self._open_row)
        heat_map.brushed.connect(lambda rows: self.selection.choose(rows, How.BRUSHED))
        heat_map.toggled.connect(self.selection.toggle)
        heat_map.lifted.connect(self.selection.clear)
        self.panel.metric_chosen.connect(lambda _name: self._show_words())
        self._follow()
        self._names.arrived.connect(heat_map.name_again)

    def load(self) -> None:
        """Read everything on this thread: for captures and tests, not for a running window."""
        self.machines.open(FLEET)
        self.machines.load()

    # what changes by itself

    def _take(self, _now: object) -> None:
        if self.isVisible():
            self._show_words()

    def _take_machines(self, machines: MachinesNow) -> None:
        self.selection.fit(machines)
        blocks = fleet_blocks(machines, self._live.now)
        self.panel.show_machines(machines, blocks, "no machine is known yet: no site has sent a roster")
        self.panel.heat_map.show_marked(self.selection.chosen.rows)
        self._show_words()

    def _tell_trouble(self) -> None:
        self._show_words()

    def _take_chosen(self, chosen: Chosen) -> None:
        self.panel.heat_map.show_marked(chosen.rows)
        self.command.refresh()
        self._place_command()
        self._show_words()

    def _show_words(self) -> None:
        machines, now = self.machines.now, self._live.now
        if machines is None:
            trouble = self.machines.trouble
            self.panel.set_words("Fleet", f"cannot be read: {trouble}" if trouble else "reading every machine")
            return
        metric = metric_named(self.panel.metric)
        what = f"{integer(len(machines))} machines at {len(machines.parts)} of {len(now.sites)} sites"
        chosen = self.selection.chosen
        selected = f" · {chosen.words}" if len(chosen) else ""
        moments = [part.at_ms for part in machines.parts if part.at_ms is not None]
        oldest = age_of(min(moments, default=None), now.now_ms)
        note = f"{as_of(self._span)}oldest sample {oldest}" if oldest != NO_VALUE else ""
        self.panel.set_words("Fleet", f"{what} · tone = {metric.meaning}{selected}", note)
        self.panel.show_foot(FOOT, fleet_signs(machines, now, metric.metric))

    def _words(self, row: int) -> str:
        machines = self.machines.now
        if machines is None or row >= len(machines):
            return ""
        part, _ = machines.part_of(row)
        names = self._names.of(part.site.id, part.roster.version)
        return fleet_plate(machines, row, self._live.now.now_ms, names)

    def _open_row(self, row: int) -> None:
        machines = self.machines.now
        if machines is not None and row < len(machines):
            self.place_asked.emit(f"racks:{machines.part_of(row)[0].site.id}")

    # layout

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the fleet while somebody looks."""
        self.selection.enter(FLEET)
        self.machines.open(FLEET)
        self._show_words()
        self.panel.heat_map.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another size may be another layout."""
        self._arrange()

    def _arrange(self) -> None:
        size = density_at(self.window().width()).value
        QTimer.singleShot(0, self, self._place_command)
        self.panel.setGeometry(self.rect().adjusted(size.margin, size.gap, -size.margin, -size.gap))

    def _place_command(self) -> None:
        """At the right of the foot, where it is in no cell's way."""
        hint, panel = self.command.sizeHint(), self.panel
        self.command.setGeometry(panel.width() - 16 - hint.width(), panel.height() - hint.height() - 1, *hint.toTuple())
        self.command.raise_()


def fleet_blocks(machines: MachinesNow, now: FleetNow) -> tuple[Block, ...]:
    """One block a site, regions in fleet order and sites in fleet order within; old or lost sites are framed."""
    marks = {entry.site.id: entry.mark for entry in now.sites}
    order = {region: index for index, region in enumerate(now.fleet.regions())}
    parts = sorted(enumerate(machines.parts), key=lambda pair: order.get(pair[1].site.region, len(order)))
    blocks = []
    for index, part in parts:
        rows = np.arange(machines.starts[index], machines.starts[index + 1], dtype=np.intp)
        mark = marks.get(part.site.id, SiteMark.NEVER)
        note = mark.value if mark in OLD else hashing_words(machines, rows)
        blocks.append(Block(part.site.id, part.site.name, rows, note, part.site.region, framed=mark in OLD))
    return tuple(blocks)


def fleet_signs(machines: MachinesNow, now: FleetNow, metric: str) -> tuple[str, ...]:
    """What is odd about the fleet's machines, in words."""
    names = now.fleet.site_names()
    signs = []
    suspect = int(np.count_nonzero(machines.table.suspect))
    if suspect:
        signs.append(f"{integer(suspect)} suspect, left out of totals")
    lacking = machines.lacking(metric)
    if lacking:
        signs.append(f"no {QUANTITIES[metric]} told by {sites_named(lacking, names)}")
    if machines.unread:
        signs.append(f"{sites_named(tuple(machines.unread), names)} cannot be read from the store")
    known = {part.site.id for part in machines.parts} | machines.unread.keys()
    silent = [entry.site.id for entry in now.sites if entry.site.id not in known]
    if silent:
        signs.append(f"no roster from {sites_named(silent, names)}")
    return tuple(signs)

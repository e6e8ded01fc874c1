"""L3: a site's containers, a container's racks, a rack's machines, each machine one cell (mock-ups 2 and 7).

Knows the live fleet, machines as columns and the shared selection; polls nothing and judges no machine itself.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent

from console.domain.fleet_state import SiteNow
from console.domain.freshness import Freshness
from console.domain.place import container_key, site_key
from console.ui.fonts import px
from console.ui.heat_map.panel import HeatPanel
from console.ui.heat_map.picture import NOWHERE
from console.ui.models.commands.live import LiveCommands
from console.ui.models.containers import containers_of
from console.ui.models.live import LiveFleet
from console.ui.models.miners.machines import MachinesNow
from console.ui.models.selection import Chosen, Selection
from console.ui.models.span import TimeBarModel
from console.ui.theme import DARK, Theme
from console.ui.views.commands.menu import CommandMenu, container_selector
from console.ui.views.machines_view import MachinesView
from console.ui.views.racks.blocks import Plan, containers_plan, racks_plan, rows_of
from console.ui.views.racks.crumbs import Crumbs
from console.ui.views.racks.heading import Scene, dress, nothing_here
from console.ui.views.racks.layout import LEAST_PX, places
from console.ui.views.racks.maps import RacksMaps
from console.ui.views.racks.side import RacksSide
from console.ui.views.racks.words import losses, no_loss, plate
from console.ui.widgets.racks.strip import ContainerStrip


class RacksView(MachinesView):
    """`show_container` says which. `miner_opened` carries site and machine."""

    miner_opened = Signal(str, str)

    def __init__(
        self, live: LiveFleet, span: TimeBarModel, theme: Theme = DARK, selection: Selection | None = None
    ) -> None:
        super().__init__(live, span, theme, selection)
        self._site_id, self._container = "", None
        self._pinned, self._pointed = NOWHERE, NOWHERE
        self._plan = Plan(())
        self.crumbs = Crumbs(theme, self)
        self.strip = ContainerStrip(theme, self)
        self.maps = RacksMaps(self.selection, self._words, theme, self)
        self.command = _command_menu(self, live, theme)
        self.side = RacksSide(theme, self, self.command)
        self.setAccessibleName("racks view")
        self._connect()

    def _connect(self) -> None:
        self.crumbs.chosen.connect(self._go)
        self.crumbs.notes_asked.connect(self._ask_notes)
        self.command.wished.connect(self.command_asked.emit)
        self.strip.chosen.connect(self._open_container)
        self.side.open_asked.connect(self._open_row)
        self.side.lift_asked.connect(self.selection.clear)
        self.side.table_asked.connect(lambda: self.place_asked.emit(f"miners:{self._site_id}"))
        self.side.worst.chosen.connect(self._show_worst)
        self.maps.row_pointed.connect(self._point)
        self.maps.row_opened.connect(self._open_row)
        self.maps.container_opened.connect(self._open_container)
        self.maps.metric_chosen.connect(self._take_metric)
        self._follow()

    # what it is told

    @property
    def site_id(self) -> str:
        """The site on screen, or nothing."""
        return self._site_id

    @property
    def place(self) -> str:
        """`us-ga-1`, or `us-ga-1/C07` with an open container."""
        return self._site_id if self._container is None else f"{self._site_id}/{self._container}"

    def show_place(self, place: str) -> None:
        """A site, or a container of it."""
        site_id, told, container = place.partition("/")
        self.show_container(site_id, container if told else None)

    @property
    def container(self) -> str | None:
        """The open container; None: all of the site."""
        return self._container

    @property
    def subject(self) -> tuple[str, str]:
        """Title and site, for the stamp of an export (R47)."""
        site = self._now.site
        return f"{site.name}, {self._container or 'all containers'}", f"site {site.id}, {site.region}"

    @property
    def panel(self) -> HeatPanel:
        """The map on screen: the racks of one container, or all containers."""
        return self.maps.panel

    def show_container(self, site_id: str, container: str | None = None) -> None:
        """Put a container's racks on screen, or (None) all containers of the site; an unknown site changes nothing."""
        if not any(site.id == site_id for site in self._live.now.fleet.sites):
            return
        self.selection.enter(site_id)
        self._site_id, self._container = site_id, container
        self._pinned, self._pointed = NOWHERE, NOWHERE
        self.side.show_nothing()
        self.machines.open(site_id)
        self.maps.show_level(whole_site=container is None)
        self._arrange()
        self._show_place()
        self.side.place()
        if self.machines.now is not None:
            self._show_machines(self.machines.now)

    def load(self) -> None:
        """Read everything on this thread: for captures and tests, not for a running window."""
        self._choose_site()
        self.machines.load()

    # what changes by itself

    @property
    def _now(self) -> SiteNow:
        return self._live.now.site(self._site_id)

    def _take(self, _changed: object) -> None:
        known = any(site.id == self._site_id for site in self._live.now.fleet.sites)
        if known and self.isVisible():  # a site taken out of the fleet file: what is on screen ages
            self._show_place()
            self._show_side()

    def _take_machines(self, machines: MachinesNow) -> None:
        self.selection.fit(machines)
        if self._pinned >= len(machines):
            self._pinned = NOWHERE
        self._show_machines(machines)

    def _tell_trouble(self) -> None:
        self._show_place()

    def _show_place(self) -> None:
        now = self._now
        containers = containers_of(now.rollup)
        self.crumbs.show_place(now.site.region, now.site.name, self._container)
        lines = self.strip.height_for(self.strip.width())
        self.strip.show_containers(containers, self._container)
        if lines != self.strip.height_for(self.strip.width()):
            self._arrange()
        machines = self.machines.now
        if machines is None:
            self.maps.show_reading(self.machines.trouble)
        else:
            self._show_words(machines)

    def _show_machines(self, machines: MachinesNow) -> None:
        old = self._now.freshness in (Freshness.STALE, Freshness.NEVER)
        whole = self._container is None
        self._plan = containers_plan(machines, old) if whole else racks_plan(machines, self._container, old)
        self.panel.show_machines(machines, self._plan.blocks, nothing_here(machines, self._container))
        self.panel.heat_map.show_marked(self.selection.chosen.rows)
        rows = rows_of(self._plan.blocks)
        self.side.worst.show_losses(losses(machines, rows), no_loss(machines, rows))
        self._show_words(machines)
        self._show_side()

    def _show_words(self, machines: MachinesNow) -> None:
        dress(self.panel, machines, self._plan, Scene(self._now, self._live.now.now_ms, self._container, self._span))

    def _words(self, row: int) -> str:
        machines = self.machines.now
        return "" if machines is None or row >= len(machines) else plate(machines, row, self._live.now.now_ms)

    def _point(self, row: int) -> None:
        """The pointer or the keys are on a machine: it stays beside the map, with new values, until they go on."""
        self._pointed = row
        self._show_side()

    def _show_side(self) -> None:
        machines = self.machines.now
        self.panel.heat_map.show_pinned(self._pinned)
        row = self._pointed if self._pointed != NOWHERE else self._pinned
        if machines is None or not 0 <= row < len(machines):
            self.side.show_nothing()
        else:
            self.side.show_machine(machines, row, self._live.now.now_ms, pinned=row == self._pinned)

    def _show_worst(self, row: int) -> None:
        """Its cell in the map, and its values beside it."""
        self._pinned = row
        self.panel.heat_map.point_at(row)
        self._show_side()

    def _take_chosen(self, chosen: Chosen) -> None:
        self.side.show_chosen(chosen)
        self.panel.heat_map.show_marked(chosen.rows)

    def _take_metric(self, _name: str) -> None:
        if self.machines.now is not None:
            self._show_words(self.machines.now)

    # ways on and back

    def _open_row(self, row: int) -> None:
        machines = self.machines.now
        if machines is None or not 0 <= row < len(machines):
            return
        self._pinned = row
        self._show_side()
        self.miner_opened.emit(self._site_id, machines.name(row))
        self.place_asked.emit(f"miner:{self._site_id}/{machines.name(row)}")

    def _open_container(self, name: str | None) -> None:
        self.show_container(self._site_id, name)
        self.panel.heat_map.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask_notes(self) -> None:
        site = self._site_id
        self.notes_asked.emit(site_key(site) if self._container is None else container_key(site, self._container))

    def _go(self, level: str) -> None:
        addresses = {"world": "world", "site": f"site:{self._site_id}"}
        if level in addresses:
            self.place_asked.emit(addresses[level])
        else:
            self._open_container(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leads from a container to all of them, and from there to the view before."""
        if event.key() != Qt.Key.Key_Escape:
            event.ignore()
        elif self._container is not None:
            self._open_container(None)
        else:
            self.closed.emit()

    # layout

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the site again; without one, the site that needs a look."""
        self._choose_site()
        self._arrange()

    def _choose_site(self) -> None:
        if self._site_id:
            self.machines.open(self._site_id)
        elif self._live.now.sites:
            from console.ui.views.site.view import worst_site  # with its plots: only where nobody chose a site

            self.show_container(worst_site(self._live.now))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another size may be another layout."""
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        """The shell scrolls before a value is clipped (R57)."""
        return QSize(px(LEAST_PX[0]) // 2, px(LEAST_PX[1]) + self.strip.height())

    def _arrange(self) -> None:
        spots = places(self.width(), self.height(), self.window().width(), self.strip.height_for)
        self.crumbs.setGeometry(spots.crumbs)
        self.strip.setGeometry(spots.strip)
        self.maps.setGeometry(spots.body)
        self.side.setGeometry(spots.side)
        self.updateGeometry()


def _command_menu(view: RacksView, live: LiveFleet, theme: Theme) -> CommandMenu:
    """For the machines that are chosen, else for the open container."""
    return CommandMenu(
        LiveCommands.of(live),
        lambda: (view.machines.now, view.selection.chosen),
        theme,
        place=lambda: container_selector(view._now.site, view.container) if view.site_id else None,
    )

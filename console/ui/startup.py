"""What every way of opening a shell has in common: its views, which one is open, and who sits here."""

from __future__ import annotations

import getpass
import platform
from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from console.domain.access import Person, Role
from console.domain.errors import ConfigError
from console.ui.models.live import LiveFleet
from console.ui.models.span import TimeBarModel
from console.ui.shell import Shell, ViewSlot
from console.ui.theme import Theme

if TYPE_CHECKING:
    from console.ui.models.selection import Selection


def world_view(live: LiveFleet, span: TimeBarModel, theme: Theme) -> QWidget:
    """L1; imported when it is made."""
    from console.ui.views.world.view import WorldView

    return WorldView(live, span, theme)


def site_view(live: LiveFleet, span: TimeBarModel, theme: Theme) -> QWidget:
    """L2; imported when it is made: its plots are the heaviest import of the program."""
    from console.ui.views.site.view import SiteView

    return SiteView(live, span, theme)


def miners_view(live: LiveFleet, span: TimeBarModel, theme: Theme) -> QWidget:
    """The machines of a site or of the fleet as a table."""
    from console.ui.views.miners.view import MinersView

    return MinersView(live, span, theme, selection=one_selection(live))


def miner_view(live: LiveFleet, span: TimeBarModel, theme: Theme) -> QWidget:
    """One machine's page."""
    from console.ui.views.miner.view import MinerView

    return MinerView(live, span, theme)


def one_selection(live: LiveFleet) -> Selection:
    """The selection that all views over this fleet share; imported late, as the views are."""
    from console.ui.models.selection import Selection

    return live.findChild(Selection) or Selection(live)


def racks_view(live: LiveFleet, span: TimeBarModel, theme: Theme) -> QWidget:
    """L3; imported when it is made."""
    from console.ui.views.racks.view import RacksView

    return RacksView(live, span, theme, selection=one_selection(live))


def fleet_heat_view(live: LiveFleet, span: TimeBarModel, theme: Theme) -> QWidget:
    """Every machine of the fleet; imported when it is made."""
    from console.ui.views.fleet_heat import FleetHeatView

    return FleetHeatView(live, span, theme, selection=one_selection(live))


def compare_view(live: LiveFleet, span: TimeBarModel, theme: Theme) -> QWidget:
    """Two to six places on one graph; imported when it is made."""
    from console.ui.views.compare.view import CompareView

    return CompareView(live, span, theme)


def alarms_view(live: LiveFleet, span: TimeBarModel, theme: Theme) -> QWidget:
    """The alarms; imported when it is made."""
    from console.ui.views.alarms.view import AlarmsView

    return AlarmsView(live, span, theme)


def commands_view(live: LiveFleet, span: TimeBarModel, theme: Theme) -> QWidget:
    """The commands, open and past; imported when it is made."""
    from console.ui.views.commands.view import CommandsView

    return CommandsView(live, span, theme)


VIEWS: tuple[ViewSlot, ...] = (
    ViewSlot("world", "World", "F1", world_view),
    ViewSlot("site", "Site", "F2", site_view),
    ViewSlot("alarms", "Alarms", "F3", alarms_view),
    ViewSlot("commands", "Commands", "F4", commands_view),
    ViewSlot("miners", "Miners", "", miners_view, under="site"),
    ViewSlot("miner", "Miner", "", miner_view, under="site"),
    ViewSlot("racks", "Racks", "", racks_view, under="site"),
    ViewSlot("fleet", "Heat map", "F8", fleet_heat_view),
    ViewSlot("compare", "Compare", "F9", compare_view),
)


MODULES: Mapping[str, str] = {
    "world": "console.ui.views.world.view",
    "site": "console.ui.views.site.view",
    "alarms": "console.ui.views.alarms.view",
    "commands": "console.ui.views.commands.view",
    "miners": "console.ui.views.miners.view",
    "racks": "console.ui.views.racks.view",
    "fleet": "console.ui.views.fleet_heat",
    "miner": "console.ui.views.miner.view",
    "compare": "console.ui.views.compare.view",
}  # what the factories above import, those with the shortest way from the world first
WHOLE_FLEET = ("world", "fleet")  # views that are of no place
COMMANDING = "console.ui.commanding"
AHEAD: tuple[str, ...] = (
    COMMANDING,  # first: nobody signs in or commands before it
    *(module for view, module in MODULES.items() if view != "world"),
    "console.ui.dialogs.find",
    "console.ui.dialogs.manual",
    "numpy.ma",  # np.unique asks for it at its first call
)  # the modules that views and dialogs need when they are opened first


def module_of(address: str) -> str:
    """The module that the view of an address is made of; empty for a view that there is not."""
    return MODULES.get(address.partition(":")[0], "")


def os_user() -> str:
    """Whoever runs the program, for the stamp: no right comes of it (R40)."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown user"


def author_here() -> Person:
    """Who signs a note while nobody is signed in: a laptop in the field has nobody to prove a password to.

    It is the right to write notes and no other: alarms and commands ask the desk.
    """
    return Person(os_user(), Role.OPERATOR)


def desk_here() -> str:
    """The name of this workstation."""
    return platform.node() or "unnamed desk"


def who_sits_here() -> str:
    """The stamp of a picture that nobody signed in for."""
    return f"{os_user()}, not signed in · {desk_here()}"


def open_view(shell: Shell, address: str) -> None:
    """`world`, `site:ID`, `miners:ID`...

    Raises ConfigError for another view, a site that the fleet has not, and a filter that cannot be read.
    """
    view, _, place = address.partition(":")
    if view not in MODULES:
        raise ConfigError((f"no view {address!r}, expected one of {', '.join(MODULES)}",))
    if place and view in WHOLE_FLEET:
        raise ConfigError((f"no view {address!r}: {view} shows the whole fleet, expected nothing after it",))
    sites = {"", "*", *(entry.site.id for entry in shell.live.now.sites)}
    scope, _, text = place.partition("?") if view == "miners" else (place, "", "")
    if scope.partition("/")[0] not in sites:
        raise ConfigError((f"no view {address!r}, expected {view}:ID for a site of this fleet",))
    _require_readable(address, text)
    shell.open_place(address)


def _require_readable(address: str, query: str) -> None:
    if not query:
        return  # nearly always: the first screen waits for no language of filters
    from console.domain.query import QueryError, parse_query

    try:
        parse_query(query)
    except QueryError as error:
        raise ConfigError((f"no view {address!r}: {error}",)) from error

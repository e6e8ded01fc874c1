"""What every way of opening a shell has in common: its views, which one is open, and who sits here."""

from __future__ import annotations

import getpass
import platform

from PySide6.QtWidgets import QWidget

from console.domain.errors import ConfigError
from console.ui.models.live import LiveFleet
from console.ui.models.span import TimeBarModel
from console.ui.shell import Shell, ViewSlot
from console.ui.theme import Theme


def world_view(live: LiveFleet, span: TimeBarModel, theme: Theme) -> QWidget:
    """L1; imported when it is made."""
    from console.ui.views.world import WorldView

    return WorldView(live, span, theme)


def site_view(live: LiveFleet, span: TimeBarModel, theme: Theme) -> QWidget:
    """L2; imported when it is made: its plots are the heaviest import of the program."""
    from console.ui.views.site import SiteView

    return SiteView(live, span, theme)


VIEWS: tuple[ViewSlot, ...] = (
    ViewSlot("world", "World", "F1", world_view),
    ViewSlot("site", "Site", "F2", site_view),
)


def who_sits_here() -> str:
    """User and desk, for the bar and every stamp."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError):
        user = "unknown user"
    return f"{user} · {platform.node() or 'unnamed desk'}"


def open_view(shell: Shell, view: str) -> None:
    """`world` or `site:ID`; raises ConfigError for anything else and for a site that the fleet has not."""
    name, _, site_id = view.partition(":")
    sites = {entry.site.id for entry in shell.live.now.sites}
    if name == "site" and site_id in sites:
        shell.open_site(site_id)
    elif view == "world":
        shell.open_view("world")
    else:
        raise ConfigError((f"no view {view!r}, expected world or site:ID with an ID of the fleet",))

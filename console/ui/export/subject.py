"""Names what a window shows, title and places, for the stamp of its exports (R47); asks the view, reads no store."""

from __future__ import annotations

from console.ui.shell import Shell


def subject_of(shell: Shell) -> tuple[str, str]:
    """Title and sites of the open view: the fleet, or the one site that it shows."""
    told = getattr(shell.view_widget, "subject", None)
    if told is not None:
        return told
    fleet = shell.live.now.fleet
    site = next((site for site in fleet.sites if site.id == shell.site_id), None)
    if site is None:
        return shell.view.capitalize(), f"{fleet.name}, {len(fleet.sites)} sites" if fleet.sites else "no site is known"
    return site.name, f"site {site.id}, {site.region}"

"""Knows in which time zone the axes are written: UTC, the site's own, or this workstation's (R15)."""

from __future__ import annotations

import enum
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


class ZoneChoice(enum.Enum):
    """What the operator asked for; the value is its name on the button."""

    UTC = "UTC"
    SITE = "site"
    WORKSTATION = "here"

    def next(self) -> ZoneChoice:
        """The choice after this one."""
        choices = list(ZoneChoice)
        return choices[(choices.index(self) + 1) % len(choices)]


def axis_zone(choice: ZoneChoice, site_zone: str | None) -> tzinfo:
    """The zone of an axis; the world has no site, and an unknown zone is no zone: both are UTC."""
    if choice is ZoneChoice.WORKSTATION:
        return datetime.now().astimezone().tzinfo or UTC
    if choice is ZoneChoice.SITE and site_zone:
        try:
            return ZoneInfo(site_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return UTC
    return UTC


def zone_label(zone: tzinfo, at_ms: int) -> str:
    """How the zone is called at a moment: `UTC`, `CST`, `+04`."""
    return datetime.fromtimestamp(at_ms / 1000, zone).tzname() or "UTC"

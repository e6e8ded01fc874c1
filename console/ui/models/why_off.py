"""Why a desk may ask for nothing at all, here and now: said alike of alarms, commands and accounts."""

from __future__ import annotations

from console.ui.models.live import LiveFleet, Mode


def why_off(live: LiveFleet, *, linked: bool, signed_in: bool) -> str:
    """The reason, and where there is one what to do; empty where only the role is left to ask."""
    if Mode.READ_ONLY in live.mode:
        return "Off: opened with --read-only"
    if live.offline_asked:
        return "Off: opened offline, nobody is there to record it"
    if not linked:
        return "Off: no link to the collector, it could not be recorded"
    return "" if signed_in else "Off: nobody is signed in at this desk; Ctrl+L signs in"

"""How views are named on a command line; the window itself knows no more of them than their keys."""

from __future__ import annotations

ADDRESSES = (
    "world, site:ID, racks:ID/CONTAINER, miners:ID or miners:* (a filter may follow: miners:ID?state:off), "
    "miner:ID/NAME, fleet, compare:ID, commands or alarms"
)

"""Knows the state of the link to one site: whether it answers, since when, and its last error in plain words."""

from __future__ import annotations

import enum

import msgspec


class Link(enum.StrEnum):
    """One word for the link; each error class of the tree in `errors` maps to one of them."""

    NEVER = "never"  # not polled yet
    GOOD = "good"
    SLOW = "slow"  # ran out of its deadline
    DOWN = "down"  # no connection
    REFUSED = "refused"  # credentials or rights
    LIMITED = "limited"  # the source asked us to wait
    BROKEN = "broken"  # an answer that cannot be trusted


class LinkState(msgspec.Struct, frozen=True, kw_only=True):
    """The link to one site. `polls` and `failures` count since the collector started."""

    site_id: str
    adapter: str
    link: Link = Link.NEVER
    since_ms: int = 0
    last_ok_ms: int | None = None
    last_try_ms: int | None = None
    latency_ms: float | None = None
    polls: int = 0
    failures: int = 0
    error: str = ""
    rung: str = ""

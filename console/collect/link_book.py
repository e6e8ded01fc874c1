"""Turns the outcomes of polls into one link state a site, and says when that is news. Pure: no clock, no threads."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import msgspec

from console.collect.arrival import SKEW_LIMIT_S
from console.domain.errors import AuthRefused, BadAnswer, MeridianError, RateLimited, TooSlow, Unreachable, Unsupported
from console.domain.link_state import Link, LinkState
from console.domain.site import Site

LINK_OF_ERROR: tuple[tuple[type[BaseException], Link], ...] = (
    (Unreachable, Link.DOWN),
    (TooSlow, Link.SLOW),
    (AuthRefused, Link.REFUSED),
    (RateLimited, Link.LIMITED),
    (BadAnswer, Link.BROKEN),
    (Unsupported, Link.BROKEN),
)
LONGEST_ERROR = 300  # characters of an error kept: a page of HTML is no error message


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one poll ended: `error` is None when it brought a reading, measured at `at_ms`."""

    site_id: str
    began_ms: int
    ended_ms: int
    latency_ms: float
    at_ms: int | None = None
    ahead_s: float = 0.0
    error: BaseException | None = None


@dataclass(frozen=True, slots=True)
class LinkNews:
    """A link state after a poll; `before` is None when the word did not change."""

    state: LinkState
    before: LinkState | None

    @property
    def lost(self) -> bool:
        """The site answered, or was never asked, and now does not."""
        return self.before is not None and self.before.link in (Link.GOOD, Link.NEVER) and self.state.link != Link.GOOD

    @property
    def back(self) -> bool:
        """The site answers again; the first answer ever is not a return."""
        return self.before is not None and self.before.link != Link.NEVER and self.state.link == Link.GOOD


def link_of(error: BaseException) -> Link:
    """The one word for an error; what no adapter may raise is BROKEN as well."""
    return next((link for kind, link in LINK_OF_ERROR if isinstance(error, kind)), Link.BROKEN)


def in_plain_words(error: BaseException) -> str:
    """What the screen says of an error: its own text, and its type where it is not of our tree."""
    text = str(error) if isinstance(error, MeridianError) else f"the adapter failed: {type(error).__name__}: {error}"
    return " ".join(text.split()) or type(error).__name__


class LinkBook:
    """The link state of every site. Not thread-safe: the collector's loop alone holds it.

    `redact` takes secrets out of a text before it is kept or shown.
    """

    def __init__(self, sites: Iterable[Site], rungs: dict[str, str], redact: Callable[[str], str]) -> None:
        self._redact = redact
        self._states = {
            site.id: LinkState(site_id=site.id, adapter=site.source.adapter, rung=rungs.get(site.source.adapter, ""))
            for site in sites
        }

    def state(self, site_id: str) -> LinkState:
        """The state as of the last outcome."""
        return self._states[site_id]

    def note(self, outcome: Outcome) -> LinkNews:
        """The state after a poll, and whether its word changed."""
        before = self._states[outcome.site_id]
        link = Link.GOOD if outcome.error is None else link_of(outcome.error)
        changed = link != before.link
        state = msgspec.structs.replace(
            before,
            link=link,
            since_ms=outcome.ended_ms if changed else before.since_ms,
            last_ok_ms=outcome.ended_ms if outcome.error is None else before.last_ok_ms,
            last_try_ms=outcome.began_ms,
            latency_ms=outcome.latency_ms,
            polls=before.polls + 1,
            failures=before.failures + (outcome.error is not None),
            error=self._words(outcome),
        )
        self._states[outcome.site_id] = state
        return LinkNews(state, before if changed else None)

    def _words(self, outcome: Outcome) -> str:
        if outcome.error is not None:
            text = self._redact(in_plain_words(outcome.error))  # before the cut: half a secret is still one
            return text if len(text) <= LONGEST_ERROR else text[: LONGEST_ERROR - 1] + "…"
        if outcome.ahead_s > SKEW_LIMIT_S:
            return f"the source's clock runs {outcome.ahead_s:.0f} s ahead; its samples are stamped on receipt"
        return ""

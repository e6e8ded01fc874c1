"""The contract between Meridian and a site's API: manifest, deadline and small capability protocols.

An adapter's package exposes one `Adapter` object through the entry-point group `meridian.adapters`. Everything
here runs in worker threads of the collector; a session is used by one thread at a time.
"""

from __future__ import annotations

import enum
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

import msgspec

from console.domain.errors import TooSlow
from console.domain.frame import HistoryChunk, Reading
from console.domain.site import Site

ENTRY_POINT_GROUP = "meridian.adapters"


class Rung(enum.StrEnum):
    """How far an adapter may be trusted; the console shows it beside the link."""

    BRONZE = "bronze"  # reads
    SILVER = "silver"  # auth errors told apart, back-off, back-fill
    GOLD = "gold"  # previewed commands with read-back


class Capability(enum.StrEnum):
    """What an adapter can do at all; a single site may offer less."""

    READ = "read"
    HISTORY = "history"
    CONTROL = "control"
    DETAIL = "detail"  # see `adapters.detail`


@dataclass(frozen=True, slots=True)
class Deadline:
    """A total deadline: one for the whole poll, however many requests it takes."""

    ends_at_s: float
    clock: Callable[[], float] = field(default=time.monotonic, repr=False)

    @classmethod
    def after(cls, seconds: float, clock: Callable[[], float] = time.monotonic) -> Deadline:
        """The deadline `seconds` from now on the monotonic clock."""
        return cls(clock() + seconds, clock)

    def remaining_s(self) -> float:
        """Seconds left; raises TooSlow when none are."""
        left = self.ends_at_s - self.clock()
        if left <= 0:
            raise TooSlow("no complete answer within the poll's deadline")
        return left


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an adapter says of itself. `config` is a msgspec.Struct whose fields are the source's settings;
    field docs live in the struct's docstring as `name: help` lines. `requests_per_s` is the per-host budget.
    `tells_simulated`: its sources say themselves whether they are simulated; without that, a simulated fleet commands
    nothing through it (R60)."""

    name: str
    vendor: str
    summary: str
    config: type[msgspec.Struct]
    capabilities: frozenset[Capability]
    rung: Rung
    requests_per_s: float
    tells_simulated: bool = False


class Secrets(Protocol):
    """Looks up a credential by the name that the fleet file gives."""

    def __call__(self, name: str) -> str:
        """The secret; raises AuthRefused, naming the credential and never its value, when there is none."""
        ...


@runtime_checkable
class Reader(Protocol):
    """An open session with one site's source."""

    def read(self, deadline: Deadline) -> Reading:
        """The newest reading. Raises a SourceError; never returns half an answer."""
        ...

    def close(self) -> None:
        """Free sockets and threads; safe to call twice."""
        ...


@runtime_checkable
class History(Protocol):
    """A session whose source also keeps a past."""

    def history(self, start_ms: int, end_ms: int, deadline: Deadline) -> Iterator[HistoryChunk]:
        """The past of the site (by the minute) and, where the source has it, of its containers (coarser)."""
        ...


class Adapter(Protocol):
    """The object behind an entry point."""

    @property
    def manifest(self) -> Manifest:
        """What the adapter is and can do."""
        ...

    def open(self, site: Site, config: Any, secrets: Secrets) -> Reader:
        """A session for `site`; `config` is an instance of `manifest.config`. Makes no request yet."""
        ...

"""Knows what a command is: verb, targets, states and risk; and what a preview promises. Sends nothing.

How a command travels is in 1-architecture.md: prepare → preview → gesture → journal → send → read-back. A lost
answer is UNKNOWN, never "failed", and only a verb that sets an absolute state may ever be sent again.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable

import msgspec

PREVIEW_LIVES_MS = 120_000  # R34, T5: approvals take time; execution reads afresh all the same
FRESH_READ_MS = 10_000  # T5: how old the read may be that a preview is compared with at execution
LEASE_MS = 30_000  # T5: a holder that falls silent loses its targets after this
METER_NOISE_W = 100.0  # what a single machine's power wanders by itself
SMALL_GROUP = 10  # machines: up to here a reboot is a medium risk (7-look.md, section 10)


class Verb(enum.StrEnum):
    """What can be asked of machines."""

    CURTAIL = "curtail"
    RESUME = "resume"
    POWER_TARGET = "power target"
    REBOOT = "reboot"
    LOCATE = "locate"
    CHANGE_POOL = "change pool"
    SLEEP_SCHEDULE = "sleep schedule"


ABSOLUTE = frozenset(Verb) - {Verb.REBOOT}  # set to X: sending it twice is the same as once (C2)
REVERSIBLE = frozenset({Verb.CURTAIL, Verb.RESUME, Verb.POWER_TARGET, Verb.LOCATE, Verb.SLEEP_SCHEDULE})
POWER_ALONE = "the cost of power alone: no hash price is known"  # of the check "Money"
MOVES_POWER = frozenset({Verb.CURTAIL, Verb.RESUME, Verb.POWER_TARGET, Verb.SLEEP_SCHEDULE, Verb.REBOOT})


class Risk(enum.IntEnum):
    """Which gesture a command needs (R35): click, confirm, hold 2 s, or type the name, second person and hold."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    FLEET = 4


class TargetState(enum.StrEnum):
    """How far one target of a command is (R37)."""

    REQUESTED = "requested"
    SENT = "sent"
    ACCEPTED = "accepted"
    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


T = TargetState
# What may follow what. UNKNOWN leaves only by what is read back; UNVERIFIED may still come true late.
FOLLOWS: dict[TargetState, frozenset[TargetState]] = {
    T.REQUESTED: frozenset({T.SENT, T.SKIPPED, T.REFUSED, T.UNKNOWN}),
    T.SENT: frozenset({T.ACCEPTED, T.REFUSED, T.UNKNOWN}),
    T.ACCEPTED: frozenset({T.VERIFIED, T.UNVERIFIED, T.UNKNOWN}),
    T.UNKNOWN: frozenset({T.VERIFIED, T.UNVERIFIED, T.REFUSED}),
    T.UNVERIFIED: frozenset({T.VERIFIED}),
    T.VERIFIED: frozenset(),
    T.REFUSED: frozenset(),
    T.SKIPPED: frozenset(),
}
OPEN = frozenset({T.REQUESTED, T.SENT, T.ACCEPTED, T.UNKNOWN})
FAILED = frozenset({T.REFUSED, T.UNVERIFIED, T.UNKNOWN})


class Selector(msgspec.Struct, frozen=True):
    """Whom a command is for: `sites` in order, and by site id the containers or machines meant; none = all of it.

    `title` is how the screen calls them ("Texas and Plains"); `query` is how the operator found them. Both are kept
    for the audit only: what is commanded is the list, never the filter. `who` has by site id the mark of the machines
    that bore the names when they were chosen (`machines_now.mark_of_all`); without one the names alone count.
    """

    sites: tuple[str, ...]
    containers: dict[str, tuple[str, ...]] = {}
    machines: dict[str, tuple[str, ...]] = {}
    title: str = ""
    query: str = ""
    who: dict[str, str] = {}


class SleepWindow(msgspec.Struct, frozen=True):
    """A daily span in which machines rest: minutes of the UTC day; may pass midnight."""

    start_min: int
    end_min: int


class Arguments(msgspec.Struct, frozen=True, kw_only=True):
    """What a verb needs beyond its targets.

    `site_power_w`: what each site shall draw when a CURTAIL or RESUME is done; None = every target.
    `machine_power_w` or `machine_share` (of each machine's rated power): a POWER_TARGET has exactly one of them.
    """

    site_power_w: float | None = None
    machine_power_w: float | None = None
    machine_share: float | None = None
    pool_url: str = ""
    pool_worker: str = ""
    led_on: bool = True
    sleep: tuple[SleepWindow, ...] = ()


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """One intent of one person; `id` is made where the button was pressed, so a double press is one command (C1).

    `revert_after_s` asks for the way back unless confirmed (R41). `emergency` asks for what R36 forbids otherwise: a
    stale target. `takes_back` is the command that this one undoes.
    """

    id: str
    verb: Verb
    selector: Selector
    reason: str
    by: str
    desk: str
    at_ms: int
    arguments: Arguments = Arguments()
    revert_after_s: float | None = None
    emergency: bool = False
    takes_back: str = ""


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What one site is asked at one time: a verb for machines by name, in the order of switching."""

    verb: Verb
    machines: tuple[str, ...]
    arguments: Arguments
    reason: str
    by: str


class PreviewTarget(msgspec.Struct, frozen=True, kw_only=True):
    """One target by name with what is now and what is asked; ids of its machines in the order of switching."""

    site_id: str
    name: str
    machines: tuple[str, ...]
    power_now_w: float
    power_asked_w: float
    hashrate_now_hs: float
    hashrate_asked_hs: float
    measured_ms: int
    batches: int = 1
    site_now_w: float | None = None  # what the whole site drew then; a preview of an older journal does not say
    who: str = ""  # the mark of the machines, as in `Selector`

    @property
    def before_w(self) -> float:
        """Power of the whole site before the command; of the machines alone where only that is known."""
        return self.power_now_w if self.site_now_w is None else self.site_now_w

    @property
    def after_w(self) -> float:
        """The same once it is done."""
        return self.before_w + self.power_asked_w - self.power_now_w


class Skipped(msgspec.Struct, frozen=True):
    """A target that is left out, and why."""

    name: str
    count: int
    reason: str


class Check(msgspec.Struct, frozen=True):
    """One interlock's verdict in words; a failed one cannot be overridden by any dialog (T6)."""

    name: str
    detail: str
    passed: bool


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What a command would do, computed at `computed_ms` from fresh reads; dead after `PREVIEW_LIVES_MS`."""

    id: str
    command: Command
    targets: tuple[PreviewTarget, ...]
    skipped: tuple[Skipped, ...]
    checks: tuple[Check, ...]
    risk: Risk
    usd_per_h: float
    computed_ms: int

    @property
    def delta_w(self) -> float:
        """Change of power, negative for less."""
        return sum(target.power_asked_w - target.power_now_w for target in self.targets)

    @property
    def delta_hs(self) -> float:
        """Change of hashrate."""
        return sum(target.hashrate_asked_hs - target.hashrate_now_hs for target in self.targets)

    @property
    def machines(self) -> int:
        """How many machines are commanded."""
        return sum(len(target.machines) for target in self.targets)

    @property
    def allowed(self) -> bool:
        """Whether every interlock agrees and there is something to do."""
        return bool(self.targets) and all(check.passed for check in self.checks)

    def expired(self, now_ms: int) -> bool:
        """Whether it must be computed again."""
        return not 0 <= now_ms - self.computed_ms <= PREVIEW_LIVES_MS


def risk_of(verb: Verb, sites: int, machines: int) -> Risk:
    """The risk of a verb on so many sites and machines, from the table of gestures in 7-look.md, section 10."""
    if sites > 1 or (verb not in REVERSIBLE and machines > SMALL_GROUP):
        return Risk.LOW if verb is Verb.LOCATE else Risk.FLEET
    if verb is Verb.LOCATE:
        return Risk.LOW
    return Risk.MEDIUM if machines <= SMALL_GROUP else Risk.HIGH


def may_follow(before: TargetState, after: TargetState) -> bool:
    """Whether a target in `before` may move to `after`."""
    return after in FOLLOWS[before]


def agrees(shown: Preview, fresh: Preview, share: float = 0.02) -> bool:
    """Whether a fresh preview still says what the operator was shown: power, and machines, within `share`.

    Anything else starts again (T5, C5): nobody executes what nobody has seen, so a machine that was not shown never
    comes in. A few of many may have left: of 400,000 machines some fail in any minute, and they are skipped by name.
    """
    before, after = _machines(shown.targets), _machines(fresh.targets)
    left = len(before) - len(after)
    tolerance_w = max(share * abs(shown.delta_w), METER_NOISE_W)
    if not fresh.allowed or not after <= before or left > share * len(before):
        return False
    return abs(shown.delta_w - fresh.delta_w) <= tolerance_w


def _machines(targets: Iterable[PreviewTarget]) -> set[tuple[str, str]]:
    return {(target.site_id, machine) for target in targets for machine in target.machines}


def name_to_type(preview: Preview) -> str:
    """What the operator types where the risk asks for it (R35): the selection's title, or the one site's name."""
    title = preview.command.selector.title.strip()
    if title:
        return title
    names = [target.name for target in preview.targets]
    return names[0] if len(names) == 1 else f"{len(names)} sites"

"""Knows what is wrong with a command as it was written, before any site is asked; and which command is the way back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from msgspec.structs import replace

from console.domain.command import REVERSIBLE, Arguments, Command, Selector, Verb
from console.domain.durations import DAY_MINUTES
from console.domain.site import Fleet

LONGEST_REASON = 500
LEAST_REVERT_S, LONGEST_REVERT_S = 60.0, 7 * 86_400.0
LOWEST_SHARE, HIGHEST_SHARE = 0.2, 1.2  # of the rated power, as makers' firmware allows at most
HIGHEST_MACHINE_W = 20_000.0
POOL_SCHEMES = frozenset({"stratum+tcp", "stratum+ssl", "stratum+tls", "stratum2+tcp"})
LONGEST_TEXT = 500


def problems_of(command: Command, fleet: Fleet) -> tuple[str, ...]:
    """Every reason, in words, for which nobody need be asked about this command."""
    return (*_general(command, fleet), *_of_arguments(command.verb, command.arguments))


def _general(command: Command, fleet: Fleet) -> Iterator[str]:
    reason = command.reason.strip()
    if not reason or len(reason) > LONGEST_REASON or not reason.isprintable():
        yield f"a reason is needed: 1 to {LONGEST_REASON} printable characters"
    if not (command.id and len(command.id) <= 64 and command.id.isascii() and command.id.isprintable()):
        yield "the command's id must be 1 to 64 visible characters"
    yield from _of_selector(command.selector, fleet)
    if command.revert_after_s is None:
        return
    if command.verb not in REVERSIBLE:
        yield f"a {command.verb} cannot be taken back"
    elif not LEAST_REVERT_S <= command.revert_after_s <= LONGEST_REVERT_S:
        yield "it can be taken back after 1 min to 7 d"


def _of_selector(selector: Selector, fleet: Fleet) -> Iterator[str]:
    known = {site.id for site in fleet.sites}
    if not selector.sites:
        yield "no site is named"
    if len(set(selector.sites)) < len(selector.sites):
        yield "a site is named twice"
    if unknown := [site for site in selector.sites if site not in known]:
        yield f"the fleet has no site {', '.join(unknown[:3])}"
    outside = (selector.containers.keys() | selector.machines.keys()) - set(selector.sites)
    if outside:
        yield f"machines of {', '.join(sorted(outside)[:3])} are named, but not the site"


def _of_arguments(verb: Verb, given: Arguments) -> Iterator[str]:
    site_w, machine_w, share = given.site_power_w, given.machine_power_w, given.machine_share
    if site_w is not None and (verb not in (Verb.CURTAIL, Verb.RESUME) or not 0 <= site_w < 1e12):
        yield "a site's power goes with curtail and resume, and is not negative"
    if verb is Verb.POWER_TARGET:
        if (machine_w is None) == (share is None):
            yield "a power target needs either a power or a share of each machine's rated power"
        if machine_w is not None and not 0 < machine_w <= HIGHEST_MACHINE_W:
            yield f"a machine's power lies above 0 and at most at {HIGHEST_MACHINE_W:,.0f} W"
        if share is not None and not LOWEST_SHARE <= share <= HIGHEST_SHARE:
            yield f"a share of the rated power lies from {LOWEST_SHARE:.0%} to {HIGHEST_SHARE:.0%}"
    elif machine_w is not None or share is not None:
        yield f"a {verb} takes no power for each machine"
    if verb is Verb.CHANGE_POOL:
        yield from _of_pool(given)
    elif given.pool_url or given.pool_worker:
        yield f"a {verb} takes no pool"
    yield from _of_sleep(verb, given)


def _of_pool(given: Arguments) -> Iterator[str]:
    parts = urlsplit(given.pool_url)
    if parts.scheme not in POOL_SCHEMES or not parts.hostname or len(given.pool_url) > LONGEST_TEXT:
        yield "a pool's address reads stratum+tcp://HOST:PORT"
    if parts.username or parts.password:
        yield "a pool's address carries no name or password: the worker is given apart"
    if len(given.pool_worker) > LONGEST_TEXT or not given.pool_worker.isprintable():
        yield f"a worker's name has at most {LONGEST_TEXT} printable characters"


def _of_sleep(verb: Verb, given: Arguments) -> Iterator[str]:
    if given.sleep and verb is not Verb.SLEEP_SCHEDULE:
        yield f"a {verb} takes no hours of sleep"
    for window in given.sleep:
        inside = 0 <= window.start_min < DAY_MINUTES and 0 <= window.end_min < DAY_MINUTES
        if not inside or window.start_min == window.end_min:
            yield "hours of sleep lie within the day, and their end is not their start"


def way_back(command: Command, machines: Mapping[str, tuple[str, ...]], command_id: str, at_ms: int) -> Command:
    """The command that undoes another one for these machines, by site id; it is asked for by the one who asked.

    A power target is taken back to the rated power, a sleep schedule to none: what held before is not known.
    """
    verb, arguments = command.verb, Arguments()
    match command.verb:
        case Verb.CURTAIL:
            verb = Verb.RESUME
        case Verb.RESUME:
            verb = Verb.CURTAIL
        case Verb.POWER_TARGET:
            arguments = Arguments(machine_share=1.0)
        case Verb.LOCATE:
            arguments = Arguments(led_on=not command.arguments.led_on)
    selector = Selector(sites=tuple(machines), machines=dict(machines), title=command.selector.title)
    return replace(
        command,
        id=command_id,
        verb=verb,
        selector=selector,
        arguments=arguments,
        reason=f"taken back as asked: {command.reason}"[:LONGEST_REASON],
        by=f"Meridian, asked by {command.by}",
        at_ms=at_ms,
        revert_after_s=None,
        emergency=False,
        takes_back=command.id,
    )

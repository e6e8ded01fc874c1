"""Reads what a command needs to know right before it is previewed or executed: sites, machines, rights of the site.

Every site has a thread of its own meanwhile, so that one that does not answer costs the others no freshness.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from msgspec.structs import replace as changed

from console.adapters.base import Deadline
from console.adapters.control import Foreseen
from console.adapters.redaction import plain
from console.domain.command import Command, Order, Skipped
from console.domain.command_preview import Ground, SiteGround
from console.domain.command_targets import Barred, meant, touchable
from console.domain.errors import MeridianError, Unsupported
from console.domain.machines_now import MachinesNow
from console.domain.site import Fleet, Site
from console.operate.commands.book import CommandBook
from console.operate.commands.controllers import Controllers
from console.operate.commands.reads import FreshReads

READ_S, ASK_S = 6.0, 3.0  # together below the ten seconds that a fresh read lives
PROTECTED = "protected: never commanded"
MOVED = "of the machines chosen some left, or their names passed to others since: choose them again"


@dataclass(frozen=True, slots=True)
class Surveyor:
    """Surveys the ground of commands; `hashprice` in USD per PH/s and day, None while nobody tells one."""

    fleet: Fleet
    reads: FreshReads
    controllers: Controllers
    book: CommandBook
    wall_ms: Callable[[], int]
    hashprice: Callable[[], float | None] = lambda: None

    def survey(self, command: Command) -> Ground:
        """Every site of the command read afresh and asked what it would do. Raises StoreError."""
        found: dict[str, SiteGround | Skipped] = {}
        sites = [self.fleet.site(site_id) for site_id in command.selector.sites]
        threads = [threading.Thread(target=self._into, args=(found, command, site), daemon=True) for site in sites]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        sites_on = self.reads.sites_on()
        grounds = [self._aged(command, found[site.id]) for site in sites]
        return Ground(
            sites=tuple(ground for ground in grounds if isinstance(ground, SiteGround)),
            skipped=tuple(ground for ground in grounds if isinstance(ground, Skipped)),
            sites_on=sites_on,
            rules=self.fleet.command_rules,
            now_ms=self.wall_ms(),
            hashprice=self.hashprice(),
        )

    def with_holds(self, ground: Ground, command: Command) -> Ground:
        """The ground with what other commands hold at this moment; the caller holds the book's lock."""
        but_for = frozenset({command.id, command.takes_back})
        sites = [
            replace(
                site,
                barred={**site.barred, **self.book.held(site.site.id, but_for)},
                others=self.book.others(site.site.id, but_for),
            )
            for site in ground.sites
        ]
        return replace(ground, sites=tuple(sites), now_ms=self.wall_ms())

    def _into(self, found: dict[str, SiteGround | Skipped], command: Command, site: Site) -> None:
        try:
            found[site.id] = self._site(command, site)
        except Exception as error:  # noqa: BLE001 - an adapter is foreign code, and this thread must answer
            words = str(error) if isinstance(error, MeridianError) else f"its adapter failed ({type(error).__name__})"
            found[site.id] = Skipped(site.name, 0, f"cannot be commanded: {plain(words)}")

    def _site(self, command: Command, site: Site) -> SiteGround | Skipped:
        hold = site.limits_in_force.hold
        if hold:
            return Skipped(site.name, 0, f"maintenance hold: {hold}")
        now = self.reads.fetch([site.id], READ_S).get(site.id)
        if now is None and command.emergency:
            now = self.reads.last(site.id)
        if now is None:
            return Skipped(site.name, 0, f"stale: {self.reads.not_fresh(site, self.reads.now(site.id))}")
        if _moved(command, site.id, now):
            return _all_of(site, command, now, MOVED)
        deadline = Deadline.after(ASK_S)
        with self.controllers.at(site) as controller:
            if command.verb not in controller.abilities(deadline):
                return _all_of(site, command, now, f"the site cannot be asked to {command.verb}")
            barred: dict[str, frozenset[str]] = {PROTECTED: site.limits_in_force.protected}
            order = _order(command, site, now, barred)
            if order.machines:
                barred |= _refused(order.machines, _foreseen(controller.preview, order, deadline))
        return SiteGround(site, now, barred)

    def _aged(self, command: Command, ground: SiteGround | Skipped) -> SiteGround | Skipped:
        """The ground with its age as it is now that every site has answered."""
        if isinstance(ground, Skipped):
            return ground
        words = self.reads.not_fresh(ground.site, ground.now)
        if words and not command.emergency:
            return _all_of(ground.site, command, ground.now, f"stale: {words}")
        return replace(ground, stale=words)


def _moved(command: Command, site_id: str, now: MachinesNow) -> bool:
    """Whether a name that was chosen is another machine's by now, or nobody's: what was shown is not so any more."""
    selector = command.selector
    who = selector.who.get(site_id, "")
    return bool(who) and now.roster.who_bears(selector.machines.get(site_id, ())) != who


def order_of(command: Command, machines: Sequence[str]) -> Order:
    """What a site is asked for these machines. How many it takes for a site's power was decided before."""
    arguments = changed(command.arguments, site_power_w=None)
    return Order(verb=command.verb, machines=tuple(machines), arguments=arguments, reason=command.reason, by=command.by)


def _order(command: Command, site: Site, now: MachinesNow, barred: Barred) -> Order:
    rows, _ = touchable(command, site.name, now, barred)
    return order_of(command, [now.roster.ids[row] for row in rows.tolist()])


def _foreseen(preview: Callable[[Order, Deadline], Foreseen], order: Order, deadline: Deadline) -> Foreseen:
    """What the site says; one that has the verb and tells no preview raises no objection."""
    try:
        return preview(order, deadline)
    except Unsupported:
        return Foreseen(order.machines, ())


def _refused(asked: Sequence[str], foreseen: Foreseen) -> Mapping[str, frozenset[str]]:
    """The machines that the site would not touch. It tells reasons by name or by count: one reason goes for all."""
    refused = frozenset(asked).difference(foreseen.machines)
    if not refused:
        return {}
    reasons = {plain(skipped.reason) for skipped in foreseen.skipped}
    return {f"the site says: {'; '.join(sorted(reasons)) or 'it would not touch them'}": refused}


def _all_of(site: Site, command: Command, now: MachinesNow, reason: str) -> Skipped:
    return Skipped(site.name, int(meant(command.selector, site.id, now)[0].size), reason)

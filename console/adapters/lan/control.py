"""Commands miners on a site's own network: finds who stands where right before, and tells each its order once."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from console.adapters.base import Deadline
from console.adapters.control import Foreseen, Progress, Step, Taken
from console.adapters.lan.addresses import Addresses, Places
from console.adapters.lan.book import RosterBook
from console.adapters.lan.client import Sweeps
from console.adapters.lan.order_wire import Doing, Fate
from console.adapters.lan.sighting import Sighting
from console.adapters.lan.teller import Teller
from console.adapters.one_by_one import Fates
from console.adapters.redaction import plain
from console.domain.command import Order, Skipped, Verb
from console.domain.errors import AuthRefused, NotSent, SourceError, Unsupported

VERBS = frozenset(Verb) - {Verb.SLEEP_SCHEDULE}
CHECKED = frozenset({Verb.LOCATE, Verb.CHANGE_POOL})  # what the frames cannot show, and a machine can tell
MOST_GIVEN = 200  # orders whose progress can still be asked for
LOOK_SHARE = 0.4  # of the deadline: for finding the machines; the order has the rest
STRANGER, SILENT = "is no machine that was seen here", "does not answer"


class LanControl:
    """A `Controller`. Used by one thread at a time.

    `secret` gives "user:password"; it is asked for at each order. The protocols know no idempotency key: what sets a
    state is the same when it is set twice, and a reboot is never repeated from here.
    """

    def __init__(
        self,
        site_id: str,
        addresses: Addresses,
        places: Places,
        sweeper: Sweeps,
        teller: Teller,
        secret: Callable[[], str],
    ) -> None:
        self._addresses, self._sweeper, self._teller, self._secret = addresses, sweeper, teller, secret
        self._book = RosterBook(site_id, addresses, places)
        self._given: dict[str, Order] = {}  # by token
        self._ip: dict[str, str] = {}  # machine -> where it stood when it was last looked for

    def abilities(self, deadline: Deadline) -> frozenset[Verb]:
        """What some machine may be asked; whether one can is known of each only when it is looked at."""
        return VERBS

    def preview(self, order: Order, deadline: Deadline) -> Foreseen:
        """Who would be told, as they are now, and who cannot be. Raises Unsupported for what none can be asked."""
        _check(order)
        seen = self._look(order.machines, deadline, everywhere=True)
        able = self._teller.tell(Doing.CAN, order.verb, [one.ip for one in seen.values()], deadline) if seen else {}
        skipped = [Skipped(plain(name, 60), 1, self._absence(name)) for name in order.machines if name not in seen]
        machines = []
        for name, one in seen.items():
            told = able[one.ip]
            if told.fate is Fate.ABLE:
                machines.append(name)
            else:
                skipped.append(Skipped(plain(name, 60), 1, told.words))
        delta_w, delta_hs = _change(order, [seen[name] for name in machines])
        return Foreseen(tuple(machines), tuple(skipped), delta_w, delta_hs)

    def execute(self, order: Order, key: str, deadline: Deadline) -> Taken:
        """Tell each machine once. Raises NotSent, CommandRefused or CommandLost where none of them took it.

        A machine is told only where it was seen a moment ago: addresses are leased, and another may stand there now.
        """
        try:
            _check(order)
            user, password = _credential(self._secret())
            seen = self._look(order.machines, deadline, everywhere=not self._ip)
            more = {"user": user, "password": password, **_arguments(order)}
            addresses = [seen[name].ip for name in order.machines if name in seen]
            told = self._teller.tell(Doing.TELL, order.verb, addresses, deadline, **more) if addresses else {}
        except NotSent:
            raise
        except SourceError as error:
            raise NotSent(str(error)) from None
        token = self._remember(key, order)
        fates = Fates()
        table = {Fate.REFUSED: fates.refused, Fate.UNSENT: fates.unsent, Fate.LOST: fates.lost}
        for name in order.machines:
            if name not in seen:
                fates.unsent[name] = self._absence(name)
            elif (one := told[seen[name].ip]).fate in table:
                table[one.fate][name] = one.words
        return fates.taken(token, order.machines)

    def progress(self, token: str, deadline: Deadline) -> Progress:
        """Whether lamps and pools read back as told. Raises Unsupported for everything else, which the frames show, and
        for an order of an earlier session: a machine keeps no account of orders."""
        order = self._given.get(token)
        if order is None or order.verb not in CHECKED:
            raise Unsupported("machines tell no progress of an order: only what is read from them shows it")
        at = {name: self._ip[name] for name in order.machines if name in self._ip}
        told = (
            self._teller.tell(Doing.CHECK, order.verb, list(at.values()), deadline, **_arguments(order)) if at else {}
        )
        done = {name for name, ip in at.items() if told[ip].fate is Fate.DONE}
        return Progress({name: Step.DONE if name in done else Step.SENT for name in at}, over=len(done) == len(at))

    def close(self) -> None:
        """End both processes; safe to call twice."""
        self._sweeper.close()
        self._teller.close()

    def _remember(self, key: str, order: Order) -> str:
        """The token under which the order's progress is asked for."""
        self._given[key] = order
        while len(self._given) > MOST_GIVEN:
            del self._given[next(iter(self._given))]
        return key

    def _look(self, machines: Sequence[str], deadline: Deadline, *, everywhere: bool) -> dict[str, Sighting]:
        """Those of the machines that answer now, by name; `everywhere`: it is not known who stands where."""
        wanted = self._addresses.all if everywhere else [self._ip[name] for name in machines if name in self._ip]
        ends = Deadline.after(LOOK_SHARE * deadline.remaining_s(), deadline.clock)
        sightings = {one.ip: one for one in self._sweeper.sweep(wanted, ends)} if wanted else {}
        roster = self._book.update(sightings.values())
        self._ip = {miner.id: miner.ip for miner in roster.miners}
        return {name: sightings[self._ip[name]] for name in machines if self._ip.get(name, "") in sightings}

    def _absence(self, name: str) -> str:
        return SILENT if name in self._ip else STRANGER


def _check(order: Order) -> None:
    if order.verb not in VERBS:
        raise Unsupported(f"machines on a network have no order '{order.verb}'")
    if order.verb is Verb.POWER_TARGET and order.arguments.machine_power_w is None:
        raise Unsupported("these machines tell no rated power: give a power target in watts, not as a share")


def _arguments(order: Order) -> dict[str, object]:
    told = order.arguments
    return {
        "power_w": told.machine_power_w,
        "led_on": told.led_on,
        "pool_url": told.pool_url,
        "pool_worker": told.pool_worker,
    }


def _credential(secret: str) -> tuple[str, str]:
    user, colon, password = secret.partition(":")
    if not colon:
        raise AuthRefused('the control credential of machines on a network is written as "user:password"')
    return user, password


def _change(order: Order, seen: Sequence[Sighting]) -> tuple[float | None, float | None]:
    """What the site would draw and hash more or less; None where a machine does not tell, or nobody can know."""
    power = [math.nan if one.power_w is None else one.power_w for one in seen]
    hashrate = [math.nan if one.hashrate_hs is None else one.hashrate_hs for one in seen]
    if order.verb is Verb.CURTAIL:
        return _known(-math.fsum(power)), _known(-math.fsum(hashrate))
    if order.verb is Verb.POWER_TARGET and order.arguments.machine_power_w is not None:
        return _known(math.fsum(min(0.0, order.arguments.machine_power_w - now) for now in power)), None
    return None, None


def _known(total: float) -> float | None:
    return total if math.isfinite(total) else None

"""Sites of the tests: machines that obey a controller in memory, at once, and faults that a real site can have.

Everything above is real: the desk, its threads, and the store with its journal on a disk.
"""

from __future__ import annotations

import queue
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from console.adapters.base import Deadline
from console.adapters.control import Foreseen, Progress, Step, Taken
from console.domain.access import Person, Role
from console.domain.command import Arguments, Command, Order, Selector, Skipped, Verb
from console.domain.command_journal import UNDER_WAY, CommandRecord, Phase
from console.domain.errors import CommandLost, SourceError
from console.domain.frame import Frame, Reading
from console.domain.interlock import CommandRules, SiteLimits
from console.domain.metric import MinerState
from console.domain.rollup import RosterIndex, roll_up
from console.domain.roster import Miner, Roster
from console.domain.site import Fleet, Ownership, Site, Source
from console.link.orders import ApproveCommand, CommandAnswer, ExecuteCommand, PrepareCommand, Steer, SteerCommand
from console.operate.commands.desk import CommandDesk
from console.operate.commands.opening import Surroundings, open_commands
from console.operate.commands.reads import Measured
from console.store import open_reader, open_writer

ADA, BEN, EVE = Person("Ada", Role.OPERATOR), Person("Ben", Role.SUPERVISOR), Person("Eve", Role.VIEWER)
PEOPLE = {person.name: person for person in (ADA, BEN, EVE)}
DESK = "desk 1"
RIGHT = "right"
RATED_W, RATED_HS, RESTING_W = 3_000.0, 100e12, 60.0
QUICK = CommandRules(batch_machines=20, batch_gap_s=0.0, read_back_s=180.0)


class Clock:
    """The wall clock, which a test may set forward, or stop, so that no slow machine passes a limit for it."""

    def __init__(self) -> None:
        self.ahead_ms = 0
        self._stands_ms: int | None = None

    def __call__(self) -> int:
        now_ms = time.time_ns() // 1_000_000 if self._stands_ms is None else self._stands_ms
        return now_ms + self.ahead_ms

    def stand(self, at_ms: int | None = None) -> None:
        """Stop, now or at that moment; what is set ahead counts from there."""
        self._stands_ms, self.ahead_ms = self() if at_ms is None else at_ms, 0

    def run(self) -> None:
        """Go on from where it stands."""
        self._stands_ms, self.ahead_ms = None, self() - time.time_ns() // 1_000_000


class YardSite:
    """One site and its controller. `orders` is everything that reached it; `deaf` machines say yes and do nothing."""

    def __init__(self, site_id: str, machines: int, clock: Clock) -> None:
        self.site_id, self.clock = site_id, clock
        self.names = tuple(f"{site_id}-m{number:04d}" for number in range(machines))
        miners = tuple(
            Miner(name, rated_hs=RATED_HS, rated_w=RATED_W, container=f"C{number // 20 + 1}")
            for number, name in enumerate(self.names)
        )
        self.roster = Roster(site_id, "r1", miners)
        self.resting, self.off, self.mute = np.zeros((3, machines), dtype=np.bool_)
        self.power_w = np.full(machines, np.nan)  # a power target where one is set
        self.worse = np.linspace(1.0, 1.2, machines)  # the later a machine, the less efficient
        self.deaf: set[str] = set()
        self.refuses: dict[str, str] = {}
        self.verbs = frozenset(Verb)
        self.on_execute: Callable[[Order], None] = lambda order: None
        self.after_execute: Callable[[Order], None] = lambda order: None
        self.orders: list[tuple[str, Order]] = []
        self.dead = False
        self.behind_ms = 0  # how old what it measures is by the time it tells it
        self.polls = 0

    def frame(self) -> Frame:
        hashing = ~(self.resting | self.off)
        full = np.where(np.isnan(self.power_w), RATED_W * self.worse, self.power_w)
        power = np.where(hashing, full, RESTING_W)
        hashrate = np.where(hashing, RATED_HS * np.minimum(1.0, full / RATED_W), 0.0)
        state = np.full(len(self.names), float(MinerState.HASHING))
        state[self.off], state[self.resting] = MinerState.OFF, MinerState.CURTAILED
        columns = {"hashrate_hs": hashrate, "power_w": power, "state": state}
        for column in columns.values():
            column[self.mute] = np.nan
        now_ms = self.clock()
        told = {name: column.astype(np.float32) for name, column in columns.items()}
        return Frame(self.site_id, now_ms - self.behind_ms, now_ms, self.roster.version, told)

    def rows(self, names: tuple[str, ...]) -> np.ndarray:
        place = {name: row for row, name in enumerate(self.names)}
        return np.array([place[name] for name in names if name not in self.deaf], dtype=np.intp)

    def asked(self) -> Counter[str]:
        """How often each machine was asked."""
        return Counter(name for _, order in self.orders for name in order.machines)

    def abilities(self, deadline: Deadline) -> frozenset[Verb]:
        return self.verbs

    def preview(self, order: Order, deadline: Deadline) -> Foreseen:
        willing = tuple(name for name in order.machines if name not in self.refuses)
        skipped = tuple(Skipped(name, 1, why) for name, why in self.refuses.items())
        return Foreseen(willing, skipped)

    def execute(self, order: Order, key: str, deadline: Deadline) -> Taken:
        self.on_execute(order)
        self.orders.append((key, order))
        refused = {name: self.refuses[name] for name in order.machines if name in self.refuses}
        self.obey(order, self.rows(tuple(name for name in order.machines if name not in refused)))
        self.after_execute(order)
        return Taken(f"t{len(self.orders)}", refused)

    def obey(self, order: Order, rows: np.ndarray) -> None:
        match order.verb:
            case Verb.CURTAIL:
                self.resting[rows] = True
            case Verb.RESUME:
                self.resting[rows] = False
            case Verb.POWER_TARGET:
                share = order.arguments.machine_share
                self.power_w[rows] = order.arguments.machine_power_w or (share or 1.0) * RATED_W

    def progress(self, token: str, deadline: Deadline) -> Progress:
        _, order = self.orders[int(token[1:]) - 1]
        steps = {name: Step.FAILED if name in self.deaf else Step.DONE for name in order.machines}
        return Progress(steps, over=True)

    def close(self) -> None:
        pass


def site(site_id: str, machines: int, limits: SiteLimits | None = None, period_s: float = 30.0) -> Site:
    return Site(
        id=site_id, name=site_id.title(), region="Somewhere", country="Nowhere", latitude_deg=0.0, longitude_deg=0.0,
        time_zone="UTC", ownership=Ownership.OWNED, deployed_hs=machines * RATED_HS, capacity_w=machines * 4_000.0,
        power_price_usd_per_mwh=50.0, poll_period_s=period_s, source=Source("paper"),
        limits=limits or SiteLimits(cap_w=machines * 4_000.0, ramp_w_per_min=1e12),
    )  # fmt: skip


class Refusing:
    """The store's writer, whose disk is full while `full` is set; counts what it kept."""

    def __init__(self, writer: object) -> None:
        self._writer, self.full, self.kept = writer, False, 0

    def __getattr__(self, name: str) -> object:
        from console.domain.errors import StoreError

        method = getattr(self._writer, name)

        def guarded(*args: object, **named: object) -> object:
            if self.full and name.startswith("put_"):
                raise StoreError("the disk is full")
            self.kept += name == "put_command"
            return method(*args, **named)

        return guarded


@dataclass
class Field:
    """A fleet, its store, and the desk that commands it."""

    fleet: Fleet
    yards: dict[str, YardSite]
    reader: object
    writer: Refusing
    clock: Clock
    path: Path
    desk: CommandDesk = field(init=False)
    troubles: list[BaseException] = field(default_factory=list)
    changes: Counter[str] = field(default_factory=Counter)
    read_only: bool = False
    alarms: list[tuple[str, str]] = field(default_factory=list)

    def refresh(self, site_id: str) -> None:
        """What the collector does when it is asked to poll: the frame comes from another thread."""
        yard = self.yards[site_id]
        yard.polls += 1
        if not yard.dead:
            threading.Thread(target=self.poll, args=(site_id,), daemon=True).start()

    def poll(self, *site_ids: str) -> None:
        for site_id in site_ids or self.yards:
            self.desk.heard([Measured(self.yards[site_id].frame(), float("nan"))])

    def open(self) -> CommandDesk:
        around = Surroundings(
            refresh=self.refresh, open_control=lambda site: self.yards[site.id],
            publish=lambda change: self.changes.update([change.command_id]), prove=prove,
            trouble=self.troubles.append, wall_ms=self.clock, read_only=self.read_only,
            raise_alarm=lambda place, words, goes_on: self.alarms.append(("goes on" if goes_on else "raised", place)),
            clear_alarm=lambda place, words: self.alarms.append(("cleared", place)),
        )  # fmt: skip
        self.desk = open_commands(self.fleet, self.reader, self.writer, around)
        self.desk.start()
        return self.desk

    def ask(self, request: object, person: Person | None = ADA, desk: str = DESK) -> tuple[str, ...]:
        """The answer, as the desktop that asked gets it."""
        return self.begin(request, person, desk).get(timeout=30).refused

    def begin(self, request: object, person: Person | None = ADA, desk: str = DESK) -> queue.SimpleQueue[CommandAnswer]:
        answers: queue.SimpleQueue[CommandAnswer] = queue.SimpleQueue()

        def reply(message: object) -> bool:
            answers.put(message)
            return True

        self.desk.answer(request, reply, person, desk)
        return answers

    def select(self, command: Command, person: Person | None = ADA, desk: str = DESK) -> tuple[str, ...]:
        return self.ask(PrepareCommand(request="r", session="s", command=command), person, desk)

    def operate(
        self, command_id: str, typed: str = "", person: Person | None = ADA, desk: str = DESK
    ) -> tuple[str, ...]:
        return self.ask(ExecuteCommand(request="r", session="s", command_id=command_id, typed=typed), person, desk)

    def steer(self, command_id: str, steer: Steer, person: Person | None = ADA) -> tuple[str, ...]:
        return self.ask(SteerCommand(request="r", session="s", command_id=command_id, steer=steer), person)

    def approve(self, command_id: str, name: str, secret: str = RIGHT, agreed: bool = True) -> tuple[str, ...]:
        request = ApproveCommand(
            request="r", command_id=command_id, name=name, secret=secret, desk="desk 2", agreed=agreed
        )
        return self.ask(request, None, "")

    def record(self, command_id: str) -> CommandRecord:
        return self.reader.command(command_id)

    def until(self, command_id: str, *phases: Phase, seconds: float = 20.0) -> CommandRecord:
        """The record once it is in one of these phases; polls sites meanwhile, as a collector does."""
        ends_s = time.monotonic() + seconds
        while True:
            record = self.record(command_id)
            if record is not None and record.phase in phases:
                return record
            assert time.monotonic() < ends_s, f"{record.phase if record else None}: {self.troubles}"
            if record is not None and record.phase in UNDER_WAY:
                self.poll(*record.command.selector.sites)
            time.sleep(0.005)

    def close(self) -> None:
        self.desk.stop()
        self.reader.close()
        self.writer.close()


def prove(name: str, secret: str, desk: str, purpose: str) -> Person | str:
    return PEOPLE[name] if secret == RIGHT and name in PEOPLE else "no such name, or another password"


@contextmanager
def field_of(
    folder: Path, sizes: dict[str, int], rules: CommandRules = QUICK, limits: dict[str, SiteLimits] | None = None
) -> Iterator[Field]:
    """A fleet of sites with so many machines each."""
    clock = Clock()
    sites = tuple(site(site_id, size, (limits or {}).get(site_id)) for site_id, size in sizes.items())
    fleet = Fleet(name="Paper", sites=sites, command_rules=rules)
    yards = {site_id: YardSite(site_id, size, clock) for site_id, size in sizes.items()}
    writer = open_writer(folder / "store.db")
    for one in sites:
        frame, roster = yards[one.id].frame(), yards[one.id].roster
        reading = Reading(frame, roster)
        writer.put_reading(frame, roster, roll_up(one, RosterIndex.of(roster), reading))
    field_ = Field(fleet, yards, open_reader(folder / "store.db"), Refusing(writer), clock, folder / "store.db")
    field_.open()
    try:
        yield field_
    finally:
        field_.close()


def wait_for(done: Callable[[], object], seconds: float = 20.0) -> None:
    ends_s = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < ends_s
        time.sleep(0.002)


def tell(figure: str) -> None:
    """What was counted, for whoever runs the tests with -s."""
    sys.stdout.write(f"\n{figure}\n")


_NUMBERS = iter(range(10**9))


def curtail(*sites: str, verb: Verb = Verb.CURTAIL, **more: object) -> Command:
    """A command with an id of its own."""
    selector = more.pop("selector", None) or Selector(tuple(sites), title=str(more.pop("title", "")))
    arguments = more.pop("arguments", Arguments())
    return Command(
        id=f"c{next(_NUMBERS)}", verb=verb, selector=selector, reason="grid peak", by="", desk="", at_ms=0,
        arguments=arguments, **more,
    )  # fmt: skip


def lose_answer(order: Order) -> None:
    raise CommandLost("the line broke before an answer came")


def unreachable(order: Order) -> None:
    raise SourceError("something went wrong")

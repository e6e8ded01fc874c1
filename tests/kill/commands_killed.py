"""A program that commands a simulated site over HTTP and is killed at every step of it, again and again.

For each trial a child is forked that opens the real store and desk, sends a command in four batches, and kills itself
with SIGKILL at one step: before or after a row is kept, before or after the wire. Another child then takes up the
journal. A line of JSON on standard output tells what the journal and the site say of each trial.

    python -m tests.kill.commands_killed FLEET FOLDER TRIALS
"""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
import time
import traceback
import urllib.request
from collections.abc import Callable, Container
from pathlib import Path

from msgspec.structs import replace

from console.adapters.base import Deadline
from console.adapters.registry import Registry
from console.collect.arrival import accept
from console.domain.access import Person, Role
from console.domain.command import Command, Selector, Verb
from console.domain.interlock import CommandRules
from console.domain.site import Fleet
from console.fleet import load_fleet
from console.link.orders import ExecuteCommand, PrepareCommand
from console.operate.commands.desk import CommandDesk
from console.operate.commands.opening import Surroundings, open_commands
from console.operate.commands.reads import Measured
from console.simulator.noise import key_of
from console.store import open_reader, open_writer

BATCHES, A_BATCH = 4, 5
STEPS = 2 + 2 + 6 * BATCHES + 2  # preview, execution, each batch (sent, wire, answer), all sent
SEED = 1
OUTCOMES_S = 10.0
REGISTRY = Registry()
ADA = Person("Ada", Role.OPERATOR)


class Step:
    """Counts the steps of this process and ends it, as nothing else could, at one of them."""

    def __init__(self, fatal: int) -> None:
        self._fatal, self._passed, self._lock = fatal, -1, threading.Lock()

    def __call__(self) -> None:
        with self._lock:
            self._passed += 1
            if self._passed == self._fatal:
                os.kill(os.getpid(), signal.SIGKILL)
                time.sleep(60)


class Stepping:
    """Something of which one method is a step before and after it."""

    def __init__(self, whole: object, name: str, step: Callable[[], None]) -> None:
        self._whole, self._name, self._step = whole, name, step

    def __getattr__(self, name: str) -> object:
        method = getattr(self._whole, name)
        if name != self._name:
            return method

        def stepped(*args: object, **named: object) -> object:
            self._step()
            result = method(*args, **named)
            self._step()
            return result

        return stepped


def nothing() -> None:
    """A step at which nobody dies."""


def opened(fleet: Fleet, store: Path, step: Callable[[], None]) -> CommandDesk:
    """The desk over a real store and the real adapter."""
    site, registry = fleet.sites[0], REGISTRY
    writer, reader = open_writer(store), open_reader(store)
    session, indexes = registry.open(site, secret), {}

    def poll(site_id: str) -> None:
        reading = session.read(Deadline.after(5.0))
        arrival = accept(site, indexes.get(site_id), reading, time.time_ns() // 1_000_000)
        indexes[site_id] = arrival.index
        writer.put_reading(arrival.reading.frame, arrival.reading.roster, arrival.rollup)
        desk.heard([Measured(arrival.reading.frame, arrival.rollup.site_value("meter_w"))])

    around = Surroundings(
        refresh=lambda site_id: threading.Thread(target=poll, args=(site_id,), daemon=True).start(),
        open_control=lambda site: Stepping(registry.open_control(site, secret), "execute", step),
        publish=lambda change: None, prove=lambda name, given, desk, purpose: "nobody", trouble=lambda error: None,
        wall_ms=lambda: time.time_ns() // 1_000_000,
    )  # fmt: skip
    desk = open_commands(fleet, reader, Stepping(writer, "put_command", step), around)
    return desk


def secret(name: str) -> str:
    raise AssertionError(name)


def ask(desk: CommandDesk, request: object) -> tuple[str, ...]:
    answers: queue.SimpleQueue[object] = queue.SimpleQueue()
    desk.answer(request, lambda message: answers.put(message) is None, ADA, "desk")
    return answers.get(timeout=OUTCOMES_S).refused


def lives_and_dies(fleet: Fleet, store: Path, command_id: str, fatal: int) -> None:
    """The child that commands; it ends by its own hand, or tells what went wrong."""
    desk = opened(fleet, store, Step(fatal))
    desk.start()
    site = fleet.sites[0]
    command = Command(
        id=command_id, verb=Verb.LOCATE, selector=Selector((site.id,)), reason="a lamp", by="", desk="", at_ms=0
    )
    for request in (
        PrepareCommand(request="r", session="s", command=command),
        ExecuteCommand(request="r", session="s", command_id=command_id),
    ):
        refused = ask(desk, request)
        assert not refused, refused
    time.sleep(OUTCOMES_S)  # the batches are sent by a thread, and one of their steps is the last
    raise AssertionError("it was not killed")


def takes_up(fleet: Fleet, store: Path, command_id: str) -> None:
    """The child that finds the journal: it must send nothing."""
    desk = opened(fleet, store, nothing)
    desk.start()
    time.sleep(0.15)
    desk.stop()


def forked(work: Callable[[], None]) -> int:
    """Do it in a child; its wait status."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:  # noqa: BLE001 - a forked child never returns into the program it was
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1]


def taken_by_site(fleet: Fleet, but: Container[str] = ()) -> list[str]:
    """The ids of the orders that the site took, by its own events, oldest first; it tells of its last few hundred."""
    url = f"{fleet.sites[0].source.settings['base_url']}/v1/events"
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - loopback
        events = json.load(answer)["events"]
    told = [event["text"].split()[-1] for event in events if event["kind"] == "command_accepted"]
    return [order for order in told if order not in but]


def site_id_of(fleet: Fleet, key: str) -> str:
    """How the simulator calls the order that came with an idempotency key."""
    return f"c{int(key_of(SEED, fleet.sites[0].id, key)):016x}"


def trial(fleet: Fleet, folder: Path, number: int) -> dict[str, object]:
    """One life, one death, one resurrection."""
    store, command_id = folder / f"{number}.db", f"trial-{number}"
    before = frozenset(taken_by_site(fleet))
    died = forked(lambda: lives_and_dies(fleet, store, command_id, number % STEPS))
    taken = taken_by_site(fleet, but=before)
    survived = journal(store, command_id)
    sent = {site_id_of(fleet, batch.key) for batch in survived["batches"] if batch.sent_ms is not None}
    ended = forked(lambda: takes_up(fleet, store, command_id))
    after = journal(store, command_id)
    return {
        "step": number % STEPS,
        "killed": os.WIFSIGNALED(died) and os.WTERMSIG(died) == signal.SIGKILL,
        "taken_up": ended == 0,
        "taken": len(taken),
        "without_row": sorted(set(taken) - sent),
        "twice": len(taken) - len(set(taken)),
        "sent_after": len(taken_by_site(fleet, but=before.union(taken))),
        "phase_before": survived["phase"],
        "phase_after": after["phase"],
        "states_after": sorted({str(state) for batch in after["batches"] for state in batch.counts()}),
    }


def journal(store: Path, command_id: str) -> dict[str, object]:
    """What the store tells of the command."""
    reader = open_reader(store)
    try:
        record = reader.command(command_id)
        return {"phase": str(record.phase) if record else None, "batches": reader.batches(command_id)}
    finally:
        reader.close()


def main(fleet_file: str, folder: str, trials: str) -> None:
    """A line a trial."""
    fleet = load_fleet(Path(fleet_file))
    rules = CommandRules(batch_machines=A_BATCH, batch_gap_s=0.0)
    fleet = replace(fleet, sites=fleet.sites[:1], command_rules=rules)
    REGISTRY.open_control(fleet.sites[0], secret).close()  # imported once, and not by every child
    for number in range(int(trials)):
        sys.stdout.write(json.dumps(trial(fleet, Path(folder), number)) + "\n")
        sys.stdout.flush()
        for left in Path(folder).glob(f"{number}.db*"):
            left.unlink()


if __name__ == "__main__":
    main(*sys.argv[1:])

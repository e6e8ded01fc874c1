"""The collector process: puts schedule, polls, store and link together, and knows how it starts and how it ends.

Qt-free, one a profile, the only writer of telemetry. What it knows of a site comes from its adapter; what it tells
goes into the store, and a word of it over the link.
"""

from __future__ import annotations

import logging
import os
import random
import sys
import threading
import time
from contextlib import ExitStack, suppress
from functools import partial
from logging.handlers import RotatingFileHandler

from console import __version__
from console.adapters.base import Reader, Secrets
from console.adapters.redaction import Redactor
from console.adapters.registry import Registry
from console.collect.arrival import Arrival
from console.collect.backfill import Backfill
from console.collect.detail_desk import DetailDesk
from console.collect.diary import Diary
from console.collect.ending import Ending
from console.collect.housekeeping import Housekeeping
from console.collect.ingest import Ingest
from console.collect.ledger import LEDGER_FILE, Ledger
from console.collect.link_book import LinkBook
from console.collect.lock import ProfileLock
from console.collect.note_desk import NoteDesk
from console.collect.poll import Poller
from console.collect.roster_watch import RosterWatch
from console.collect.rounds import Rounds
from console.collect.schedule import Schedule
from console.collect.sleep import boot_time_s
from console.domain.errors import StoreError
from console.domain.link_state import LinkState
from console.domain.place import FLEET
from console.domain.rollup import HOLD_MS, RosterIndex
from console.domain.site import Fleet, Site
from console.link.messages import (
    AlarmRequest,
    AskDetail,
    BackfillProgress,
    CancelBackfill,
    FromDesktop,
    Hello,
    PutNote,
    Refresh,
    Stopping,
)
from console.link.orders import AcknowledgeAudit
from console.link.server import LinkServer, Reply
from console.operate.alarms.desk import AlarmDesk, Sample
from console.operate.alarms.machines import Machines
from console.operate.alarms.opening import open_desk, open_notifier
from console.operate.audit.opening import acknowledged, open_watch
from console.operate.commands.desk import CommandDesk, CommandRequest
from console.operate.commands.opening import UNVERIFIED_RULE, Surroundings, open_commands
from console.operate.commands.reads import Measured
from console.operate.people.opening import open_people
from console.operate.people.requests import answer as answer_people
from console.operate.people.requests import signed, tell_if_ended, who_asks
from console.settings import Profile
from console.store import open_reader, open_writer
from console.store.face import Event

TIDY_FIRST_S, TIDY_EVERY_S = 120.0, 3600.0
LOG_BYTES, LOG_FILES = 2_000_000, 3


def wall_ms() -> int:
    """Now, in epoch milliseconds."""
    return time.time_ns() // 1_000_000


class Collector:
    """Everything of one collector, from `start` to `stop`; the caller holds the profile's lock."""

    def __init__(
        self, fleet: Fleet, profile: Profile, secrets: Secrets, backfill: bool = True, read_only: bool = False
    ) -> None:
        self._fleet, self._redact = fleet, Redactor()
        self.diary = Diary(self._redact, _log_handlers(profile))
        self._registry = Registry()
        self._secrets = self._learning(secrets)
        self._writer = open_writer(profile.store)
        self._reader = open_reader(profile.store)
        for notice in self._writer.opened.notices:
            self.diary.warn("store", notice=notice)
        self._whole = threading.Event()  # a desktop may ask before everything that answers is there
        self._server = LinkServer(
            profile, Hello(__version__, os.getpid(), wall_ms(), fleet.simulated), self._on_request
        )
        self._progressed_ms: int | None = None  # when the running back-fill last came forward
        self._book = self._make_book()
        self._alarms = self._make_alarms(profile)
        self._people = open_people(fleet, self._reader, self._writer, wall_ms, boot_time_s, self._on_people_trouble)
        self._audit = open_watch(profile, self._reader, self._writer, wall_ms, self._on_audit)
        self._notes = NoteDesk(self._writer, self._server.tell, wall_ms)
        self._details = DetailDesk(fleet.sites, self._reader, self._open, self._server.tell, self._redact)
        self._ingest = Ingest(self._writer, fleet, self._server.tell, self._on_trouble, self._on_stored)
        self._poller = Poller(fleet.sites, self._open, self._deliver, self._known_index, wall_ms, self._kept_digest)
        self._rosters = RosterWatch(fleet.sites, self._writer, wall_ms)
        self._backfill = self._make_backfill(profile) if backfill else None
        self.rounds = self._make_rounds()
        self._commands = self._make_commands(read_only)
        self._housekeeping = Housekeeping(
            self._writer, self._server.tell, self.diary, wall_ms, TIDY_FIRST_S, TIDY_EVERY_S
        )
        self._whole.set()

    def _make_backfill(self, profile: Profile) -> Backfill:
        ledger = Ledger(profile.folder / LEDGER_FILE)
        if self._reader.newest_ms() is None:
            ledger.forget()  # a fresh store: what was asked for before lies in another file
        args = (self._fleet, self._open, self._reader, self._ingest, ledger, self._on_progress, self.diary, wall_ms)
        return Backfill(*args)

    def _make_alarms(self, profile: Profile) -> AlarmDesk:
        self._notifier, lost = open_notifier(profile, self._secrets, self._on_undelivered, wall_ms)
        tell, trouble, notify = self._server.tell, self._on_alarm_trouble, self._notifier.tell
        desk, broken = open_desk(self._fleet, profile, self._reader, self._writer, tell, trouble, wall_ms, notify)
        for problem in (*broken, *lost):
            self.diary.warn("alarm rules", problem=problem)
            self._writer.put_event(Event(wall_ms(), FLEET, "alarm rules", problem))
        return desk

    def _make_commands(self, read_only: bool) -> CommandDesk:
        around = Surroundings(
            refresh=self.rounds.refresh,
            open_control=lambda site: self._registry.open_control(site, self._secrets),
            publish=self._server.tell,
            prove=self._people.prove,
            trouble=self._on_command_trouble,
            wall_ms=wall_ms,
            forbidden=self._audit.why_refused,
            raise_alarm=partial(self._alarms.raise_event, UNVERIFIED_RULE),
            clear_alarm=partial(self._alarms.clear_event, UNVERIFIED_RULE),
            read_only=read_only,
        )
        return open_commands(self._fleet, self._reader, self._writer, around)

    def _make_book(self) -> LinkBook:
        names = {site.source.adapter for site in self._fleet.sites}
        entries = {name: self._registry.entry(name) for name in names}  # all imports happen here, in one thread
        rungs = {name: str(entry.adapter.manifest.rung) for name, entry in entries.items() if entry.adapter}
        return LinkBook(self._fleet.sites, rungs, self._redact)

    def _make_rounds(self) -> Rounds:
        return Rounds(
            self._fleet,
            Schedule(self._fleet.sites, time.monotonic(), random.Random()),  # noqa: S311 - a jitter, not a secret
            self._poller,
            self._book,
            self._ingest,
            self._server.tell,
            self.diary,
            wall_ms,
            self._on_return,
        )

    def start(self) -> None:
        """Begin to write, to fill the past and to tidy; the caller turns the rounds."""
        self._audit.start()
        self._alarms.start()
        self._notifier.start()
        self._ingest.start()
        self._commands.start()
        now_ms = wall_ms()
        self._ingest.note(lambda writer: writer.put_fleet(self._fleet))
        # a kill between a frame and its totals leaves them one frame behind
        self._ingest.note(lambda writer: writer.refresh_totals(self._fleet, now_ms - HOLD_MS, now_ms))
        if self._backfill is not None:
            self._backfill.start()
            self._housekeeping.start()
        self.diary.say("started", sites=len(self._fleet.sites), pid=os.getpid(), version=__version__)

    def run(self, ending: Ending) -> int:
        """Turn until it is time to end; 0, or 1 when the store's thread broke."""
        while not ending.due():
            if self._ingest.failure is not None:
                self.diary.trace(
                    "the store's thread broke; the collector ends to be started anew", self._ingest.failure
                )
                return 1
            self.rounds.turn()
            self._alarms.tick(self._links, self._stalled_s())
            self._people.tick()
            self.rounds.nap()
        return 0

    def stop(self, reason: str) -> None:
        """Write what waits, say farewell, close."""
        self._commands.stop()
        self._housekeeping.stop()
        if self._backfill is not None:
            self._backfill.stop()
        self._ingest.stop()
        self._notifier.stop()
        self._audit.stop()
        self._details.close()
        self._server.close(Stopping(reason))
        self._poller.close()
        self._reader.close()
        self._writer.close()
        self.diary.say("stopped", reason=reason)
        self.diary.close()

    def cancel_backfill(self) -> None:
        """Leave the rest of the past alone."""
        if self._backfill is not None:
            self._backfill.cancel()

    def _open(self, site: Site) -> Reader:
        return self._registry.open(site, self._secrets)

    def _deliver(self, arrival: Arrival, timeout_s: float) -> None:
        if not self._ingest.offer(arrival, timeout_s):
            self.diary.warn("a frame was dropped: the store is behind")
        self._commands.heard([Measured(arrival.reading.frame, arrival.rollup.site_value("meter_w"))])

    def _known_index(self, site_id: str) -> RosterIndex | None:
        try:
            roster = self._reader.roster(site_id)
        except StoreError:
            return None
        return None if roster is None else RosterIndex.of(roster)

    def _kept_digest(self, site_id: str, version: str) -> str | None:
        try:
            return self._reader.roster_digest(site_id, version)
        except StoreError:
            return None

    def _on_return(self, site_id: str, last_ok_ms: int) -> None:
        if self._backfill is not None:
            self._backfill.fill(site_id, last_ok_ms, wall_ms())

    def _on_request(self, request: FromDesktop, reply: Reply) -> None:
        self._whole.wait()
        tell_if_ended(self._people, request, reply)
        if isinstance(request, Refresh):
            self.rounds.refresh(request.site_id)
        elif isinstance(request, CancelBackfill):
            self.cancel_backfill()
        elif isinstance(request, AlarmRequest):
            self._alarms.answer(signed(self._people, request))
        elif isinstance(request, PutNote):
            self._notes.answer(request)
        elif isinstance(request, AskDetail):
            self._details.ask(request)
        elif isinstance(request, CommandRequest):
            self._commands.answer(request, reply, *who_asks(self._people, request))
        elif isinstance(request, AcknowledgeAudit):
            reply(acknowledged(self._audit, self._people, request))
        else:
            answer_people(self._people, request, reply)

    def _links(self) -> dict[str, LinkState]:
        return {site.id: self._book.state(site.id) for site in self._fleet.sites}

    def _on_undelivered(self, words: str) -> None:
        self.diary.warn("a notification was not delivered", route=words)

    def _on_progress(self, progress: BackfillProgress) -> None:
        self._progressed_ms = wall_ms() if progress.running else None
        self._server.tell(progress)

    def _stalled_s(self) -> float:
        """How long a running back-fill has not come forward; 0 while none runs."""
        return 0.0 if self._progressed_ms is None else max(0.0, (wall_ms() - self._progressed_ms) / 1000)

    def _on_stored(self, arrivals: list[Arrival]) -> None:
        try:
            self._rosters.stored(arrivals)
        except StoreError as error:
            self.diary.warn("what is odd about rosters could not be kept", error=str(error))
        self._alarms.sampled([_sample(arrival) for arrival in arrivals])

    def _on_alarm_trouble(self, error: BaseException) -> None:
        self.diary.trace("the alarms could not be judged or kept", error)

    def _on_command_trouble(self, error: BaseException) -> None:
        self.diary.trace("a command could not be kept or went wrong", error)

    def _on_people_trouble(self, error: StoreError) -> None:
        self.diary.warn("what people did could not be read or kept", error=str(error))

    def _on_audit(self, words: str) -> None:
        """An event on every screen, and a line in the log also where the store cannot take the event."""
        self.diary.warn("audit", words=words)
        with suppress(StoreError):
            self._writer.put_event(Event(wall_ms(), FLEET, "audit", words))

    def _on_trouble(self, error: StoreError | None) -> None:
        if error is None:
            self.diary.say("the store can be written again")
        else:
            self.diary.warn("the store cannot be written", error=str(error))

    def _learning(self, secrets: Secrets) -> Secrets:
        """Every secret that is looked up is hidden from logs and errors from then on."""

        def look_up(name: str) -> str:
            secret = secrets(name)
            self._redact.learn(secret)
            return secret

        return look_up


def _sample(arrival: Arrival) -> Sample:
    return arrival.rollup, arrival.ahead_s, Machines(arrival.reading.frame, arrival.index)


def _log_handlers(profile: Profile) -> list[logging.Handler]:
    """The profile's log file; also standard error where somebody reads it: a terminal, or systemd's journal."""
    file = RotatingFileHandler(profile.log, maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8", delay=True)
    if sys.stderr.isatty() or "JOURNAL_STREAM" in os.environ:
        return [file, logging.StreamHandler(sys.stderr)]
    return [file]


def run(
    fleet: Fleet, profile: Profile, secrets: Secrets, ending: Ending, refill: bool = False, read_only: bool = False
) -> int:
    """Collect until `ending` says so; `refill` asks for the past again, also where that was cancelled before.

    `read_only` cuts every path that could command a site (R40).
    Raises AlreadyRunning and StoreError before anything was begun.
    """
    with ExitStack() as stack:
        stack.enter_context(ProfileLock(profile.create().lock))
        if refill:
            Ledger(profile.folder / LEDGER_FILE).forget()
        collector = Collector(fleet, profile, secrets, read_only=read_only)
        collector.start()
        code = 1
        try:
            code = collector.run(ending)
        finally:
            collector.stop(ending.reason or "something broke")
    return code


def run_once(fleet: Fleet, profile: Profile, secrets: Secrets, ending: Ending, timeout_s: float) -> bool:
    """Poll every site once, without back-fill; whether every site was answered or refused in time."""
    with ProfileLock(profile.create().lock):
        collector = Collector(fleet, profile, secrets, backfill=False, read_only=True)
        collector.start()
        try:
            return collector.rounds.settle_all(timeout_s, ending.due)
        finally:
            collector.stop("every site was polled once")

"""Opens the command desk of a profile: its journal taken up, its parts put together, its read-only form cut off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from console.adapters.control import Controller
from console.domain.command_journal import CommandRecord
from console.domain.errors import StoreError, Unsupported
from console.domain.place import FLEET, site_key
from console.domain.site import Fleet, Site
from console.link.messages import FromCollector
from console.operate.commands.book import CommandBook
from console.operate.commands.controllers import Controllers
from console.operate.commands.desk import READ_ONLY, CommandDesk, Prove
from console.operate.commands.execute import Executing
from console.operate.commands.guard import Guards, Ramps
from console.operate.commands.prepare import Surveyor
from console.operate.commands.readback import ReadBack
from console.operate.commands.reads import FreshReads
from console.operate.commands.recover import recover
from console.operate.commands.revert import WaysBack
from console.operate.commands.run import Runner
from console.operate.commands.select import Selecting
from console.operate.commands.watch import Chores, Watch
from console.store.commands_face import CommandReader, CommandWriter
from console.store.face import Event, OperationsWriter, TelemetryReader

UNVERIFIED_RULE = "command-unverified"  # the alarm of a site that does not show what it was told


class Reader(TelemetryReader, CommandReader, Protocol):
    """What the desk reads."""


class Writer(CommandWriter, OperationsWriter, Protocol):
    """What the desk keeps."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the collector offers the desk: to poll a site, to open a controller, to tell desktops, and its clock.

    `prove` is how a second person shows who they are; `trouble` hears of faults. `forbidden` says why nothing may be
    commanded for now, for example an audit chain with a fault; empty: nothing. `raise_alarm` and `clear_alarm` are told
    of a site (by its place) whose machines do not show what they were told, or do so at last. `read_only` cuts every
    path that could command (R40): no controller is ever opened then.
    """

    refresh: Callable[[str], None]
    open_control: Callable[[Site], Controller]
    publish: Callable[[FromCollector], None]
    prove: Prove
    trouble: Callable[[BaseException], None]
    wall_ms: Callable[[], int]
    forbidden: Callable[[], str] = lambda: ""
    raise_alarm: Callable[[str, str, bool], object] = lambda place, words, goes_on: None
    clear_alarm: Callable[[str, str], object] = lambda place, words: None
    read_only: bool = False


def open_commands(fleet: Fleet, reader: Reader, writer: Writer, around: Surroundings) -> CommandDesk:
    """The desk. Where the journal cannot be read nothing may be commanded, and the desk says so; nothing is raised."""
    book = CommandBook(writer, around.publish, around.wall_ms, around.trouble)
    reads = FreshReads(fleet, reader, around.refresh, around.wall_ms)
    controllers = Controllers(_none if around.read_only else around.open_control)
    surveyor = Surveyor(fleet, reads, controllers, book, around.wall_ms)
    runner = Runner(Guards(fleet, book, reads, Ramps()), controllers, around.trouble)
    say = _Saying(fleet, writer, around)
    broken = READ_ONLY if around.read_only else ""
    try:
        for words in recover(fleet, book, reader, around.wall_ms()).words:
            say.fleet(f"open when the collector started: {words}")
    except StoreError as error:
        broken = f"nothing is commanded, because the journal cannot be read: {error}"
        around.trouble(error)
    selecting, executing = Selecting(surveyor, book, reader), Executing(surveyor, book, runner.begin)
    read_back = ReadBack(fleet, book, reads, controllers, say.unverified, say.settled)
    ways_back = WaysBack(book, reader, selecting, executing, say.fleet, around.trouble)

    def forbidden() -> str:
        return broken or around.forbidden()

    watch = Watch(Chores(book, read_back, ways_back, forbidden), around.trouble)
    return CommandDesk(fleet, reader, writer, book, reads, selecting, executing, runner, watch, around.prove, forbidden)


def _none(site: Site) -> Controller:
    raise Unsupported(READ_ONLY)


class _Saying:
    """Tells whoever looks at the screen, as events; a full disk is no reason to stop."""

    def __init__(self, fleet: Fleet, writer: OperationsWriter, around: Surroundings) -> None:
        self._fleet, self._writer, self._around = fleet, writer, around

    def fleet(self, words: str) -> None:
        """Something about a command as a whole."""
        self._put(FLEET, words)

    def unverified(self, record: CommandRecord, site_id: str, machines: int, goes_on: bool) -> None:
        """So many machines of a site did not show in time what a command told them: one alarm, not one a batch."""
        name, place = self._fleet.site(site_id).name, site_key(site_id)
        verb = record.command.verb
        words = f"{verb}, {machines:,} machine{'' if machines == 1 else 's'}"
        if not goes_on:
            self._put(place, f"{name}: command not seen to take effect: {words}")
        self._around.raise_alarm(place, words, goes_on)

    def settled(self, site_id: str, words: str) -> None:
        """No machine of a site is missing any more."""
        self._around.clear_alarm(site_key(site_id), words)

    def _put(self, place: str, words: str) -> None:
        try:
            self._writer.put_event(Event(self._around.wall_ms(), place, "command", words))
        except StoreError as error:
            self._around.trouble(error)

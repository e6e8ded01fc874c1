"""Where a command line asks about people: at the collector over the link, or at the store itself where none runs.

The words are the link's in both cases, and so are the rules. Where no collector runs, the profile's lock is held, so
that there is never a second writer. Knows no terminal.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from console.collect.lock import AlreadyRunning, ProfileLock
from console.collect.sleep import boot_time_s
from console.domain.errors import ConfigError, StoreError
from console.domain.site import Fleet
from console.link.asking import Asking
from console.link.messages import FromCollector, FromDesktop
from console.link.orders import AcknowledgeAudit
from console.operate.audit.opening import acknowledged, open_watch
from console.operate.audit.watch import AuditWatch
from console.operate.people.book import People
from console.operate.people.opening import open_people
from console.operate.people.requests import answer
from console.settings import Profile
from console.store import StoreMissing, open_reader, open_writer


@dataclass(frozen=True, slots=True)
class Reception:
    """`ask` waits for the answer, `tell` for none."""

    ask: Callable[[FromDesktop], FromCollector]
    tell: Callable[[FromDesktop], None]


@contextmanager
def reception(profile: Profile, say: Callable[[str], None]) -> Iterator[Reception]:
    """The way to the people of a profile; `say` hears what happened to the store when it was opened.

    Raises NoAnswer where somebody holds the profile and does not answer, StoreNewer and other StoreErrors where the
    store cannot be written.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(ProfileLock(profile.create().lock))
        except OSError as error:
            problem = f"{profile.folder}: cannot be written ({error.strerror}), expected a writable profile directory"
            raise ConfigError((problem,)) from error
        except AlreadyRunning:
            asking = stack.enter_context(Asking(profile))
            yield Reception(asking.ask, asking.tell)
            return
        writer = open_writer(profile.store)
        stack.callback(writer.close)
        reader = open_reader(profile.store)
        stack.callback(reader.close)
        fleet = reader.fleet() or Fleet(name="", sites=())
        people = open_people(fleet, reader, writer, wall_ms, boot_time_s, _raise)
        watch = open_watch(profile, reader, writer, wall_ms, say)
        for notice in writer.opened.notices:
            say(notice)
        yield Reception(_asked_of(people, watch), _told_to(people))


def anybody(profile: Profile) -> bool:
    """Whether there is an account already: the first one needs no sign-in."""
    try:
        reader = open_reader(profile.store)
    except StoreMissing:
        return False
    try:
        return bool(reader.accounts())
    finally:
        reader.close()


def wall_ms() -> int:
    """Now, in epoch milliseconds."""
    return time.time_ns() // 1_000_000


def _raise(error: StoreError) -> None:
    raise error


def _asked_of(people: People, watch: AuditWatch) -> Callable[[FromDesktop], FromCollector]:
    def ask(request: FromDesktop) -> FromCollector:
        answers: list[FromCollector] = []

        def hear(message: FromCollector) -> bool:
            answers.append(message)
            return True

        if isinstance(request, AcknowledgeAudit):
            watch.verify()
            return acknowledged(watch, people, request)
        answer(people, request, hear)
        return answers[0]

    return ask


def _told_to(people: People) -> Callable[[FromDesktop], None]:
    return lambda request: answer(people, request, lambda message: True)

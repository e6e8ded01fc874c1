"""Opens the watch over a profile's audit chain, and answers the one request that there is about it."""

from __future__ import annotations

from collections.abc import Callable

from console.domain.errors import ConfigError
from console.link.orders import AcknowledgeAudit, Done
from console.operate.audit.anchors import FILE_NAME, Place, read_places
from console.operate.audit.watch import AuditWatch
from console.operate.people.book import People
from console.settings import Profile
from console.store.commands_face import CommandReader, CommandWriter


def open_watch(
    profile: Profile,
    reader: CommandReader,
    writer: CommandWriter,
    wall_ms: Callable[[], int],
    say: Callable[[str], None],
) -> AuditWatch:
    """The watch; what is wrong with the profile's `audit.toml` is said, and then the chain has no anchor."""
    places: tuple[Place, ...] = ()
    try:
        places = read_places(profile.folder / FILE_NAME)
    except ConfigError as error:
        for problem in error.problems:
            say(f"The audit chain has no anchor: {problem}")
    return AuditWatch(reader, writer, places, wall_ms, say)


def acknowledged(watch: AuditWatch, people: People, request: AcknowledgeAudit) -> Done:
    """What became of an administrator's word that the faults were looked at."""
    person, desk = people.person_of(request.session), people.desk_of(request.session)
    return Done(request.request, watch.acknowledge(person, desk, request.note))

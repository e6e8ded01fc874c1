"""The words of the link between collector and desktop: small, typed, never data (that is in the store)."""

from __future__ import annotations

import enum

import msgspec

from console.domain.machine_detail import MachineDetail
from console.domain.note import Note
from console.link.orders import AnswerOfOrders, RequestOfOrders


class Hello(msgspec.Struct, frozen=True, tag=True):
    """First word of the collector to a desktop that attaches."""

    version: str
    pid: int
    started_ms: int
    simulated: bool


class FrameStored(msgspec.Struct, frozen=True, tag=True):
    """Site `site_id` has a new frame in the store, measured at `at_ms`."""

    site_id: str
    at_ms: int


class LinkChanged(msgspec.Struct, frozen=True, tag=True):
    """The link state of a site changed; the new one is in the store."""

    site_id: str
    link: str


class BackfillProgress(msgspec.Struct, frozen=True, tag=True):
    """How far the past has been filled: `done` of `total` site-days; `running` is false at the end."""

    done: int
    total: int
    running: bool


class TidyProgress(msgspec.Struct, frozen=True, tag=True):
    """How many of the finished days (one a place) were closed; `running` is false at the end."""

    done: int
    total: int
    running: bool


class AlarmsChanged(msgspec.Struct, frozen=True, tag=True):
    """Alarms, the flood or the silence changed; `changes` is how many transitions. All of it is in the store."""

    changes: int
    announced: int  # how many of them ask somebody to look
    worst: int  # the worst priority among those that do, 0 for none


class AlarmAnswer(msgspec.Struct, frozen=True, tag=True):
    """What became of an AlarmRequest: which alarms it moved, and why it left the others (key, reason in words).

    Every desktop hears it; `request` says whose it is. A refusal of the whole has the key "".
    """

    request: str
    done: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]


class NoteAnswer(msgspec.Struct, frozen=True, tag=True):
    """What became of a PutNote: kept where `reason` is empty, else why not; `again` asks to hand it over later.

    Every desktop hears it, and reads the notes of its place again.
    """

    note_id: str
    reason: str = ""
    again: bool = False


class DetailAnswer(msgspec.Struct, frozen=True, tag=True):
    """What a source told of one machine, or why it did not. Small: at most sixteen parts of a kind, never stored."""

    request: str
    detail: MachineDetail | None = None
    reason: str = ""


class Stopping(msgspec.Struct, frozen=True, tag=True):
    """The collector leaves on purpose."""

    reason: str


class Refresh(msgspec.Struct, frozen=True, tag=True):
    """Request: poll this site now."""

    site_id: str


class CancelBackfill(msgspec.Struct, frozen=True, tag=True):
    """Request: stop filling the past; live polling goes on."""


class AlarmVerb(enum.StrEnum):
    """What can be asked of alarms."""

    ACKNOWLEDGE = "acknowledge"
    SHELVE = "shelve"
    UNSHELVE = "unshelve"
    TAKE_OUT = "take out of service"
    PUT_BACK = "put back in service"
    SILENCE = "silence"


class AlarmRequest(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Request: do this to these alarms, each named; there is no "all" (R23).

    `session` stands for who asks; the collector fills in `who` and `role` from it. `note` is the acknowledgement's
    note or the reason.
    """

    request: str
    verb: AlarmVerb
    who: str
    role: int  # of `access.Role`
    workstation: str
    session: str = ""
    keys: tuple[str, ...] = ()
    note: str = ""
    span_s: float = 0.0  # of a shelf or a silence


class PutNote(msgspec.Struct, frozen=True, tag=True):
    """Request: keep this note. Its own id is the request's: handed over twice, it is one note.

    Author, desk and role are the desktop's word, as in an AlarmRequest.
    """

    note: Note
    role: int  # of `access.Role`


class AskDetail(msgspec.Struct, frozen=True, tag=True):
    """Request: ask the source of a site for the parts of one machine, now."""

    request: str
    site_id: str
    miner_id: str


FromCollector = (
    Hello
    | FrameStored
    | LinkChanged
    | BackfillProgress
    | TidyProgress
    | AlarmsChanged
    | AlarmAnswer
    | NoteAnswer
    | DetailAnswer
    | AnswerOfOrders
    | Stopping
)
FromDesktop = Refresh | CancelBackfill | AlarmRequest | PutNote | AskDetail | RequestOfOrders


_FROM_COLLECTOR: msgspec.msgpack.Decoder[FromCollector] = msgspec.msgpack.Decoder(FromCollector)
_FROM_DESKTOP: msgspec.msgpack.Decoder[FromDesktop] = msgspec.msgpack.Decoder(FromDesktop)


def encode(message: FromCollector | FromDesktop) -> bytes:
    """One message as msgpack bytes."""
    return msgspec.msgpack.encode(message)


def decode_from_collector(body: bytes) -> FromCollector:
    """What the collector said; raises msgspec.DecodeError on anything else."""
    return _FROM_COLLECTOR.decode(body)


def decode_from_desktop(body: bytes) -> FromDesktop:
    """What a desktop asked; raises msgspec.DecodeError on anything else."""
    return _FROM_DESKTOP.decode(body)

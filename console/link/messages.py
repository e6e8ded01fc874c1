"""The words of the link between collector and desktop: small, typed, never data (that is in the store)."""

from __future__ import annotations

import msgspec


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


class Stopping(msgspec.Struct, frozen=True, tag=True):
    """The collector leaves on purpose."""

    reason: str


class Refresh(msgspec.Struct, frozen=True, tag=True):
    """Request: poll this site now."""

    site_id: str


class CancelBackfill(msgspec.Struct, frozen=True, tag=True):
    """Request: stop filling the past; live polling goes on."""


FromCollector = Hello | FrameStored | LinkChanged | BackfillProgress | Stopping
FromDesktop = Refresh | CancelBackfill


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

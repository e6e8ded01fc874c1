"""The messages between a controller and the process in which it commands machines."""

from __future__ import annotations

import enum

import msgspec


class Fate(enum.StrEnum):
    """What became of an order at one machine."""

    ABLE = "able"  # it was only asked whether it can
    TAKEN = "taken"  # it, or the library for it, says yes; nothing is proved by that
    DONE = "done"  # what was asked reads back as asked
    REFUSED = "refused"  # it cannot be asked this, and was not
    UNSENT = "unsent"
    LOST = "lost"


class Doing(enum.StrEnum):
    """What a request is about."""

    CAN = "can"  # whether each machine could be told; nothing is sent
    TELL = "tell"
    CHECK = "check"  # whether it reads back


class OrderRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One order for the machines at these addresses; the credential goes through a pipe and nowhere else.

    `verb` is a `Verb`'s value; `power_w` is of each machine. `run` comes back in every answer.
    """

    run: int
    doing: Doing
    verb: str
    addresses: list[str]
    within_s: float
    at_once: int
    user: str = ""
    password: str = ""
    power_w: float | None = None
    led_on: bool = True
    pool_url: str = ""
    pool_worker: str = ""

    def __repr__(self) -> str:
        return f"OrderRequest({self.verb}, {len(self.addresses)} machines)"  # never the credential


class Told(msgspec.Struct, frozen=True):
    """What became of it at one address, in words where it is not plainly well."""

    ip: str
    fate: Fate
    words: str = ""


class OrderAnswer(msgspec.Struct, frozen=True, omit_defaults=True):
    """One machine's fate, or the end of the run."""

    run: int
    told: Told | None = None
    done: bool = False

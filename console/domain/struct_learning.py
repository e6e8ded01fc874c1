"""Lets msgspec learn a struct in one thread before many use it: two that meet one first at the same time crash it.

What msgspec (0.22) knows of a struct can be seen by other threads before it is whole. One that decodes into the struct
in that moment reads a null pointer, and its process is gone. A collector that was started next to another one died so.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import msgspec

_TURN = threading.Lock()


def learn(*kinds: type[Any]) -> None:
    """Learn these types and every struct that they hold, one thread at a time; who decodes comes after."""
    with _TURN:
        for kind in kinds:
            msgspec.json.Decoder(kind)


def learn_all() -> None:
    """Learn every struct that is defined by now: some ten milliseconds the first time, one after that.

    One that msgspec cannot decode, in an adapter that somebody else wrote, is left to whoever uses it.
    """
    for kind in dict.fromkeys(_descendants(msgspec.Struct)):
        with suppress(Exception):
            learn(kind)


def _descendants(kind: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    for one in kind.__subclasses__():
        yield one
        yield from _descendants(one)

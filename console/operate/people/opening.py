"""Opens the people of a profile from its store: accounts that cannot be read let nobody in, and nobody be the first."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from console.domain.account import Account
from console.domain.errors import StoreError
from console.domain.site import Fleet
from console.operate.people.book import People
from console.store.commands_face import CommandReader, CommandWriter


def open_people(
    fleet: Fleet,
    reader: CommandReader,
    writer: CommandWriter,
    wall_ms: Callable[[], int],
    now_s: Callable[[], float],
    trouble: Callable[[StoreError], None] = lambda error: None,
) -> People:
    """The people as the store has them; `now_s` counts sleep too, so that a lid that was closed locks the desk."""
    accounts: Sequence[Account] | StoreError
    try:
        accounts = reader.accounts()
    except StoreError as error:
        trouble(error)
        accounts = error
    return People(accounts, writer, fleet.command_rules.lock_after_s, wall_ms, now_s, trouble)

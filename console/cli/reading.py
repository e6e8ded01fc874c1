"""How a subcommand that only reads comes to its store: one of an older Meridian is brought up to date first."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from console.settings import Profile
    from console.store.reader import StoreReader


def reader_of(profile: Profile) -> StoreReader:
    """The profile's store, open for reading; raises a StoreError where it cannot be. Says on stderr what it did."""
    from console.older_store import bring_up_to_date
    from console.store import open_reader

    for notice in bring_up_to_date(profile):
        sys.stderr.write(f"{notice}\n")
    return open_reader(profile.store)

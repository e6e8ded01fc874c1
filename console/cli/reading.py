"""How a subcommand that only reads comes to its store: one of an older Meridian is brought up to date first.

One of a newer Meridian is read as far as it can be, and that is said.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from console.settings import Profile
    from console.store.reader import StoreReader


def reader_of(profile: Profile) -> StoreReader:
    """The profile's store, open for reading; raises a StoreError where it cannot be. Says on stderr what is odd."""
    from console.older_store import bring_up_to_date
    from console.store import open_reader

    upgraded = bring_up_to_date(profile)
    reader = open_reader(profile.store)
    for notice in (*upgraded, *reader.opened.notices):
        sys.stderr.write(f"{notice}\n")
    return reader

"""Brings the store of an older Meridian up to date where no collector is there to do it: the laptop in the field.

Knows the profile's lock and the store's way in; knows no window and no command.
"""

from __future__ import annotations

import os

from console.collect.lock import AlreadyRunning, ProfileLock
from console.settings import Profile
from console.store import StoreFull, StoreOlder, open_writer
from console.store.opening import look_before_reading


def bring_up_to_date(profile: Profile) -> tuple[str, ...]:
    """What was done, in plain sentences; nothing where the store is as new as this program.

    Raises StoreOlder where a collector holds the profile (it upgrades by itself) or the medium cannot be written, and
    whatever else a reader would raise. A copy of the old store is kept beside it. Not for the GUI thread.
    """
    try:
        look_before_reading(profile.store)
    except StoreOlder as older:
        return _upgrade(profile, older)
    return ()


def _upgrade(profile: Profile, older: StoreOlder) -> tuple[str, ...]:
    if not (os.access(profile.folder, os.W_OK) and os.access(profile.store, os.W_OK)):
        raise _unwritable(profile)
    try:
        with ProfileLock(profile.lock):
            writer = open_writer(profile.store)
            writer.close()
    except AlreadyRunning:
        raise older from None
    except StoreFull as error:
        raise StoreOlder(f"The store of an older Meridian could not be brought up to date: {error}") from error
    except OSError as error:
        raise _unwritable(profile) from error
    notices: tuple[str, ...] = writer.opened.notices
    return notices


def _unwritable(profile: Profile) -> StoreOlder:
    return StoreOlder(
        f"{profile.store.name} was written by an older Meridian and {profile.folder} is read-only, so it cannot be "
        "brought up to date here. Copy the profile to a disk that can be written and open the copy with --profile."
    )

"""The SQLite store behind two faces, telemetry and operations: the only data path to the screen.

`open_reader(path)` and `open_writer(path)` are the way in; `path` is the store's file. What the store raises is
always a `StoreError` of `trouble`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from console.domain.struct_learning import learn_all
from console.store.opening import Opened, set_aside
from console.store.trouble import StoreBusy, StoreCorrupt, StoreForeign, StoreFull, StoreMissing, StoreNewer, StoreOlder

if TYPE_CHECKING:
    from console.store.reader import StoreReader
    from console.store.writer import StoreWriter

__all__ = [
    "Opened",
    "StoreBusy",
    "StoreCorrupt",
    "StoreForeign",
    "StoreFull",
    "StoreMissing",
    "StoreNewer",
    "StoreOlder",
    "open_reader",
    "open_writer",
    "set_aside",
]


def open_reader(path: Path) -> StoreReader:
    """The read side. Raises StoreMissing (no store yet), StoreOlder, StoreCorrupt, StoreForeign, StoreBusy.

    A store of a newer Meridian is read as far as it can be; `reader.opened.notices` says so.
    """
    from console.store.reader import StoreReader

    learn_all()  # everything that is read from here on may be read by many threads
    return StoreReader(path)


def open_writer(path: Path) -> StoreWriter:
    """The write side, creating or upgrading the file. A damaged file is set aside and a fresh one begun, which
    `writer.opened` says. Raises StoreNewer and StoreForeign (never written), StoreBusy, StoreFull."""
    from console.store.writer import StoreWriter

    learn_all()
    return StoreWriter(path)

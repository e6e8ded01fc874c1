"""Looks whether this machine can run Meridian and whether a profile is well; changes nothing and asks no site."""

from __future__ import annotations

import enum
import importlib.metadata
import importlib.util
import platform
import shutil
import sqlite3
import subprocess
import sys
import zoneinfo
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from console import __version__
from console.domain.errors import StoreError

PACKAGES = ("PySide6-Essentials", "pyqtgraph", "numpy", "msgspec", "zstandard", "sqlite-utils", "requests", "keyring")
OLDEST_PYTHON = (3, 11)
LITTLE_DISK_BYTES = 10 << 30  # what 355,000 machines fill in their fourteen days
NO_DISK_BYTES = 1 << 30
MOST_DRIFT = 100  # six to eight are seen to come and go by themselves; the fault loses thousands
CHILD_S = 60
DEBIAN_LIBRARIES = (
    "libegl1 libgl1 libxkbcommon0 libfontconfig1 libdbus-1-3 libglib2.0-0 libxcb-cursor0 libxkbcommon-x11-0 "
    "libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxcb-image0 libxcb-render-util0 libxcb-randr0 libxcb-xinerama0"
)
_COUNT = "import sys; from console.ui.process.reference_count import drift; sys.stdout.write(str(drift()))"


class Level(enum.StrEnum):
    """How much a finding matters."""

    OK = "ok"
    NOTE = "note"  # works, but somebody should know
    BAD = "bad"  # something will not work


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    level: Level
    topic: str
    text: str


def check_up(folder: Path, store: Path, time_zones: Iterable[str]) -> Iterator[Finding]:
    """All findings, one by one: the store may take minutes."""
    yield from versions()
    yield from platform_libraries()
    yield reference_counts()
    yield zone_data(time_zones)
    yield disk(folder)
    yield from store_health(store)


def versions() -> Iterator[Finding]:
    """Meridian, Python, SQLite and the packages it stands on."""
    old = sys.version_info < OLDEST_PYTHON
    yield Finding(Level.OK, "meridian", __version__)
    yield Finding(Level.BAD if old else Level.OK, "python", f"{platform.python_version()} on {platform.platform()}")
    yield Finding(Level.OK, "sqlite", sqlite3.sqlite_version)
    for name in PACKAGES:
        try:
            yield Finding(Level.OK, name, importlib.metadata.version(name))
        except importlib.metadata.PackageNotFoundError:
            yield Finding(Level.BAD, name, "is not installed")


def platform_libraries() -> Iterator[Finding]:
    """Whether the libraries that Qt's offscreen and X11 platforms load are there; pip cannot see that."""
    spec = importlib.util.find_spec("PySide6")
    ldd = shutil.which("ldd")
    if spec is None or not spec.submodule_search_locations or ldd is None:
        yield Finding(Level.NOTE, "qt libraries", "cannot be looked at here")
        return
    plugins = Path(spec.submodule_search_locations[0], "Qt", "plugins", "platforms")
    for name in ("offscreen", "xcb"):
        plugin = plugins / f"libq{name}.so"
        if plugin.exists():
            yield _libraries(name, missing_libraries(ldd, plugin))


def _libraries(name: str, missing: list[str]) -> Finding:
    if not missing:
        return Finding(Level.OK, f"qt {name}", "all libraries are there")
    level = Level.BAD if name == "offscreen" else Level.NOTE  # without X11 it still runs headless
    text = f"missing {', '.join(missing)}; on Debian: apt-get install --no-install-recommends {DEBIAN_LIBRARIES}"
    return Finding(level, f"qt {name}", text)


def missing_libraries(ldd: str, plugin: Path) -> list[str]:
    """What the dynamic linker does not find for a plug-in."""
    done = subprocess.run(  # noqa: S603  # both paths are our own
        [ldd, str(plugin)], capture_output=True, text=True, timeout=CHILD_S, check=False
    )
    return sorted({line.split()[0] for line in done.stdout.splitlines() if "not found" in line})


def reference_counts() -> Finding:
    """Whether the Qt bindings keep the counts of None, True and False, tried in a process of its own."""
    try:
        done = subprocess.run(  # noqa: S603  # this Python and constant text
            [sys.executable, "-c", _COUNT], capture_output=True, text=True, timeout=CHILD_S, check=False
        )
    except subprocess.TimeoutExpired:
        return Finding(Level.NOTE, "reference counts", f"gave no answer within {CHILD_S} s")
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or [f"ended with {done.returncode}"]
        return Finding(Level.BAD, "reference counts", f"Qt cannot be used: {last[0]}")
    drift = int(done.stdout)
    if drift > MOST_DRIFT:
        return Finding(Level.BAD, "reference counts", f"PySide6 loses them ({drift}): it will abort; install 6.11.3")
    return Finding(Level.OK, "reference counts", "PySide6 keeps them")


def zone_data(names: Iterable[str]) -> Finding:
    """Whether every time zone of the fleet is known."""
    known = zoneinfo.available_timezones()
    wanted = set(names)
    unknown = sorted(wanted - known)
    if unknown:
        return Finding(Level.BAD, "time zones", f"unknown: {', '.join(unknown)}; install tzdata")
    return Finding(Level.OK, "time zones", f"{len(known)} known, all {len(wanted)} of the fleet among them")


def disk(folder: Path) -> Finding:
    """Room where the profile lies, or would lie."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    level = Level.BAD if free < NO_DISK_BYTES else Level.NOTE if free < LITTLE_DISK_BYTES else Level.OK
    return Finding(level, "disk", f"{free / 1e9:.1f} GB free at {folder}")


def store_health(path: Path) -> Iterator[Finding]:
    """The structure of the store's file and the checksum of every blob in it."""
    from console.store import StoreMissing
    from console.store.database import SCHEMA
    from console.store.opening import newer_text
    from console.store.verify import verify

    try:
        found = verify(path)
    except StoreMissing as error:
        yield Finding(Level.NOTE, "store", str(error))
        return
    except StoreError as error:
        yield Finding(Level.BAD, "store", str(error))
        return
    size = f"{found.size_bytes / 1e6:.1f} MB, schema {found.schema}, {found.frames} frames, {found.days} day series"
    yield Finding(Level.BAD if found.findings else Level.OK, "store", f"{path}: {size}")
    if found.schema > SCHEMA:
        yield Finding(Level.NOTE, "store", newer_text(path, found.schema))
    for text in found.findings:
        yield Finding(Level.BAD, "store", text)
    for aside in sorted(path.parent.glob(f"{path.name}.corrupt-*")):
        if not aside.name.endswith(("-wal", "-shm")):
            yield Finding(
                Level.NOTE, "store", f"{aside.name} was set aside: damaged, kept, {aside.stat().st_size} bytes"
            )

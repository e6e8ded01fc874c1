"""Knows where things lie on this machine: the profile directory with its files, and the resources folder.

A profile is one store, one collector and any number of readers. It opens nothing and reads no setting of a user.
"""

from __future__ import annotations

import errno
import hashlib
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from console.domain.errors import ConfigError

APPLICATION = "meridian"
LONGEST_SOCKET_PATH = 100  # sun_path holds 108 bytes on Linux and 104 on macOS, the closing NUL among them


@dataclass(frozen=True, slots=True)
class Profile:
    """The files of one profile directory; none of them needs to exist."""

    folder: Path

    @property
    def fleet(self) -> Path:
        """The fleet file that is used when none is named."""
        return self.folder / "fleet.toml"

    @property
    def store(self) -> Path:
        """The SQLite store; its WAL lies beside it."""
        return self.folder / "meridian.db"

    @property
    def lock(self) -> Path:
        """Locked by the one collector of this profile; the lock falls with its process, however that ends."""
        return self.folder / "collector.lock"

    @property
    def link_key(self) -> Path:
        """The key with which desktop and collector authenticate each other."""
        return self.folder / "link.key"

    @property
    def link_address(self) -> str:
        """Where the collector listens: a Unix socket, on Windows a named pipe; distinct for each profile."""
        digest = hashlib.sha256(os.fsencode(self.folder.absolute())).hexdigest()[:16]
        if sys.platform == "win32":
            return rf"\\.\pipe\{APPLICATION}-{digest}"
        beside = str(self.folder.absolute() / "link.sock")
        if len(os.fsencode(beside)) <= LONGEST_SOCKET_PATH:
            return beside
        return str(Path(tempfile.gettempdir()) / f"{APPLICATION}-{os.getuid()}" / f"{digest}.sock")

    @property
    def log(self) -> Path:
        """The collector's log."""
        return self.folder / "collector.log"

    @property
    def desktop_log(self) -> Path:
        """The desktop's log."""
        return self.folder / "desktop.log"

    @property
    def pending_notes(self) -> Path:
        """Notes that wait for a collector, one JSON line each; written by desktops."""
        return self.folder / "pending-notes.jsonl"

    @property
    def captures(self) -> Path:
        """Where F12 puts its pictures."""
        return self.folder / "captures"

    def create(self) -> Profile:
        """Make the directories, readable by this user only; raises ConfigError where that cannot be."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if sys.platform != "win32":
                _make_private(Path(self.link_address).parent)
        except OSError as error:
            problem = f"{self.folder}: cannot be made ({error.strerror}), expected a writable profile directory"
            raise ConfigError((problem,)) from error
        return self


def _make_private(folder: Path) -> None:
    """A directory for sockets under a shared temporary one could have been laid there by somebody else."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise PermissionError(errno.EPERM, "it belongs to another user", str(folder))


def profile(folder: str | Path | None = None, demo: bool = False) -> Profile:
    """The profile at `folder`; without one the user's own, or the demo fleet's, so that the two never mix."""
    if folder is not None:
        return Profile(Path(folder).expanduser())
    return Profile(platformdirs.user_data_path(APPLICATION, appauthor=False) / ("demo" if demo else "fleet"))


def resources() -> Path:
    """The folder of maps, fonts, icons and tables; raises ConfigError where the installation lacks it.

    In a checkout it lies beside the package; in a frozen bundle inside it; in an installed tree under `share`.
    """
    package = Path(__file__).resolve().parent
    bundle = getattr(sys, "_MEIPASS", None)
    places = [Path(bundle) / "resources"] if bundle else []
    places += [package.parent / "resources", Path(sys.prefix) / "share" / APPLICATION / "resources"]
    for place in places:
        if place.is_dir():
            return place
    raise ConfigError((f"no resources folder, expected one of {', '.join(map(str, places))}",))

"""Knows where the link of a profile is found and which key opens it; speaks no word on it."""

from __future__ import annotations

import hashlib
import os
import secrets
import sys
import tempfile
from pathlib import Path

from console.domain.errors import StoreError

KEY_FILE = "link.key"
KEY_BYTES = 32
SOCKET_FILE = "link.sock"
LONGEST_SOCKET_PATH = 100  # bytes; Linux takes 107, macOS 103


def address_of(profile: Path) -> str:
    """The address for `multiprocessing.connection`: a named pipe on Windows, else a Unix socket.

    The socket lies in the profile; where that path is too long for the system, in a private directory of this user
    under a name made of the profile's path.
    """
    digest = hashlib.sha256(str(profile.resolve()).encode()).hexdigest()[:20]
    if sys.platform == "win32":
        return rf"\\.\pipe\meridian-{digest}"
    path = str(profile.resolve() / SOCKET_FILE)
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    return str(_private_directory() / f"{digest}.sock")


def family_of(address: str) -> str:
    """The family name that `multiprocessing.connection` wants."""
    return "AF_PIPE" if address.startswith("\\\\") else "AF_UNIX"


def link_key(profile: Path) -> bytes:
    """The profile's key, made at first use and readable by its owner only; raises StoreError when it is not ours."""
    path = profile / KEY_FILE
    try:
        if not path.exists():
            _make_key(path)
        key = path.read_bytes()
    except OSError as error:
        raise StoreError(f"the link's key {path} cannot be used: {error.strerror}") from error
    if len(key) != KEY_BYTES:
        raise StoreError(f"the link's key {path} has {len(key)} bytes where {KEY_BYTES} are expected; delete it")
    return key


def _make_key(path: Path) -> None:
    """Write it whole under another name, then link it: of two processes that start at once, one key wins."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
    try:
        if sys.platform == "win32":
            draft.rename(path)  # refuses to replace on Windows
        else:
            path.hardlink_to(draft)
    except FileExistsError:
        return
    finally:
        draft.unlink(missing_ok=True)


def _private_directory() -> Path:
    """A directory that only this user can enter; raises StoreError where somebody else made it first."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    base = Path(runtime) if runtime and len(os.fsencode(runtime)) < 60 else Path(tempfile.gettempdir())
    user = os.getuid() if hasattr(os, "getuid") else 0
    directory = base / f"meridian-{user}"
    directory.mkdir(mode=0o700, exist_ok=True)
    state = directory.lstat()
    if directory.is_symlink() or state.st_uid != user or state.st_mode & 0o077:
        raise StoreError(f"{directory} is not private to this user; remove it or set XDG_RUNTIME_DIR")
    return directory

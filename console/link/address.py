"""Knows which key opens the link of a profile and of which kind its address is; speaks no word on it."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path

from console.domain.errors import StoreError

KEY_BYTES = 32


def family_of(address: str) -> str:
    """The family name that `multiprocessing.connection` wants."""
    return "AF_PIPE" if address.startswith("\\\\") else "AF_UNIX"


def link_key(path: Path) -> bytes:
    """The profile's key, made at first use and readable by its owner only; raises StoreError when it is not ours."""
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

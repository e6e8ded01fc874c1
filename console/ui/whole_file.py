"""Writes a file whole or not at all: beside its place first, then moved there, so that nobody sees a half one."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Where to write; it takes the place of `path` when the block ends well.

    Raises OSError, also where `path` is a device, a pipe or a folder: a file must not take their place.
    """
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "it is no regular file", str(path))
    beside = path.with_name(f".{path.name}.part")
    try:
        yield beside
        beside.replace(path)
    except BaseException:
        with suppress(OSError):  # of a full disk, or one that went away: the first error is what is told
            beside.unlink()
        raise

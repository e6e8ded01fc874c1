"""Keeps the head of the audit chain in a second place, a file on a share or a syslog server; `audit.toml` names them.

The second place must be out of reach of whoever owns this machine; nothing here can prove that it is. Reads anchors
back from such a file, and from the lines of a syslog file.
"""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Iterator
from logging import LogRecord, makeLogRecord
from logging.handlers import SysLogHandler
from pathlib import Path
from typing import Annotated, Protocol

import msgspec

from console.domain.audit import Anchor
from console.domain.errors import ConfigError
from console.fleet.own_file import open_own
from console.fleet.read import Text
from console.fleet.table import found, read_table

FILE_NAME = "audit.toml"
EXPECTED = "a file that says where the audit chain is anchored"
SYSLOG = re.compile(r"udp://(?P<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\]):(?P<port>\d{1,5})|unix:(?P<path>/.+)")
LINE = re.compile(r"audit anchor seq=(\d{1,15}) digest=([0-9a-f]{64}) at_ms=(\d{1,15})\b")
SyslogAddress = Annotated[
    str,
    msgspec.Meta(pattern=rf"\A(?:{SYSLOG.pattern})\Z", description='"udp://HOST:PORT" or "unix:/dev/log"'),
]


class AnchorTable(msgspec.Struct, kw_only=True):
    """`[anchor]`."""

    file: Text = ""
    syslog: SyslogAddress = ""


class Place(Protocol):
    """Where an anchor is kept; `name` is how it is told."""

    name: str

    def keep(self, anchor: Anchor) -> None:
        """Keep it; raises OSError where that cannot be."""
        ...

    def kept(self) -> tuple[Anchor, ...]:
        """What can be read back; raises ConfigError where it should be there and cannot be read."""
        ...


class FilePlace:
    """A file on a share, a JSON line an anchor. It must be there already: a share that is not mounted has none."""

    def __init__(self, path: Path) -> None:
        self.path, self.name = path, f"file {path}"

    def keep(self, anchor: Anchor) -> None:
        """Append a line and wait until the disk has it."""
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND)
        try:
            os.write(handle, msgspec.json.encode(anchor) + b"\n")
            os.fsync(handle)
        finally:
            os.close(handle)

    def kept(self) -> tuple[Anchor, ...]:
        """Every line of the file."""
        return kept_anchors(self.path)


class SyslogPlace:
    """A syslog server. Over UDP nobody says that it arrived."""

    def __init__(self, address: str) -> None:
        self.name = f"syslog {address}"
        match = SYSLOG.fullmatch(address)
        if match is None:
            raise ConfigError((f"{address}: expected udp://HOST:PORT or unix:/dev/log",))
        self._address: str | tuple[str, int] = match["path"] or (match["host"].strip("[]"), int(match["port"]))

    def keep(self, anchor: Anchor) -> None:
        """Send one line."""
        text = f"meridian: audit anchor seq={anchor.seq} digest={anchor.digest} at_ms={anchor.at_ms}"
        handler = _Raising(self._address, facility=SysLogHandler.LOG_AUTHPRIV, socktype=socket.SOCK_DGRAM)
        try:
            handler.emit(makeLogRecord({"msg": text, "levelname": "INFO"}))
        finally:
            handler.close()

    def kept(self) -> tuple[Anchor, ...]:
        """A server is not asked: `meridian audit verify --anchors` reads a copy of its file."""
        return ()


class _Raising(SysLogHandler):
    """A handler that lets its caller know: the standard one writes what went wrong to standard error and goes on."""

    def handleError(self, record: LogRecord) -> None:
        raise


def read_places(path: Path) -> tuple[Place, ...]:
    """The places of a file, none where there is no file. Raises ConfigError with every problem of it."""
    if not path.exists():
        return ()
    data, problems = open_own(path, EXPECTED, ("anchor",))
    table = data.get("anchor", {})
    if not isinstance(table, dict):
        problems.add(("anchor",), f"{found(table)}, expected an [anchor] table")
        table = {}
    told = AnchorTable(**read_table(AnchorTable, table, ("anchor",), problems))
    if told.file and not Path(told.file).is_absolute():
        problems.add(("anchor", "file"), f"{found(told.file)}, expected a path from the root")
    problems.raise_any()
    places: list[Place] = [FilePlace(Path(told.file))] if told.file else []
    return (*places, SyslogPlace(told.syslog)) if told.syslog else tuple(places)


def kept_anchors(path: Path) -> tuple[Anchor, ...]:
    """The anchors that a file holds: JSON lines of ours, or lines of a syslog file; other lines are none.

    Raises ConfigError where it cannot be read. A JSON line that is cut off is told, not skipped.
    """
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise ConfigError((f"{path}: cannot be read ({error.strerror}), expected a file of anchors",)) from error
    return tuple(_anchors(text, path))


def _anchors(text: str, path: Path) -> Iterator[Anchor]:
    for number, line in enumerate(text.splitlines(), 1):
        match = LINE.search(line)
        if match is not None:
            yield Anchor(int(match[1]), match[2], int(match[3]))
        elif line.startswith("{"):
            try:
                yield msgspec.json.decode(line, type=Anchor)
            except msgspec.DecodeError as error:
                problem = f"{path}:{number}: found no anchor ({error}), expected seq, digest and at_ms"
                raise ConfigError((problem,)) from None

"""Writes the collector's log: one JSON object a line, on change only, secrets taken out, text from outside escaped."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import IO

LOGGER = "meridian.collector"


class JsonLines(logging.Formatter):
    """A record as one JSON line in ASCII: neither a line break nor a terminal's escape can be smuggled in (S6).

    What a caller passes as `extra={"facts": {...}}` becomes fields of the object.
    """

    def __init__(self, redact: Callable[[str], str]) -> None:
        super().__init__()
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        entry = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "what": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            entry["trace"] = self.formatException(record.exc_info)
        clean = {key: self._redact(value) if isinstance(value, str) else value for key, value in entry.items()}
        return json.dumps(clean, ensure_ascii=True, default=str)


class Diary:
    """What the collector tells of itself; may be called from any thread."""

    def __init__(self, redact: Callable[[str], str], stream: IO[str] | None = None) -> None:
        self._logger = logging.getLogger(LOGGER)
        self._logger.setLevel(logging.INFO)
        self._logger.propagate = False
        handler = logging.StreamHandler(stream or sys.stderr)
        handler.setFormatter(JsonLines(redact))
        for old in tuple(self._logger.handlers):
            self._logger.removeHandler(old)
        self._logger.addHandler(handler)

    def say(self, what: str, **facts: object) -> None:
        """Something changed as it should."""
        self._logger.info(what, extra={"facts": facts})

    def warn(self, what: str, **facts: object) -> None:
        """Something changed as it should not."""
        self._logger.warning(what, extra={"facts": facts})

    def trace(self, what: str, error: BaseException) -> None:
        """Something broke that no rule expected: its whole trace."""
        self._logger.error(what, exc_info=error)

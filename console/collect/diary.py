"""Writes the collector's log: one JSON object a line, on change only, secrets taken out, text from outside escaped."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

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

    def __init__(self, redact: Callable[[str], str], handlers: Iterable[logging.Handler]) -> None:
        self._logger = logging.Logger(LOGGER, logging.INFO)  # noqa: LOG001 - its own, whoever else configures logging
        for handler in handlers:
            handler.setFormatter(JsonLines(redact))
            self._logger.addHandler(handler)

    def close(self) -> None:
        """Close the log's files."""
        for handler in self._logger.handlers:
            handler.close()

    def say(self, what: str, **facts: object) -> None:
        """Something changed as it should."""
        self._logger.info(what, extra={"facts": facts})

    def warn(self, what: str, **facts: object) -> None:
        """Something changed as it should not."""
        self._logger.warning(what, extra={"facts": facts})

    def trace(self, what: str, error: BaseException) -> None:
        """Something broke that no rule expected: its whole trace."""
        self._logger.error(what, exc_info=error)

"""Knows how text from outside and secrets are kept out of messages and logs; knows no source and no logger's home."""

from __future__ import annotations

import logging
import threading
from urllib.parse import urlsplit

HIDDEN = "•••"
MOST_TEXT = 200
SHORTEST_SECRET = 4  # shorter ones would blot out ordinary words


def plain(text: str, most: int = MOST_TEXT) -> str:
    """Text from a source as one printable line: control and bidi characters escaped, cut at `most` characters."""
    line = " ".join(text[: most * 4].split())
    shown = "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in line)
    return shown if len(shown) <= most else shown[: most - 1] + "…"


def host_of(url: str) -> str:
    """The `host:port` of a URL: all of it that a message may show (no user, path or query)."""
    return plain(urlsplit(url).netloc.rpartition("@")[2])


class Redactor:
    """Replaces every secret it was told of. Safe in every thread; one lives for the whole process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._secrets: tuple[str, ...] = ()

    def learn(self, secret: str) -> None:
        """Hide `secret` from now on, longest first so that no tail of a longer one stays readable."""
        if len(secret) < SHORTEST_SECRET:
            return
        with self._lock:
            self._secrets = tuple(sorted({*self._secrets, secret}, key=len, reverse=True))

    def __call__(self, text: str) -> str:
        """`text` with every known secret replaced by dots."""
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return text


class RedactingFilter(logging.Filter):
    """A log filter that hides secrets in the finished message and in a trace's text."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__()
        self._redact = redact

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place; never drops one."""
        record.msg, record.args = self._redact(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = self._redact(record.exc_text)
        return True

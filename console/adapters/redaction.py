"""Knows how text from outside and secrets are kept out of messages and logs; knows no source and no logger's home."""

from __future__ import annotations

import threading

HIDDEN = "•••"
MOST_TEXT = 200
SHORTEST_SECRET = 4  # shorter ones would blot out ordinary words


def plain(text: str, most: int = MOST_TEXT) -> str:
    """Text from a source as one printable line: control and bidi characters escaped, cut at `most` characters."""
    line = " ".join(text[: most * 4].split())
    shown = "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in line)
    return shown if len(shown) <= most else shown[: most - 1] + "…"


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

"""Data as a text file for spreadsheets: a stamp above its head, written whole; and what is said of it.

Any thread may call it; knows no Qt.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from console.ui.whole_file import whole

NO_FOLDER = "There is no profile folder to write to"


def stamped(text: str, facts: Iterable[str]) -> str:
    """The stamp is one line above the head; a reader skips lines that begin with #."""
    words = " · ".join(" ".join(fact.split()) for fact in facts).replace('"', "'")
    return f'"# {words}"\r\n{text}'


def save_text(text: str, path: Path) -> Path:
    """Write the file, whole or not at all; raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with whole(path) as draft:
        draft.write_text(text, encoding="utf-8-sig", newline="")  # spreadsheets take the mark for UTF-8
    return path


def saved_words(path: Path) -> str:
    """`Saved meridian-miners-….csv in /home/ada/.local/share/meridian/captures`."""
    return f"Saved {path.name} in {path.parent}"

"""Writes a preview to a file in the profile, stamped, off the GUI thread; says what came of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

from console.ui.export.text_file import NO_FOLDER, save_text, saved_words, stamped
from console.ui.models.commands.live import CommandPage, LiveCommands
from console.ui.models.commands.preview import preview_text
from console.ui.numbers import utc_date, utc_time


class PreviewExport(QObject):
    """`say` hears where the file lies, or why there is none."""

    def __init__(
        self, commands: LiveCommands, folder: Path | None, say: Callable[[str], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._commands, self._folder, self._say = commands, folder, say

    def save(self, page: CommandPage) -> None:
        """As CSV, formula-safe, with who and when in its first line."""
        preview, live = page.preview, self._commands.live
        if preview is None or self._folder is None:
            self._say(NO_FOLDER)
            return
        at_ms = live.clock()
        path = self._folder / f"meridian-preview-{_plain(preview.id)}-{utc_time(at_ms).replace(':', '')}Z.csv"
        text = preview_text(preview, page.record, page.batches, live.now)
        facts = ["Command preview", f"captured {utc_date(at_ms)} {utc_time(at_ms)} UTC", self._commands.desk.words]
        facts += ["SIMULATED"] if live.now.fleet.simulated else []
        live.reads.run(lambda: save_text(stamped(text, facts), path), self._saved, self._failed)

    def _saved(self, path: Path) -> None:
        self._say(saved_words(path))

    def _failed(self, error: Exception) -> None:
        self._say(f"It cannot be written: {error}")


def _plain(name: str) -> str:
    """Nothing from outside names a file but its letters and digits."""
    return "".join(letter for letter in name[:8] if letter.isascii() and letter.isalnum()) or "command"

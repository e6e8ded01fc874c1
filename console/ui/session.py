"""Keeps where the operator was - view, place, span, text size - so that a start leads there again (R59)."""

from __future__ import annotations

import contextlib
import json
import logging
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from console.domain.durations import DAY_MS
from console.ui.fonts import font_scale
from console.ui.models.live import LiveFleet
from console.ui.models.span import PRESETS, TimeBarModel
from console.ui.shell import Shell
from console.ui.whole_file import whole

LOG = logging.getLogger(__name__)
SAVE_EVERY_MS = 2000
LONGEST_MS = 366 * DAY_MS


@dataclass(frozen=True, slots=True)
class Session:
    """What is kept. `running` is true while a desktop lives: found true at a start, the one before did not end well."""

    address: str = "world"
    live: bool = True
    start_ms: int = 0
    end_ms: int = 0
    font_scale: float = 1.0
    running: bool = False


def read_session(path: Path) -> Session:
    """The last session; the usual one where there is none or it cannot be read: it must never stop a start."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        kept = {field.name: found[field.name] for field in fields(Session)}
        usual = asdict(Session())
        if any(type(kept[name]) is not type(usual[name]) for name in usual):
            return Session()
        session = Session(**kept)
    except (OSError, ValueError, KeyError, TypeError):
        return Session()
    return session if 0 <= session.end_ms - session.start_ms <= LONGEST_MS else Session()


def write_session(path: Path, session: Session) -> None:
    """Whole or not at all; a disk that is full costs the memory of a view and nothing else."""
    with contextlib.suppress(OSError), whole(path) as draft:
        draft.write_text(json.dumps(asdict(session)), encoding="utf-8")


class SessionKeeper(QObject):
    """Restores at the start, saves what changed every two seconds, and marks a proper end."""

    def __init__(self, shell: Shell, live: LiveFleet, span: TimeBarModel, path: Path) -> None:
        super().__init__(shell)
        self._shell, self._live, self._span, self._path = shell, live, span, path
        self._saved: Session | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(SAVE_EVERY_MS)
        self._timer.timeout.connect(self.save)

    def restore(self) -> str:
        """Go where the last session was; what to say about it, empty when it ended well."""
        last = read_session(self._path)
        if last.font_scale != font_scale():
            self._shell.scale_fonts(last.font_scale)
        self._restore_span(last)
        self._shell.open_place(last.address if self._known(last.address) else "world")
        self._timer.start()
        return "The last desktop did not end properly; its view and span are restored" if last.running else ""

    def _known(self, address: str) -> bool:
        view, _, place = address.partition(":")
        if not place:
            return self._shell.has(view)
        site_id = place.partition("?")[0].partition("/")[0]
        known = {"*", *(site.id for site in self._live.now.fleet.sites)}
        return site_id in known and self._shell.has(view)

    def _restore_span(self, last: Session) -> None:
        length_s = (last.end_ms - last.start_ms) // 1000
        if last.live and length_s in {seconds for _, seconds in PRESETS}:
            self._span.set_preset(length_s)
        elif not last.live and last.end_ms > last.start_ms and self._span.cutoff_ms is None:
            self._span.show(last.start_ms, last.end_ms)

    def _now(self, running: bool) -> Session:
        span = self._span.span
        ends = (0, span.length_ms) if span.live else (span.start_ms, span.end_ms)
        return Session(self._shell.address, span.live, *ends, font_scale(), running)

    def save(self) -> None:
        """Write what changed."""
        session = self._now(running=True)
        if session != self._saved:
            self._saved = session
            write_session(self._path, session)

    def end(self) -> None:
        """The desktop ends as it should."""
        self._timer.stop()
        write_session(self._path, self._now(running=False))

"""Keeps where the operator was - view, place, span, text size - so that a start leads there again (R59)."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from console.domain.durations import DAY_MS
from console.ui.fonts import font_scale
from console.ui.models.live import LiveFleet
from console.ui.models.span import PRESETS, TimeBarModel
from console.ui.scribe import SCRIBE
from console.ui.shell import Shell

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
    SCRIBE.settle()
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
    """Soon, beside the GUI thread; a disk that is full costs the memory of a view and nothing else."""
    SCRIBE.write(path, json.dumps(asdict(session)).encode(), "the view and span")


def _not_ended_words(back: list[str]) -> str:
    """That the last desktop did not end, and what of it is back."""
    restored = f"; its {' and '.join(back)} {'are' if len(back) > 1 else 'is'} restored" if back else ""
    return f"The last desktop did not end properly{restored}"


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
        known = self._known(last.address)
        back = [what for what, done in (("view", known), ("span", self._restore_span(last))) if done]
        self._shell.open_place(last.address if known else "world")
        self._timer.start()
        return _not_ended_words(back) if last.running else ""

    def _known(self, address: str) -> bool:
        view, _, place = address.partition(":")
        if not place:
            return self._shell.has(view)
        site_id = place.partition("?")[0].partition("/")[0]
        known = {"*", *(site.id for site in self._live.now.fleet.sites)}
        return site_id in known and self._shell.has(view)

    def _restore_span(self, last: Session) -> bool:
        """The newest hours as long as before, or the fixed ones; whether it could be done."""
        span, length_ms = self._span, last.end_ms - last.start_ms
        newest = last.live or (span.cutoff_ms is not None and last.end_ms >= span.cutoff_ms)
        if newest and length_ms // 1000 in {seconds for _, seconds in PRESETS}:
            span.set_preset(length_ms // 1000)
        elif newest and length_ms and span.cutoff_ms is not None:
            span.show(span.cutoff_ms - length_ms, span.cutoff_ms)
        elif not newest and length_ms:
            span.show(last.start_ms, last.end_ms)
        else:
            return False
        return True

    def _now(self, running: bool) -> Session:
        """A span that ends at the cut-off is kept as the newest hours: what is known may reach further next time."""
        span = self._span.span
        newest = span.live or span.end_ms == self._span.cutoff_ms
        ends = (0, span.length_ms) if newest else (span.start_ms, span.end_ms)
        return Session(self._shell.address, newest, *ends, font_scale(), running)

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
        SCRIBE.settle()

"""What every exported picture says of itself, on the picture and in its metadata (R47)."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from console import __version__
from console.domain.fleet_state import FleetNow
from console.domain.freshness import age_text
from console.ui.fonts import Role, font, px
from console.ui.models.live import LiveFleet, Mode
from console.ui.models.span import TimeBarModel
from console.ui.numbers import range_text, utc_date, utc_time
from console.ui.plain import safe_text
from console.ui.theme import Theme

HEIGHT, PADDING, LINE = 48, 12, 18
INCOMPLETE = "INCOMPLETE: some data was not loaded yet"


@dataclass(frozen=True, slots=True)
class Stamp:
    """The facts of one export, each as text."""

    title: str
    sites: str
    time_range: str
    captured: str
    freshness: str
    mode: str
    who: str
    version: str
    size: str
    complete: bool = True

    def facts(self) -> dict[str, str]:
        """Key and text of each fact, for the PNG's text chunks."""
        facts = {
            "Title": self.title,
            "Sites": self.sites,
            "Time range": self.time_range,
            "Captured": self.captured,
            "Freshness": self.freshness,
            "Mode": self.mode,
            "User and desk": self.who,
            "Software": self.version,
            "Size": self.size,
            "Complete": "yes" if self.complete else "no",
        }
        return {key: safe_text(text) for key, text in facts.items()}

    def lines(self) -> tuple[str, str]:
        """The two lines under the picture."""
        facts = self.facts()
        first = [facts["Title"], facts["Sites"], facts["Time range"], facts["Mode"]]
        if not self.complete:
            first.append(INCOMPLETE)
        second = [f"captured {facts['Captured']}", facts["Freshness"], facts["User and desk"], facts["Software"]]
        return "   ·   ".join(first), "   ·   ".join([*second, facts["Size"]])


def stamp_of(
    live: LiveFleet, span: TimeBarModel, subject: tuple[str, str], who: str, size: str, *, complete: bool
) -> Stamp:
    """The stamp of what is on the screen now; `subject` is its title and the sites it shows."""
    now = live.now
    captured_ms = live.clock()
    return Stamp(
        title=subject[0],
        sites=subject[1],
        time_range=f"{range_text(span.span.start_ms, span.span.end_ms, span.zone)} {span.zone_label}",
        captured=f"{utc_date(captured_ms)} {utc_time(captured_ms)} UTC",
        freshness=freshness_text(now),
        mode=_mode(live.mode, live_span=span.span.live),
        who=who or "no user named",
        version=f"Meridian {__version__}",
        size=size,
        complete=complete,
    )


def freshness_text(now: FleetNow) -> str:
    """How many sites are fresh and how old the oldest of them is; where none is, how old the newest sample is."""
    total = now.total
    if total.at_ms is None:
        return f"0 of {total.sites} sites fresh, no data"
    age = age_text((now.now_ms - total.at_ms) / 1000)
    what = f"oldest of them {age}" if total.fresh else f"newest sample {age} old"
    return f"{total.fresh} of {total.sites} sites fresh, {what}"


def _mode(mode: Mode, *, live_span: bool) -> str:
    words = ["OFFLINE" if Mode.OFFLINE in mode else "LIVE" if live_span else "FIXED"]
    words += ["SIMULATED"] if Mode.SIMULATED in mode else []
    words += ["READ-ONLY"] if Mode.READ_ONLY in mode else []
    return " ".join(words)


def stamp_height() -> int:
    """How much is added under the picture, in logical px."""
    return px(HEIGHT)


def paint_stamp(painter: QPainter, box: QRectF, stamp: Stamp, theme: Theme) -> None:
    """Two lines on a strip; what does not fit is shortened here and whole in the metadata."""
    painter.fillRect(box, theme.bg1)
    painter.fillRect(QRectF(box.left(), box.top(), box.width(), 1), theme.line2)
    metrics = QFontMetricsF(font(Role.CAPTION))
    top = box.top() + (box.height() - 2 * px(LINE)) / 2
    for number, (text, tone) in enumerate(zip(stamp.lines(), (theme.t1, theme.t2), strict=True)):
        row = QRectF(box.left() + PADDING, top + number * px(LINE), box.width() - 2 * PADDING, px(LINE))
        painter.setFont(font(Role.CAPTION))
        painter.setPen(tone)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, row.width())
        painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, shown)

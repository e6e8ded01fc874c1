"""Takes the data behind the plots: what is shown, as CSV, with the stamp of R47 beside it as JSON (R46).

Knows plots only by the curves that they tell. A row is one bucket of one curve; no value is an empty cell.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from console.domain.csv_text import Cell, write_rows
from console.domain.durations import MINUTE_MS
from console.ui.export.capture import CaptureError, file_name
from console.ui.export.stamp import Stamp, stamp_of
from console.ui.export.subject import subject_of
from console.ui.export.text_file import saved_words
from console.ui.plain import safe_text
from console.ui.shell import Shell
from console.ui.whole_file import whole
from console.ui.widgets.token_menu import token_menu

if TYPE_CHECKING:
    from console.ui.plot.canvas import PlotCanvas
    from console.ui.plot.marks import Curve

HEADER = ("bucket_start_utc", "place", "plot", "curve", "unit", "level_s", "min", "mean", "max", "held")
DIGITS = 7  # what a 32-bit float holds
STAMP_SUFFIX = ".stamp.json"


def csv_of(plots: Iterable[PlotCanvas], subject: str) -> str:
    """Every bucket of every curve inside the span shown; `subject` is the place of plots that do not compare places."""
    rows = (row for plot in plots for curve in plot.curves_shown() for row in _rows(plot, curve, subject))
    return write_rows(HEADER, rows)


def _rows(plot: PlotCanvas, curve: Curve, subject: str) -> Iterator[Sequence[Cell]]:
    span = plot.span
    first, last = curve.at_ms.searchsorted([span.start_ms, span.end_ms + 1])
    shift_ms = (curve.step_ms - MINUTE_MS) // 2  # a curve stands in the middle of its buckets
    level_s = curve.step_ms // 1000
    place = curve.name if plot.compares else subject
    for index in range(int(first), int(last)):
        held = "" if curve.held is None else "yes" if curve.held[index] else "no"
        numbers = (_number(column[index]) for column in (curve.low, curve.mean, curve.high))
        at = _utc(int(curve.at_ms[index]) - shift_ms)
        yield (at, place, plot.title, curve.name or plot.title, plot.unit, level_s, *numbers, held)


def _number(value: Any) -> float:
    """A figure as it was measured, without the tail of digits that 32 bits never held; NaN stays NaN."""
    return float(f"{float(value):.{DIGITS}g}")


def _utc(at_ms: int) -> str:
    return f"{datetime.fromtimestamp(at_ms / 1000, UTC):%Y-%m-%dT%H:%M:%SZ}"


def save_csv(path: Path, text: str, stamp: Stamp) -> None:
    """Write data and stamp, each whole or not at all; raises CaptureError naming the file."""
    facts = stamp.facts() | {"Zone of times": "UTC", "Data": path.name}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for target, words in (
            (path.with_name(path.name + STAMP_SUFFIX), json.dumps(facts, ensure_ascii=False, indent=2)),
            (path, text),
        ):
            with whole(target) as draft:
                draft.write_bytes(words.encode("utf-8"))
    except OSError as error:
        raise CaptureError(f"{path}: the data cannot be written ({error.strerror})") from error


def plots_in(root: QWidget) -> list[PlotCanvas]:
    """The plots on screen beneath a widget, in the order of reading."""
    found: list[Any] = [
        child for child in root.findChildren(QWidget) if hasattr(child, "curves_shown") and child.isVisible()
    ]
    return sorted(found, key=lambda plot: (plot.mapTo(root, plot.rect().topLeft()).y(), plot.x()))


def plot_at(widget: QObject | None) -> PlotCanvas | None:
    """The plot that a widget is, or lies in."""
    while widget is not None and not hasattr(widget, "curves_shown"):
        widget = widget.parent()
    return widget  # type: ignore[return-value]  # whatever tells its curves is a plot


class PlotCsv(QObject):
    """Ctrl+E takes the plot in focus, or all of the view; a plot's menu takes that one. `saved` carries the path."""

    saved = Signal(object)

    def __init__(self, shell: Shell, folder: Path) -> None:
        super().__init__(shell)
        self._shell, self._folder = shell, folder
        shell.csv_asked.connect(self._asked)
        shell.installEventFilter(self)

    def _asked(self) -> None:
        plot = plot_at(QApplication.focusWidget())
        if plot is not None:
            self.save((plot,))
        else:
            self.save_view()

    def save_view(self) -> None:
        """The data of every plot of the open view."""
        view = self._shell.view_widget
        self.save(plots_in(view) if view is not None else ())

    def save(self, plots: Sequence[PlotCanvas]) -> None:
        """Write what these plots show, and say where."""
        shell, say = self._shell, self._shell.top_bar.notice.say
        plots = [plot for plot in plots if plot.curves_shown()]
        if not plots:
            say("No plot with data is on screen: nothing to save")
            return
        subject = subject_of(shell)
        complete = all(not plot.loading.value for plot in plots)
        titles = ", ".join(plot.title for plot in plots)
        stamp = stamp_of(
            shell.live, shell.span, (f"{subject[0]}: {titles}", subject[1]), shell.who, "CSV", complete=complete
        )
        path = self._folder / file_name(shell.view, shell.live.clock(), "csv")
        try:
            save_csv(path, csv_of(plots, ", ".join(subject)), stamp)
        except CaptureError as error:
            say(str(error))
            return
        say(saved_words(path))
        self.saved.emit(path)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A plot's menu, which no plot needs to know of: the event reaches the window unanswered."""
        if event.type() is not QEvent.Type.ContextMenu or not isinstance(event, QContextMenuEvent):
            return False
        plot = plot_at(self._shell.childAt(event.pos()))
        if plot is None:
            return False
        self.menu_for(plot).popup(event.globalPos())
        return True

    def menu_for(self, plot: PlotCanvas) -> QMenu:
        """What can be taken from a plot."""
        menu = token_menu(self._shell, f"{plot.title}: export", self._shell.theme)
        if plot.link.offered:
            menu.addAction(f"{plot.link.action}\tU", plot.toggle_link)
            menu.addSeparator()
        menu.addAction(f"Save {safe_text(plot.title).lower()} as CSV\tCtrl+E", lambda: self.save((plot,)))
        menu.addAction("Save all plots of this view as CSV", self.save_view)
        menu.addSeparator()
        menu.addAction("Capture …\tCtrl+F12", lambda: self._shell.capture_asked.emit(False))
        return menu

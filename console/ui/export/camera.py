"""F12 and its choices: decides what is photographed and where it goes; `capture` and `stamp` know how."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from console.ui.dialogs.capture_choice import CaptureChoice
from console.ui.export.capture import CaptureError, CaptureJob, Wish, file_name, render, save_png
from console.ui.export.plot_csv import PlotCsv
from console.ui.export.stamp import Stamp, stamp_of
from console.ui.export.subject import subject_of
from console.ui.export.text_file import saved_words
from console.ui.export.vector_capture import VECTOR_FORMS, save_vector
from console.ui.models.live import Mode
from console.ui.shell import Shell
from console.ui.theme import Theme

Drawn = TypeVar("Drawn")


class Camera(QObject):
    """Keeps the last choices, so that F12 alone repeats them. `saved` carries the path of each picture.

    `shell` is the main window, or that of a view torn off: both answer to the same names.
    """

    saved = Signal(object)
    failed = Signal(str)

    def __init__(self, shell: Shell, folder: Path) -> None:
        super().__init__(shell)
        self._shell, self._folder, self._wish = shell, folder, Wish()
        self.csv = PlotCsv(shell, folder)
        shell.capture_asked.connect(self._asked)

    def _asked(self, at_once: bool) -> None:
        if at_once:
            self.shoot(self._wish)
            return
        choice = CaptureChoice(self._wish, self._shell.theme, self._shell)
        choice.chosen.connect(self.shoot)
        choice.csv_chosen.connect(self.csv.save_view)
        choice.open()

    def shoot(self, wish: Wish, path: Path | None = None) -> None:
        """Take the picture as soon as what it shows is loaded (R50)."""
        self._wish = wish
        shell = self._shell
        target = path or self._folder / file_name(shell.view, shell.live.clock(), wish.form)
        job = CaptureJob(self._busy, lambda complete: self._take(wish, target, complete), self)
        job.failed.connect(self._tell_failure)
        job.start()

    def _busy(self) -> bool:
        """Whether a read runs, or the view has not asked for all that it will (its plots come after the paint)."""
        return bool(self._shell.live.reads.pending or getattr(self._shell.view_widget, "pending", False))

    def _take(self, wish: Wish, path: Path, complete: bool) -> None:
        if path.suffix.lower().lstrip(".") in VECTOR_FORMS:
            trace(self._shell, wish, path, complete=complete)
            self._written(path)
        else:
            image = picture(self._shell, wish, complete=complete)
            self._shell.live.reads.run(lambda: write_png(image, path), self._written)

    def _written(self, outcome: Path | CaptureError) -> None:
        if isinstance(outcome, CaptureError):
            self._tell_failure(str(outcome))
        else:
            self._shell.top_bar.notice.say(saved_words(outcome))
            self.saved.emit(outcome)

    def _tell_failure(self, reason: str) -> None:
        self._shell.top_bar.notice.say(reason)
        self.failed.emit(reason)


def write_png(image: QImage, path: Path) -> Path | CaptureError:
    """On a worker thread: to pack a large picture takes longer than to paint it. Where it is, or why it is not."""
    try:
        save_png(image, path)
    except CaptureError as error:
        return error
    return path


@dataclass(frozen=True, slots=True)
class Sitting:
    """What a picture shows and says of itself; `framed` where the subject does not bring SIMULATED along."""

    subject: QWidget
    stamp: Stamp
    theme: Theme
    framed: bool


def sitting(shell: Shell, wish: Wish, *, complete: bool) -> Sitting:
    """The shell or its view as it is now, with its stamp, for the wished theme."""
    subject = shell if wish.window or shell.view_widget is None else shell.view_widget
    size = f"{shell.view} {subject.width()}x{subject.height()} at {wish.scale}x"
    stamp = stamp_of(shell.live, shell.span, subject_of(shell), shell.who, size, complete=complete)
    framed = Mode.SIMULATED in shell.live.mode and subject is not shell
    return Sitting(subject, stamp, wish.theme or shell.theme, framed)


def picture(shell: Shell, wish: Wish, *, complete: bool) -> QImage:
    """In pixels; the screen's own theme comes back at once."""
    seat = sitting(shell, wish, complete=complete)
    pose = partial(render, seat.subject, seat.stamp, wish.scale, seat.theme, framed=seat.framed)
    return in_theme(shell, seat.theme, pose)


def trace(shell: Shell, wish: Wish, path: Path, *, complete: bool) -> None:
    """In lines and words, as SVG or PDF; raises CaptureError."""
    seat = sitting(shell, wish, complete=complete)
    pose = partial(save_vector, path, seat.subject, seat.stamp, seat.theme, framed=seat.framed)
    in_theme(shell, seat.theme, pose)


def in_theme(shell: Shell, theme: Theme, draw: Callable[[], Drawn]) -> Drawn:
    """Draw in another theme without an event between: nobody at the screen sees it change (R49)."""
    before = shell.theme
    if theme is before:
        return draw()
    shell.set_theme(theme)
    settle(shell)
    try:
        return draw()
    finally:
        shell.set_theme(before)
        settle(shell)


def settle(root: QWidget) -> None:
    """Let widgets that redraw with a delay (the map's pixmap) do so now."""
    for child in root.findChildren(QWidget):
        render_now = getattr(child, "render_now", None)
        if render_now is not None:
            render_now()

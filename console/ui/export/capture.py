"""Turns what is on the screen into a stamped PNG: what is exported equals what is shown (R46, R47, R49, R50)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, QRectF, QSize, QTimer, Signal
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from console.domain.errors import MeridianError
from console.ui.export.stamp import Stamp, paint_stamp, stamp_height
from console.ui.theme import Theme
from console.ui.whole_file import whole
from console.ui.widgets.mode_frame import paint_frame

LONGEST_WAIT_MS = 8000
SETTLE_MS = 120  # a debounced re-render of the map ends within this
SCALES = (1, 2, 3)


class CaptureError(MeridianError):
    """The picture cannot be written."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What to capture: `scale` 1 - 3 (pixels only), the whole window or the view alone, in which theme (None: as on
    screen), as `png`, `svg` or `pdf`."""

    scale: int = 2
    window: bool = False
    theme: Theme | None = None
    form: str = "png"


def render(widget: QWidget, stamp: Stamp, scale: int, theme: Theme, *, framed: bool) -> QImage:
    """The widget at `scale` with its stamp beneath, facts in the text chunks; `framed` draws SIMULATED round it."""
    size = stamped_size(widget)
    image = QImage(size * scale, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    with QPainter(image) as painter:
        draw(painter, widget, stamp, theme, framed=framed)
    for key, text in stamp.facts().items():
        image.setText(key, text)
    return image


def stamped_size(widget: QWidget) -> QSize:
    """The widget and its stamp beneath, in logical px."""
    return QSize(widget.width(), widget.height() + stamp_height())


def draw(painter: QPainter, widget: QWidget, stamp: Stamp, theme: Theme, *, framed: bool) -> None:
    """The same picture for pixels and for vectors."""
    width, height = widget.width(), widget.height()
    painter.fillRect(QRectF(0, 0, width, height + stamp_height()), theme.bg0)
    widget.render(painter, QPoint(0, 0))
    if framed:
        paint_frame(painter, QRectF(0, 0, width, height), theme)
    paint_stamp(painter, QRectF(0, height, width, stamp_height()), stamp, theme)


def save_png(image: QImage, path: Path) -> None:
    """Write the picture, whole or not at all; any thread.

    The digest of its pixels goes into its text chunks.
    """
    image.setText("Digest", f"sha256:{hashlib.sha256(image.constBits()).hexdigest()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole(path) as draft:
            if not image.save(str(draft), "PNG"):
                raise CaptureError(f"{path}: the picture cannot be written")
    except OSError as error:
        raise CaptureError(f"{path}: the picture cannot be written ({error.strerror})") from error


def file_name(title: str, at_ms: int, suffix: str = "png") -> str:
    """`meridian-world-20261122-143207Z.png`: the view's own key and the time, nothing from outside."""
    moment = datetime.fromtimestamp(at_ms / 1000, UTC)
    plain = "".join(character for character in title.lower() if character.isascii() and character.isalnum())
    return f"meridian-{plain or 'view'}-{moment:%Y%m%d-%H%M%S}Z.{suffix}"


class CaptureJob(QObject):
    """Waits until every read that the view asked for is there, then takes the picture; else marks it incomplete.

    `busy` tells whether something is still to come; `take` is told whether the picture is complete. `failed`
    carries the reason in plain words.
    """

    failed = Signal(str)

    def __init__(self, busy: Callable[[], bool], take: Callable[[bool], None], parent: QObject) -> None:
        super().__init__(parent)
        self._busy, self._take = busy, take
        self._limit = self._timer(LONGEST_WAIT_MS, self._finish)
        self._settle = self._timer(SETTLE_MS, self._look)

    def _timer(self, length_ms: int, act: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(length_ms)
        timer.timeout.connect(act)
        return timer

    def start(self) -> None:
        """Begin to wait."""
        self._limit.start()
        self._settle.start()

    def _look(self) -> None:
        if self._busy():
            self._settle.start()
        else:
            self._finish()

    def _finish(self) -> None:
        self._limit.stop()
        self._settle.stop()
        try:
            self._take(not self._busy())
        except CaptureError as error:
            self.failed.emit(str(error))
        self.deleteLater()

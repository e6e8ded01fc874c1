"""Turns drags, wheel and keys on a plot into spans and a crosshair; draws nothing and asks no store."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, QTimer

from console.domain.durations import DAY_MS, MINUTE_MS
from console.ui.models.span import Span
from console.ui.plot.crosshair import Crosshair
from console.ui.plot.geometry import Geometry

ZOOM_STEP = 0.8
SETTLE_MS = 180  # a turn of the wheel is one question to the store, not ten
DRAG_LEAST_PX = 4
LEAST_SPAN_MS, MOST_SPAN_MS = MINUTE_MS, 400 * DAY_MS
KEY_STEPS = 200  # an arrow moves the crosshair by this part of the span


class Movable(Protocol):
    """What gestures need of a plot."""

    span: Span
    crosshair: Crosshair

    def plot_area(self) -> QRectF:
        """Where a press begins a drag."""
        ...

    def geometry_now(self) -> Geometry:
        """Which moment lies where."""
        ...

    def glide(self, span: Span) -> None:
        """Preview a span."""
        ...

    def ask(self) -> None:
        """Ask for the span previewed."""
        ...

    def toggle_link(self) -> bool:
        """Unlink from the time bar, or link again; whether that is offered."""
        ...


class PlotGestures(QObject):
    """Pans and zooms are shown at once on the plot itself and asked of the time bar when they settle."""

    def __init__(self, plot: Movable) -> None:
        super().__init__(plot)
        self._plot = plot
        self._pressed: tuple[QPointF, Span] | None = None
        self._dragged = False
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._ask)

    @property
    def busy(self) -> bool:
        """Whether a drag or a zoom is under way."""
        return self._dragged or self._settle.isActive()

    def press(self, at: QPointF) -> None:
        """A button went down inside the plot."""
        if self._plot.plot_area().contains(at):
            self._pressed, self._dragged = (at, self._plot.span), False

    def move(self, at: QPointF, buttons: Qt.MouseButton) -> None:
        """Drag while pressed, else point."""
        if self._pressed is not None and buttons & Qt.MouseButton.LeftButton:
            self._drag(at)
        elif self._plot.plot_area().contains(at):
            self._plot.crosshair.point(self._plot.geometry_now().moment(at.x()))
        else:
            self._plot.crosshair.point(None)

    def _drag(self, at: QPointF) -> None:
        start, span = self._pressed  # type: ignore[misc]  # move() asked for it
        pixels = at.x() - start.x()
        if not self._dragged and abs(pixels) < DRAG_LEAST_PX:
            return
        self._dragged = True
        shift_ms = round(-pixels / self._plot.plot_area().width() * span.length_ms)
        self._show(Span(span.start_ms + shift_ms, span.end_ms + shift_ms, live=False))

    def release(self) -> None:
        """The button came up."""
        if self._pressed is not None and self._dragged:
            self._ask()
        self._pressed, self._dragged = None, False

    def wheel(self, at: QPointF, delta: int) -> None:
        """Zoom about the moment under the pointer."""
        if delta:
            self._zoom(self._plot.geometry_now().moment(at.x()), ZOOM_STEP if delta > 0 else 1 / ZOOM_STEP)

    def key(self, key: int) -> bool:
        """Whether the key meant something here."""
        span, here = self._plot.span, self._plot.crosshair.at_ms
        middle = here if here is not None else (span.start_ms + span.end_ms) // 2
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step_ms = max(1000, span.length_ms // KEY_STEPS) * (1 if key == Qt.Key.Key_Right else -1)
            self._plot.crosshair.point(min(span.end_ms, max(span.start_ms, middle + step_ms)))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._zoom(middle, ZOOM_STEP)
        elif key == Qt.Key.Key_Minus:
            self._zoom(middle, 1 / ZOOM_STEP)
        elif key == Qt.Key.Key_U:
            return self._plot.toggle_link()
        elif key == Qt.Key.Key_Escape and here is not None:
            self._plot.crosshair.point(None)
        else:
            return False
        return True

    def _zoom(self, about_ms: int, factor: float) -> None:
        span = self._plot.span
        length = min(MOST_SPAN_MS, max(LEAST_SPAN_MS, round(span.length_ms * factor)))
        share = (about_ms - span.start_ms) / span.length_ms
        start = round(about_ms - share * length)
        self._show(Span(start, start + length, live=False))
        self._settle.start()

    def _show(self, span: Span) -> None:
        self._plot.glide(span)

    def _ask(self) -> None:
        self._pressed, self._dragged = None, False
        self._plot.ask()

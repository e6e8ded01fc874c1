"""A plot without decoration that has a span and lets the user point, drag and zoom; it paints nothing itself."""

from __future__ import annotations

from dataclasses import replace

import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QGraphicsView, QWidget

from console.ui.models.span import Span
from console.ui.plot.crosshair import Crosshair
from console.ui.plot.gestures import PlotGestures
from console.ui.plot.time_link import TimeLink


class SpanPlot(pg.GraphicsView):
    """`span_asked` carries (start_ms, end_ms) when a pan or zoom has settled.

    Of pyqtgraph it takes the view box alone: a PlotWidget brings four axes, a menu and a form of buttons that nobody
    sees here, and costs ten times as much to make.

    Until then the plot previews it by itself; `previewed` carries that Span, for plots that move along. A plot that was
    unlinked from the time bar keeps its own span and asks it of its `link` alone.
    """

    span_asked = Signal(object)
    previewed = Signal(object)

    def __init__(self, crosshair: Crosshair | None, parent: QWidget | None) -> None:
        super().__init__(parent=parent, background=None)
        # every change repaints the whole of it (`_repaint`); asked by item, plots that stand together paint all twice
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.NoViewportUpdate)
        self.box = pg.ViewBox(enableMouse=False, enableMenu=False, defaultPadding=0)
        self.centralLayout.addItem(self.box, 0, 0)
        self.centralLayout.setSpacing(0)
        self._span = self._told = self._bar = Span(0, 3_600_000, live=True)
        self._link = TimeLink(self)
        self._crosshair = crosshair or Crosshair(self)
        self._crosshair.moved.connect(self._repaint)
        self._gestures = PlotGestures(self)
        self.setCacheMode(self.CacheModeFlag.CacheNone)
        self.box.disableAutoRange()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def add_curve(self, item: pg.GraphicsObject) -> None:
        """One more item in the view box, in its coordinates."""
        self.box.addItem(item, ignoreBounds=True)

    def remove_curve(self, item: pg.GraphicsObject) -> None:
        """Take an item out again."""
        self.box.removeItem(item)

    @property
    def span(self) -> Span:
        """The span shown."""
        return self._span

    @property
    def crosshair(self) -> Crosshair:
        """The shared pointer."""
        return self._crosshair

    @property
    def link(self) -> TimeLink:
        """Whether the time bar rules this plot."""
        return self._link

    def set_span(self, span: Span) -> None:
        """The time bar moved; an unlinked plot keeps its own span and comes back to this one."""
        self._bar = span
        if self._link.linked:
            self.keep(span)

    def keep(self, span: Span) -> None:
        """Show another stretch of time; one that comes while the user drags waits for the end of the drag."""
        self._told = span
        if not self._gestures.busy:
            self.preview(span)

    def preview(self, span: Span) -> None:
        """Show a stretch of time that nobody has decided yet."""
        if span != self._span:
            self._span = span
            self._refit()

    def glide(self, span: Span) -> None:
        """Preview under the user's hand; linked plots move along."""
        self.preview(span)
        if self._link.linked:
            self.previewed.emit(span)

    def ask(self) -> None:
        """Ask for the span previewed, of the time bar or of whoever feeds the unlinked plot."""
        asked = self.span_asked if self._link.linked else self._link.asked
        asked.emit((self._span.start_ms, self._span.end_ms))
        self.settle()

    def toggle_link(self) -> bool:
        """Unlink from the time bar, or link again; whether that is offered."""
        if not self._link.offered:
            return False
        self._link.turn()
        self.keep(self._bar if self._link.linked else replace(self._span, live=False))
        self._repaint()
        self._link.changed.emit(self._link.linked)
        return True

    def settle(self) -> None:
        """Show what was told last: a span that was asked and refused is taken back."""
        self.preview(self._told)

    def _refit(self) -> None:
        """The span changed: whoever draws recomputes what depends on it."""

    def _repaint(self, *_: object) -> None:
        self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Point, or drag the span."""
        self._gestures.move(event.position(), event.buttons())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to drag."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if event.button() is Qt.MouseButton.LeftButton:
            self._gestures.press(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End of a drag: ask for the span under it."""
        self._gestures.release()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the moment under the pointer."""
        self._gestures.wheel(event.position(), event.angleDelta().y())
        event.accept()

    def leaveEvent(self, event: object) -> None:
        """Lift the crosshair."""
        self._crosshair.point(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk the crosshair, + and - zoom, Escape lifts; everything else goes up."""
        if not self._gestures.key(event.key()):
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus ring."""
        self._repaint()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the focus ring."""
        self._repaint()

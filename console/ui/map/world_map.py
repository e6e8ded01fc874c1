"""The map's hands: where a pointer or a key goes, and what the map then tells the window (R2, R43, R54)."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from console.ui.keys import ARROWS, ENTER
from console.ui.map.hit import Target
from console.ui.map.map_canvas import MapCanvas
from console.ui.map.walk import neighbour, reading_order
from console.ui.theme import DARK, Theme

ZOOM_STEP, CLUSTER_ZOOM = 1.25, 4.0
LEAST_ZOOM, MOST_ZOOM = 0.6, 40.0  # of the home view
CLICK_SLACK_PX = 4
HELP = "Arrow keys walk the sites, Enter opens one, plus and minus zoom, Home resets"
KEYBOARD_REASONS = frozenset(
    {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason}
)


class WorldMap(MapCanvas):
    """Every site of the fleet on the ground. One click or Enter opens a site; arrows and Tab walk the sites."""

    site_opened = Signal(str)
    site_focused = Signal(str)

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._press: QPointF | None = None
        self._dragged = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("World map of sites")
        self.setAccessibleDescription(HELP)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press may become a pan or a click."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._press, self._dragged = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan while pressed; else tell what is beneath."""
        if self._press is not None and self._view is not None:
            step = event.position() - self._press
            if self._dragged or step.manhattanLength() > CLICK_SLACK_PX:
                self._dragged, self._press = True, event.position()
                self.show_view(self._view.panned(step.x(), step.y()))
            return
        target = self._target_at(event.position())
        if target != self._hover:
            self._hover = target
            self.setCursor(Qt.CursorShape.PointingHandCursor if target else Qt.CursorShape.ArrowCursor)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a site opens it; on a cluster, shows its sites apart."""
        if event.button() is not Qt.MouseButton.LeftButton or self._press is None:
            return
        self._press = None
        if not self._dragged and (target := self._target_at(event.position())) is not None:
            self._activate(target)

    def _activate(self, target: Target) -> None:
        if len(target.members) == 1:
            self.site_opened.emit(self._pins[target.members[0]].site_id)
        elif self._view is not None:
            self._zoom(CLUSTER_ZOOM, target.x, target.y)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is pointed at any more."""
        self._hover = None
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the pointer."""
        steps = event.angleDelta().y() / 120
        self._zoom(ZOOM_STEP**steps, event.position().x(), event.position().y())
        event.accept()

    def _zoom(self, factor: float, x: float, y: float) -> None:
        if self._view is not None and self._home is not None:
            least, most = self._home.scale * LEAST_ZOOM, self._home.scale * MOST_ZOOM
            self.show_view(self._view.zoomed(factor, x, y, least, most))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk, Enter opens, plus and minus zoom, Home resets, Escape lets go."""
        key = event.key()
        self._by_keyboard = True
        if key in ARROWS and self._pins:
            self._walk(*ARROWS[key])
        elif key in ENTER and self.focused_site is not None:
            self.site_opened.emit(self.focused_site)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            factor = 1 / ZOOM_STEP if key == Qt.Key.Key_Minus else ZOOM_STEP
            at = self._target_of(self._focus) if self._focus >= 0 else None
            self._zoom(factor, at.x if at else self.width() / 2, at.y if at else self.height() / 2)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_0):
            self.go_home()
        elif key == Qt.Key.Key_Escape and self._focus >= 0:
            self._set_focus_index(-1)
        else:
            super().keyPressEvent(event)

    def _walk(self, dx: int, dy: int) -> None:
        if self._focus < 0:
            self._set_focus_index(reading_order(*self._places())[0])
            return
        x, y = self._view.to_px(*self._places())
        self._set_focus_index(neighbour(x, y, self._focus, dx, dy))

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab walks the sites from west to east, then leaves the map."""
        order = reading_order(*self._places())
        place = order.index(self._focus) if self._focus in order else (-1 if forward else len(order))
        place += 1 if forward else -1
        if self.hasFocus() and 0 <= place < len(order):
            self._set_focus_index(order[place])
            return True
        self._focus = -1
        return super().focusNextPrevChild(forward)

    def _set_focus_index(self, index: int) -> None:
        self._focus = index
        self._hover = None
        if self.focused_site is not None:
            self.setAccessibleDescription(". ".join(self._pins[index].words))
            self.site_focused.emit(self.focused_site)
            self._bring_into_view()
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is, when it was the keyboard that came."""
        super().focusInEvent(event)
        self._by_keyboard = event.reason() in KEYBOARD_REASONS
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """And that it has gone."""
        super().focusOutEvent(event)
        self.update()

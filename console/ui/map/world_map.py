"""The map as a widget: what it shows, where a pointer or a key goes, and what it tells the window (7-look.md, 7)."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.domain.fleet_state import FleetNow
from console.ui.map.hit import Target, find
from console.ui.map.labels import Box
from console.ui.map.land import sea_of
from console.ui.map.picture import MapPicture
from console.ui.map.pins import Pin, pins_of, steadied
from console.ui.map.scene import Scene, lay_out
from console.ui.map.scene_painter import (
    key_box,
    measure,
    paint_focus,
    paint_hairlines,
    paint_key,
    paint_lens_title,
    paint_plate,
    paint_title,
)
from console.ui.map.viewport import Viewport, home
from console.ui.map.walk import neighbour, reading_order
from console.ui.numbers import integer, power_text
from console.ui.theme import DARK, Theme

RENDER_AFTER_MS = 120
ZOOM_STEP = 1.25
MOST_ZOOM = 40.0
LENSES_UNTIL_ZOOM = 1.4
CLICK_SLACK_PX = 4
CORNER_PX = 4.0
TITLE_BOX = Box(0, 0, 250, 36)
ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class WorldMap(QWidget):
    """Every site of the fleet on the ground. One click or Enter opens a site; arrows and Tab walk the sites."""

    site_opened = Signal(str)
    site_focused = Signal(str)

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._now_ms = 0
        self._capacity_w = 0.0
        self._pins: tuple[Pin, ...] = ()
        self._shown: object = None
        self._view: Viewport | None = None
        self._home: Viewport | None = None
        self._scene: Scene | None = None
        self._picture = MapPicture()
        self._focus = -1
        self._hover: Target | None = None
        self._press: QPointF | None = None
        self._dragged = False
        self._later = QTimer(self, singleShot=True, interval=RENDER_AFTER_MS)
        self._later.timeout.connect(self._render)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("World map of sites")
        self.setAccessibleDescription("Arrow keys walk the sites, Enter opens one, plus and minus zoom, Home resets")

    @property
    def scene(self) -> Scene | None:
        """What is laid out now: marks, labels, lenses."""
        return self._scene

    @property
    def pins(self) -> tuple[Pin, ...]:
        """The sites, in the fleet's order."""
        return self._pins

    @property
    def focused_site(self) -> str | None:
        """The site that the keyboard stands on."""
        return self._pins[self._focus].site_id if 0 <= self._focus < len(self._pins) else None

    def set_fleet(self, now: FleetNow) -> None:
        """Show the fleet as judged now. The marks are laid out again only when something visible changed."""
        focused = self.focused_site
        self._now_ms = now.now_ms
        self._pins = steadied(pins_of(now), self._pins)
        self._capacity_w = sum(entry.site.capacity_w for entry in now.sites)
        self._focus = next((i for i, pin in enumerate(self._pins) if pin.site_id == focused), -1)
        shown = [(p.site_id, p.longitude_deg, p.latitude_deg, p.mark, p.reason, p.power_w) for p in self._pins]
        if shown != self._shown:
            moved = self._shown is None or [s[:3] for s in shown] != [s[:3] for s in self._shown]
            self._shown = shown
            self._reset() if moved else self._render()
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        self._theme = theme
        self._render()

    def focus_site(self, site_id: str) -> None:
        """Put the ring on a site; a site outside the window is brought into it."""
        self._focus = next((i for i, pin in enumerate(self._pins) if pin.site_id == site_id), -1)
        self._bring_into_view()
        self.update()

    def go_home(self) -> None:
        """Back to the view that holds every site."""
        self._view = self._home
        self._render()

    def sizeHint(self) -> QSize:
        """The mock-up's."""
        return QSize(1096, 460)

    def minimumSizeHint(self) -> QSize:
        """Small enough for the field laptop."""
        return QSize(320, 200)

    # what is laid out and painted, when

    def _reset(self) -> None:
        if self.width() < 2 or self.height() < 2:
            return
        longitudes, latitudes = self._places()
        self._home = home(longitudes, latitudes, self.width(), self.height())
        self._view = self._home
        self._render()

    def _places(self) -> tuple[list[float], list[float]]:
        return [pin.longitude_deg for pin in self._pins], [pin.latitude_deg for pin in self._pins]

    def _render(self) -> None:
        view = self._view
        if view is None or self._home is None:
            return
        lenses = view.scale <= LENSES_UNTIL_ZOOM * self._home.scale
        self._scene = lay_out(
            self._pins,
            view,
            measure,
            (lambda: sea_of(view)) if lenses else None,
            (TITLE_BOX, key_box(view.width, view.height)),
        )
        self._picture.render(self._scene, self._theme, self.devicePixelRatioF())
        self._hover = None
        self.update()

    def _change_view(self, view: Viewport) -> None:
        """Show it at once from the old picture; paint a sharp one when the hand rests."""
        self._view = view
        self._hover = None
        self._later.start()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A new size starts from home again: the operator's zoom was made for another window."""
        self._reset()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Blit the picture, then what stands still or changes often over it."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self._theme.bg1)
            if self._view is None or self._scene is None:
                return
            self._picture.draw(painter, self._view)
            moved_x, moved_y = self._moved()
            if not self._zooming():
                paint_hairlines(painter, self._scene, moved_x, moved_y, self._theme)
                for index, lens in enumerate(self._scene.lenses):
                    self._picture.draw_lens(painter, index, lens.box)
                    paint_lens_title(painter, lens, self._now_ms, self._theme)
            power = " ".join(power_text(self._capacity_w))
            paint_title(painter, "Sites", f"{integer(len(self._pins))} · {power} capacity", self._theme)
            paint_key(painter, self.width(), self.height(), self._theme)
            self._paint_attention(painter)
            self._paint_frame(painter)

    def _paint_attention(self, painter: QPainter) -> None:
        """The ring of the keyboard, and the plate of whatever is pointed at."""
        target = self._hover
        if self.hasFocus() and self._focus >= 0:
            at = self._target_of(self._focus)
            paint_focus(painter, at.x, at.y, at.radius, self._theme)
            target = target or at
        if target is not None:
            words = target.words(self._pins, self._focus if target is not self._hover else -1)
            paint_plate(painter, target.x + target.radius, target.y, words, QRectF(self.rect()), self._theme)

    def _paint_frame(self, painter: QPainter) -> None:
        """Round corners like every panel's, and the focus ring of the whole map while no site has it."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outside, inside = QPainterPath(), QPainterPath()
        outside.addRect(QRectF(self.rect()))
        inside.addRoundedRect(QRectF(self.rect()), CORNER_PX, CORNER_PX)
        painter.fillPath(outside.subtracted(inside), self._theme.bg0)
        if self.hasFocus() and self._focus < 0:
            painter.setPen(self._theme.t1)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), CORNER_PX, CORNER_PX)

    def _moved(self) -> tuple[float, float]:
        """How far the ground has gone since the scene was laid out."""
        then, now = self._scene.view, self._view
        return (then.x - now.x) * now.scale, -(then.y - now.y) * now.scale

    def _zooming(self) -> bool:
        return abs(self._view.scale / self._scene.view.scale - 1) > 1e-9

    # pointer

    def _target_at(self, at: QPointF) -> Target | None:
        if self._scene is None or self._zooming():
            return None
        return find(self._scene, at.x(), at.y(), *self._moved())

    def _target_of(self, index: int) -> Target:
        return Target.of_member(self._scene, index, *self._moved())

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
                self._change_view(self._view.panned(step.x(), step.y()))
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
            self._zoom(4.0, target.x, target.y)

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
            least, most = self._home.scale * 0.6, self._home.scale * MOST_ZOOM
            self._change_view(self._view.zoomed(factor, x, y, least, most))

    # keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk, Enter opens, plus and minus zoom, Home resets, Escape lets go."""
        key = event.key()
        if key in ARROWS and self._pins:
            self._walk(*ARROWS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.focused_site is not None:
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

    def _bring_into_view(self) -> None:
        if self._focus < 0 or self._scene is None or self._view is None:
            return
        at = self._target_of(self._focus)
        if not QRectF(self.rect()).adjusted(8, 8, -8, -8).contains(QPointF(at.x, at.y)):
            self._change_view(self._view.panned(self.width() / 2 - at.x, self.height() / 2 - at.y))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """And that it has gone."""
        super().focusOutEvent(event)
        self.update()

"""Lays out and paints the map of a fleet, and keeps what it painted; knows no pointer, no key and no store."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.domain.fleet_state import FleetNow
from console.ui.fonts import font_scale
from console.ui.map.hit import Target, find
from console.ui.map.labels import Box
from console.ui.map.lens_plans import LensPlans
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
    title_box,
)
from console.ui.map.viewport import Viewport, home
from console.ui.models.alarms.sites import NO_ALARMS, SiteAlarms
from console.ui.numbers import integer, power_text
from console.ui.theme import DARK, Theme

RENDER_AFTER_MS = 120
CORNER_PX = 4.0
TITLE = "Sites"


class MapCanvas(QWidget):
    """The ground, every site on it, lenses and key. A pan shows the old picture at once and a new one at rest.

    What changes between two paints is laid out once, when it is painted: a map that nobody sees costs nothing.
    """

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._now_ms = 0
        self._capacity_w = 0.0
        self._words = ""
        self._pins: tuple[Pin, ...] = ()
        self._shown: object = None
        self._view: Viewport | None = None
        self._home: Viewport | None = None
        self._scene: Scene | None = None
        self._due = False  # whether the scene is older than what it shows
        self._picture = MapPicture()
        self._corners = QPainterPath()
        self._key_box = self._title_box = Box(0, 0, 0, 0)
        self._plans = LensPlans()
        self._focus = -1
        self._by_keyboard = False
        self._hover: Target | None = None
        self._later = QTimer(self, singleShot=True, interval=RENDER_AFTER_MS)
        self._later.timeout.connect(self._render)
        self._next_turn = QTimer(self, singleShot=True, interval=0)
        self._next_turn.timeout.connect(self._sharpen)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # every pixel is painted: no ground beneath
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def scene(self) -> Scene | None:
        """What is laid out now: marks, labels, lenses."""
        if self._due:
            self._lay_out()
        return self._scene

    @property
    def pending(self) -> bool:
        """Whether what is on the screen is still the picture of before."""
        return self._due or self._later.isActive()

    @property
    def pins(self) -> tuple[Pin, ...]:
        """The sites, in the fleet's order."""
        return self._pins

    @property
    def focused_site(self) -> str | None:
        """The site that the keyboard stands on."""
        return self._pins[self._focus].site_id if 0 <= self._focus < len(self._pins) else None

    def set_fleet(self, now: FleetNow, alarms: SiteAlarms = NO_ALARMS) -> None:
        """Show the fleet as judged now. The marks are laid out again only when something visible changed."""
        focused = self.focused_site
        self._now_ms = now.now_ms
        self._pins = steadied(pins_of(now, alarms), self._pins)
        self._capacity_w = sum(entry.site.capacity_w for entry in now.sites)
        self._focus = next((i for i, pin in enumerate(self._pins) if pin.site_id == focused), -1)
        shown = [(p.site_id, p.longitude_deg, p.latitude_deg, p.mark, p.reason, p.power_w, p.alarm) for p in self._pins]
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

    def _reset(self) -> None:
        if self.width() < 2 or self.height() < 2:
            return
        self._home = self._view = home(*self._places(), self.width(), self.height())
        self._render()

    def _places(self) -> tuple[list[float], list[float]]:
        return [pin.longitude_deg for pin in self._pins], [pin.latitude_deg for pin in self._pins]

    def _render(self) -> None:
        self._due = self._view is not None and self._home is not None
        self._hover = None
        self.update()

    def _lay_out(self) -> None:
        self._due, view = False, self._view
        self._furnish()
        keep_free = (self._title_box, self._key_box)
        lenses = self._plans.plan(self._pins, view, self._home, keep_free)
        self._scene = lay_out(self._pins, view, measure, lenses, keep_free)
        self._picture.render(self._scene, self._theme, self.devicePixelRatioF())

    def _furnish(self) -> None:
        capacity = " ".join(power_text(self._capacity_w))
        self._words = f"{integer(len(self._pins))} · {capacity} capacity" if self._pins else "none is known"
        self._key_box, self._title_box = key_box(self.width(), self.height()), title_box(TITLE, self._words)

    def render_now(self) -> None:
        """Paint what is due at once: a picture that is taken now cannot wait a turn (R49)."""
        if self._due:
            self._lay_out()

    def _sharpen(self) -> None:
        """What `_paint_meanwhile` left for later; a map that went out of sight stays due."""
        if self.isVisible():
            self.render_now()
            self.update()

    def paint_anew(self) -> None:
        """Forget the picture and make it again, as after a zoom."""
        self._picture.forget()
        self._render()
        self.render_now()

    def show_view(self, view: Viewport) -> None:
        """Show it at once from the old picture; paint a sharp one when the hand rests."""
        self._view = view
        self._hover = None
        self._later.start()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A new size starts from home again: the operator's zoom was made for another window."""
        outside, inside = QPainterPath(), QPainterPath()
        outside.addRect(QRectF(self.rect()))
        inside.addRoundedRect(QRectF(self.rect()), CORNER_PX, CORNER_PX)
        self._corners = outside.subtracted(inside)
        self._reset()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Blit the picture, then what stands still or changes often over it."""
        if self._ground_is_missing():
            self._paint_meanwhile()
            self._next_turn.start()
            return
        scene = self.scene  # before the painter: it may paint a picture of its own
        with QPainter(self) as painter:
            if self._view is None or scene is None:
                painter.fillRect(self.rect(), self._theme.bg1)
                return
            if not self._picture.covers(self._view):
                painter.fillRect(self.rect(), self._theme.bg1)
            self._picture.draw(painter, self._view)
            moved_x, moved_y = self._moved()
            if not self._zooming():
                paint_hairlines(painter, scene, moved_x, moved_y, self._theme)
                for lens in scene.lenses:
                    self._picture.draw_lens(painter, lens)
                    paint_lens_title(painter, lens, self._now_ms, self._theme)
            self._paint_furniture(painter)
            self._paint_attention(painter)
            self._paint_frame(painter)

    def _ground_is_missing(self) -> bool:
        """Whether a picture stands, but its ground was made for another size or theme than the scene that is due."""
        return (
            self._due
            and self._scene is not None
            and not self._picture.has_ground(self._view, self._theme, self.devicePixelRatioF())
        )

    def _paint_meanwhile(self) -> None:
        """The picture of before, stretched, for the one turn until its successor is there.

        To paint a new ground takes longer than a frame; where a whole window is painted anew, as when the world is
        opened after another size, the screen would stand still for both.
        """
        self._furnish()
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self._theme.bg1)
            if self._picture.in_colours_of(self._theme):
                self._picture.draw(painter, self._view)
            self._paint_furniture(painter)
            self._paint_frame(painter)

    def _paint_furniture(self, painter: QPainter) -> None:
        """Title and key: they stand still, so they are painted once."""
        look = (self._theme.name, font_scale(), self._words)
        title, key = self._title_box, self._key_box
        self._picture.draw_furniture(
            painter, "title", title, look, lambda inner: paint_title(inner, TITLE, self._words, self._theme)
        )
        self._picture.draw_furniture(
            painter, "key", key, look, lambda inner: paint_key(inner, self.width(), self.height(), self._theme)
        )

    def _paint_attention(self, painter: QPainter) -> None:
        """The ring of the keyboard, and the plate of whatever is pointed at."""
        target = self._hover
        if self._focus >= 0:
            at = self._target_of(self._focus)
            paint_focus(painter, at.x, at.y, at.radius, self._theme, thin=not self.hasFocus())
            target = target or (at if self.hasFocus() else None)
        if target is not None:
            words = target.words(self._pins, self._focus if target is not self._hover else -1)
            paint_plate(painter, target.x + target.radius, target.y, words, QRectF(self.rect()), self._theme)

    def _paint_frame(self, painter: QPainter) -> None:
        """Round corners like every panel's, and the focus ring of the whole map while no site has it."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(self._corners, self._theme.bg0)
        if self.hasFocus() and self._by_keyboard and self._focus < 0:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.t1, 2.0))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), CORNER_PX, CORNER_PX)

    def _moved(self) -> tuple[float, float]:
        """How far the ground has gone since the scene was laid out."""
        then, now = self._scene.view, self._view
        return (then.x - now.x) * now.scale, -(then.y - now.y) * now.scale

    def _zooming(self) -> bool:
        return abs(self._view.scale / self._scene.view.scale - 1) > 1e-9

    def _target_at(self, at: QPointF) -> Target | None:
        if self.scene is None or self._zooming():
            return None
        return find(self._scene, at.x(), at.y(), *self._moved())

    def _target_of(self, index: int) -> Target:
        return Target.of_member(self.scene, index, *self._moved())

    def _bring_into_view(self) -> None:
        if self._focus < 0 or self.scene is None or self._view is None:
            return
        at = self._target_of(self._focus)
        if not QRectF(self.rect()).adjusted(8, 8, -8, -8).contains(QPointF(at.x, at.y)):
            self.show_view(self._view.panned(self.width() / 2 - at.x, self.height() / 2 - at.y))

"""Paints marks, labels, lenses, title, key and plate of the map with tokens; decides nothing about sites."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from console.domain.fleet_state import SiteMark
from console.ui.fonts import Role, font, font_scale, px
from console.ui.lettering import paint_elided, paint_text, text_width
from console.ui.map.alarm_ring import RING_OF_MANY, paint_ring
from console.ui.map.discs import outside
from console.ui.map.label_sprites import LabelSprites
from console.ui.map.labels import Box
from console.ui.map.land import paint_ground
from console.ui.map.lens_scene import TITLE_PX, Lens
from console.ui.map.marks import LINE_PX, Label, Mark
from console.ui.map.scene import Scene
from console.ui.map.site_glyph import ClusterLook, paint_cluster, paint_site
from console.ui.theme import Theme

CORNER_PX = 3.0
FOCUS_PX, SELECTED_PX, FOCUS_GAP_PX = 2.0, 1.2, 4.0
KEY = (
    (SiteMark.NORMAL, "normal"),
    (SiteMark.CURTAILED, "curtailed, planned"),
    (SiteMark.STALE, "stale"),
    (SiteMark.NO_LINK, "no link"),
    (SiteMark.NEVER, "no data yet"),
)
KEY_HINT = "disc area = MW · number = sites closer than 24 px"
KEY_ROW_PX, KEY_GLYPH_PX, KEY_STEP_PX = 20.0, 6.2, 18.0


def measure(text: str, bold: bool) -> float:
    """The width of a label's line."""
    return text_width(font(Role.CAPTION_BOLD if bold else Role.CAPTION), text)


def rect(box: Box) -> QRectF:
    """A box as Qt has it."""
    return QRectF(box.left, box.top, box.width, box.height)


def paint_marks(painter: QPainter, marks: Sequence[Mark], theme: Theme, ground: QColor) -> None:
    """All discs in one pass, the large ones beneath."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for mark in sorted(marks, key=lambda mark: -mark.radius):
        at = QPointF(mark.x, mark.y)
        if len(mark.members) > 1:
            look = ClusterLook(mark.radius, len(mark.members), mark.state, mark.dark, mark.corner)
            paint_cluster(painter, at, look, theme, ground)
        else:
            halo = theme.land if mark.state is SiteMark.NORMAL else ground
            paint_site(painter, at, mark.radius, mark.state, theme, halo)
        if mark.alarm is not None:
            around = mark.radius + (RING_OF_MANY if len(mark.members) > 1 else 0.0)
            paint_ring(painter, at, around, mark.alarm, theme, mark.alarm_corner)


def paint_labels(painter: QPainter, labels: Sequence[Label], sprites: LabelSprites, theme: Theme) -> None:
    """Name in bold and reason below it, with a halo of the sea's colour."""
    for label in labels:
        sprites.draw(painter, label, theme)


def paint_hairlines(painter: QPainter, scene: Scene, dx: float, dy: float, theme: Theme) -> None:
    """From each cluster to its lens, behind the marks between; (dx, dy) is how far the ground has been moved."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.line2, 1.0))
    marks = np.add(scene.circles, (dx, dy, 0.0))
    for lens in scene.lenses:
        x, y = lens.x + dx, lens.y + dy
        end = _edge_point(rect(lens.box), QPointF(x, y))
        for first, last in outside((x, y), end.toTuple(), marks):
            painter.drawLine(QPointF(*first), QPointF(*last))


def _edge_point(box: QRectF, outside: QPointF) -> QPointF:
    """The point of a box's edge nearest to a point outside it."""
    return QPointF(
        min(max(outside.x(), box.left()), box.right()),
        min(max(outside.y(), box.top()), box.bottom()),
    )


def paint_lens(painter: QPainter, lens: Lens, sprites: LabelSprites, theme: Theme) -> None:
    """A lens at the painter's origin, all but its local time (which changes by itself)."""
    frame = QRectF(0, 0, lens.box.width, lens.box.height)
    outline = QPainterPath()
    outline.addRoundedRect(frame, CORNER_PX, CORNER_PX)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillPath(outline, theme.bg0)
    painter.setClipPath(outline)
    paint_ground(painter, lens.view, theme, lens=True)
    paint_marks(painter, lens.marks, theme, theme.bg0)
    paint_labels(painter, lens.labels, sprites, theme)
    painter.setClipping(False)
    title = QRectF(1, 1, frame.width() - 2, px(TITLE_PX))
    painter.fillRect(title, theme.faded("bg0", 0.82))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.line2, 1.0))
    painter.drawRoundedRect(frame.adjusted(0.5, 0.5, -0.5, -0.5), CORNER_PX, CORNER_PX)
    painter.restore()


def paint_lens_title(painter: QPainter, lens: Lens, now_ms: int, theme: Theme) -> None:
    """Its name, and the local time of its sites; each painted over the strip that `paint_lens` left free."""
    box = rect(lens.box)
    strip = QRectF(box.left() + 8, box.top() + 1, box.width() - 16, px(TITLE_PX))
    named = strip.width() - 8 - text_width(font(Role.CAPTION_BOLD), lens.title)
    local = time_beside(local_time(lens.time_zone, now_ms), named)
    width = text_width(font(Role.CAPTION), local)
    paint_elided(painter, strip, local, font(Role.CAPTION), theme.t2, right=True)
    paint_elided(painter, strip.adjusted(0, 0, -width - 8, 0), lens.title, font(Role.CAPTION_BOLD), theme.t1)


def time_beside(local: str, room: float) -> str:
    """What of the local time fits beside a lens's whole name: a name cut short could be that of another lens."""
    said = (local, local.removesuffix(" local"), "")
    return next((words for words in said if text_width(font(Role.CAPTION), words) <= room), "")


def local_time(zone: str, now_ms: int) -> str:
    """`08:32 local`; UTC, and said so, where the machine does not know the zone."""
    try:
        moment = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return f"{datetime.fromtimestamp(now_ms / 1000, UTC):%H:%M} UTC"
    return f"{moment:%H:%M} local"


def title_box(title: str, detail: str) -> Box:
    """Where the panel's title stands."""
    width = text_width(font(Role.BODY_BOLD), title) + text_width(font(Role.CAPTION), detail)
    return Box(0, 0, 16 + width + 8 + 12, px(36))


def paint_title(painter: QPainter, title: str, detail: str, theme: Theme) -> None:
    """The panel's title at the top left, over whatever ground the map has moved there."""
    _paint_veil(painter, title_box(title, detail), theme)
    baseline = px(25)
    right = paint_text(painter, QPointF(16, baseline), title, font(Role.BODY_BOLD), theme.t1)
    paint_text(painter, QPointF(16 + right + 8, baseline), detail, font(Role.CAPTION), theme.t2)


def _paint_veil(painter: QPainter, box: Box, theme: Theme) -> None:
    """Words on the map stay readable over coasts and discs."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.faded("bg1", 0.72))
    painter.drawRoundedRect(rect(box).adjusted(6, 6, -4, -4), CORNER_PX, CORNER_PX)


def key_box(width: float, height: float) -> Box:
    """Where the key stands: two rows of glyphs under one of words, or one row where the map is low."""
    rows = len(_key_rows(width))
    return Box(
        10.0, height - 14.0 - px(KEY_ROW_PX) * (rows + 1), _key_width(width) + 12.0, px(KEY_ROW_PX) * (rows + 1) + 8.0
    )


def paint_key(painter: QPainter, width: float, height: float, theme: Theme) -> None:
    """What the forms mean, at the bottom left."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    box, caption, glyph = key_box(width, height), font(Role.CAPTION), KEY_GLYPH_PX * font_scale()
    _paint_veil(painter, Box(box.left - 6, box.top - 4, box.width + 8, box.height + 6), theme)
    baseline = box.top + px(KEY_ROW_PX) - 5
    paint_text(painter, QPointF(16, baseline), KEY_HINT, caption, theme.t3)
    for row in _key_rows(width):
        baseline += px(KEY_ROW_PX)
        x = 16.0
        for state, word in row:
            at = QPointF(x + glyph + 1, baseline - px(4))
            paint_site(painter, at, glyph, state, theme, theme.bg1)
            x += 2 * glyph + 7
            x += paint_text(painter, QPointF(x, baseline), word, caption, theme.t2) + KEY_STEP_PX


def _key_rows(width: float) -> tuple[tuple[tuple[SiteMark, str], ...], ...]:
    return (KEY,) if width >= 1500 else (KEY[:3], KEY[3:])


def _key_width(width: float) -> float:
    caption = font(Role.CAPTION)
    step = 2 * KEY_GLYPH_PX * font_scale() + 7 + KEY_STEP_PX
    rows = [sum(text_width(caption, word) + step for _, word in row) for row in _key_rows(width)]
    return max(text_width(caption, KEY_HINT), *rows)


def paint_focus(painter: QPainter, x: float, y: float, radius: float, theme: Theme, *, thin: bool = False) -> None:
    """The ring of the keyboard's focus, or the thinner one of the selection."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.t1, SELECTED_PX if thin else FOCUS_PX))
    painter.drawEllipse(QPointF(x, y), radius + FOCUS_GAP_PX, radius + FOCUS_GAP_PX)


def paint_plate(painter: QPainter, x: float, y: float, lines: Sequence[str], bounds: QRectF, theme: Theme) -> None:
    """A small plate of plain text beside (x, y): what a site is and does. Never rich text, never clipped."""
    bold, caption = font(Role.CAPTION_BOLD), font(Role.CAPTION)
    width = min(
        max(text_width(bold if index == 0 else caption, line) for index, line in enumerate(lines)) + 20,
        bounds.width() - 16,
    )
    row_px = px(LINE_PX)
    height = row_px * len(lines) + 12
    left = x + 14 if x + 14 + width <= bounds.right() - 4 else x - 14 - width
    top = min(max(bounds.top() + 4, y - height / 2), bounds.bottom() - height - 4)
    plate = QRectF(max(bounds.left() + 4, left), top, width, height)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.edge, 1.0))
    painter.setBrush(theme.bg3)
    painter.drawRoundedRect(plate, CORNER_PX, CORNER_PX)
    for index, line in enumerate(lines):
        row = QRectF(plate.left() + 10, plate.top() + 6 + index * row_px, width - 20, row_px)
        paint_elided(painter, row, line, bold if index == 0 else caption, theme.t2 if index else theme.t1)

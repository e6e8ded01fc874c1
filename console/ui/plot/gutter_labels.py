"""Places and paints the labels at a plot's right end: none hits another, the line itself never moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from console.ui.fonts import Role, font, font_scale, px
from console.ui.lettering import paint_elided, paint_text, text_width
from console.ui.theme import Theme

LEAST_APART_PX = 16.0
HALF_LINE, BEYOND_PX = 0.62, 4  # of the letters' size; and what there is of the plot beyond its gutter
FULL_SIZE_PX = 13  # at 100 %
MARK_PX = 12  # of a curve's tone before its name


@dataclass(frozen=True, slots=True)
class Label:
    """One label: where its line ends (`y`, logical px), its words, and a figure set at the gutter's right edge.

    `tone` names the token of its curve: a mark before the words, where one plot has curves of several tones.
    """

    y: float
    text: str
    figure: str = ""
    strong: bool = False
    faint: bool = False
    tone: str = ""
    dashed: bool = False


def spread(wanted: Sequence[float], top: float, bottom: float, apart: float = LEAST_APART_PX) -> list[float]:
    """Moves places (ascending) as little as needed until they are `apart` and within [top, bottom].

    Neighbours that collide form a group around the mean of what they want; too many for the room are squeezed
    evenly. The order never changes.
    """
    count = len(wanted)
    if not count:
        return []
    apart = min(apart, (bottom - top) / max(1, count - 1)) if count > 1 else apart
    groups: list[list[float]] = []  # each: sum of (wanted - offset), members
    for index, place in enumerate(wanted):
        groups.append([place - index * apart, 1])
        while len(groups) > 1 and _middle(groups[-2]) > _middle(groups[-1]):
            last = groups.pop()
            groups[-1] = [groups[-1][0] + last[0], groups[-1][1] + last[1]]
    lowest, highest = top, bottom - (count - 1) * apart
    firsts = [min(highest, max(lowest, _middle(group))) for group in groups for _ in range(int(group[1]))]
    return [first + index * apart for index, first in enumerate(firsts)]


def _middle(group: list[float]) -> float:
    return group[0] / group[1]


def free_baseline(top: float, bottom: float, taken: Sequence[tuple[float, float]], height: float) -> float:
    """The baseline nearest to `bottom`, not above `top`, for a word `height` px high that misses every taken stretch.

    `taken` are pixel rows (upper, lower). Where nothing is free the bottom is as good as any other place.
    """
    place = bottom
    while place >= top:
        hit = [upper for upper, lower in taken if upper - 3 < place + 3 and lower + 3 > place - height + 2]
        if not hit:
            return place
        place = min(*hit, place) - 7
    return bottom


def paint_labels(painter: QPainter, gutter: QRectF, labels: Sequence[Label], theme: Theme) -> None:
    """Writes the labels into `gutter`, sorted as the lines end."""
    for label, y in placed(gutter, labels):
        _paint_label(painter, gutter, label, y, theme)


def placed(gutter: QRectF, labels: Sequence[Label]) -> list[tuple[Label, float]]:
    """Each label with the middle of its line, whole inside the plot at any text size (R57).

    Where large text leaves no room for all, names of levels give way to values: half a word says less than none.
    """
    size = font(Role.BODY_BOLD).pixelSize()
    apart = max(LEAST_APART_PX, size + 3.0)
    inset = max(5.0, size * HALF_LINE - BEYOND_PX)
    top, bottom = gutter.top() + inset, gutter.bottom() - inset
    room = max(1, int((bottom - top) / apart) + 1)
    if size > FULL_SIZE_PX and len(labels) > room:
        labels = sorted(labels, key=lambda label: (not label.strong, not label.figure, label.faint))[:room]
    ordered = sorted(labels, key=lambda label: label.y)
    return list(zip(ordered, spread([label.y for label in ordered], top, bottom, apart), strict=True))


def _paint_label(painter: QPainter, gutter: QRectF, label: Label, y: float, theme: Theme) -> None:
    if label.tone:
        _paint_toned(painter, gutter, label, y, theme)
        return
    face = font(Role.BODY_BOLD if label.strong and not label.figure else Role.CAPTION)
    if label.strong and label.figure:
        face = font(Role.CAPTION_BOLD)
    ink = theme.t1 if label.strong else theme.t3 if label.faint else theme.t2
    baseline = y + 4.5 * font_scale()
    paint_text(painter, QPointF(gutter.left(), baseline), label.text, face, ink)
    if label.figure:
        figure = font(Role.CAPTION_BOLD if label.strong else Role.CAPTION)
        right = gutter.left() + max(text_width(face, label.text) + 8 + text_width(figure, label.figure), 0)
        right = max(right, gutter.right())
        paint_text(painter, QPointF(right, baseline), label.figure, figure, theme.t1, Qt.AlignmentFlag.AlignRight)


def _paint_toned(painter: QPainter, gutter: QRectF, label: Label, y: float, theme: Theme) -> None:
    """A mark in the curve's tone, the name, cut where it is too long, and the figure at the right edge."""
    face = font(Role.CAPTION_BOLD if label.strong else Role.CAPTION)
    for start, end in ((0.0, 0.4), (0.6, 1.0)) if label.dashed else ((0.0, 1.0),):
        stroke = QRectF(gutter.left() + px(MARK_PX) * start, y - 1, px(MARK_PX) * (end - start), 2.5)
        painter.fillRect(stroke, getattr(theme, label.tone))
    left = gutter.left() + px(MARK_PX) + 5
    room = gutter.right() - left - text_width(face, label.figure) - 8
    ink = theme.t1 if label.strong else theme.t2
    paint_elided(painter, QRectF(left, y - px(9), room, px(18)), label.text, face, ink)
    right = QPointF(gutter.right(), y + px(4.5))
    paint_text(painter, right, label.figure, face, theme.t1, Qt.AlignmentFlag.AlignRight)

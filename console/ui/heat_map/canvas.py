"""Paints machines as cells in blocks: one image, head lines over it, and the room that they take.

Knows rows, blocks and tones; must not know what a machine is, nor what a pointer does (heat_map.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QHideEvent, QImage, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from console.ui.fonts import Role, font, px
from console.ui.heat_map.layout import Style
from console.ui.heat_map.picture import NOWHERE, Block, Picture, Rows
from console.ui.heat_map.scale import Tones
from console.ui.heat_map.tiles import tile_gap
from console.ui.lettering import paint_elided, text_width
from console.ui.plain import safe_text
from console.ui.theme import DARK, Theme, apply_theme
from console.ui.widgets.row_list import dress_bar

SMALL_CELLS = (
    (14, 21),
    (12, 18),
    (10, 15),
    (8, 12),
    (7, 10),
    (6, 9),
    (5, 8),
    (4, 6),
    (4, 5),
    (3, 5),
    (3, 4),
    (3, 3),
    (2, 3),
    (2, 2),
    (1, 3),
    (1, 2),
    (1, 1),
)
HEAD_PX, GAP_PX, GROUP_PX, GROUP_GAP_PX, TIGHT_GAP_PX = 18, 12, 20, 20, 3
EDGE_PX = 4  # what is drawn round a block or a cell that stands first in its line is whole
TARGET_PX = 24  # smaller cells are no targets: their block is (7-look.md, section 4)


class HeatCanvas(QAbstractScrollArea):
    """Blocks of cells as large as the room allows; below the smallest cell it scrolls."""

    def __init__(self, name: str, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._picture = Picture()
        self._image: QImage | None = None
        self._toned = False
        self._focus_row, self._ringed = NOWHERE, False
        self._hovered, self._pinned = NOWHERE, NOWHERE
        self._brush = QRect()
        self._empty, self._stamp = "", None
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # the image covers all of it
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(name)
        dress_bar(self.verticalScrollBar(), theme)

    # what it shows

    def show_blocks(self, blocks: Sequence[Block], machines: int, empty: str = "", stamp: object = None) -> None:
        """Other blocks; `empty` is said where there is none. An equal `stamp` says that every machine is where it was:
        then only the words round the cells are new."""
        same = stamp is not None and stamp == self._stamp and len(blocks) == len(self._picture.blocks)
        self._stamp, self._empty = stamp, empty
        if same:
            self._picture.blocks = tuple(blocks)
            self._repaint()
            return
        self._picture.show(blocks, machines)
        if self._picture.block_of(self._focus_row) is None:
            self._focus_row = NOWHERE
        self._fit()

    def show_tones(self, tones: Tones) -> None:
        """The tone of every row."""
        self._picture.set_tones(tones)
        self._tone_again()

    def show_marked(self, rows: Rows) -> None:
        """The selection."""
        self._picture.set_marked(rows)
        self._tone_again()

    def show_pinned(self, row: int) -> None:
        """The machine that is shown beside the map keeps a ring."""
        if row != self._pinned:
            self._pinned = row
            self.viewport().update()

    def _tone_again(self) -> None:
        self._toned = False
        self.viewport().update()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        self._theme = theme
        apply_theme(self.viewport(), theme)
        dress_bar(self.verticalScrollBar(), theme)
        self._fit()

    @property
    def focus_row(self) -> int:
        """The machine under the keys, or NOWHERE."""
        return self._focus_row

    @property
    def pitch(self) -> tuple[float, float]:
        """Cell distances in logical px."""
        return self._picture.arrangement.pitch_x / self._dpr, self._picture.arrangement.pitch_y / self._dpr

    @property
    def cells_are_targets(self) -> bool:
        """Whether a cell is large enough to be clicked itself."""
        return min(self.pitch) >= TARGET_PX

    def cell_rect(self, row: int) -> QRect:
        """Where a cell is in the viewport, logical px."""
        return self._logical(self._picture.cell_of(row))

    # layout

    @property
    def _dpr(self) -> float:
        return float(self.devicePixelRatioF())

    def pitches(self) -> tuple[tuple[int, int], ...]:
        """The cell sizes to try, device px, the largest first."""
        scale = self._dpr
        fine = [(round(wide * scale), round(high * scale)) for wide, high in SMALL_CELLS]
        return tuple(dict.fromkeys([*fine, *((w, h) for w, h in SMALL_CELLS if scale > 1 and w <= 3)]))

    def styles(self) -> tuple[Style, ...]:
        """How the blocks may lie, the first that fits; other maps have larger cells or wider heads.

        Where a narrow window has no room for groups' names and wide gaps, every machine still has its cell.
        """
        style = Style(
            pitches=self.pitches(),
            head=self._device(px(HEAD_PX)),
            gap=self._device(GAP_PX),
            group_gap=self._device(GROUP_GAP_PX),
            least_width=self._device(px(18)),
            wanted=0.8,
            edge=self._device(EDGE_PX),
        )
        if not any(block.group for block in self._picture.blocks):
            return (style,)
        tight = replace(style, gap=self._device(TIGHT_GAP_PX), group_gap=self._device(GAP_PX))
        return (replace(style, group_head=self._device(px(GROUP_PX))), tight)

    def _device(self, length: float) -> int:
        return round(length * self._dpr)

    def _logical(self, area: QRect) -> QRect:
        scale = self._dpr
        top = area.top() / scale - self.verticalScrollBar().value()
        return QRectF(area.left() / scale, top, area.width() / scale, area.height() / scale).toRect()

    def _content(self, at: QPoint) -> QPoint:
        return QPoint(self._device(at.x()), self._device(at.y() + self.verticalScrollBar().value()))

    def _fit(self) -> None:
        room = self.viewport().size()
        if room.width() <= 0 or room.height() <= 0:
            return
        self._picture.fit(self._device(room.width()), self._device(room.height()), self.styles())
        content = round(self._picture.arrangement.height / self._dpr)
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, content - room.height()))
        bar.setPageStep(room.height())
        bar.setSingleStep(px(48))
        self._repaint()

    def _repaint(self) -> None:
        self._image = None
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cells take the room there is."""
        self._fit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: the pixels, 33 MB on a wall, are painted again when somebody does."""
        self._image = None
        self._picture.release()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Another part of the cells."""
        self._repaint()

    def sizeHint(self) -> QSize:
        """As in mock-up 2."""
        return QSize(px(1328), px(380))

    def minimumSizeHint(self) -> QSize:
        """A few cells."""
        return QSize(px(160), px(96))

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """The image, the head lines, and what the pointer and the keys are doing."""
        with QPainter(self.viewport()) as painter:
            if not self._picture.blocks:
                painter.fillRect(self.viewport().rect(), self._theme.bg1)
                paint_elided(painter, QRectF(self.viewport().rect()), self._empty, font(Role.BODY), self._theme.t3)
                return
            painter.drawImage(QPoint(0, 0), self._cells())
            self._paint_marks(painter)

    def _cells(self) -> QImage:
        """The image: head lines are painted once an arrangement, cells once a set of tones."""
        if self._image is None:
            room, scroll = self.viewport().size(), self._device(self.verticalScrollBar().value())
            self._image = self._picture.begin(
                self._device(room.width()), self._device(room.height()), scroll, self._theme
            )
            self._image.setDevicePixelRatio(self._dpr)
            self._toned = False
            with QPainter(self._image) as painter:
                self._paint_heads(painter)
        if not self._toned:
            self._picture.paint(self._theme)
            self._toned = True
        return self._image

    def _paint_heads(self, painter: QPainter) -> None:
        """Titles over blocks; the group's name over its first block and wherever a line begins with it."""
        view, before, edge = self.viewport().rect(), "", self._device(EDGE_PX)
        for block, spot in zip(self._picture.blocks, self._picture.arrangement.spots, strict=True):
            area = self._logical(QRect(spot.left, spot.top, spot.width, spot.rows * self._picture.arrangement.pitch_y))
            head = QRect(area.left(), area.top() - px(HEAD_PX), area.width(), px(HEAD_PX))
            named, before = block.group if block.group != before or spot.left == edge else "", block.group
            if head.top() - px(GROUP_PX) > view.bottom() or area.bottom() < 0:
                continue
            if named and self._picture.arrangement.grouped:
                strip = QRectF(head.left(), head.top() - px(GROUP_PX), view.right() - head.left(), px(GROUP_PX))
                paint_elided(painter, strip, safe_text(named), font(Role.CAPTION_BOLD), self._theme.t2)
            self._paint_head(painter, QRectF(head), block)
            if block.framed:
                self._paint_frame(painter, area)

    def _paint_head(self, painter: QPainter, head: QRectF, block: Block) -> None:
        title, strong = safe_text(block.title), font(Role.CAPTION_BOLD)
        if head.width() < px(24):
            return  # a block as narrow as two letters is named by the plate
        paint_elided(painter, head, title, strong, self._theme.t1)
        left = text_width(strong, title) + 8
        if block.note and head.width() - left > px(36):
            paint_elided(
                painter, head.adjusted(left, 0, 0, 0), safe_text(block.note), font(Role.CAPTION), self._theme.t2
            )

    def _paint_frame(self, painter: QPainter, area: QRect) -> None:
        pen = QPen(self._theme.t2, 1.2)
        pen.setDashPattern([3, 2])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(area).adjusted(-2.5, -2.5, 1.5, 1.5))

    def _paint_marks(self, painter: QPainter) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        keys = self._focus_row if self.hasFocus() and self._ringed else NOWHERE
        for row, width in ((self._hovered, 1), (self._pinned, 2), (keys, 2)):
            if row != NOWHERE and not self.cell_rect(row).isNull():
                painter.setPen(QPen(self._theme.t1, width))
                painter.drawRect(QRectF(self._ring_of(row)))
        if not self._brush.isNull():
            painter.setPen(QPen(self._theme.t1, 1))
            painter.drawRect(QRectF(self._brush.normalized()).adjusted(0.5, 0.5, -0.5, -0.5))

    def _ring_of(self, row: int) -> QRect:
        """Round the cell without the space beside it, and never smaller than can be seen."""
        cell = self.cell_rect(row)
        space = round(tile_gap(self._picture.arrangement.pitch_x) / self._dpr)
        grow = max(2, (8 - cell.width()) // 2)
        return cell.adjusted(-grow, -grow, grow - space, grow - space)

    # who is where

    def row_under(self, at: QPoint) -> int:
        """The machine at a point of the viewport, or NOWHERE."""
        place = self._content(at)
        return self._picture.row_at(place.x(), place.y())

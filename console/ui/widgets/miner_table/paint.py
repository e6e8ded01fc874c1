"""Paints the visible rows of the miner table in one pass: text, state by form and word, freshness and selection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QTableView

from console.domain.freshness import Freshness
from console.domain.metric import MinerState
from console.ui.fonts import Role, font, px
from console.ui.lettering import elided, text_width
from console.ui.models.miners.columns import FROM_FRAME, Column, cell_text, state_of, suspect
from console.ui.models.miners.machines import MachinesNow
from console.ui.models.miners.rows import MinerRows
from console.ui.theme import Theme
from console.ui.widgets.state_cells import CellGrid, paint_blocks
from console.ui.widgets.state_glyph import ValueState, paint_state

PAD_PX, CELL_PX, BOX_PX, RING_PX = 8, 9, 12, 2.0
ASKS_A_LOOK = (MinerState.OFF, MinerState.DEGRADED, MinerState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Lane:
    """A visible column: which section, and where in the viewport."""

    section: int
    left: float
    width: float


@dataclass(frozen=True, slots=True)
class Line:
    """A visible row: its place in the table, its top in the viewport, whether chosen, current, under the pointer."""

    place: int
    top: float
    chosen: bool
    current: bool
    hovered: bool


class RowPainter:
    """Paints lines over lanes; made anew for each repaint, so that fonts and tokens are fetched once."""

    def __init__(self, rows: MinerRows, machines: MachinesNow, theme: Theme, height: float, width: float) -> None:
        self._rows, self._machines, self._theme = rows, machines, theme
        self._height, self._width = height, width
        self._body, self._mono = font(Role.BODY), font(Role.MONO)
        self._bold = font(Role.BODY_BOLD)
        self._aged_s = rows.aged_s()
        self._baseline = height / 2 + px(13) * 0.36

    def paint(self, painter: QPainter, lines: Sequence[Line], lanes: Sequence[Lane], ringed: bool) -> None:
        """All visible rows; `ringed` where the keyboard is in the table."""
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        rule = self._theme.faded("line", 0.6)
        for line in lines:
            self._paint_ground(painter, line)
            self._paint_cells(painter, line, lanes)
            painter.fillRect(QRectF(0, line.top + self._height - 1, self._width, 1), rule)  # a drawn line costs 10x
        self._paint_state_cells(painter, lines, lanes)
        for line in lines:
            if line.current and ringed:
                ring = QRectF(0, line.top, self._width, self._height).adjusted(1, 1, -1, -1)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(self._theme.t1, RING_PX))
                painter.drawRect(ring)

    def _paint_ground(self, painter: QPainter, line: Line) -> None:
        if line.chosen:
            painter.fillRect(QRectF(0, line.top, self._width, self._height), self._theme.bg3)
        elif line.hovered or line.current:
            painter.fillRect(QRectF(0, line.top, self._width, self._height), self._theme.bg2)

    def _paint_cells(self, painter: QPainter, line: Line, lanes: Sequence[Lane]) -> None:
        row = int(self._rows.order[line.place])
        fresh = self._rows.freshness_of(row)
        old = fresh in (Freshness.STALE, Freshness.NEVER)
        state = state_of(self._machines, row)
        for lane in lanes:
            column = self._rows.column(lane.section)
            if column.name == "state":
                self._write_state(painter, line, lane, state, old)
                continue
            text = cell_text(self._machines, row, column, self._aged_s)
            tone = self._tone(column, old, fresh)
            if column.name == "age" and old:
                self._paint_ring(painter, line, lane)
            elif suspect(self._machines, row, column.name):
                tone = self._theme.t2
                self._paint_hollow(painter, line, lane)
            strong = column.name in ("hashrate", "ratio") and state in ASKS_A_LOOK and not old
            self._write(painter, line, lane, text, column, tone, strong)

    def _tone(self, column: Column, old: bool, fresh: Freshness) -> QColor:
        if column.name == "age":
            return self._theme.t3 if fresh is Freshness.FRESH else self._theme.t1
        if column.name in FROM_FRAME:
            return self._theme.t2 if old else self._theme.t1
        return self._theme.t1 if column.name == "id" else self._theme.t2

    def _write(
        self, painter: QPainter, line: Line, lane: Lane, text: str, column: Column, tone: QColor, strong: bool
    ) -> None:
        face = self._face(column, strong)
        pad = px(PAD_PX)
        room = lane.width - 2 * pad
        width = text_width(face, text)
        if width > room:
            if column.numeric:
                room, pad = lane.width, 0  # a value is never cut
            else:
                text = elided(face, text, room)
        left = lane.left + lane.width - pad - width if column.numeric else lane.left + pad
        painter.setFont(face)
        painter.setPen(tone)
        painter.drawText(QPointF(left, line.top + self._baseline), text)

    def _face(self, column: Column, strong: bool) -> QFont:
        if column.mono:
            return self._mono
        return self._bold if strong else self._body

    def _write_state(self, painter: QPainter, line: Line, lane: Lane, state: MinerState, old: bool) -> None:
        """The state's word, beside its cell."""
        calm = state in (MinerState.HASHING, MinerState.CURTAILED)
        painter.setFont(self._body)
        painter.setPen(self._theme.t2 if calm or old else self._theme.t1)
        word = cell_text(self._machines, int(self._rows.order[line.place]), self._rows.column(lane.section))
        left = round(lane.left + px(PAD_PX)) + px(CELL_PX) + px(7)
        painter.drawText(QPointF(left, line.top + self._baseline), word)

    def _paint_state_cells(self, painter: QPainter, lines: Sequence[Line], lanes: Sequence[Lane]) -> None:
        """The states' cells as in the heat map, those of all rows together: row by row they cost ten times as much."""
        side = px(CELL_PX)
        pitch = side / 0.75
        for lane in lanes:
            if self._rows.column(lane.section).name != "state":
                continue
            left = round(lane.left + px(PAD_PX))
            blocks = [
                (
                    QRectF(left, round(line.top + (self._height - side) / 2), side, side),
                    np.array([state_of(self._machines, int(self._rows.order[line.place]))], dtype=np.uint8),
                )
                for line in lines
            ]
            paint_blocks(painter, blocks, CellGrid(1, pitch, pitch), self._theme)

    def _paint_ring(self, painter: QPainter, line: Line, lane: Lane) -> None:
        """The dashed ring of a stale value."""
        centre = QPointF(lane.left + px(PAD_PX) + px(4), line.top + self._height / 2)
        paint_state(painter, centre, px(4.5), ValueState.STALE, self._theme.t1)

    def _paint_hollow(self, painter: QPainter, line: Line, lane: Lane) -> None:
        """The hollow square of a value that no machine can have."""
        side = px(7)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._theme.t1, 1.2))
        painter.drawRect(QRectF(lane.left + px(3), line.top + (self._height - side) / 2, side, side))


def lines_in(
    table: QTableView, area: QRect, height: float, is_chosen: Callable[[int], bool], hovered: int
) -> list[Line]:
    """The rows of which `area` of the viewport shows something."""
    here = table.currentIndex().row()
    first = max(0, table.rowAt(area.top()))
    top = float(table.rowViewportPosition(first))
    count = min(table.model().rowCount() - first, int((area.bottom() + 1 - top) // height) + 1)
    return [
        Line(place, top + height * number, is_chosen(place), place == here, place == hovered)
        for number, place in enumerate(range(first, first + count))
    ]


def lanes_in(table: QTableView, area: QRect) -> list[Lane]:
    """The columns of which `area` of the viewport shows something."""
    lanes = [
        Lane(section, float(table.columnViewportPosition(section)), float(table.columnWidth(section)))
        for section in range(table.model().columnCount())
    ]
    return [lane for lane in lanes if lane.left <= area.right() and lane.left + lane.width > area.left()]


def row_area(table: QTableView, place: int) -> QRect:
    """What a row takes of the viewport; empty for no row (-1)."""
    return QRect(0, table.rowViewportPosition(place), table.viewport().width(), table.rowHeight(place))


def column_area(table: QTableView, names: Sequence[str], name: str) -> QRect:
    """What a column takes of the viewport; empty where it is not shown."""
    section = names.index(name) if name in names else -1
    return QRect(table.columnViewportPosition(section), 0, table.columnWidth(section), table.viewport().height())


def paint_box(painter: QPainter, area: QRectF, chosen: bool, partly: bool, theme: Theme) -> None:
    """A tick box: empty, ticked, or barred where only a part of what it stands for is chosen."""
    side = px(BOX_PX)
    box = QRectF(area.center().x() - side / 2, area.center().y() - side / 2, side, side)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.t1 if chosen or partly else theme.edge, 1.2))
    painter.setBrush(theme.t1 if chosen else theme.bg0)
    painter.drawRoundedRect(box, 2, 2)
    if chosen:
        painter.setPen(QPen(theme.paper, 1.8))
        steps = ((0.22, 0.52), (0.42, 0.72), (0.78, 0.3))
        painter.drawPolyline([QPointF(box.left() + x * side, box.top() + y * side) for x, y in steps])
    elif partly:
        painter.setPen(QPen(theme.t1, 1.8))
        painter.drawLine(QPointF(box.left() + 3, area.center().y()), QPointF(box.right() - 3, area.center().y()))
    painter.restore()


def paint_nothing(painter: QPainter, area: QRect, words: str, theme: Theme) -> None:
    """An empty table says why."""
    painter.setFont(font(Role.BODY))
    painter.setPen(theme.t2)
    painter.drawText(area.adjusted(0, px(24), 0, 0), Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, words)


def table_style(theme: Theme) -> str:
    """Tokens for what Qt paints itself: the headers."""
    t1, t2, bg1, line = (getattr(theme, token).name() for token in ("t1", "t2", "bg1", "line"))
    return (
        f"QTableView{{background:{bg1};color:{t1};border:none;outline:none}}"
        f"QHeaderView{{background:{bg1};border:none}}"
        f"QHeaderView::section{{background:{bg1};color:{t2};border:none;padding:0 {px(PAD_PX)}px;"
        f"border-bottom:1px solid {line}}}"
        f"QHeaderView::up-arrow,QHeaderView::down-arrow{{image:none;width:0;height:0}}"
        f"QTableCornerButton::section{{background:{bg1};border:none;border-bottom:1px solid {line}}}"
    )

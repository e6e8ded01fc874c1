"""Paints one row of the region table: share, bar with target tick, figures, last hour, worst mark (mock-up 1)."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_elided, paint_text, text_width
from console.ui.map.site_glyph import paint_site
from console.ui.models.regions import ROW_ROLE, PlaceRow, RegionTree
from console.ui.numbers import in_unit, known, percent
from console.ui.theme import Theme
from console.ui.widgets.alarms.symbol import form_of, paint_alarm
from console.ui.widgets.row_list import paint_row_ground, paint_rule
from console.ui.widgets.sparkline import paint_spark

REGION_PX, SITE_PX, HEAD_PX = 41, 28, 22
MARK_RADIUS_PX, ALARM_PX = 7.2, 18
SPARK_FROM_PX, SHARE_FROM_PX, POWER_FROM_PX = 640, 560, 430
RIGHT = Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True, slots=True)
class Columns:
    """Where things stand in a row of some width: left edges, right edges for figures; None where it does not fit."""

    name: float
    share: float | None
    bar: float
    bar_end: float
    hashrate: float
    ratio: float
    power: float | None
    spark: float | None
    mark: float


def columns(width: float) -> Columns:
    """The mock-up's columns at 776 px; a wider table gives its room to the bars, a narrower one drops columns."""
    mark = width - px(29)
    spark = mark - px(127) if width >= px(SPARK_FROM_PX) else None
    right = (mark if spark is None else spark) - px(38 if spark is not None else 26)
    power = right if width >= px(POWER_FROM_PX) else None
    ratio = right - px(70) if power is not None else right
    hashrate = ratio - px(68)
    share = px(150.0) if width >= px(SHARE_FROM_PX) else None
    bar = px(204.0) if share is not None else px(132.0)
    return Columns(16.0, share, bar, max(bar + 20, hashrate - px(100)), hashrate, ratio, power, spark, mark)


def paint_heads(painter: QPainter, width: float, top: float, theme: Theme) -> None:
    """The words over the columns."""
    at, caption, baseline = columns(width), font(Role.CAPTION), top + px(15)

    def write(x: float, text: str, *, right: bool = False) -> None:
        align = RIGHT if right else Qt.AlignmentFlag.AlignLeft
        paint_text(painter, QPointF(x, baseline), text, caption, theme.t3, align)

    if at.share is not None:
        write(at.share, "share")
    write(at.bar, "operational / deployed" if at.bar_end - at.bar > px(125) else "of deployed")
    write(at.hashrate, "EH/s", right=True)
    write(at.ratio, "% of dep.", right=True)
    if at.power is not None:
        write(at.power, "MW", right=True)
    if at.spark is not None:
        write(at.spark, "last 60 min")


class PlaceDelegate(QStyledItemDelegate):
    """Paints regions and sites of a RegionTree."""

    def __init__(self, tree: RegionTree, theme: Theme) -> None:
        super().__init__(tree)
        self._tree, self.theme = tree, theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        """A region has two lines, a site one."""
        row = index.data(ROW_ROLE)
        return QSize(200, px(SITE_PX if row is not None and row.site_id else REGION_PX))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """One row."""
        row = index.data(ROW_ROLE)
        if row is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(option.rect)
        paint_row_ground(painter, area.adjusted(6, 1, -6, -1), option, self.theme)
        painter.translate(area.left(), area.top())
        at = columns(area.width())
        if row.site_id:
            self._paint_site(painter, row, at, area.height())
        else:
            self._paint_region(painter, row, at, area.height(), unfolded=self._unfolded(option, index))
            paint_rule(painter, 16, area.width() - 16, 0, self.theme)
        self._paint_figures(painter, row, at, area.height())
        painter.restore()

    @staticmethod
    def _unfolded(option: QStyleOptionViewItem, index: QModelIndex) -> bool:
        expanded = getattr(option.widget, "isExpanded", None)
        return bool(expanded and expanded(index))

    def _paint_region(self, painter: QPainter, row: PlaceRow, at: Columns, height: float, *, unfolded: bool) -> None:
        theme, room = self.theme, (at.share or at.bar) - at.name - 8
        self._paint_chevron(painter, px(7.5), height * 0.32, unfolded)
        name = QRectF(at.name, height / 2 - px(18), room, px(18))
        paint_elided(painter, name, row.name, font(Role.BODY_BOLD), theme.t1)
        detail = QRectF(at.name, height / 2 - px(1), room, px(16))
        paint_elided(painter, detail, row.detail, font(Role.CAPTION), theme.t3 if row.fresh else theme.t1)
        if at.share is not None:
            share = f"{percent(row.share, 0)} %"
            paint_text(painter, QPointF(at.share, height / 2 + px(5)), share, font(Role.BODY), theme.t2)
        self._paint_bar(painter, row, at, height)
        hour = self._tree.hour(row)
        if at.spark is not None and hour is not None:
            paint_spark(painter, QRectF(at.spark, height / 2 - px(12), px(98), px(24)), hour, theme)

    def _paint_chevron(self, painter: QPainter, x: float, y: float, unfolded: bool) -> None:
        reach = px(3.0)
        shape = [(-reach, -reach * 0.6), (0, reach * 0.6), (reach, -reach * 0.6)]
        points = [QPointF(x + dx, y + dy) if unfolded else QPointF(x + dy, y + dx) for dx, dy in shape]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self.theme.t3, 1.4))
        painter.drawPolyline(QPolygonF(points))

    def _paint_bar(self, painter: QPainter, row: PlaceRow, at: Columns, height: float) -> None:
        theme, full = self.theme, (at.bar_end - at.bar) * min(1.0, row.reach)
        top = height / 2 - px(6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.bg3)
        painter.drawRoundedRect(QRectF(at.bar, top, full, px(12)), 1, 1)
        if known(row.ratio):
            painter.setBrush(theme.disc if row.live else theme.line2)
            painter.drawRoundedRect(QRectF(at.bar, top, full * min(1.0, max(0.0, row.ratio)), px(12)), 1, 1)
        tick = at.bar + full * row.target
        painter.fillRect(QRectF(tick - 0.8, top - px(4), 1.6, px(20)), theme.t1)

    def _paint_site(self, painter: QPainter, row: PlaceRow, at: Columns, height: float) -> None:
        theme, middle = self.theme, height / 2
        name = QRectF(at.name + px(14), middle - px(9), at.bar - at.name - px(22), px(18))
        paint_elided(painter, name, row.name, font(Role.BODY), theme.t1)
        detail = QRectF(at.bar, middle - px(8), at.bar_end - at.bar, px(16))
        paint_elided(painter, detail, row.detail, font(Role.CAPTION), theme.t3 if row.fresh else theme.t1)

    def _paint_figures(self, painter: QPainter, row: PlaceRow, at: Columns, height: float) -> None:
        theme, body, bold, baseline = self.theme, font(Role.BODY), font(Role.BODY_BOLD), height / 2 + px(5)
        ink = theme.t1 if row.live else theme.t2
        deployed = f" / {in_unit(row.deployed_hs, 'EH/s', 1 if not row.site_id else 2)}"
        paint_text(painter, QPointF(at.hashrate, baseline), deployed, body, theme.t3, RIGHT)
        left = at.hashrate - text_width(body, deployed)
        figure = in_unit(row.hashrate_hs, "EH/s", 2)
        paint_text(painter, QPointF(left, baseline), figure, body if row.site_id else bold, ink, RIGHT)
        ratio = percent(row.ratio)
        face, tone = (bold, theme.t1) if row.under and row.live and not row.site_id else (body, theme.t2)
        paint_text(painter, QPointF(at.ratio, baseline), ratio, face, tone, RIGHT)
        if row.under:
            paint_text(painter, QPointF(at.ratio + 4, baseline), "▽", font(Role.CAPTION), theme.t1)
        if at.power is not None:
            power = in_unit(row.power_w, "MW", 0)
            paint_text(painter, QPointF(at.power, baseline), power, body, theme.t2, RIGHT)
        if row.alarm is not None:
            centre, form = QPointF(at.mark, height / 2), form_of(row.alarm.state)
            paint_alarm(painter, centre, px(ALARM_PX), row.alarm.priority, form, theme)
        elif row.mark.value != "normal":
            paint_site(painter, QPointF(at.mark, height / 2), px(MARK_RADIUS_PX), row.mark, theme, theme.bg1)

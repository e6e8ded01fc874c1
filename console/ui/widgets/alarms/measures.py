"""Paints how the alarms treat their operator: measures beside targets, bars under target lines, the worst ten (R30)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from console.domain.alarm import Priority
from console.domain.alarm_measures import Counted, Judged, Measures
from console.domain.durations import DAY_MS, HOUR_MS
from console.domain.freshness import age_text
from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_elided, paint_text, text_width
from console.ui.models.alarms.measures import Performance
from console.ui.models.alarms.words import place_name
from console.ui.numbers import NO_VALUE, decimal
from console.ui.plain import safe_text
from console.ui.theme import DARK, Theme
from console.ui.widgets.alarms.symbol import Form, paint_alarm

ROW_PX, BARS_PX, MIX_ROW_PX, PAD_PX, LINE_PX = 24, 146, 22, 16, 20
WORST_PARTS = (0.48, 0.26, 0.26)  # of the width: the top ten are never empty, the others should be
TARGETS = {HOUR_MS: ((6, "6, target"), (12, "12")), DAY_MS: ((144, "144, target"), (288, "288"))}
AIMS = {Priority.CRITICAL: 0.01, Priority.HIGH: 0.05, Priority.MEDIUM: 0.15, Priority.LOW: 0.80}
GRADES = {"good": "met", "manageable": "manageable", "bad": "missed", "too few": "too few"}
WAITING = "Measuring"


def number_text(one: Judged) -> str:
    """`12.4 %`, `51`, `0.35`."""
    if math.isnan(one.value):
        return NO_VALUE
    if one.unit == "%":
        return f"{decimal(one.value * 100, 1)} %"
    return decimal(one.value, 0 if float(one.value).is_integer() else 2)


def shares_of(measures: Measures) -> dict[Priority, float]:
    """The share of each priority in what was announced, worst first."""
    shares = measures.shares
    return {
        Priority.CRITICAL: shares["critical"],
        Priority.HIGH: shares["high"] - shares["critical"],
        Priority.MEDIUM: shares["medium"],
        Priority.LOW: shares["low"],
    }


class MeasuresPage(QWidget):
    """One span's performance; the view says which. Nothing here is coloured but the priorities' own symbols."""

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._performance: Performance | None = None
        self._sites: Mapping[str, str] = {}
        self.setAccessibleName("alarm performance")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_performance(self, performance: Performance | None, sites: Mapping[str, str] | None = None) -> None:
        """Another span, or None while it is measured; `sites`: id -> name."""
        self._performance, self._sites = performance, sites or {}
        self.setAccessibleDescription(self.text)
        self.update()

    @property
    def text(self) -> str:
        """All measures in words."""
        if self._performance is None:
            return WAITING
        return "; ".join(
            f"{one.name} {number_text(one)}, target {one.target}, {GRADES[one.grade]}"
            for one in self._performance.judged
        )

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        """Room for every measure."""
        right = BARS_PX + 24 + MIX_ROW_PX * 5 + 12 + LINE_PX * 11 + 12
        return QSize(px(900), px(max(ROW_PX * 16, right)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Table at the left; bars, mix and the worst at the right."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._performance is None:
                painter.setFont(font(Role.BODY))
                painter.setPen(self._theme.t2)
                painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, WAITING)
                return
            half = round(self.width() * 0.46)
            self._paint_table(painter, self._performance.judged, half)
            left, width = half + px(24), self.width() - half - px(24) - PAD_PX
            self._paint_bars(painter, self._performance, QRectF(left, px(8), width, px(BARS_PX)))
            top = self._paint_mix(painter, self._performance, QRectF(left, px(BARS_PX + 24), width, 0))
            self._paint_worst(painter, self._performance, QRectF(left, top + px(12), width, self.height() - top))

    def _paint_table(self, painter: QPainter, rows: Sequence[Judged], width: float) -> None:
        theme, caption, line = self._theme, font(Role.CAPTION), px(ROW_PX)
        value, target, grade = width * 0.48, width * 0.58, width * 0.85
        heads = ((PAD_PX, "measure", 0), (value - px(60), "value", 1), (target, "target (still manageable)", 0))
        for left, word, right in (*heads, (grade, "", 0)):
            box = QRectF(left, 0, px(60) if right else px(200), line)
            paint_elided(painter, box, word, caption, theme.t3, right=bool(right))
        for number, one in enumerate(rows, 1):
            top = number * line
            painter.fillRect(QRectF(PAD_PX, top, width - PAD_PX, 1), theme.faded("line", 0.6))
            missed = one.grade == "bad"
            cell = QRectF(PAD_PX, top, value - px(70) - PAD_PX, line)
            paint_elided(painter, cell, one.name[:1].upper() + one.name[1:], font(Role.BODY), theme.t1)
            face = font(Role.BODY_BOLD if missed else Role.BODY)
            paint_elided(
                painter, QRectF(value - px(70), top, px(70), line), number_text(one), face, theme.t1, right=True
            )
            paint_elided(painter, QRectF(target, top, grade - target, line), one.target, font(Role.BODY), theme.t2)
            words = f"▽ {GRADES[one.grade]}" if missed else GRADES[one.grade]
            tone = theme.t1 if missed else theme.t2
            paint_elided(painter, QRectF(grade, top, width - grade, line), words, face, tone)

    def _paint_bars(self, painter: QPainter, of: Performance, area: QRectF) -> None:
        theme, caption = self._theme, font(Role.CAPTION)
        hourly = of.bar_ms == HOUR_MS
        word = "Alarms an hour" if hourly else "Alarms a day"
        paint_elided(painter, QRectF(area.left(), area.top(), px(300), px(18)), word, font(Role.BODY_BOLD), theme.t1)
        plot = area.adjusted(0, px(26), -px(86), -px(20))
        lines = TARGETS[of.bar_ms]
        most = max(float(of.bars.max(initial=0)), lines[0][0] * 1.25)
        wide = plot.width() / max(1, of.bars.size)
        for place, count in enumerate(of.bars.tolist()):
            height = plot.height() * count / most
            bar = QRectF(plot.left() + place * wide + 1, plot.bottom() - height, max(1.0, wide - 2), height)
            painter.fillRect(bar, theme.disc)
        painter.fillRect(QRectF(plot.left(), plot.bottom(), plot.width(), 1), theme.line2)
        for level, name in lines:
            if level <= most:
                y = plot.bottom() - plot.height() * level / most
                pen = QPen(theme.t1, 1)
                pen.setDashPattern([5, 4])
                painter.setPen(pen)
                painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
                paint_text(painter, QPointF(plot.right() + 8, y + px(4)), name, caption, theme.t2)
        start = "24 h ago" if hourly else f"{of.bars.size} d ago"
        paint_text(painter, QPointF(plot.left(), area.bottom()), start, caption, theme.t3)
        right = plot.right() - text_width(caption, "now")
        paint_text(painter, QPointF(right, area.bottom()), "now", caption, theme.t3)

    def _paint_mix(self, painter: QPainter, of: Performance, area: QRectF) -> float:
        """Shares of what was announced, a tick at the target; returns where it ends."""
        theme, top = self._theme, area.top()
        paint_elided(painter, QRectF(area.left(), top, px(200), px(18)), "Priority mix", font(Role.BODY_BOLD), theme.t1)
        tick = QRectF(area.left() + px(100), top, px(200), px(18))
        paint_elided(painter, tick, "tick = target", font(Role.CAPTION), theme.t3)
        room = area.width() - px(120)
        for priority, share in shares_of(of.measures).items():
            top += px(MIX_ROW_PX)
            middle, left = top + px(9), area.left() + px(32)
            form = Form.FILLED if share > 0 else Form.OUTLINE
            paint_alarm(painter, QPointF(area.left() + px(10), middle), px(18), priority, form, theme)
            painter.fillRect(QRectF(left, middle - px(5), room * share, px(10)), theme.disc)
            painter.fillRect(QRectF(left + room * AIMS[priority], middle - px(8), 2, px(16)), theme.t1)
            word = f"{decimal(share * 100, 1)} %"
            x = left + room * max(share, AIMS[priority]) + 10
            paint_text(painter, QPointF(x, middle + px(4)), word, font(Role.CAPTION), theme.t2)
        return top + px(MIX_ROW_PX)

    def _paint_worst(self, painter: QPainter, of: Performance, area: QRectF) -> None:
        m = of.measures
        columns = (
            ("Top ten", [(one, f"{one.count}") for one in m.top]),
            ("Chattering", [(one, f"{one.count} a minute") for one in m.chattering[:10]]),
            ("Standing over 24 h", [(one, age_text(one.count / 1000)) for one in m.standing[:10]]),
        )
        left = area.left()
        for (name, rows), part in zip(columns, WORST_PARTS, strict=True):
            wide = area.width() * part
            self._paint_column(painter, name, rows, QRectF(left, area.top(), wide - px(16), area.height()))
            left += wide

    def _paint_column(self, painter: QPainter, name: str, rows: Sequence[tuple[Counted, str]], box: QRectF) -> None:
        theme, caption, line = self._theme, font(Role.CAPTION), px(LINE_PX)
        paint_elided(painter, QRectF(box.left(), box.top(), box.width(), line), name, font(Role.BODY_BOLD), theme.t1)
        top = box.top() + line
        for counted, figure in rows or ():
            if top + line > self.height():
                break
            wide = text_width(caption, figure) + 8
            place = place_name(counted.key.partition("@")[2], self._sites)
            words = f"{place} · {safe_text(counted.title)}"
            paint_elided(painter, QRectF(box.left(), top, box.width() - wide, line), words, caption, theme.t2)
            cell = QRectF(box.right() - wide, top, wide, line)
            paint_elided(painter, cell, figure, caption, theme.t1, right=True)
            top += line
        if not rows:
            paint_elided(painter, QRectF(box.left(), top, box.width(), line), "none", caption, theme.t3)

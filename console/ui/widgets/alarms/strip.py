"""The strip over the alarm list: the last 24 h of the alarms in six figures, two bar charts and a mix (mock-up 3).

Knows a Performance and paints it; the whole table stands on the performance page.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from console.domain.alarm_flood import BEGINS_ABOVE
from console.domain.freshness import age_text
from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_elided, paint_text, text_width
from console.ui.models.alarms.measures import Performance
from console.ui.numbers import decimal
from console.ui.theme import DARK, Theme
from console.ui.widgets.alarms.measures import AIMS, shares_of
from console.ui.widgets.alarms.symbol import Form, paint_alarm

HEIGHT_PX, PAD_PX, RADIUS_PX, BARS_TOP_PX = 112, 16, 4, 22
PARTS = (0.245, 0.225, 0.09, 0.11, 0.09, 0.09, 0.15)  # of the width, from left to right
HOUR_TARGET = 6.0


class AlarmStrip(QWidget):
    """No colour but the priorities' own symbols; what misses its target carries a hollow triangle."""

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._performance: Performance | None = None
        self.setFixedHeight(px(HEIGHT_PX))
        self.setAccessibleName("alarms of the last 24 h")

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme or scale."""
        self._theme = theme
        self.setFixedHeight(px(HEIGHT_PX))
        self.update()

    def show_performance(self, performance: Performance) -> None:
        """Another day."""
        self._performance = performance
        self.setAccessibleDescription(self.text)
        self.update()

    @property
    def text(self) -> str:
        """All figures in words; empty before the first."""
        if self._performance is None:
            return ""
        return "; ".join(f"{head} {value}, {', '.join(lines)}" for head, value, lines in self._figures())

    def sizeHint(self) -> QSize:
        """One strip."""
        return QSize(px(1200), px(HEIGHT_PX))

    def _figures(self) -> Sequence[tuple[str, str, tuple[str, ...]]]:
        """Head, value and two lines of each part."""
        of = self._performance
        assert of is not None  # noqa: S101 - nothing is said before there is a day
        m, grades = of.measures, {one.name: one.grade for one in of.judged}

        def aim(name: str, words: str) -> str:
            return {"bad": f"▽ {words}", "too few": f"{words}, too few to judge"}.get(grades[name], words)

        lately = int(of.tens[-1]) if of.tens.size else 0
        worst = m.top[0].title if m.top else "no alarm"
        oldest = f"oldest {age_text(m.standing[0].count / 1000)}" if m.standing else "none stands so long"
        return (
            ("Alarms, last 24 h", f"{m.announced}", (aim("alarms a day", "target ≤ 144"), "manageable ≤ 288")),
            (
                "Per 10 min, average",
                decimal(m.per_ten_minutes, 2),
                (aim("alarms in 10 minutes", "target ≤ 1"), f"now {lately}, flood > {BEGINS_ABOVE}"),
            ),
            ("Time in flood", f"{decimal(m.flood * 100, 1)} %", (aim("time in flood", "target < 1 %"), "of the day")),
            (
                "Top 10 share",
                f"{decimal(m.top_share * 100, 0)} %",
                (aim("share of the top ten", "target ≤ 5 %"), worst),
            ),
            ("Chattering", f"{len(m.chattering)}", (aim("chattering", "target 0"), f"{len(m.fleeting)} fleeting")),
            ("Standing > 24 h", f"{m.most_standing}", (aim("standing over 24 h", "target < 5"), oldest)),
        )

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The panel, then part after part."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(self._theme.bg1)
            painter.setBrush(self._theme.bg1)
            painter.drawRoundedRect(QRectF(self.rect()), RADIUS_PX, RADIUS_PX)
            if self._performance is None:
                return
            left, boxes = float(PAD_PX), []
            for part in PARTS:
                wide = (self.width() - 2 * PAD_PX) * part
                boxes.append(QRectF(left, px(8), wide - px(16), self.height() - px(14)))
                left += wide
            for box in boxes[1:]:
                painter.fillRect(QRectF(box.left() - px(12), px(14), 1, self.height() - px(28)), self._theme.line)
            for (head, value, lines), box in zip(self._figures(), boxes, strict=False):
                self._paint_figure(painter, head, value, lines, box)
            hours, tens = self._performance.bars, self._performance.tens
            self._paint_bars(painter, hours.tolist(), HOUR_TARGET, ("per hour", "24 h ago"), boxes[0])
            self._paint_bars(painter, tens.tolist(), float(BEGINS_ABOVE), ("", "3 h ago"), boxes[1])
            self._paint_mix(painter, boxes[-1])

    def _paint_figure(self, painter: QPainter, head: str, value: str, lines: Sequence[str], box: QRectF) -> None:
        theme, caption = self._theme, font(Role.CAPTION)
        paint_elided(painter, QRectF(box.left(), box.top(), box.width(), px(18)), head, font(Role.BODY_BOLD), theme.t1)
        number, _, unit = value.partition(" ")
        at = QPointF(box.left(), box.top() + px(47))
        wide = paint_text(painter, at, number, font(Role.VALUE2), theme.t1)
        if unit:
            paint_text(painter, at + QPointF(wide + px(6), 0), unit, font(Role.UNIT), theme.t2)
        for number_of, line in enumerate(lines):
            top = box.top() + px(56 + 16 * number_of)
            paint_elided(painter, QRectF(box.left(), top, box.width(), px(16)), line, caption, theme.t2)

    def _paint_bars(
        self, painter: QPainter, counts: Sequence[int], target: float, words: tuple[str, str], box: QRectF
    ) -> None:
        """Counts from left to right under a dashed target, which is always in sight."""
        theme, caption = self._theme, font(Role.CAPTION)
        left = box.left() + max(px(130), box.width() * 0.38)
        plot = QRectF(left, box.top() + px(BARS_TOP_PX), box.right() - left - px(22), px(46))
        most = max([*counts, target * 1.2])
        wide = plot.width() / max(1, len(counts))
        for place, count in enumerate(counts):
            high = plot.height() * count / most
            painter.fillRect(
                QRectF(plot.left() + place * wide, plot.bottom() - high, max(1.0, wide - 1), high), theme.disc
            )
        painter.fillRect(QRectF(plot.left(), plot.bottom(), plot.width(), 1), theme.line2)
        y = plot.bottom() - plot.height() * target / most
        pen = QPen(theme.t1, 1)
        pen.setDashPattern([5, 4])
        painter.setPen(pen)
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
        paint_text(painter, QPointF(plot.right() + px(6), y + px(4)), f"{target:.0f}", caption, theme.t2)
        paint_text(painter, QPointF(plot.left(), box.top() + px(13)), words[0], caption, theme.t3)
        bottom = plot.bottom() + px(15)
        paint_text(painter, QPointF(plot.left(), bottom), words[1], caption, theme.t3)
        paint_text(painter, QPointF(plot.right() - text_width(caption, "now"), bottom), "now", caption, theme.t3)

    def _paint_mix(self, painter: QPainter, box: QRectF) -> None:
        theme, caption, of = self._theme, font(Role.CAPTION), self._performance
        paint_elided(
            painter, QRectF(box.left(), box.top(), px(90), px(18)), "Priority mix", font(Role.BODY_BOLD), theme.t1
        )
        tick = QRectF(box.left() + px(92), box.top() + px(1), box.width() - px(92), px(18))
        paint_elided(painter, tick, "tick = target", caption, theme.t3)
        room, left = box.width() - px(24 + 40), box.left() + px(24)
        for line, (priority, share) in enumerate(shares_of(of.measures).items() if of else ()):
            middle = box.top() + px(29 + 18 * line)
            form = Form.FILLED if share > 0 else Form.OUTLINE
            paint_alarm(painter, QPointF(box.left() + px(8), middle), px(13), priority, form, theme)
            painter.fillRect(QRectF(left, middle - px(4), room * share, px(8)), theme.disc)
            painter.fillRect(QRectF(left + room * AIMS[priority], middle - px(6), 2, px(12)), theme.t1)
            x = left + room * max(share, AIMS[priority]) + px(8)
            paint_text(painter, QPointF(x, middle + px(4)), f"{decimal(share * 100, 0)} %", caption, theme.t2)

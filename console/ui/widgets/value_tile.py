"""One key value with its unit, age, context and last hour (7-look.md, section 6); never blank, never a bare zero."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_elided, paint_text, text_width
from console.ui.models.spark import Spark
from console.ui.numbers import NO_VALUE
from console.ui.plain import set_tip
from console.ui.theme import DARK, Theme
from console.ui.widgets.bullet_bar import Bullet, paint_bullet
from console.ui.widgets.sparkline import paint_spark
from console.ui.widgets.state_glyph import ValueState, paint_state

GAP_PX, RING_RADIUS_PX = 8, 6
SPARK_SHARE, MOST_SPARK_PX = 0.5, 220  # of the room right of the value, where there is much of it


@dataclass(frozen=True, slots=True)
class Aside:
    """Two short lines right of the value; `under` puts the hollow triangle of "under target" before the first."""

    first: str
    second: str = ""
    under: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a tile says. `value` and `unit` are texts of `console.ui.numbers`; `age` as of `age_text`.

    `second` is another (value, unit) of the same state. `lines` stand below, the first in t2, the others in t3.
    """

    label: str
    value: str
    unit: str
    state: ValueState
    age: str = ""
    context: str = ""
    second: tuple[str, str] | None = None
    aside: Aside | None = None
    lines: tuple[str, ...] = ()
    spark: Spark | None = None
    bullet: Bullet | None = None

    @property
    def age_words(self) -> str:
        """The age as the tile writes it, with the state where it is not fresh."""
        if self.state is ValueState.NEVER:
            return "no data"
        if self.state.is_old:
            return f"{self.state.value} · {self.age} ago"
        return f"age {self.age}" if self.age else ""

    def sentence(self) -> str:
        """The whole tile for a screen reader and a tooltip."""
        second = "" if self.second is None else f"{self.second[0]} {self.second[1]}"
        aside = "" if self.aside is None else f"{self.aside.first} {self.aside.second}".strip()
        parts = (f"{self.value} {self.unit}", second, aside, self.context, self.age_words, *self.lines)
        return f"{self.label}: " + ", ".join(part for part in parts if part)


class ValueTile(QWidget):
    """A painted tile. `large` uses the fleet's 34 px figures, else the site's 28 px; `inline` puts the age below.

    `panel` False leaves out the panel's ground and padding, for tiles that stand inside another panel.
    """

    def __init__(
        self,
        theme: Theme = DARK,
        *,
        large: bool = True,
        inline: bool = False,
        panel: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self._large, self._inline, self._panel = theme, large, inline, panel
        self._reading: Reading | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def reading(self) -> Reading | None:
        """What the tile shows."""
        return self._reading

    def set_reading(self, reading: Reading) -> None:
        """Show another reading, in place."""
        if reading == self._reading:
            return
        self._reading = reading
        self.setAccessibleName(reading.label)
        self.setAccessibleDescription(reading.sentence())
        set_tip(self, reading.sentence())
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Label, value and lines as in the mock-ups: 124 px high in the fleet strip, 96 in a site's header."""
        if self._large:
            return QSize(px(300), px(124))
        return QSize(px(238), px(96))

    def minimumSizeHint(self) -> QSize:
        """Room for label and value; the sparkline goes first when it gets narrow."""
        if self._reading is None:
            return QSize(px(140), self.sizeHint().height())
        return QSize(int(self._value_width(self._reading)) + 2 * self._pad + 2, self.sizeHint().height())

    @property
    def _pad(self) -> int:
        return (16 if self.width() >= 200 else 12) if self._panel else 0

    @property
    def _value_font(self) -> QFont:
        return font(Role.VALUE1 if self._large else Role.VALUE2)

    def _value_width(self, reading: Reading) -> float:
        pairs = ((reading.value, reading.unit), *(() if reading.second is None else (reading.second,)))
        widths = [text_width(self._value_font, v) + GAP_PX + text_width(font(Role.UNIT), u) for v, u in pairs]
        ring = 0 if reading.state in (ValueState.FRESH, ValueState.LATE) else 2 * RING_RADIUS_PX + GAP_PX
        return sum(widths) + ring + px(24) * (len(widths) - 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground, words, value and sparkline."""
        with QPainter(self) as painter:
            if self._panel:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(self._theme.bg1)
                painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
            if self._reading is not None:
                self._paint_reading(painter, self._reading)

    def _paint_reading(self, painter: QPainter, reading: Reading) -> None:
        area = QRectF(self.rect()).adjusted(self._pad, 0, -self._pad, 0)
        self._paint_head(painter, area, reading)
        right = self._paint_value(painter, area, reading)
        self._paint_lines(painter, area, reading)
        room = area.right() - right - 12
        width = min(room, max(px(110 if self._large else 78), min(room * SPARK_SHARE, px(MOST_SPARK_PX))))
        if reading.spark is not None and width >= 40:
            top = px(40 if self._large else 34)
            height = px(34 if self._large else 26)
            paint_spark(painter, QRectF(area.right() - width, top, width, height), reading.spark, self._theme)

    def _paint_head(self, painter: QPainter, area: QRectF, reading: Reading) -> None:
        theme, caption, bold = self._theme, font(Role.CAPTION), font(Role.BODY_BOLD)
        top, height = px(12 if self._large else 10), px(18)
        right = area.right()
        if not self._inline:
            width = text_width(caption, reading.age_words)
            self._write(painter, QRectF(right - width, top, width, height), reading.age_words, caption, self._age_ink)
            right -= width + GAP_PX
        label_width = min(text_width(bold, reading.label), right - area.left())
        paint_elided(painter, QRectF(area.left(), top, label_width, height), reading.label, bold, theme.t1)
        left = area.left() + label_width + GAP_PX
        if reading.context and right - left > 40:
            paint_elided(painter, QRectF(left, top, right - left, height), reading.context, caption, theme.t2)

    @property
    def _age_ink(self) -> QColor:
        late = self._reading is not None and self._reading.state is not ValueState.FRESH
        return self._theme.t1 if late else self._theme.t3

    def _paint_value(self, painter: QPainter, area: QRectF, reading: Reading) -> float:
        """The figures and what stands beside them; returns the right edge of what was painted."""
        theme = self._theme
        baseline = px(68 if self._large else 57)
        ink = theme.t2 if reading.state.is_old or reading.state is ValueState.NEVER else theme.t1
        x = area.left()
        if reading.state not in (ValueState.FRESH, ValueState.LATE):
            centre = QPointF(x + RING_RADIUS_PX + 1, baseline - px(9))
            paint_state(painter, centre, RING_RADIUS_PX, reading.state, theme.t2)
            x += 2 * RING_RADIUS_PX + GAP_PX
        for index, (value, unit) in enumerate(self._figures(reading)):
            x += px(24) if index else 0
            x += paint_text(painter, QPointF(x, baseline), value, self._value_font, ink) + GAP_PX
            x += paint_text(painter, QPointF(x, baseline), unit, font(Role.UNIT), theme.t2)
        if reading.aside is not None:
            x = self._paint_aside(painter, x + px(24), area, reading)
        return x

    @staticmethod
    def _figures(reading: Reading) -> tuple[tuple[str, str], ...]:
        first = (reading.value or NO_VALUE, reading.unit)
        return (first,) if reading.second is None else (first, reading.second)

    def _paint_aside(self, painter: QPainter, x: float, area: QRectF, reading: Reading) -> float:
        """Two lines at their own width: where it gets narrow the sparkline gives way, never a figure in words."""
        aside, room = reading.aside, area.right() - x
        if aside is None or room < 60:
            return x - px(24)
        first = f"▽ {aside.first}" if aside.under else aside.first
        bold, caption = font(Role.CAPTION_BOLD), font(Role.CAPTION)
        width = min(room, max(text_width(bold, first), text_width(caption, aside.second)) + 1)
        top, below = (38, 56) if self._large else (33, 50)  # the bar begins at 84 or 68
        paint_elided(painter, QRectF(x, px(top), width, px(18)), first, bold, self._theme.t1)
        paint_elided(painter, QRectF(x, px(below), width, px(16)), aside.second, caption, self._theme.t2)
        return x + width

    def _paint_lines(self, painter: QPainter, area: QRectF, reading: Reading) -> None:
        theme, caption = self._theme, font(Role.CAPTION)
        lines = reading.lines
        if self._inline:
            lead = " · ".join(part for part in (*reading.lines[:1], reading.age_words) if part)
            lines = (lead, *reading.lines[1:])
        top = px(84 if self._large else 68)
        if reading.bullet is not None:
            paint_bullet(painter, QRectF(area.left(), top, area.width(), px(32)), reading.bullet, theme)
            return
        for index, line in enumerate(lines[:2]):
            ink = self._age_ink if self._inline and reading.state is not ValueState.FRESH else theme.t2
            self._write(
                painter,
                QRectF(area.left(), top + index * px(17), area.width(), px(16)),
                line,
                caption,
                theme.t3 if index else ink,
            )

    @staticmethod
    def _write(painter: QPainter, area: QRectF, text: str, face: QFont, ink: QColor) -> None:
        paint_elided(painter, area, text, face, ink)

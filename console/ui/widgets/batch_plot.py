"""The stair that a command's batches walk: power after each of them, numbered; floor or cap as a dashed line."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_elided, paint_text
from console.ui.models.commands.preview import Steps
from console.ui.models.commands.words import MW, power_words
from console.ui.numbers import decimal
from console.ui.plot.ticks import value_ticks
from console.ui.theme import DARK, Theme

HEIGHT_PX, LEFT_PX, GUTTER_PX, TOP_PX, FOOT_PX = 210, 44, 104, 14, 24
MOST_NUMBERS = 16
NEAR = 1.6  # a limit that is further away than this is told and not drawn
CUT_BELOW = 0.25  # a change smaller than this share would be a flat line over an axis from zero
DASH = [5, 4]


class BatchPlot(QWidget):
    """Starts at zero, or says where it starts; the last value is bold at the right end."""

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._steps: Steps | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("batches in the order of sending")

    def show_steps(self, steps: Steps | None) -> None:
        """Another stair, or none."""
        self._steps = steps
        self.setVisible(steps is not None and bool(steps.power_w))
        if steps is not None and steps.power_w:
            words = (
                f"from {power_words(steps.start_w)} to {power_words(steps.power_w[-1])} in {len(steps.power_w)} batches"
            )
            limit = f", {steps.limit_word} {power_words(steps.limit_w)}" if steps.limit_w is not None else ""
            self.setAccessibleDescription(words + limit)
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme or scale."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As in the mock-up."""
        return QSize(px(460), px(HEIGHT_PX))

    def minimumSizeHint(self) -> QSize:
        """Below this nothing is read from it."""
        return QSize(px(300), px(HEIGHT_PX))

    def _frame(self) -> QRectF:
        return QRectF(
            px(LEFT_PX),
            px(TOP_PX),
            self.width() - px(LEFT_PX) - px(GUTTER_PX),
            self.height() - px(TOP_PX) - px(FOOT_PX),
        )

    def _ends(self, steps: Steps) -> tuple[float, float]:
        powers = [steps.start_w, *steps.power_w]
        lowest, highest = min(powers), max(powers)
        if steps.limit_w is not None and lowest / NEAR <= steps.limit_w <= NEAR * highest:
            lowest, highest = min(lowest, steps.limit_w), max(highest, steps.limit_w)
        span = highest - lowest
        if 0 < span < CUT_BELOW * highest:
            return lowest - span, highest + 0.2 * span
        return 0.0, highest * 1.06 or 1.0

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Grid, stair, limit, words."""
        steps = self._steps
        if steps is None or not steps.power_w:
            return
        frame, (low, high) = self._frame(), self._ends(steps)
        places = [
            frame.left() + frame.width() * (number + 0.5) / (len(steps.power_w) + 1)
            for number in range(len(steps.power_w))
        ]

        def y(power_w: float) -> float:
            return frame.bottom() - (power_w - low) / (high - low) * frame.height()

        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_grid(painter, frame, low, high)
            self._paint_stair(painter, steps, places, frame, y)
            self._paint_limit(painter, steps, frame, y, low, high)
            self._paint_foot(painter, frame, len(steps.power_w), low, high)

    def _paint_grid(self, painter: QPainter, frame: QRectF, low: float, high: float) -> None:
        theme = self._theme
        unit_w = _unit(high)[1]
        for tick in value_ticks(low / unit_w, high / unit_w, 4):
            at = frame.bottom() - (tick.at * unit_w - low) / (high - low) * frame.height()
            painter.fillRect(QRectF(frame.left(), at, frame.width(), 1), theme.line)
            box = QRectF(0, at - px(8), px(LEFT_PX) - px(8), px(16))
            paint_elided(painter, box, tick.text, font(Role.CAPTION), theme.t3, right=True)

    def _paint_stair(self, painter: QPainter, steps: Steps, places: list[float], frame: QRectF, y: object) -> None:
        theme, line = self._theme, QPainterPath(QPointF(frame.left(), y(steps.start_w)))
        before = steps.start_w
        for place, power in zip(places, steps.power_w, strict=True):
            line.lineTo(place, y(before))
            line.lineTo(place, y(power))
            before = power
        line.lineTo(frame.right(), y(before))
        area = QPainterPath(line)
        area.lineTo(frame.bottomRight())
        area.lineTo(frame.bottomLeft())
        area.closeSubpath()
        painter.fillPath(area, theme.faded("disc", 0.3))
        painter.setPen(QPen(theme.plain, 1.6))
        painter.drawPath(line)
        every = -(-len(places) // MOST_NUMBERS)
        step = frame.width() / (len(places) + 1)
        for number, place in enumerate(places, 1):
            if (number - 1) % every == 0:
                at = QPointF(place + step / 2, y(steps.power_w[number - 1]) - px(5))
                paint_text(painter, at, f"{number}", font(Role.CAPTION), theme.t3, Qt.AlignmentFlag.AlignHCenter)
        self._paint_ends(painter, steps, frame, y)

    def _paint_ends(self, painter: QPainter, steps: Steps, frame: QRectF, y: object) -> None:
        """Now and then, at the right end, never over each other."""
        left, line = frame.right() + px(8), px(16)
        now_at, then_at = y(steps.start_w), y(steps.power_w[-1])
        if abs(now_at - then_at) < line:
            now_at = then_at - line if now_at <= then_at else then_at + line
        width = px(GUTTER_PX) - px(8)
        for at, text, role, tone in (
            (now_at, f"{power_words(steps.start_w)} before", Role.CAPTION, "t2"),
            (then_at, power_words(steps.power_w[-1]), Role.BODY_BOLD, "t1"),
        ):
            box = QRectF(left, at - line / 2, width, line)
            paint_elided(painter, box, text, font(role), getattr(self._theme, tone))

    def _paint_limit(self, painter: QPainter, steps: Steps, frame: QRectF, y: object, low: float, high: float) -> None:
        if steps.limit_w is None:
            return
        theme, text = self._theme, f"{steps.limit_word} {power_words(steps.limit_w)}"
        inside, above = low <= steps.limit_w <= high, steps.limit_w > high
        at = y(steps.limit_w) if inside else frame.top() if above else frame.bottom()
        if inside:
            pen = QPen(theme.t2, 1)
            pen.setDashPattern(DASH)
            painter.setPen(pen)
            painter.drawLine(QPointF(frame.left(), at), QPointF(frame.right(), at))
        taken = [y(steps.start_w), y(steps.power_w[-1])]
        place = frame.top() - px(6) if above else at
        step = px(4) if place < frame.center().y() else -px(4)
        while (
            any(abs(place - other) < px(15) for other in taken) and frame.top() - px(8) < place + step < frame.bottom()
        ):
            place += step
        shown = text if inside else f"{text} {'↑' if above else '↓'}"
        box = QRectF(frame.right() + px(8), place - px(8), px(GUTTER_PX) - px(8), px(16))
        paint_elided(painter, box, shown, font(Role.CAPTION), theme.t2)

    def _paint_foot(self, painter: QPainter, frame: QRectF, count: int, low: float, high: float) -> None:
        base = frame.bottom() + px(17)
        caption, theme = font(Role.CAPTION), self._theme
        unit, unit_w = _unit(high)
        words = f"{unit}, from {decimal(low / unit_w, 2 if high - low < unit_w else 1)}" if low else unit
        paint_text(painter, QPointF(frame.left(), base), words, caption, theme.t3)
        paint_text(
            painter,
            QPointF(frame.right(), base),
            f"batch {count} of {count}" if count > 1 else "one batch",
            caption,
            theme.t3,
            Qt.AlignmentFlag.AlignRight,
        )


def _unit(highest_w: float) -> tuple[str, float]:
    """In which unit the axis counts: that of the words at its right end."""
    return ("MW", MW) if highest_w >= MW else ("kW", 1e3)

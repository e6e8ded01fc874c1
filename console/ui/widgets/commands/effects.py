"""The six effects of a command in one line, or in two where a window is narrow. Knows figures, no command."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_elided, paint_text, text_width
from console.ui.models.commands.preview import Effect
from console.ui.plain import safe_text, set_tip
from console.ui.theme import DARK, Theme

ROW_PX, PAD_PX = 104, 24
SHARES = (166, 160, 180, 250, 230, 230)  # of the mock-up's 1240
ONE_ROW_FROM_PX = 1000


class CommandEffects(QWidget):
    """Label, figure, line below; each elided line is whole in the tool tip."""

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._effects: tuple[Effect, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("effects")

    @property
    def text(self) -> str:
        """All of it in words."""
        return "\n".join(f"{one.label}: {one.value} {one.unit}, {one.below}" for one in self._effects)

    def show_effects(self, effects: Sequence[Effect]) -> None:
        """Other effects."""
        self._effects = tuple(effects)
        self.setAccessibleDescription(safe_text(self.text))
        set_tip(self, self.text)
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme or scale."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def _rows(self) -> int:
        return 1 if self.width() >= px(ONE_ROW_FROM_PX) else 2

    def sizeHint(self) -> QSize:
        """One row or two."""
        return QSize(px(600), px(ROW_PX) if self._rows() == 1 else px(ROW_PX) * 2 - px(28))

    def minimumSizeHint(self) -> QSize:
        """No row is ever lost."""
        return QSize(px(300), self.sizeHint().height())

    def resizeEvent(self, _event: object) -> None:
        """Another width may be another count of rows."""
        self.updateGeometry()

    def _areas(self) -> list[QRectF]:
        rows, pad = self._rows(), px(PAD_PX)
        each = len(SHARES) // rows
        height = px(ROW_PX) if rows == 1 else px(ROW_PX) - px(14)
        areas = []
        for row in range(rows):
            shares = SHARES[row * each : (row + 1) * each]
            left, room = float(pad), self.width() - pad
            for share in shares:
                width = room * share / sum(shares)
                areas.append(QRectF(left, row * height, width, height))
                left += width
        return areas

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The cells with hairlines between."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for effect, area in zip(self._effects, self._areas(), strict=False):
                self._paint_cell(painter, effect, area)
            painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), self._theme.line)

    def _paint_cell(self, painter: QPainter, effect: Effect, area: QRectF) -> None:
        theme, caption = self._theme, font(Role.CAPTION)
        if area.left() > px(PAD_PX) + 1:
            painter.setPen(QPen(theme.line, 1))
            x = area.left() - px(16)
            painter.drawLine(QPointF(x, area.top() + px(16)), QPointF(x, area.top() + px(84)))
        width = area.width() - px(28)
        top = area.top() + px(10)
        paint_elided(painter, QRectF(area.left(), top, width, px(18)), effect.label, caption, theme.t2)
        big = font(Role.VALUE2)
        if text_width(big, effect.value) > width:
            big = font(Role.FIELD)
        base = QPointF(area.left(), top + px(48))
        used = paint_text(painter, base, effect.value, big, theme.t1)
        if effect.unit:
            unit = QRectF(area.left() + used + px(6), top + px(30), max(0.0, width - used - px(6)), px(22))
            paint_elided(painter, unit, effect.unit, font(Role.BODY), theme.t2)
        below = QRectF(area.left(), top + px(58), width, px(18))
        paint_elided(painter, below, safe_text(effect.below), caption, theme.t2)

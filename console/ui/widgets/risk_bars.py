"""One to four bars: how much is at stake, always beside the words that say it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.domain.command import Risk
from console.ui.fonts import px
from console.ui.theme import DARK, Theme

BAR_PX, GAP_PX, HIGH_PX = 40, 4, 6


class RiskBars(QWidget):
    """Filled as far as the risk goes."""

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._risk = theme, Risk.LOW
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_risk(self, risk: Risk) -> None:
        """Another one."""
        self._risk = risk
        self.setAccessibleName(f"risk {int(risk)} of {len(Risk)}")
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme or scale."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Four bars."""
        return QSize(len(Risk) * px(BAR_PX + GAP_PX), px(18))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The bars."""
        with QPainter(self) as painter:
            for level in range(len(Risk)):
                tone = self._theme.t1 if level < self._risk else self._theme.line2
                top = (self.height() - px(HIGH_PX)) / 2
                painter.fillRect(QRectF(level * px(BAR_PX + GAP_PX), top, px(BAR_PX), px(HIGH_PX)), tone)

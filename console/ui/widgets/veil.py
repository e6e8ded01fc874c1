"""Lies over a view while a command is decided: the view darkened and greyed, bars above it left as they are.

The picture beneath is taken anew every few seconds, so that nothing under it is taken for older than it is.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from console.ui.theme import Theme

DIMMED, AGAIN_MS = 0.42, 3000


class Veil(QWidget):
    """Covers `over`, widgets that stand one beneath the other in `window`."""

    def __init__(self, over: list[QWidget], theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._over, self._theme = over, theme
        self._picture: QImage | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName("the view beneath is not in use")
        window.installEventFilter(self)
        self._timer = QTimer(self)
        self._timer.setInterval(AGAIN_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()
        self._fit()
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window changed its size."""
        if event.type() is QEvent.Type.Resize:
            QTimer.singleShot(0, self, self._fit)
        return False

    def _fit(self) -> None:
        area = QRect()
        for part in self._over:
            area = area.united(part.geometry())
        self.setGeometry(area)
        self._look()

    def _look(self) -> None:
        image = QImage(self.size(), QImage.Format.Format_RGB32)
        image.fill(self._theme.bg0)
        for part in self._over:
            part.render(image, part.geometry().topLeft() - self.geometry().topLeft())
        self._picture = image.convertToFormat(QImage.Format.Format_Grayscale8)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The grey picture, most of its light taken away."""
        with QPainter(self) as painter:
            if self._picture is not None:
                painter.drawImage(0, 0, self._picture)
            dark = QColor(self._theme.bg0)
            dark.setAlphaF(1 - DIMMED)
            painter.fillRect(self.rect(), dark)

"""The button that has to be held: fills left to right in two seconds, empties at once on release (7-look.md, 9).

Works by mouse and by Space; Enter does nothing. Knows no command.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from console.ui.fonts import Role, font, px
from console.ui.keys import ENTER
from console.ui.lettering import text_width
from console.ui.plain import safe_text, set_tip
from console.ui.theme import DARK, Theme

HOLD_S, TICK_MS = 2.0, 16
HEIGHT_PX, RADIUS_PX, PADDING_PX = 40, 3, 16


class HoldButton(QAbstractButton):
    """`held` once it was held for two seconds without a break; it must be released before it can be held again."""

    held = Signal()

    def __init__(
        self,
        label: str,
        theme: Theme = DARK,
        parent: QWidget | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._theme, self.clock = theme, clock
        self._since: float | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_label(label)

    @property
    def filled(self) -> float:
        """How much of it is full, 0 – 1."""
        return 0.0 if self._since is None else min(1.0, (self.clock() - self._since) / HOLD_S)

    def set_label(self, label: str) -> None:
        """What it will do."""
        self.setText(safe_text(label))
        self.setAccessibleName(f"hold for 2 s: {safe_text(label)}")
        self.update()

    def switch(self, on: bool, reason: str = "") -> None:
        """Enable it, or disable it and say why."""
        if not on:
            self._empty()
        self.setEnabled(on)
        set_tip(self, reason if not on else "Hold with the mouse, or with Space")
        self.setAccessibleDescription("" if on else reason)

    def tick(self) -> None:
        """Time went on while it is held."""
        if self.filled >= 1.0:
            self._empty()
            self.held.emit()
        self.update()

    def _fill(self) -> None:
        if self.isEnabled() and self._since is None:
            self._since = self.clock()
            self._timer.start()
            self.update()

    def _empty(self) -> None:
        self._since = None
        self._timer.stop()
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._fill()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Off the button is released."""
        if not self.rect().contains(event.position().toPoint()):
            self._empty()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Released: empty at once."""
        self._empty()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space begins; a key that repeats itself was not pressed again. Enter does nothing."""
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._fill()
        elif event.key() not in ENTER:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Released: empty at once."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._empty()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Whoever looks elsewhere does not hold."""
        self._empty()
        super().focusOutEvent(event)

    def event(self, event: QEvent) -> bool:
        """Space belongs to the button and never to a key of the window."""
        if event.type() is QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Space:
            event.accept()
            return True
        if event.type() in (QEvent.Type.WindowDeactivate, QEvent.Type.Hide):
            self._empty()
        return super().event(event)

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme or scale."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Wide enough for its words."""
        return QSize(round(text_width(font(Role.BODY_BOLD), self.text())) + 2 * px(PADDING_PX), px(HEIGHT_PX))

    def minimumSizeHint(self) -> QSize:
        """Its words are never cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Outline, fill, words in the colour of what is under them."""
        theme, box = self._theme, QRectF(self.rect())
        full = QRectF(box.left(), box.top(), box.width() * self.filled, box.height())
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            shape = QPainterPath()
            shape.addRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_PX, RADIUS_PX)
            painter.fillPath(shape, theme.bg3 if self.isEnabled() else theme.bg1)
            painter.setClipPath(shape)
            painter.fillRect(full, theme.t1)
            painter.setFont(font(Role.BODY_BOLD))
            for area, colour in (
                (full, theme.paper),
                (box.adjusted(full.width(), 0, 0, 0), theme.t1 if self.isEnabled() else theme.t3),
            ):
                painter.setClipRect(area)
                painter.setPen(colour)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.text())
            painter.setClipping(False)
            focused = self.hasFocus()
            painter.setPen(QPen(theme.t1 if focused else theme.line2, 2 if focused else 1))
            inset = 1.0 if focused else 0.5
            painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), RADIUS_PX, RADIUS_PX)

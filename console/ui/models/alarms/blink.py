"""The one beat of all blinking symbols of a window: it runs only while something is unacknowledged (R7)."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

HALF_BLINK_MS = 1000  # 0.5 Hz: a second filled, a second outlined


class Blink(QObject):
    """The one beat of all blinking symbols of a window; `turned` on each half, and only while somebody asks for it."""

    turned = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._allowed, self._wanted, self._dark = True, False, False
        self._timer = QTimer(self)
        self._timer.setInterval(HALF_BLINK_MS)
        self._timer.timeout.connect(self._turn)

    @property
    def dark_half(self) -> bool:
        """Whether an unacknowledged symbol is outlined now."""
        return self._dark

    @property
    def running(self) -> bool:
        """Whether anything blinks: in the normal state nothing moves (R7)."""
        return self._timer.isActive()

    @property
    def allowed(self) -> bool:
        """The setting."""
        return self._allowed

    def allow(self, allowed: bool) -> None:
        """The setting that turns blinking off."""
        self._allowed = allowed
        self._follow()

    def want(self, wanted: bool) -> None:
        """Whether there is anything unacknowledged."""
        self._wanted = wanted
        self._follow()

    def _follow(self) -> None:
        runs = self._allowed and self._wanted
        if runs and not self._timer.isActive():
            self._timer.start()
        elif not runs:
            self._timer.stop()
            if self._dark:
                self._turn()

    def _turn(self) -> None:
        self._dark = not self._dark
        self.turned.emit()

"""What the notice says of the collector: starting, lost, ended and why, restarted how long ago; knows no process."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from console.ui.widgets.notice import Notice

STARTING = "Starting the collector; the first values come within seconds"
LOST = "The link to the collector is lost; the store is read on"
RESTART_WORD_S = 60  # then it is history and lies in the log


class CollectorWord(QObject):
    """A restart is told once the new collector answers: one that dies again at once keeps its reason on screen."""

    def __init__(self, notice: Notice, clock_s: Callable[[], float], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._notice, self._clock_s = notice, clock_s
        self._again = False
        self._restarted_at_s = 0.0
        self._last = ""
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self.tell)

    def starting(self) -> None:
        """Nothing is known yet."""
        self._notice.say(STARTING)

    def ended(self, line: str) -> None:
        """A child died, or could not be started."""
        self._timer.stop()
        self._notice.say(line)

    def started_again(self) -> None:
        """A new one was started in its place."""
        self._again = True

    def attached(self, attached: bool) -> None:
        """The link came or went."""
        if not attached:
            self._timer.stop()
            self._notice.say(LOST)
            return
        self._notice.take_back(LOST)
        if self._again:
            self._again = False
            self._restarted_at_s = self._clock_s()
            self._last = ""
            self.tell()
            self._timer.start()

    def heard(self) -> None:
        """The first frame is there."""
        self._notice.take_back(STARTING)

    def tell(self) -> None:
        """`collector restarted 3 s ago`, until something else was said or a minute is over."""
        age_s = self._clock_s() - self._restarted_at_s
        if self._last and not self._notice.says(self._last):
            self._timer.stop()
        elif age_s > RESTART_WORD_S:
            self._timer.stop()
            self._notice.take_back(self._last)
        else:
            self._last = f"collector restarted {age_s:.0f} s ago"
            self._notice.say(self._last)

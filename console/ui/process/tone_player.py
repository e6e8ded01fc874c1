"""Plays tones through a child that lives as long as the desktop, and knows whether this machine can be heard.

Knows words on a pipe; must not know what an alarm is. A machine without a sound device is a fact to be shown, never an
error: the child's own complaints stay in its pipe.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from PySide6.QtCore import QObject, QProcess, Signal

from console.own_program import SOURCE_FOLDER

LOG = logging.getLogger(__name__)
UNKNOWN = "the sound device is being looked for"
GONE = "the player of the tones does not run"
MOST_DEATHS = 3  # a player that cannot live is not started for ever
END_WITHIN_MS = 1000


class TonePlayer(QObject):
    """`play` a tone by name; `trouble` says why nothing is heard, empty where all is well. `changed`: it is another.

    `command` is the line of a program that answers `ready` or `none REASON` to each word.
    """

    changed = Signal()

    def __init__(self, command: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._command, self._deaths = list(command), 0
        self.trouble = UNKNOWN
        self._process = QProcess(self)
        self._process.setWorkingDirectory(str(SOURCE_FOLDER))
        self._process.setStandardErrorFile(QProcess.nullDevice())  # a sound library's own talk
        self._process.readyReadStandardOutput.connect(self._heard)
        self._process.finished.connect(lambda *_: self._died())
        self._process.errorOccurred.connect(self._failed)

    def start(self) -> None:
        """Start the child; it says at once whether there is a device."""
        self._process.start(self._command[0], self._command[1:])

    def play(self, tone: str) -> None:
        """Play one tone, after those that were asked for before; a child that died is started anew first."""
        if self._process.state() is QProcess.ProcessState.NotRunning and self._deaths <= MOST_DEATHS:
            self.start()
        self._process.write(f"{tone}\n".encode())

    def look(self) -> None:
        """Ask again whether there is a device."""
        self._deaths = 0
        self.play("probe")

    def end(self) -> None:
        """End the child: its input ends; one that hangs in a sound system is killed."""
        self._process.blockSignals(True)
        if self._process.state() is not QProcess.ProcessState.NotRunning:
            self._process.closeWriteChannel()
            if not self._process.waitForFinished(END_WITHIN_MS):
                self._process.kill()
                self._process.waitForFinished(END_WITHIN_MS)

    def _heard(self) -> None:
        while self._process.canReadLine():
            word, _, reason = bytes(self._process.readLine()).decode("utf-8", "replace").strip().partition(" ")
            if word in ("ready", "none"):
                self._deaths = 0
                self._say("" if word == "ready" else reason or GONE)

    def _failed(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._died()

    def _died(self) -> None:
        self._deaths += 1
        self._say(GONE)

    def _say(self, trouble: str) -> None:
        if trouble != self.trouble:
            self.trouble = trouble
            LOG.info("tones: %s", trouble or "the sound device is ready")
            self.changed.emit()

"""Sounds the alarms of one desk: watches what is unacknowledged, asks the domain what sounds, and has it played.

Knows LiveAlarms and a player; the rules of when and what stand in `domain/alarm_sound`. Nothing sounds of the past.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from console.domain.alarm import AlarmState, Priority
from console.domain.alarm_sound import REMINDERS_MIN, USUAL_REMINDER_MIN, Call, Horn
from console.ui.kept import keep, read_kept
from console.ui.models.alarms.live import LiveAlarms
from console.ui.process.tone_player import TonePlayer

FILE = "alarm-sound.json"
LOOK_MS = 1000
WHAT = "how alarms shall sound here"
NO_PLAYER = "no tone is played in this window"


class SoundWish(msgspec.Struct, frozen=True):
    """How this desk wants to be told. It has no "off": what must not sound is silenced, ten minutes at most."""

    reminder_min: int = USUAL_REMINDER_MIN


class AlarmHorn(QObject):
    """`sounded` carries a Call just before its tone; `changed` says that the player or the wish is another."""

    sounded = Signal(object)
    changed = Signal()

    def __init__(self, alarms: LiveAlarms) -> None:
        super().__init__(alarms)
        self._alarms, self._player, self._path = alarms, None, None
        self._horn, self.wish = Horn(), SoundWish()
        self.last: Call | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)
        alarms.changed.connect(self.look)

    @classmethod
    def of(cls, alarms: LiveAlarms) -> AlarmHorn:
        """The one horn of a desk."""
        return alarms.findChild(cls) or cls(alarms)

    def use(self, player: TonePlayer, folder: Path) -> None:
        """Play through this; `folder` keeps how the desk likes it."""
        self._player, self._path = player, folder / FILE
        kept = read_kept(self._path, SoundWish(), WHAT)
        self.wish = kept if kept.reminder_min in REMINDERS_MIN else SoundWish()
        self._horn.reminder_min = self.wish.reminder_min
        player.changed.connect(self.changed)
        self.changed.emit()
        self.look()

    @property
    def trouble(self) -> str:
        """Why nothing is heard here; empty where tones are."""
        return NO_PLAYER if self._player is None else self._player.trouble

    def look(self, _now: object = None) -> None:
        """Sound what is due; the clock runs only while something is unacknowledged."""
        now, live = self._alarms.now, self._alarms.live
        waiting = now.heads((AlarmState.UNACKNOWLEDGED,))
        if self._player is None or live.offline_asked or not now.rules:  # without rules the store was not read yet
            self._timer.stop()
            return
        call = self._horn.step(waiting, now.flood.active, now.silence, live.clock())
        if call is not None:
            self.last = call
            self.sounded.emit(call)
            self._player.play(call.priority.name.lower())
        if bool(waiting) != self._timer.isActive():
            self._timer.start() if waiting else self._timer.stop()

    def test(self, priority: Priority) -> None:
        """Play one tone now, whatever stands and whatever is silenced."""
        if self._player is not None:
            self._player.play(priority.name.lower())

    def find_device(self) -> None:
        """Look again for a sound device."""
        if self._player is not None:
            self._player.look()

    def remind(self, minutes: int) -> None:
        """Repeat the tone of what is unacknowledged every so many minutes; 0: not. Kept for this desk."""
        self.wish = SoundWish(minutes)
        self._horn.reminder_min = minutes
        if self._path is not None:
            keep(self._path, self.wish, WHAT)
        self.changed.emit()

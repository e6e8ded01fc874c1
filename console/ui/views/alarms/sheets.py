"""What the alarms view opens over itself: the tones of this desk, the handover of a shift. Knows no row of the list."""

from __future__ import annotations

import tempfile
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from console.ui.dialogs.handover import HandoverSheet
from console.ui.models.alarms.handover import read_page, save_page
from console.ui.models.alarms.horn import AlarmHorn
from console.ui.models.alarms.live import LiveAlarms
from console.ui.theme import Theme
from console.ui.widgets.alarms.sound import SoundPopover


class AlarmSheets(QObject):
    """`folder` is where saved handovers lie; without a profile's they go where temporary files do."""

    def __init__(self, alarms: LiveAlarms, view: QWidget) -> None:
        super().__init__(view)
        self._alarms, self._view = alarms, view
        self.folder = Path(tempfile.gettempdir())
        self.sound: SoundPopover | None = None
        self.handover: HandoverSheet | None = None

    def open_sound(self, button: QWidget, theme: Theme) -> None:
        """The tones of this desk, above or beneath the button that asked."""
        self.sound = SoundPopover(AlarmHorn.of(self._alarms), theme, self._view.window())
        self.sound.open_above(button)

    def open_handover(self, theme: Theme) -> None:
        """The last shift as a page that can be saved."""
        live = self._alarms.live
        sites, now_ms = live.now.fleet.site_names(), live.clock()
        who = " · ".join(part for part in (self._alarms.person.name, self._alarms.desk) if part) or "nobody"
        operations = live.operations
        live.reads.run(
            lambda: read_page(operations, sites, who, now_ms),
            lambda page: self._show_handover(page, now_ms, theme),
            lambda error: self._alarms.answered.emit(f"The handover cannot be written: {error}"),
        )

    def _show_handover(self, page: str, at_ms: int, theme: Theme) -> None:
        self.handover = HandoverSheet(
            page, lambda text: save_page(self.folder, text, at_ms), theme, self._view.window()
        )
        self.handover.open()

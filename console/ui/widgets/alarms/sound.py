"""The pop-over of the tones: whether this desk can be heard, one test button a priority, the reminder (R32)."""

from __future__ import annotations

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from console.domain.alarm import Priority
from console.domain.alarm_sound import REMINDERS_MIN
from console.ui.models.alarms.horn import AlarmHorn
from console.ui.theme import DARK, Theme
from console.ui.widgets.popover import Popover
from console.ui.widgets.press_button import Look, PressButton

WIDTH_PX = 452
HEARD = "This desk plays one tone a priority. The banner always shows what sounds."
UNHEARD = "Nothing is heard here: {}. The banner shows every alarm all the same."
RULES = (
    "At most one tone in 5 s, the worst first; more than three that wait are one tone. In a flood only critical and "
    "high sound. Q silences every desk for 10 min at most; what is new sounds all the same."
)


class SoundPopover(Popover):
    """Sets and tests the horn of this desk."""

    def __init__(self, horn: AlarmHorn, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__("Sound of this desk", "", WIDTH_PX, theme, parent)
        self._horn = horn
        self.state = self.say("", "t1")
        self.again = PressButton("Look for a device again", name="look for a sound device again", theme=theme)
        self.again.clicked.connect(horn.find_device)
        self.column.addWidget(self.again)
        self.say("Play a tone")
        self.tests = {priority: self._test(priority) for priority in sorted(Priority, reverse=True)}
        self.column.addLayout(_row(list(self.tests.values())))
        self.say("Repeat the worst while something is unacknowledged")
        self._minutes = QButtonGroup(self)
        self.column.addLayout(_row([self._reminder(minutes) for minutes in REMINDERS_MIN]))
        self._minutes.idClicked.connect(horn.remind)
        self.say(RULES)
        self.done = PressButton("Close", hint="Esc", name="close", theme=theme)
        self.done.clicked.connect(self.close)
        self.column.addLayout(_row([self.done]))
        self.setFocusProxy(self.tests[Priority.CRITICAL])
        horn.changed.connect(self._show)
        self._show()

    def _test(self, priority: Priority) -> PressButton:
        button = PressButton(priority.name.capitalize(), name=f"test {priority.name.lower()} tone", theme=self._theme)
        button.clicked.connect(lambda: self._horn.test(priority))
        return button

    def _reminder(self, minutes: int) -> PressButton:
        label = f"{minutes} min" if minutes else "Never"
        button = PressButton(label, Look.CHOICE, name=f"remind {label.lower()}", theme=self._theme)
        button.setChecked(minutes == self._horn.wish.reminder_min)
        self._minutes.addButton(button, minutes)
        return button

    def _show(self) -> None:
        trouble = self._horn.trouble
        self.state.show_text(UNHEARD.format(trouble) if trouble else HEARD)
        self.again.switch(bool(trouble), "Off: the device was found")
        self.adjustSize()


def _row(buttons: list[PressButton]) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for button in buttons:
        row.addWidget(button)
    row.addStretch(1)
    return row

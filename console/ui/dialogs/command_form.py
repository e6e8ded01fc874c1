"""Asks for what a verb needs, and why, before anything is computed; says at once how it is understood.

Commands nothing: what comes of it is a preview.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from console.domain.command import MOVES_POWER, Verb
from console.domain.fleet_state import NOTHING_LIVE
from console.ui.dialogs.sheet import Sheet
from console.ui.fonts import Role, px
from console.ui.keys import ENTER
from console.ui.models.awaited import new_id
from console.ui.models.commands.live import LiveCommands
from console.ui.models.commands.wish import BUTTONS, MAY_REVERT, CommandWish, Unclear, Written, command_of, understood
from console.ui.models.commands.words import power_words
from console.ui.numbers import integer
from console.ui.plain import PlainLabel
from console.ui.theme import Theme
from console.ui.widgets.gesture_button import GestureButton
from console.ui.widgets.press_button import Look, PressButton
from console.ui.widgets.text_fields import TextField

WIDTH_PX, LEAST_MARGIN = 620, 48
READING = "Reading every target afresh; nothing is sent by this"
AMOUNTS = {
    Verb.CURTAIL: ("Site power when it is done{each}; empty: every machine rests", "for example 20 MW"),
    Verb.RESUME: ("Site power when it is done{each}; empty: all that rests runs again", "for example 40 MW"),
    Verb.POWER_TARGET: ("Power of each machine, in W or % of its rated power", "for example 3200 W or 80 %"),
}
SUPERVISOR_MAY = "Emergency is off: a supervisor may command them although they are stale"
EMERGENCY = "Emergency: command them although they are stale"


class CommandForm(Sheet):
    """`asked` carries a Command that is to be previewed; the owner says by `answer` what came of it."""

    asked = Signal(object)

    def __init__(self, commands: LiveCommands, wish: CommandWish, theme: Theme, parent: QWidget) -> None:
        super().__init__(BUTTONS[wish.verb].rstrip("…"), theme, parent)
        self._commands, self._wish = commands, wish
        self.amount = TextField("amount", AMOUNTS.get(wish.verb, ("", ""))[1], theme)
        self.pool_url = TextField("pool", "stratum+tcp://pool.example:3333", theme)
        self.worker = TextField("worker", "Worker", theme)
        self.sleep = TextField("hours of sleep", "22:00-06:00, 12:00-13:00", theme)
        self.reason = TextField("reason", "Why, for the record", theme)
        self.revert = TextField("take back after minutes", "for example 30; empty: it stays", theme)
        self.heard = PlainLabel("", Role.BODY, "t1", theme=theme)
        self.preview = GestureButton("Preview", Look.FILLED, theme=theme)
        self.cancel = GestureButton("Cancel", hint="Esc", theme=theme)
        self._emergency: PressButton | None = None
        self._led = QButtonGroup(self)
        self._lay_out(theme)
        self._connect()
        self._say()
        self.setFixedWidth(min(px(WIDTH_PX), parent.width() - LEAST_MARGIN))
        self._fields()[0][1].setFocus(Qt.FocusReason.OtherFocusReason)

    def _fields(self) -> list[tuple[str, TextField]]:
        verb, fields = self._wish.verb, []
        if verb is Verb.POWER_TARGET or (verb in AMOUNTS and self._wish.whole_sites):
            each = ", each site" if len(self._wish.selector.sites) > 1 and verb is not Verb.POWER_TARGET else ""
            fields.append((AMOUNTS[verb][0].format(each=each), self.amount))
        if verb is Verb.CHANGE_POOL:
            fields += [("Pool", self.pool_url), ("Worker", self.worker)]
        if verb is Verb.SLEEP_SCHEDULE:
            fields.append(("Hours of sleep, UTC; empty: none", self.sleep))
        fields.append(("Reason, required", self.reason))
        if verb in MAY_REVERT:
            fields.append(("Taken back by itself after so many minutes, unless somebody confirms", self.revert))
        return fields

    def _lay_out(self, theme: Theme) -> None:
        column, wish = self.column, self._wish
        column.setSpacing(8)
        count = f" · {integer(wish.machines)} machines" if wish.machines else ""
        now = self._power_now()
        column.addWidget(PlainLabel(f"{wish.words}{count}{now}", Role.BODY_BOLD, elide=True, theme=theme))
        if wish.verb is Verb.LOCATE:
            column.addLayout(self._led_row(theme))
        shown = self._fields()
        for label, field in shown:
            column.addWidget(PlainLabel(label, Role.CAPTION, "t2", theme=theme))
            column.addWidget(field)
        for field in (self.amount, self.pool_url, self.worker, self.sleep, self.reason, self.revert):
            if field not in [one for _, one in shown]:
                field.setParent(self)
                field.hide()
        self._add_emergency(theme)
        self.heard.setWordWrap(True)
        column.addWidget(self.heard)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.preview)
        row.addWidget(self.cancel)
        row.addStretch(1)
        column.addLayout(row)

    def _power_now(self) -> str:
        """What the whole sites draw, as measured; nothing where a part of it is not known."""
        drawn_w = [one.value("meter_w") for one in self._commands.live.now.sites
                   if one.site.id in self._wish.selector.sites]  # fmt: skip
        if not self._wish.whole_sites or self._wish.verb not in MOVES_POWER or not drawn_w:
            return ""
        return f" · draws {power_words(sum(drawn_w))} now" if all(math.isfinite(one) for one in drawn_w) else ""

    def _led_row(self, theme: Theme) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(2)
        for number, (label, on) in enumerate((("Lights on", True), ("Lights off", False))):
            button = PressButton(label, Look.CHOICE, name=label.lower(), theme=theme)
            button.setChecked(on)
            self._led.addButton(button, number)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _add_emergency(self, theme: Theme) -> None:
        """Offered only where a target is stale; pressed by whoever has the role for it (R36)."""
        dark = [one.site.name for one in self._commands.live.now.sites
                if one.site.id in self._wish.selector.sites and one.mark in NOTHING_LIVE]  # fmt: skip
        if not dark:
            return
        few = ", ".join(dark[:3]) + (f" and {len(dark) - 3} more" if len(dark) > 3 else "")
        words = PlainLabel(f"No fresh sample from {few}: left out, nothing could be read back", Role.CAPTION, "t1",
                           theme=theme)  # fmt: skip
        words.setWordWrap(True)
        self.column.addWidget(words)
        allowed = self._commands.may_in_emergency
        label = EMERGENCY if allowed else SUPERVISOR_MAY
        self._emergency = PressButton(label, Look.OUTLINE, name="emergency", theme=theme)
        self._emergency.setCheckable(True)
        self._emergency.switch(allowed, "Off: a supervisor may, with a reason")
        self.column.addWidget(self._emergency)

    def _connect(self) -> None:
        for _, field in self._fields():
            field.textChanged.connect(lambda _text: self._say())
            field.left.connect(self.reject)
        self.preview.clicked.connect(lambda _checked=False: self._ask())
        self.cancel.clicked.connect(self.reject)

    @property
    def written(self) -> Written:
        """What stands in it."""
        return Written(
            amount=self.amount.text(),
            pool_url=self.pool_url.text(),
            pool_worker=self.worker.text(),
            led_on=self._led.checkedId() != 1,
            sleep=self.sleep.text(),
            reason=self.reason.text(),
            revert_min=self.revert.text(),
            emergency=self._emergency is not None and self._emergency.isChecked(),
        )

    def _say(self, words: str = "") -> None:
        text = words or understood(self._wish, self.written)
        self.heard.show_text(text)
        self.heard.setAccessibleName(text)

    def _ask(self) -> None:
        desk, live = self._commands.desk, self._commands.live
        try:
            command = command_of(
                self._wish, self.written, new_id(), desk.person.name, desk.name, live.clock(), live.now.fleet
            )
        except Unclear as unclear:
            self._say(str(unclear))
            self._focus(unclear.field)
            return
        self.preview.switch(False, READING)
        self._say(READING)
        self.asked.emit(command)

    def _focus(self, name: str) -> None:
        fields = {"amount": self.amount, "sleep": self.sleep, "reason": self.reason, "revert": self.revert}
        if name in fields:
            fields[name].setFocus()

    def answer(self, reasons: Sequence[str]) -> None:
        """There is no preview, and why; what was written stays."""
        self.preview.switch(True)
        self._say("\n".join(("No preview:", *reasons)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter does nothing."""
        if event.key() not in ENTER:
            super().keyPressEvent(event)

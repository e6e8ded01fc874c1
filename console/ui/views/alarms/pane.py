"""The pane beside the alarm list: guidance of the alarm under the keyboard, and what may be asked about it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from console.domain.access import longest_shelf_ms
from console.domain.alarm import Alarm, AlarmState, Priority
from console.domain.durations import HOUR_MS, MINUTE_MS
from console.domain.metric import SIGNAL_BY_NAME
from console.link.messages import AlarmVerb
from console.ui.fonts import Role, px
from console.ui.models.alarms.live import LiveAlarms
from console.ui.models.alarms.words import display_of, place_name, title_of
from console.ui.numbers import utc_time
from console.ui.plain import PlainLabel
from console.ui.theme import DARK, Theme, apply_theme
from console.ui.widgets.alarms.curve import is_drawn
from console.ui.widgets.alarms.guidance import GuidanceText
from console.ui.widgets.alarms.shelve import ShelvePopover
from console.ui.widgets.popover import ReasonPopover
from console.ui.widgets.press_button import Look, PressButton
from console.ui.widgets.text_fields import TextField

RADIUS_PX, PAD_PX, SIDE_PX = 4, 16, 420
SIGN_IN = "Sign in to acknowledge, to shelve or to take out of service (Ctrl+L)"
OUT = (
    ("It asks nobody until a supervisor puts it back; it stands in the list and in every handover until then.", "t1"),
    ("For a sensor or a machine that is being worked on. What may come back by itself is shelved instead.", "t2"),
)
ACKNOWLEDGED = (AlarmState.ACKNOWLEDGED, AlarmState.SHELVED, AlarmState.SUPPRESSED, AlarmState.OUT_OF_SERVICE)


class AlarmPane(QWidget):
    """`display_asked` carries an address. What is asked goes to the engine; the pane shows the old state until then."""

    display_asked = Signal(str)

    def __init__(self, alarms: LiveAlarms, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._alarms, self._theme = alarms, theme
        self._alarm: Alarm | None = None
        self._selected: tuple[Alarm, ...] = ()
        self._others = 0
        self._drawn = ("", 0)
        self.text = GuidanceText(theme)
        self.note = TextField("note", "Note", theme)
        self.acknowledge = PressButton("Acknowledge", Look.FILLED, hint="A", name="acknowledge", theme=theme)
        self.shelve = PressButton("Shelve…", hint="H", name="shelve", theme=theme)
        self.service = PressButton("Out of service…", hint="O", name="take out of service", theme=theme)
        self.open = PressButton("Open its display", hint="Enter", name="open its display", theme=theme)
        self._words = PlainLabel("", Role.CAPTION, "t3", theme=theme)
        self._words.setWordWrap(True)
        self._lay_out(theme)
        self.acknowledge.clicked.connect(self.press_acknowledge)
        self.note.returnPressed.connect(self.press_acknowledge)
        self.shelve.clicked.connect(self.press_shelve)
        self.service.clicked.connect(self.press_service)
        self.open.clicked.connect(self.press_open)
        self.show_alarms(None, ())

    def _lay_out(self, theme: Theme) -> None:
        self._side = QWidget()
        column = QVBoxLayout(self._side)
        column.setContentsMargins(PAD_PX, 8, PAD_PX, 12)
        column.setSpacing(8)
        self._note_words = PlainLabel("", Role.CAPTION, "t2", theme=theme)
        head = QHBoxLayout()
        head.addWidget(self._note_words, 1)
        head.addWidget(self.open)
        column.addLayout(head)
        column.addWidget(self.note)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.acknowledge, self.shelve, self.service):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column.addLayout(buttons)
        column.addWidget(self._words)
        column.addStretch(1)
        self._box = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)
        self._box.addWidget(self.text, 1)
        self._box.addWidget(self._side)
        self.setAccessibleName("guidance pane")

    def lie_down(self, lying: bool) -> None:
        """Below the list the actions stand at the right of the text, beside it they stand beneath."""
        direction = QBoxLayout.Direction
        self._box.setDirection(direction.LeftToRight if lying else direction.TopToBottom)
        self.text.put_curve_last(lying)
        self._side.setFixedWidth(px(SIDE_PX)) if lying else self._side.setMinimumWidth(0)
        if not lying:
            self._side.setMaximumWidth(16_777_215)

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        self._theme = theme
        apply_theme(self, theme)
        self.update()

    # what it shows

    @property
    def _sites(self) -> Mapping[str, str]:
        return self._alarms.live.now.fleet.site_names()

    def show_alarms(self, current: Alarm | None, selected: tuple[Alarm, ...], others: int = 0) -> None:
        """The alarm under the keyboard, and all that are selected and on the screen.

        Of a group it is the worst, with so many `others` that nobody sees: they are not acknowledged with it (R23).
        """
        self._others = others
        moved = current is None or self._alarm is None or current.key != self._alarm.key
        self._alarm, self._selected = current, selected or ((current,) if current else ())
        if moved:
            self.note.clear()
        if current is None:
            self.text.show_nothing()
        else:
            now = self._alarms.now
            children = now.beneath(current.key)
            rule = now.rules.get(current.rule)
            self.text.show_alarm(current, rule, children, self._sites, self._alarms.live.clock())
            self._draw(current, moved)
        self._show_actions()

    def _draw(self, alarm: Alarm, moved: bool) -> None:
        """Ask for the last hour once a minute."""
        rule, live = self._alarms.now.rules.get(alarm.rule), self._alarms.live
        if not is_drawn(rule):
            self.text.curve.hide()
            return
        end_ms = live.cutoff_ms or live.clock()
        asked = (alarm.key, end_ms // MINUTE_MS)
        if asked == self._drawn:
            return
        self._drawn = asked
        if moved:
            self.text.curve.hide()
        telemetry, signal = live.telemetry, SIGNAL_BY_NAME[rule.signal].name
        live.reads.run(
            lambda: telemetry.series(alarm.place, signal, end_ms - HOUR_MS, end_ms, 400),
            lambda series: self._take_series(alarm, series, end_ms),
        )

    def _take_series(self, alarm: Alarm, series: object, end_ms: int) -> None:
        rule = self._alarms.now.rules.get(alarm.rule)
        if self._alarm is not None and self._alarm.key == alarm.key and rule is not None:
            self.text.curve.show_series(alarm, rule, series, end_ms, live=not self._alarms.offline)

    def _show_actions(self) -> None:
        many = len(self._selected)
        critical = any(alarm.priority is Priority.CRITICAL for alarm in self._selected)
        self._note_words.show_text("Note, required for critical" if critical else "Note")
        self.acknowledge.switch(*_on(self._why_not_acknowledge()))
        self.acknowledge.set_face(
            f"Acknowledge {many}" if many > 1 else "Acknowledge", "A", "", f"acknowledge {many} selected"
        )
        parked = self._alarm is not None and self._alarm.state is AlarmState.SHELVED
        self.shelve.set_face("Unshelve" if parked else "Shelve…", "H", "", "unshelve" if parked else "shelve")
        self.shelve.switch(*_on(self._why_not_shelve()))
        out = self._alarm is not None and self._alarm.state is AlarmState.OUT_OF_SERVICE
        name = "put back in service" if out else "take out of service"
        self.service.set_face("Put back" if out else "Out of service…", "O", "", name)
        self.service.switch(*_on(self._why_not_service()))
        self.open.switch(*_on("" if self._alarm else "Off: no alarm is selected"))
        self._words.show_text(self._what_can_be_done())

    def _what_can_be_done(self) -> str:
        """What acknowledging would record, or what must be done first, and what else is off."""
        off = self._why_not_acknowledge()
        if off:
            return SIGN_IN if self._selected and not self._alarms.person.name and self._alarms.linked else off
        alone = f"It is the worst of a group: the {self._others} others are not acknowledged with it."
        person, at = self._alarms.person.name, utc_time(self._alarms.live.clock())
        shelf = self._why_not_shelve()
        record = f"Acknowledging records {person}, {at} UTC."
        return " ".join(part for part in (f"{shelf}." if shelf else "", alone if self._others else "", record) if part)

    def _why_not_acknowledge(self) -> str:
        if not self._selected:
            return "Off: no alarm is selected"
        if all(alarm.state in ACKNOWLEDGED for alarm in self._selected):
            return "Acknowledge is off: nothing selected is unacknowledged"
        return self._alarms.why_not(AlarmVerb.ACKNOWLEDGE)

    def _why_not_shelve(self) -> str:
        if self._alarm is None:
            return "Off: no alarm is selected"
        if any(alarm.priority is Priority.CRITICAL for alarm in self._selected):
            return "Shelve is off for critical"
        if self._alarm.state in (AlarmState.SUPPRESSED, AlarmState.OUT_OF_SERVICE):
            return "Shelve is off: it is not announced as it is"
        return self._alarms.why_not(AlarmVerb.SHELVE)

    def _why_not_service(self) -> str:
        if self._alarm is None:
            return "Off: no alarm is selected"
        out = self._alarm.state is AlarmState.OUT_OF_SERVICE
        return self._alarms.why_not(AlarmVerb.PUT_BACK if out else AlarmVerb.TAKE_OUT)

    # what it asks

    def press_acknowledge(self) -> None:
        """A: this alarm, or the selection that is on the screen; never more (R23)."""
        if not self.acknowledge.isEnabled():
            return
        note = self.note.text().strip()
        critical = any(alarm.priority is Priority.CRITICAL for alarm in self._selected)
        if critical and not note:
            self._words.show_text("A critical alarm is acknowledged with a note: write it, then Enter")
            self.note.setFocus()
            return
        keys = [alarm.key for alarm in self._selected if alarm.state not in ACKNOWLEDGED]
        if self._alarms.ask(AlarmVerb.ACKNOWLEDGE, keys, note):
            self._words.show_text("Asked; the state changes when it is recorded")

    def press_shelve(self) -> None:
        """H: the pop-over, or back from the shelf."""
        if self._alarm is None or not self.shelve.isEnabled():
            return
        if self._alarm.state is AlarmState.SHELVED:
            self._alarms.ask(AlarmVerb.UNSHELVE, [self._alarm.key])
            return
        most_s = longest_shelf_ms(self._alarms.person.role) // 1000
        self.popover = ShelvePopover(
            self._alarms.live.clock(), self._selected_words(), most_s, self._theme, self.window()
        )
        keys = [alarm.key for alarm in self._selected]
        self.popover.shelve_asked.connect(lambda span_s, why: self._alarms.ask(AlarmVerb.SHELVE, keys, why, span_s))
        self.popover.open_above(self.shelve)

    def _selected_words(self) -> str:
        if len(self._selected) > 1 or self._alarm is None:
            return f"{len(self._selected)} alarms"
        return f"{place_name(self._alarm.place, self._sites)} · {title_of(self._alarm, self._alarms.now.rules)}"

    def press_service(self) -> None:
        """O: out of service with a reason, or put back (state G)."""
        if self._alarm is None or not self.service.isEnabled():
            return
        if self._alarm.state is AlarmState.OUT_OF_SERVICE:
            self._alarms.ask(AlarmVerb.PUT_BACK, [self._alarm.key])
            return
        keys = [alarm.key for alarm in self._selected]
        self.popover = ReasonPopover(
            "Out of service",
            self._selected_words(),
            "Take out of service",
            OUT,
            theme=self._theme,
            parent=self.window(),
        )
        self.popover.given.connect(lambda why: self._alarms.ask(AlarmVerb.TAKE_OUT, keys, why))
        self.popover.open_above(self.service)

    def press_open(self) -> None:
        """The display that the rule names."""
        if self._alarm is not None:
            self.display_asked.emit(display_of(self._alarm, self._alarms.now.rules))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The panel's ground."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(self._theme.bg1)
            painter.setBrush(self._theme.bg1)
            painter.drawRoundedRect(QRectF(self.rect()), RADIUS_PX, RADIUS_PX)


def _on(reason: str) -> tuple[bool, str]:
    return not reason, reason

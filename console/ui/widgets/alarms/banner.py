"""The alarm banner of every view: counts by priority, the newest that nobody has seen, silence and next (R28).

Knows LiveAlarms; the shell decides what opening a display means.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from console.domain.alarm import Alarm, AlarmState, Priority
from console.link.messages import AlarmVerb
from console.ui.density import Density
from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_elided, paint_text, text_width
from console.ui.models.alarms.horn import AlarmHorn
from console.ui.models.alarms.live import LiveAlarms
from console.ui.models.alarms.words import age_of, display_of, place_name, summary
from console.ui.numbers import utc_time
from console.ui.plain import set_tip
from console.ui.theme import DARK, Theme
from console.ui.widgets.alarms.banner_entry import BannerEntry, Entry
from console.ui.widgets.alarms.symbol import form_of, paint_alarm, paint_calm
from console.ui.widgets.press_button import Look, PressButton

MOST_ENTRIES, LEAST_ENTRY_PX, GAP_PX = 3, 210, 8
HEIGHTS = {Density.COMPACT: 40, Density.STANDARD: 44, Density.WALL: 60}
COUNT_PX, DIGIT_PX, SYMBOL_PX, ASIDE_PX = 67, 9, 22, 104
CALM = "No unacknowledged alarm"
UNHEARD = "Nothing is heard at this desk: {}. The banner is what tells."


class AlarmBanner(QWidget):
    """`display_asked` carries an address: of the view tied to an alarm, or of an alarm in the list."""

    display_asked = Signal(str)

    def __init__(self, alarms: LiveAlarms, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._alarms, self._theme, self._margin = alarms, theme, 12
        self._horn = AlarmHorn.of(alarms)
        self._counts = alarms.now.counts
        self._aside = ("", "")
        self._calm, self._last_key = CALM, ""
        self.entries = [BannerEntry(alarms.blink, theme, self) for _ in range(MOST_ENTRIES)]
        self.silence = PressButton("Silence", Look.FILLED, hint="Q", name="silence", theme=theme, parent=self)
        self.next = PressButton("Next alarm", hint="N", name="next alarm", theme=theme, parent=self)
        for entry in self.entries:
            entry.asked.connect(self.display_asked)
        self.silence.clicked.connect(self.press_silence)
        self.next.clicked.connect(self.go_next)
        alarms.changed.connect(self._show)
        self._horn.changed.connect(self._show)
        alarms.live.changed.connect(self._show)  # ages and the time left go on without a word
        alarms.blink.turned.connect(self.update)
        self.fit(Density.STANDARD, 0)
        self._show()

    def fit(self, density: Density, _width: int) -> None:
        """Measures of the window's width."""
        self._margin = density.value.margin
        self.setFixedHeight(px(HEIGHTS[density]))
        for button in (self.silence, self.next):
            button.set_height(density.value.button)
        self._place()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme or scale."""
        self._theme = theme
        for child in (*self.entries, self.silence, self.next):
            child.set_theme(theme)
        self._show()
        self._place()
        self.update()

    def press_silence(self) -> None:
        """Silence the horn of every desk for ten minutes."""
        self._alarms.silence()

    def toggle_blink(self) -> None:
        """Let unacknowledged symbols blink, or stand filled (R7)."""
        self._alarms.blink.allow(not self._alarms.blink.allowed)

    def go_next(self) -> None:
        """The next unacknowledged alarm after the one looked at last, worst first, then from the start again."""
        keys = [alarm.key for alarm in self._alarms.now.newest(10_000)]
        if keys:
            at = keys.index(self._last_key) + 1 if self._last_key in keys else 0
            self._last_key = keys[at % len(keys)]
            self.display_asked.emit(f"alarms:{self._last_key}")

    # what it shows

    def _show(self, _now: object = None) -> None:
        alarms, now_ms = self._alarms, self._alarms.live.clock()
        now = alarms.now
        self._counts = now.counts
        shown = [self._entry(alarm, now_ms) for alarm in now.newest(MOST_ENTRIES)]
        if now.flood.active:
            shown = [self._flood_entry(), *shown][:MOST_ENTRIES]
        for place, entry in enumerate(self.entries):
            entry.show_entry(shown[place] if place < len(shown) else None)
        more = len(now.heads((AlarmState.UNACKNOWLEDGED,))) - sum(entry.priority is not None for entry in shown)
        cutoff = f"as of {utc_time(alarms.live.cutoff_ms)[:5]} UTC" if alarms.offline else ""
        self._aside = (f"{more} more alarm{'s' if more > 1 else ''}" if more > 0 else "", cutoff)
        self._show_buttons(now_ms, bool(now.newest(1)))
        self.setAccessibleName("alarms")
        self.setAccessibleDescription(self.text)
        self._place()
        self.update()

    def _show_buttons(self, now_ms: int, any_new: bool) -> None:
        silence = self._alarms.now.silence
        left_s = (silence.until_ms - now_ms) // 1000 if silence else 0
        words = f"Silenced · {left_s // 60}:{left_s % 60:02d}" if left_s > 0 else "Silence"
        if words != self.silence.text():
            self.silence.set_face(words, "Q", "", words)
        reason = self._alarms.why_not(AlarmVerb.SILENCE)
        self.silence.switch(not reason, reason)
        if not reason:
            by = f" Silenced by {silence.who}." if silence and left_s > 0 else ""
            trouble = self._horn.trouble
            unheard = f" {UNHEARD.format(trouble)}" if trouble else ""
            set_tip(self.silence, f"Silences the horn of every desk for 10 min; what is new sounds.{by}{unheard}")
        self.next.switch(any_new, "Off: no alarm is unacknowledged")

    @property
    def text(self) -> str:
        """All of its words."""
        counts = ", ".join(
            f"{priority.name.lower()} {new} new of {every}"
            for priority, (new, every) in sorted(self._counts.items(), reverse=True)
        )
        shown = "; ".join(entry.words for entry in self.entries if entry.words) or self._calm
        return "; ".join(part for part in (counts, shown, *self._aside) if part)

    def _entry(self, alarm: Alarm, now_ms: int) -> Entry:
        now, sites = self._alarms.now, self._site_names()
        beneath = len(now.beneath(alarm.key))
        facts = [age_of(alarm.occurred_ms, now_ms), *([f"{beneath} grouped"] if beneath else [])]
        return Entry(
            address=display_of(alarm, now.rules),
            head=place_name(alarm.place, sites),
            facts=" · ".join(facts),
            text=summary(alarm, now.rules),
            priority=alarm.priority,
        )

    def _flood_entry(self) -> Entry:
        flood = self._alarms.now.flood
        return Entry(
            address="alarms",
            head="Alarm flood",
            facts=f"since {utc_time(flood.began_ms)[:5]} UTC",
            text=f"{flood.lately} in 10 min; the list is grouped",
            priority=None,
        )

    def _site_names(self) -> dict[str, str]:
        return self._alarms.live.now.fleet.site_names()

    # where it is

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Entries share what is left."""
        self._place()

    def _place(self) -> None:
        right = self.width() - self._margin
        for button in (self.next, self.silence):
            hint = button.sizeHint()
            right -= hint.width()
            button.setGeometry(right, (self.height() - hint.height()) // 2, hint.width(), hint.height())
            right -= GAP_PX
        if any(self._aside):
            right -= px(ASIDE_PX)
        left = round(self._counts_end())
        used = [entry for entry in self.entries if entry.words]
        fitting = max(1, min(len(used), (right - left) // px(LEAST_ENTRY_PX))) if used else 0
        width = (right - left) // max(1, fitting)
        for place, entry in enumerate(self.entries):
            entry.setVisible(place < fitting)
            entry.setGeometry(left + place * width, 2, width - GAP_PX, self.height() - 4)

    def _count_left(self, place: int) -> float:
        digits = max(len(f"{new}") for new, _ in self._counts.values())
        return self._margin - 4 + place * px(COUNT_PX + DIGIT_PX * digits)

    def _counts_end(self) -> float:
        return self._count_left(len(Priority)) + 14

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, counts, the calm line and what is beside the entries."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(self.rect(), self._theme.bg2)
            painter.fillRect(QRectF(0, 0, self.width(), 1), self._theme.bg0)
            for place, priority in enumerate(sorted(Priority, reverse=True)):
                self._paint_count(painter, self._count_left(place), priority)
            x = self._counts_end() - 8
            painter.fillRect(QRectF(x, 10, 1, self.height() - 20), self._theme.line2)
            if not any(entry.words for entry in self.entries):
                area = QRectF(x + 16, 0, self.silence.x() - px(ASIDE_PX) - x - 24, self.height())
                paint_elided(painter, area, self._calm, font(Role.BODY), self._theme.t2)
            self._paint_aside(painter)

    def _paint_count(self, painter: QPainter, left: float, priority: Priority) -> None:
        theme, middle, caption = self._theme, self.height() / 2, font(Role.CAPTION)
        new, every = self._counts[priority]
        at = QPointF(left + px(13), middle)
        if every:
            state = AlarmState.UNACKNOWLEDGED if new else AlarmState.ACKNOWLEDGED
            paint_alarm(painter, at, px(SYMBOL_PX), priority, form_of(state, dark_half=self._blinks(priority)), theme)
        else:
            paint_calm(painter, at, px(SYMBOL_PX), priority, theme)
        x = left + px(30)
        number = font(Role.BODY_BOLD)
        wide = paint_text(painter, QPointF(x, middle - px(2)), f"{new}", number, theme.t1 if new else theme.t3)
        paint_text(painter, QPointF(x + wide + 4, middle - px(2)), "new", caption, theme.t2 if new else theme.t3)
        paint_text(painter, QPointF(x, middle + px(13)), f"of {every}", caption, theme.t3)

    def _blinks(self, priority: Priority) -> bool:
        """Only what is still active blinks: a returned one stands filled."""
        blinking = any(alarm.priority is priority for alarm in self._alarms.now.heads((AlarmState.UNACKNOWLEDGED,)))
        return blinking and self._alarms.blink.dark_half

    def _paint_aside(self, painter: QPainter) -> None:
        caption, words = font(Role.CAPTION), [word for word in self._aside if word]
        right = self.silence.x() - GAP_PX - 4
        top = self.height() / 2 - px(8) * len(words)
        for word in words:
            width = text_width(caption, word)
            paint_elided(painter, QRectF(right - width, top, width + 1, px(16)), word, caption, self._theme.t1)
            top += px(16)

"""A site's commands: what it draws as measured, what is asked, how far that is, and the buttons that begin one.

The measured value stands until the frames show another one (R37), dimmed and said to be the last known where it is old
(R9). Every button opens a form and then a preview.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, Signal, SignalInstance
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from console.domain.command import Selector, Verb
from console.domain.command_journal import UNDER_WAY, CommandRecord
from console.domain.fleet_state import SiteNow
from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_elided, text_width
from console.ui.models.commands.live import LiveCommands
from console.ui.models.commands.wish import BUTTONS, CommandWish
from console.ui.models.commands.words import countdown, phase_words, power_words, signed_power
from console.ui.numbers import NO_VALUE
from console.ui.plain import PlainLabel, safe_text
from console.ui.theme import DARK, Theme, apply_theme
from console.ui.widgets.commands.track import CommandTrack
from console.ui.widgets.panel import PAD_PX, TITLE_PX, Panel
from console.ui.widgets.press_button import PressButton
from console.ui.widgets.state_glyph import ValueState, paint_state

BLOCK_PX, VALUES_PX, GAP_PX, LINES_PX, RING_PX = 132, 62, 8, 36, 6
RULE = "Every command opens a preview first; the measured value stands until a newer sample shows another."


class SiteCommands(Panel):
    """`command_asked` carries a CommandWish; `page_asked` the address of the command shown."""

    command_asked = Signal(object)
    page_asked = Signal(str)

    def __init__(self, commands: LiveCommands, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__("Commands", theme, parent=parent)
        self._commands = commands
        self._now: SiteNow | None = None
        self._state = ValueState.NEVER
        self._record: CommandRecord | None = None
        self._values: tuple[tuple[str, str, str], ...] = ()
        self.track = CommandTrack(theme, self)
        self.words = PlainLabel("", Role.CAPTION, "t2", theme=theme, parent=self)
        self.words.setWordWrap(True)
        self.open = PressButton("Open", name="open the command shown", theme=theme, parent=self)
        self.open.set_height(26)
        self.buttons = {
            verb: PressButton(label, name=f"{label.rstrip('…').lower()} this site", theme=theme, parent=self)
            for verb, label in BUTTONS.items()
        }
        for verb, button in self.buttons.items():
            button.clicked.connect(lambda _checked=False, verb=verb: self._ask(verb))
        self.open.clicked.connect(lambda _checked=False: self._record and self.page_asked.emit(self._address))
        commands.changed.connect(lambda _now: self._look())
        commands.page_changed.connect(lambda _id: self._look())
        commands.desk.changed.connect(self._look)

    def hand_on(self, wishes: SignalInstance, pages: SignalInstance) -> None:
        """Let a view speak for it."""
        self.command_asked.connect(wishes)
        self.page_asked.connect(pages)

    @property
    def _address(self) -> str:
        return f"commands:{self._record.id}" if self._record else "commands"

    @property
    def _young(self) -> bool:
        return self._state in (ValueState.FRESH, ValueState.LATE)

    @property
    def text(self) -> str:
        """All words of it."""
        values = "\n".join(" ".join(part for part in one if part) for one in self._values)
        return "\n".join((self.accessibleDescription(), values, self.track.text, self.words.text()))

    # what it shows

    def show_site(self, now: SiteNow, state: ValueState) -> None:
        """The site as of now, and how far what it measured may be trusted."""
        self._now, self._state = now, state
        self._look()

    def _look(self) -> None:
        if self._now is None:
            return
        site_id = self._now.site.id
        record = self._commands.newest_of(site_id)
        if (record.id if record else "") != (self._record.id if self._record else ""):
            if self._record is not None:
                self._commands.unfollow(self._record.id)
            if record is not None:
                self._commands.follow(record.id)
        self._record = record
        reason = self._commands.why_not((site_id,))
        self._show_values()
        self._show_buttons(reason)
        self._place()
        self.update()

    def _show_values(self) -> None:
        record, now = self._record, self._now
        measured = power_words(now.value("meter_w")) if now is not None else NO_VALUE
        label = "Power, last known" if self._state.is_old else "Power"
        self._values = ((label, measured, "measured" if self._young else ""),)
        counts, words = {}, "no command has been given here"
        if record is not None:
            counts, words = self._site_counts(record), phase_words(record)
            asked = self._asked(record)
            if asked:
                self._values += (("Asked", asked, ""),)
            if record.phase in UNDER_WAY and record.due_ms is not None:
                left_s = (record.due_ms - self._commands.live.clock()) / 1000
                self._values += (("Read-back due", countdown(left_s) if left_s > 0 else "overdue", ""),)
        self.track.show_counts(counts)
        self.open.setVisible(record is not None)
        self.set_words("Commands", words)
        self.setAccessibleDescription(safe_text(words))

    def _site_counts(self, record: CommandRecord) -> dict:
        """The states of this site's own machines, as soon as its batches are read."""
        page, site_id = self._commands.pages.get(record.id), self._now.site.id
        if page is None or not page.batches:
            return dict(record.counts) if len(record.command.selector.sites) == 1 else {}
        found: dict = {}
        for batch in page.batches:
            if batch.site_id == site_id:
                for state, count in batch.counts().items():
                    found[state] = found.get(state, 0) + count
        return found

    def _asked(self, record: CommandRecord) -> str:
        command = record.command
        if command.arguments.site_power_w is not None:
            return power_words(command.arguments.site_power_w)
        page = self._commands.pages.get(record.id)
        targets = page.preview.targets if page is not None and page.preview is not None else ()
        for target in targets:
            change = target.power_asked_w - target.power_now_w
            if target.site_id == self._now.site.id and round(change):
                return signed_power(change)
        return command.verb.value

    def _show_buttons(self, reason: str) -> None:
        for button in self.buttons.values():
            button.switch(not reason, reason)
        self.words.show_text(reason or RULE)
        self.words.set_tone("t1" if reason else "t3", self._theme)

    # what it asks

    def _ask(self, verb: Verb) -> None:
        if self._now is not None:
            site = self._now.site
            self.command_asked.emit(CommandWish(verb, Selector(sites=(site.id,), title=site.name), site.name))

    # where it is

    def height_for(self, width: int) -> int:
        """What it needs at a width."""
        rows = len(self._button_rows(width - 2 * PAD_PX))
        return px(TITLE_PX) + px(BLOCK_PX) + rows * (px(32) + GAP_PX) + px(LINES_PX) + 3 * GAP_PX

    def _button_rows(self, width: int) -> list[Sequence[PressButton]]:
        buttons = list(self.buttons.values())
        widest = max(button.sizeHint().width() for button in buttons)
        each = max(1, min(len(buttons), (width + GAP_PX) // (widest + GAP_PX)))
        return [buttons[start : start + each] for start in range(0, len(buttons), each)]

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        super().set_theme(theme)
        apply_theme(self, theme)
        self._look()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Buttons share the lines."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        left, wide, top = PAD_PX, self.width() - 2 * PAD_PX, px(TITLE_PX)
        hint = self.open.sizeHint()
        self.open.setGeometry(QRect(self.width() - PAD_PX - hint.width(), px(7), hint.width(), hint.height()))
        self.track.setGeometry(left, top + px(VALUES_PX), wide, px(62))
        top += px(BLOCK_PX) + GAP_PX
        rows = self._button_rows(wide)
        each = (wide - GAP_PX * (len(rows[0]) - 1)) // len(rows[0])
        for row in rows:
            for place, button in enumerate(row):
                button.setGeometry(left + place * (each + GAP_PX), top, each, px(32))
            top += px(32) + GAP_PX
        self.words.setGeometry(left, top, wide, px(LINES_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The panel, and the values in their block."""
        super().paintEvent(event)
        theme, top = self._theme, px(TITLE_PX)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(theme.bg2)
            painter.setBrush(theme.bg2)
            block = QRectF(PAD_PX - 8, top - 4, self.width() - 2 * PAD_PX + 16, px(BLOCK_PX))
            painter.drawRoundedRect(block, 3, 3)
            room, small = (self.width() - 2 * PAD_PX) / 3, font(Role.CAPTION)
            for place, (label, value, word) in enumerate(self._values):
                box = QRectF(PAD_PX + place * room, top, room - 8, px(52))
                paint_elided(painter, QRectF(box.left(), top, box.width(), px(18)), label, small, theme.t2)
                self._paint_value(painter, box.adjusted(0, px(18), 0, 0), value, word, measured=place == 0)

    def _paint_value(self, painter: QPainter, box: QRectF, value: str, word: str, *, measured: bool) -> None:
        """The figure; before one measured long ago the mark of its state, behind a young one that it was measured."""
        theme, large, small = self._theme, font(Role.HEADING), font(Role.CAPTION)
        if measured and not self._young:
            paint_state(
                painter, QPointF(box.left() + px(RING_PX), box.center().y()), px(RING_PX), self._state, theme.t2
            )
            box = box.adjusted(px(2 * RING_PX + 6), 0, 0, 0)
        paint_elided(painter, box, value, large, theme.t1 if measured and self._young else theme.t2)
        rest = box.adjusted(text_width(large, value) + 6, px(6), 0, -px(2))
        if word and rest.width() > text_width(small, word):
            paint_elided(painter, rest, word, small, theme.t2)

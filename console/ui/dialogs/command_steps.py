"""The gestures that a risk asks for, one after the other: click, confirm, hold; type, second person, hold (R35).

Knows risk and names; sends nothing itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from console.domain.command import Preview, Risk, name_to_type
from console.domain.command_journal import CommandRecord
from console.ui.fonts import Role, px
from console.ui.models.commands.words import act_words, countdown, second_words, why_nothing
from console.ui.plain import PlainLabel
from console.ui.theme import DARK, Theme, apply_theme
from console.ui.widgets.gesture_button import GestureButton
from console.ui.widgets.hold_button import HoldButton
from console.ui.widgets.press_button import Look
from console.ui.widgets.second_person import SecondPerson
from console.ui.widgets.step_head import StepHead
from console.ui.widgets.typed_confirm import TypedConfirm

PAD_PX, GAP_PX, HEAD_PX = 24, 16, 190
NO_ENTER = "Enter does nothing here. No button is preselected."
ELSEWHERE = "Here, or on another console under F4."
AFTER_TYPED = "Opens after the name is typed"
AFTER_SECOND = "Opens after the second person agrees"
HOLD_HINT = "With the mouse or with Space; letting go empties it."


@dataclass(frozen=True, slots=True)
class Step:
    """One step: head, what is done in it, and a line beneath."""

    room: QWidget
    head: StepHead
    body: QWidget
    hint: PlainLabel


class CommandSteps(QWidget):
    """`done` carries the name as typed, `agreed` a second name and secret; `alerted`: somebody else is needed now."""

    done = Signal(str)
    alerted = Signal()
    agreed = Signal(str, str)
    said = Signal(str)

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._stacked = theme, False
        self._preview: Preview | None = None
        self._record: CommandRecord | None = None
        self._off, self._asked_ms = "", 0
        self._steps: list[Step] = []
        self.typed = TypedConfirm(theme)
        self.second = SecondPerson(theme)
        self.hold = HoldButton("", theme)
        self.press = GestureButton("", Look.FILLED, theme=theme)
        self.press.set_height(40)
        self.typed.matched.connect(lambda _matches: self.refresh())
        self.second.agreed.connect(self.agreed)
        self.second.said.connect(self.said)
        self.hold.held.connect(self._done)
        self.press.clicked.connect(lambda _checked=False: self._done())
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(px(PAD_PX), px(10), px(PAD_PX), px(8))
        self.setAccessibleName("gestures")

    # what it shows

    def start(self, preview: Preview, record: CommandRecord, words: str, parts: dict[str, str]) -> None:
        """From step 1; `words` is what the last button says, `parts` are site names by id."""
        self._preview, self._record, self._asked_ms = preview, record, 0
        self._build(preview.risk, record.needs_second)
        self.typed.want(name_to_type(preview))
        self.second.want(preview.command.by)
        label = words or act_words(preview, parts)
        self.hold.set_label(label)
        self.press.set_face(label, "", "", label)
        self.refresh()

    def _build(self, risk: Risk, needs_second: bool) -> None:
        for step in self._steps:
            step.body.setParent(None)
            step.room.hide()
            step.room.deleteLater()
        bodies: list[tuple[str, QWidget, str]] = []
        if risk is Risk.FLEET:
            bodies.append(("Type the name", self.typed, NO_ENTER))
        if needs_second:
            bodies.append(("Second person", self.second, ELSEWHERE))
        if risk >= Risk.HIGH:
            bodies.append(("Hold for 2 s", self.hold, HOLD_HINT))
        else:
            bodies.append(("Confirm" if risk is Risk.MEDIUM else "Press", self.press, NO_ENTER))
        self._steps = []
        for number, (label, body, hint) in enumerate(bodies, 1):
            line = PlainLabel(hint, Role.CAPTION, "t3", elide=True, theme=self._theme)
            step = Step(QWidget(self), StepHead(number, label, self._theme), body, line)
            box = QBoxLayout(QBoxLayout.Direction.TopToBottom, step.room)
            box.setContentsMargins(0, 0, 0, 0)
            for part in (step.head, step.body, step.hint):
                box.addWidget(part)
            self._box.addWidget(step.room, 1)
            self._steps.append(step)
            body.show()
        self._turn()

    def stack(self, stacked: bool) -> None:
        """One beneath the other in a narrow window, else beside each other."""
        self._stacked = stacked
        self._turn()

    def _turn(self) -> None:
        direction = QBoxLayout.Direction
        along, across = direction.LeftToRight, direction.TopToBottom
        self._box.setDirection(across if self._stacked else along)
        self._box.setSpacing(px(6) if self._stacked else px(GAP_PX))
        for step in self._steps:
            inner = step.room.layout()
            inner.setDirection(along if self._stacked else across)
            inner.setSpacing(px(6))
            step.head.setMinimumWidth(px(HEAD_PX) if self._stacked else 0)
            step.head.setMaximumWidth(px(HEAD_PX) if self._stacked else 16_777_215)
            inner.setStretch(1, 1 if self._stacked else 0)
            step.hint.setVisible(not self._stacked)

    def turn_off(self, reason: str) -> None:
        """Nothing can be done for now, and why; empty opens it again."""
        self._off = reason
        self.refresh()

    def follow(self, record: CommandRecord) -> None:
        """The journal knows more by now: somebody agreed, or refused."""
        self._record = record
        self.refresh()

    def tick(self, now_ms: int) -> None:
        """How long the second person lets wait."""
        if self._asked_ms < 0:
            self._asked_ms = now_ms
        step = self._step_of(self.second)
        if step is not None and self._asked_ms and self._record is not None and self._record.approval is None:
            waited = countdown((now_ms - self._asked_ms) / 1000)
            step.hint.show_text(f"Waiting {waited}. {ELSEWHERE}")

    @property
    def _approved(self) -> bool:
        word = self._record.approval if self._record else None
        return word is not None and word.agreed

    def _step_of(self, body: QWidget) -> Step | None:
        return next((step for step in self._steps if step.body is body), None)

    def refresh(self) -> None:
        """Which step is open, and why the others are not."""
        if self._preview is None or self._record is None:
            return
        off = self._off or why_nothing(self._preview)
        word = self._record.approval
        if word is not None and not word.agreed:
            off = off or f"Off: {second_words(self._record)}"
        typed = self._step_of(self.typed) is None or self.typed.matches
        agreed = self._step_of(self.second) is None or self._approved
        self.typed.setEnabled(not off)
        self.second.show_outcome(second_words(self._record))
        self.second.switch(not off and typed, off or AFTER_TYPED)
        last = off or ("" if typed else AFTER_TYPED) or ("" if agreed else AFTER_SECOND)
        for button in (self.hold, self.press):
            button.switch(not last, last)
        step = self._step_of(self.second)
        if step is not None and self._record.approval is not None:
            step.hint.show_text("")  # nobody waits any more
        done = {id(self.typed): self.typed.matches, id(self.second): self._approved}
        self._show_heads(done, off)
        if not off and typed and not agreed and self._asked_ms == 0:
            self._asked_ms = -1  # from the next tick on
            self.alerted.emit()
        self._say_last(last)

    def _show_heads(self, done: dict[int, bool], off: str) -> None:
        active = not off
        for step in self._steps:
            finished = done.get(id(step.body), False)
            step.head.show_step(done=finished, active=active and not finished)
            active = active and finished

    def _say_last(self, last: str) -> None:
        step = self._steps[-1]
        step.hint.show_text(last or (HOLD_HINT if step.body is self.hold else NO_ENTER))

    def _done(self) -> None:
        self.done.emit(self.typed.text().strip() if self._step_of(self.typed) is not None else "")

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        self._theme = theme
        apply_theme(self, theme)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground of the foot."""
        with QPainter(self) as painter:
            painter.fillRect(QRectF(self.rect()), self._theme.bg2)

"""The command dialog: what it would do, then the gestures that its risk asks for (mock-up 4).

Enter does nothing and nothing is preselected; Escape cancels. A preview that ran out is computed again and begins
at step 1: nobody executes what nobody has seen. Shows what the journal says and decides nothing itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.domain.command import PREVIEW_LIVES_MS
from console.domain.command_journal import UNDER_WAY, Phase
from console.link.orders import Steer
from console.ui.density import Density
from console.ui.dialogs.command_steps import CommandSteps
from console.ui.dialogs.large_sheet import LargeSheet
from console.ui.dialogs.place import place_in
from console.ui.export.preview_csv import PreviewExport
from console.ui.fonts import Role, px
from console.ui.models.commands.live import CommandPage, LiveCommands
from console.ui.models.commands.words import act_words
from console.ui.plain import PlainLabel
from console.ui.theme import Theme
from console.ui.widgets.gesture_button import GestureButton

TICK_MS = 250
NONE_IN_FORCE = "no preview is in force"
COMPUTING = "Computing it again: every target is read afresh"
ASKED = "Asked: every target is read afresh and compared with this preview"
GONE = frozenset({Phase.EXPIRED, Phase.CANCELLED})


class CommandDialog(LargeSheet):
    """`executed` carries the id of what is under way. `below` are the bars that it leaves free, if there is room."""

    executed = Signal(str)

    def __init__(
        self,
        commands: LiveCommands,
        page: CommandPage,
        theme: Theme,
        parent: QWidget,
        folder: Path | None = None,
        below: Callable[[], int] = lambda: 0,
    ) -> None:
        super().__init__(commands, page, theme, parent)
        self._folder, self._below = folder, below
        self._busy = ""
        self._none = False
        self.steps = CommandSteps(theme)
        self.words = PlainLabel("", Role.BODY_BOLD, theme=theme)
        self.again = GestureButton("Compute again", name="compute the preview again", theme=theme)
        self.export = GestureButton("Export preview", theme=theme)
        self.cancel = GestureButton("Cancel", hint="Esc", theme=theme)
        self._lay_out()
        self._connect()
        self._hold(self._id)
        self._show(page)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)
        self._timer.start()
        self.tick()
        self.fit()
        self.pane.setFocus(Qt.FocusReason.OtherFocusReason)  # a list, and never a button

    def _lay_out(self) -> None:
        self.column.addWidget(self.steps)
        self.foot = QWidget()
        rows = QVBoxLayout(self.foot)
        rows.setContentsMargins(px(24), px(6), px(24), px(10))
        rows.setSpacing(px(6))
        self.words.setWordWrap(True)
        self.words.hide()
        rows.addWidget(self.words)
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(self.expiry, 1)
        for button in (self.again, self.export, self.cancel):
            row.addWidget(button)
        rows.addLayout(row)
        self.column.addWidget(self.foot)

    def _connect(self) -> None:
        self.steps.done.connect(self._execute)
        self.steps.agreed.connect(self._approve)
        self.steps.alerted.connect(self._alert)
        self.steps.said.connect(self._say)
        self.again.clicked.connect(lambda _checked=False: self.compute_again())
        self._saver = PreviewExport(self._commands, self._folder, self._say, self)
        self.export.clicked.connect(lambda _checked=False: self._saver.save(self._page))
        self.cancel.clicked.connect(self.reject)
        self._commands.page_changed.connect(self._page_changed)
        self._commands.desk.changed.connect(self._desk_changed)
        self.finished.connect(lambda _result: self._leave())

    def fit(self) -> None:
        """Its place in the window: under the bars while the body keeps room, full width where it is narrow."""
        density = place_in(self, self.parentWidget(), self._below())
        self.steps.stack(density is Density.COMPACT)

    # what it shows

    @property
    def text(self) -> str:
        """Every word on it, for tests and a screen reader."""
        return "\n".join((self.head.text, self.pane.text, self.words.text(), self.expiry.text))

    def _show(self, page: CommandPage) -> None:
        self._page = page
        preview, record = page.preview, page.record
        if preview is None:
            return
        command = preview.command
        self.show_head()
        emergency = ["EMERGENCY: targets without a fresh sample are commanded too"] if command.emergency else []
        people = [*emergency, f"{command.by}, {command.desk} · written to the audit log before sending"]
        self.pane.show_preview(preview, page.batches, self._commands.live.now, people)
        self.steps.start(preview, record, act_words(preview, self.names), self.names)
        self._order_tabs()
        self._desk_changed()

    def _order_tabs(self) -> None:
        """From what it would do over the gestures to the foot, whichever gestures there are."""
        steps, second = self.steps, self.steps.second
        wanted = (self.pane, self.pane.targets.list, steps.typed, second.name, second.secret, second.agree, steps.hold,
                  steps.press, self.again, self.export, self.cancel)  # fmt: skip
        for one, other in pairwise(part for part in wanted if part.window() is self):
            QWidget.setTabOrder(one, other)

    def _page_changed(self, command_id: str) -> None:
        page = self._commands.pages.get(self._id)
        if command_id != self._id or page is None or self._over:
            return
        if page.preview is not None and (self._page.preview is None or page.preview.id != self._page.preview.id):
            self._busy, self._none = "", False
            self._show(page)
        self._page = page
        if page.record.approval is not None and self.steps.second.isAncestorOf(self.focusWidget()):
            self.pane.setFocus(Qt.FocusReason.OtherFocusReason)  # its fields go, and no button may inherit the focus
        self.steps.follow(page.record)
        if page.record.phase in UNDER_WAY or page.record.phase is Phase.DONE:
            self._over = True
            self.executed.emit(self._id)
            self.accept()
        elif page.record.phase in GONE and not self._busy:
            self.compute_again()
        else:
            self.tick()

    def tick(self) -> None:
        """The countdown; at its end it is computed again."""
        preview, now_ms = self._page.preview, self._commands.live.clock()
        self.steps.tick(now_ms)
        if self._busy:
            self.expiry.show_word(self._busy)
            return
        if preview is None or self._over:
            return
        if self._none:
            self.expiry.show_word(NONE_IN_FORCE.capitalize())
            return
        left_ms = PREVIEW_LIVES_MS - (now_ms - preview.computed_ms)
        if preview.expired(now_ms):
            self.compute_again()
        else:
            self.expiry.show_left(left_ms / 1000, PREVIEW_LIVES_MS / 1000)

    def _desk_changed(self) -> None:
        """A desk that was locked meanwhile can ask for nothing."""
        reason = self._commands.why_not() or (f"Off: {NONE_IN_FORCE}" if self._none else "")
        self.steps.turn_off(f"Off: {self._busy}" if self._busy else reason)
        reason = self._commands.why_not() or self._busy
        self.again.switch(not reason, reason)

    def _say(self, words: str | Sequence[str]) -> None:
        text = words if isinstance(words, str) else "\n".join(words)
        self.words.show_text(text)
        self.words.setAccessibleName(text)
        self.words.setVisible(bool(text))

    def _work(self, word: str) -> None:
        self._busy = word
        self._desk_changed()
        self.tick()

    # what it asks

    def compute_again(self) -> None:
        """Another preview of the same intent, from step 1; what was selected before is let go."""
        preview = self._page.preview
        if self._busy or self._over or preview is None:
            return
        if self._commands.why_not():
            self._none = True
            self._desk_changed()
            self.tick()
            return
        self._work(COMPUTING)
        if self._page.record.phase is Phase.PREVIEWED:
            self._commands.steer(self._id, Steer.CANCEL, _nothing)
        command = self._commands.anew(preview.command)
        self._swap(command.id)
        self._commands.prepare(command, self._computed)

    def _computed(self, reasons: tuple[str, ...]) -> None:
        if reasons:
            self._busy, self._none = "", True
            self._say(["It could not be computed again:", *reasons])
            self._desk_changed()
            self.tick()

    def _execute(self, typed: str) -> None:
        if self._busy or self._over:
            return
        self._say("")
        self._work(ASKED)
        self._commands.execute(self._id, typed, self._executed)

    def _executed(self, reasons: tuple[str, ...]) -> None:
        if self._over:
            return
        if reasons:
            self._busy = ""
            self._say(["Not sent:", *reasons])
            self._show(self._page)  # from step 1
            self.tick()

    def _approve(self, name: str, secret: str) -> None:
        self._say("")
        self._commands.approve(self._id, name, secret, self._say)

    def _alert(self) -> None:
        self._commands.steer(self._id, Steer.ALERT, self._say)

    # coming and going

    def _hold(self, command_id: str) -> None:
        self._id = command_id
        self._commands.follow(command_id)
        self._commands.hold(command_id)

    def _swap(self, command_id: str) -> None:
        self._commands.let_go(self._id)
        self._commands.unfollow(self._id)
        self._hold(command_id)

    def _leave(self) -> None:
        self._timer.stop()
        if not self._over and self._page.record.phase is Phase.PREVIEWED and self._busy != ASKED:
            self._commands.steer(self._id, Steer.CANCEL, _nothing)
        self._over = True
        self._commands.let_go(self._id)
        self._commands.unfollow(self._id)


def _nothing(_reasons: tuple[str, ...]) -> None:
    """Whatever came of it: it is over for this desk."""

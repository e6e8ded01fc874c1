"""The second person's own look at a command that somebody else asked for: the same preview, agree or refuse (T7)."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.domain.account import LONGEST_NAME, key_of
from console.domain.command import PREVIEW_LIVES_MS
from console.domain.command_journal import Phase
from console.ui.dialogs.large_sheet import LargeSheet
from console.ui.dialogs.place import place_in
from console.ui.fonts import Role, px
from console.ui.models.commands.live import CommandPage, LiveCommands
from console.ui.models.commands.words import second_asked, second_words
from console.ui.plain import PlainLabel
from console.ui.theme import Theme
from console.ui.widgets.gesture_button import GestureButton
from console.ui.widgets.press_button import Look
from console.ui.widgets.second_person import BOTH, ITSELF
from console.ui.widgets.secret_field import SecretField
from console.ui.widgets.text_fields import TextField

TICK_MS = 500
ASKS = "{name} at {desk} asks for a second person. Agree only with what stands here; refuse with a reason."
WHY = "A refusal needs a reason: write it"


class ApproveDialog(LargeSheet):
    """The word goes to the collector with the second person's own name and password, each time anew."""

    def __init__(self, commands: LiveCommands, page: CommandPage, theme: Theme, parent: QWidget, top: int = 0) -> None:
        super().__init__(commands, page, theme, parent)
        self.name = TextField("your name", "Your name", theme)
        self.secret = SecretField("your password", "Your password", theme)
        self.note = TextField("note", "Note; a reason where you refuse", theme)
        self.agree = GestureButton("Agree", Look.OUTLINE, name="agree with this command", theme=theme)
        self.refuse = GestureButton("Refuse", name="refuse this command", theme=theme)
        self.cancel = GestureButton("Close", hint="Esc", theme=theme)
        self.words = PlainLabel("", Role.BODY_BOLD, theme=theme)
        self._lay_out()
        self._connect()
        self._show()
        place_in(self, parent, top)
        self.pane.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        foot = QVBoxLayout()
        foot.setContentsMargins(px(24), px(12), px(24), px(12))
        foot.setSpacing(px(8))
        foot.addWidget(self.words)
        fields = QHBoxLayout()
        fields.setSpacing(px(8))
        for part, stretch in ((self.name, 2), (self.secret, 2), (self.note, 4), (self.agree, 0), (self.refuse, 0)):
            fields.addWidget(part, stretch)
        foot.addLayout(fields)
        last = QHBoxLayout()
        last.addWidget(self.expiry, 1)
        last.addWidget(self.cancel)
        foot.addLayout(last)
        self.column.addLayout(foot)
        self.words.setWordWrap(True)

    def _connect(self) -> None:
        self.agree.clicked.connect(lambda _checked=False: self._answer(agreed=True))
        self.refuse.clicked.connect(lambda _checked=False: self._answer(agreed=False))
        self.cancel.clicked.connect(self.reject)
        for field in (self.name, self.secret, self.note):
            field.left.connect(self.reject)
        self._commands.follow(self._id)
        self._commands.page_changed.connect(self._page_changed)
        self.finished.connect(lambda _result: self._commands.unfollow(self._id))
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    @property
    def text(self) -> str:
        """Every word on it."""
        return "\n".join((self.head.text, self.pane.text, self.words.text(), self.expiry.text))

    def _show(self) -> None:
        preview, record = self._page.preview, self._page.record
        if preview is None:
            return
        command = preview.command
        self.show_head(f"waits for a {second_asked(record)}")
        people = [f"{command.by}, {command.desk} asks", "Your word is written to the audit log with your name"]
        self.pane.show_preview(preview, self._page.batches, self._commands.live.now, people)
        me = self._commands.desk.person.name
        if me and key_of(me) != key_of(record.command.by):
            self.name.setText(me)
        self.name.setMaxLength(LONGEST_NAME)
        self.words.show_text(ASKS.format(name=command.by, desk=command.desk))
        self._tick()

    def _page_changed(self, command_id: str) -> None:
        page = self._commands.pages.get(self._id)
        if command_id == self._id and page is not None:
            self._page = page
            self._tick()

    def _tick(self) -> None:
        record, preview, now_ms = self._page.record, self._page.preview, self._commands.live.clock()
        word = second_words(record)
        gone = record.phase is not Phase.PREVIEWED or preview is None or preview.expired(now_ms)
        off = word or (f"Off: it is {record.phase.value}" if record.phase is not Phase.PREVIEWED else "")
        off = off or ("Off: the preview has expired" if gone else "")
        off = off or self._commands.desk.why_not_sign_in()
        for button in (self.agree, self.refuse):
            button.switch(not off, off)
        if word:
            self.words.show_text(word)
        if gone or word:
            self.expiry.show_word(off or "The preview has expired")
        elif preview is not None:
            self.expiry.show_left((PREVIEW_LIVES_MS - (now_ms - preview.computed_ms)) / 1000, PREVIEW_LIVES_MS / 1000)

    def _answer(self, *, agreed: bool) -> None:
        name, secret, note = self.name.text().strip(), self.secret.take(), self.note.text().strip()
        if not name or not secret:
            self.words.show_text(BOTH.replace("Their name and their", "Your name and your"))
        elif key_of(name) == key_of(self._page.record.command.by):
            self.words.show_text(ITSELF)
        elif not agreed and not note:
            self.words.show_text(WHY)
            self.note.setFocus()
        else:
            self.words.show_text("Asking the collector")
            self._commands.approve(self._id, name, secret, self._answered, agreed, note)

    def _answered(self, reasons: tuple[str, ...]) -> None:
        self.words.show_text("; ".join(reasons) if reasons else "Recorded")
        if not reasons:
            self.accept()

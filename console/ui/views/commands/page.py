"""One command in full: where it stands, what can be done with it, its batches, machines, preview and record.

Pause and abort are always one press away and far from anything else. Shows what the journal says.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from console.domain.access import Right
from console.domain.command import TargetState, Verb
from console.domain.command_journal import UNDER_WAY, CommandRecord, Phase
from console.link.orders import Steer
from console.ui.fonts import Role, px
from console.ui.models.commands.live import CommandPage, LiveCommands, waits_for_second
from console.ui.models.commands.rows import (
    AUDIT_COLUMNS,
    BATCH_COLUMNS,
    MACHINE_COLUMNS,
    MachineStates,
    TextRow,
    audit_rows,
    batch_rows,
)
from console.ui.models.commands.wish import CommandWish
from console.ui.models.commands.words import countdown, joined, phase_words, second_words, targets_words, title
from console.ui.models.rows import RowModel
from console.ui.numbers import utc_time
from console.ui.plain import PlainLabel
from console.ui.theme import DARK, Theme, apply_theme
from console.ui.widgets.commands.preview import PreviewPane
from console.ui.widgets.commands.track import CommandTrack
from console.ui.widgets.gesture_button import GestureButton
from console.ui.widgets.press_button import Look
from console.ui.widgets.tab_row import TabRow
from console.ui.widgets.text_table import TextTable

TABS = ("Batches", "Machines", "As previewed", "Record")
FILTERS = ("all", "requested", "unknown", "unverified", "refused", "sent", "accepted", "verified")
NOTHING = "No command is selected"
FAR_PX, PAD_PX, TAB_INSIDE_PX = 32, 16, 8
PAUSE_TELLS = "No batch is sent until somebody goes on; what was sent stays as it is"
GO_ON_TELLS = "The batches that are left are sent, each judged again"
ABORT_TELLS = "Nothing more is sent, for good; what was sent stays as it is and can be taken back"
CANCEL_TELLS = "The preview is let go; nothing was sent"
ENDED = frozenset({Phase.DONE, Phase.ABORTED})
WAY_BACK = {Verb.CURTAIL: Verb.RESUME, Verb.RESUME: Verb.CURTAIL}


class CommandPagePane(QWidget):
    """`approval_asked` carries the id of a command that waits for a second person."""

    approval_asked = Signal(str)
    wished = Signal(object)  # a CommandWish: the way back

    def __init__(self, commands: LiveCommands, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._commands, self._theme = commands, theme
        self._page: CommandPage | None = None
        self._read_of: tuple[str, object] | None = None
        self._refused = ""
        self.title = PlainLabel("", Role.HEADING, elide=True, theme=theme)
        self.why = PlainLabel("", Role.BODY, "t2", elide=True, theme=theme)
        self.state = PlainLabel("", Role.BODY_BOLD, theme=theme)
        self.track = CommandTrack(theme)
        self.pause = GestureButton("Pause", name="pause this command", theme=theme)
        self.abort = GestureButton("Abort", Look.OUTLINE, name="abort this command", theme=theme)
        self.confirm = GestureButton("Confirm", name="confirm: it is not taken back", theme=theme)
        self.approve = GestureButton("Look and agree…", Look.FILLED, name="look at it as second person", theme=theme)
        self.back = GestureButton("Take back…", name="take this command back", theme=theme)
        self.tabs = TabRow(TABS, theme)
        self.filters = TabRow(FILTERS, theme)
        self._stack = QStackedWidget()
        self._batches: RowModel[TextRow] = RowModel(self)
        self._audit: RowModel[TextRow] = RowModel(self)
        self.machines_model = MachineStates(self)
        self.batches = TextTable("batches", BATCH_COLUMNS, self._batches, theme)
        self.machines = TextTable("machines", MACHINE_COLUMNS, self.machines_model, theme)
        self.preview = PreviewPane(theme)
        self.record = TextTable("record of this command", AUDIT_COLUMNS, self._audit, theme)
        self._lay_out()
        self._connect()
        self.show_page(None)

    def _lay_out(self) -> None:
        machines = QWidget()
        column = QVBoxLayout(machines)
        column.setContentsMargins(0, 0, 0, 0)
        self.filters.setFixedHeight(px(34))
        filters = QHBoxLayout()
        filters.setContentsMargins(px(PAD_PX - TAB_INSIDE_PX), 0, 0, 0)
        filters.addWidget(self.filters)
        column.addLayout(filters)
        column.addWidget(self.machines, 1)
        for page in (self.batches, machines, self.preview, self.record):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px(12), 0, px(8))
        column.setSpacing(px(6))
        head = QVBoxLayout()
        head.setContentsMargins(px(PAD_PX), 0, px(PAD_PX), 0)
        head.setSpacing(px(4))
        acts = QHBoxLayout()
        acts.setSpacing(px(12))
        acts.addWidget(self.title, 1)
        acts.addWidget(self.confirm)
        acts.addWidget(self.approve)
        acts.addWidget(self.back)
        acts.addWidget(self.pause)  # it and abort stand still, whatever else can be done
        acts.addSpacing(px(FAR_PX))
        acts.addWidget(self.abort)
        self.state.setWordWrap(True)
        head.addLayout(acts)
        for part in (self.why, self.state, self.track):
            head.addWidget(part)
        column.addLayout(head)
        self.tabs.setFixedHeight(px(34))
        tabs = QHBoxLayout()
        tabs.setContentsMargins(px(PAD_PX - TAB_INSIDE_PX), 0, 0, 0)  # their words stand under those of the head
        tabs.addWidget(self.tabs)
        column.addLayout(tabs)
        column.addWidget(self._stack, 1)
        column.addStretch(0)
        self.setAccessibleName("command page")

    def _connect(self) -> None:
        self.tabs.chosen.connect(lambda name: self._stack.setCurrentIndex(TABS.index(name)))
        self.filters.chosen.connect(lambda _name: self._show_machines())
        self.pause.clicked.connect(lambda _checked=False: self._pause())
        self.abort.clicked.connect(lambda _checked=False: self._steer(Steer.ABORT))
        self.confirm.clicked.connect(lambda _checked=False: self._steer(Steer.CONFIRM))
        self.back.clicked.connect(lambda _checked=False: self._take_back())
        self._commands.steer_refused.connect(self._take_refusal)
        self.approve.clicked.connect(lambda _checked=False: self._ask_approval())

    # what it shows

    @property
    def text(self) -> str:
        """Head and the open page in words."""
        page = self._stack.currentWidget()
        body = self.machines.text if self._stack.currentIndex() == 1 else page.text
        return "\n".join((self.title.text(), self.why.text(), self.state.text(), self.track.text, body))

    @property
    def _names(self) -> dict[str, str]:
        return self._commands.live.now.fleet.site_names()

    def show_page(self, page: CommandPage | None) -> None:
        """Another command, or the same one a moment later."""
        moved = page is None or self._page is None or page.record.id != self._page.record.id
        self._page = page
        if moved:
            self._refused = ""
        shown = page is not None
        for part in (self.tabs, self._stack, self.track, self.state, self.why, self.pause, self.abort):
            part.setVisible(shown)
        if page is None:
            for part in (self.confirm, self.approve, self.back):
                part.hide()
            self.title.show_text(NOTHING)
            return
        command = page.record.command
        self.title.show_text(title(command, self._names))
        who = f"{command.by}, {command.desk}"
        self.why.show_text(joined((who, f"reason: {command.reason}", f"id {command.id[:8]}")))
        self.track.show_counts(page.record.counts)
        self._batches.set_rows(batch_rows(page.batches, self._names))
        self._show_machines()
        if moved or page.preview is not None:
            self._show_preview(page)
        self._read_audit(page)
        self.tick()

    def _show_preview(self, page: CommandPage) -> None:
        if page.preview is not None and self._read_of != (page.record.id, page.record):
            command = page.record.command
            people = joined((f"{command.by}, {command.desk}", second_words(page.record)))
            self.preview.show_preview(page.preview, page.batches, self._commands.live.now, [people], past=True)

    def _show_machines(self) -> None:
        if self._page is None:
            return
        name = self.filters.current
        state = None if name == FILTERS[0] else TargetState(name)
        self.machines_model.show(self._page.batches, self._names, state)
        self.machines.list.say_when_empty(f"No machine is {name}" if state else "No machine is commanded")

    def _read_audit(self, page: CommandPage) -> None:
        if self._read_of == (page.record.id, page.record):
            return
        self._read_of = (page.record.id, page.record)
        operations, command_id = self._commands.live.operations, page.record.id
        self._commands.live.reads.run(
            lambda: (command_id, audit_rows(tuple(operations.audit_of(command_id)))), self._take_audit
        )

    def _take_audit(self, found: tuple[str, tuple[TextRow, ...]]) -> None:
        if self._page is not None and self._page.record.id == found[0]:
            self._audit.set_rows(found[1])

    def tick(self) -> None:
        """Countdowns go on; buttons say why they are off."""
        if self._page is None:
            return
        record = self._page.record
        self.state.show_text(joined((state_line(record, self._commands.live.clock()), self._refused)))
        self._show_buttons(record)

    def _show_buttons(self, record: CommandRecord) -> None:
        off = self._commands.desk.why_not(Right.COMMAND)
        phase = record.phase
        paused = phase in (Phase.PAUSED, Phase.STOPPED)
        self.pause.set_face("Go on" if paused else "Pause", "", "",
                            "go on with this command" if paused else "pause this command")  # fmt: skip
        running = paused or phase is Phase.RUNNING
        why = off or ("" if running else "Off: nothing of it is left to send")
        self.pause.explain(GO_ON_TELLS if paused else PAUSE_TELLS)
        self.pause.switch(not why, why)
        why = off or ("" if running or phase is Phase.PREVIEWED else "Off: nothing of it is left to send")
        self.abort.set_face("Cancel" if phase is Phase.PREVIEWED else "Abort", "", "",
                            "cancel this command" if phase is Phase.PREVIEWED else "abort this command")  # fmt: skip
        self.abort.explain(CANCEL_TELLS if phase is Phase.PREVIEWED else ABORT_TELLS)
        self.abort.switch(not why, why)
        due = record.revert_at_ms is not None and not record.confirmed and not record.reverted_by
        self.confirm.setVisible(due)
        self.confirm.switch(not off, off)
        self.approve.setVisible(waits_for_second(record))
        ended = phase in ENDED and not record.reverted_by and record.command.verb in WAY_BACK
        self.back.setVisible(ended)
        self.back.switch(not off, off)

    # what it asks

    def _pause(self) -> None:
        if self._page is not None:
            paused = self._page.record.phase in (Phase.PAUSED, Phase.STOPPED)
            self._steer(Steer.RESUME if paused else Steer.PAUSE)

    def _take_back(self) -> None:
        """The way back is a command like any other: a form, a preview, its gestures."""
        if self._page is not None:
            command = self._page.record.command
            words = f"{targets_words(command, self._names)}, after the {command.verb} of {utc_time(command.at_ms)} UTC"
            self.wished.emit(CommandWish(WAY_BACK[command.verb], command.selector, words))

    def _ask_approval(self) -> None:
        if self._page is not None:
            self.approval_asked.emit(self._page.record.id)

    def _steer(self, steer: Steer) -> None:
        if self._page is not None:
            record = self._page.record
            cancelled = steer is Steer.ABORT and record.phase is Phase.PREVIEWED
            self._refused = ""
            self._commands.steer(record.id, Steer.CANCEL if cancelled else steer)

    def _take_refusal(self, command_id: str, words: str) -> None:
        """Why it was not done stands where the button was pressed, until another is, or another command is shown."""
        if self._page is not None and self._page.record.id == command_id:
            self._refused = words
            self.tick()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        self._theme = theme
        apply_theme(self, theme)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The panel's ground."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(self._theme.bg1)
            painter.setBrush(self._theme.bg1)
            painter.drawRoundedRect(QRectF(self.rect()), 4, 4)


def state_line(record: CommandRecord, now_ms: int) -> str:
    """Where it stands, in one line: phase, counts, what comes next and when."""
    phase = phase_words(record)
    stands = [record.words] if record.words.startswith(phase) else [phase, record.words]  # paused · paused by Ada
    parts = [*stands, second_words(record)]
    if record.phase is Phase.RUNNING and record.next_batch_ms is not None:
        parts.append(f"next batch in {countdown((record.next_batch_ms - now_ms) / 1000)}")
    if record.phase in UNDER_WAY and record.due_ms is not None:
        parts.append(f"read back by {utc_time(record.due_ms)} UTC")
    if record.reverted_by:
        parts.append("taken back by itself")
    elif record.confirmed:
        parts.append("confirmed: it stays")
    elif record.revert_at_ms is not None:
        parts.append(f"taken back in {countdown((record.revert_at_ms - now_ms) / 1000)} unless confirmed")
    return joined(parts)

"""The commands (F4): what waits for a second person, what is open, what was; one in full beside them; the audit.

Knows the commands as they stand and asks through their model; executes nothing.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from console.ui.density import density_at
from console.ui.fonts import px
from console.ui.models.commands.live import LiveCommands
from console.ui.models.commands.rows import command_rows
from console.ui.models.live import LiveFleet
from console.ui.models.span import TimeBarModel
from console.ui.plain import safe_text
from console.ui.theme import DARK, Theme, apply_theme
from console.ui.views.commands.audit import AuditPage
from console.ui.views.commands.page import CommandPagePane
from console.ui.widgets.commands.list import CommandList
from console.ui.widgets.press_button import PressButton
from console.ui.widgets.tab_row import TabRow
from console.ui.widgets.text_fields import TextField
from console.ui.widgets.two_parts import TwoParts

LIST_PX, LOW_LIST_PX, HEAD_PX, FIELD_PX, SETTLE_MS = 560, 190, 44, 210, 200
TABS = ("Commands", "Audit")
EMPTY = (
    "No command has been given yet\n"
    "New command… begins one, for a region or for sites; a site's own page has one button for each"
)


class CommandsView(QWidget):
    """`show_place` takes a command's id. Keys: arrows through the list, / search, Escape back."""

    command_asked = Signal(object)
    closed = Signal()

    def __init__(self, live: LiveFleet, span: TimeBarModel, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._live, self._span, self._theme = live, span, theme
        self.commands = LiveCommands.of(live)
        self._shown = ""
        self.tabs = TabRow(TABS, theme)
        self.search = TextField("search commands", "Search site, person, reason  /", theme)
        self.new = PressButton("New command…", name="new command", theme=theme)
        self.list = CommandList(theme)
        self.page = CommandPagePane(self.commands, theme)
        self.audit = AuditPage(live, theme)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._lay_out()
        self._connect()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self.list)
        self.setAccessibleName("commands view")
        self.commands.read()
        self._show()
        self._show_new()

    def _lay_out(self) -> None:
        head = QWidget()
        head.setFixedHeight(px(HEAD_PX))
        row = QHBoxLayout(head)
        row.setContentsMargins(px(12), 0, px(12), 0)
        self.search.setMinimumWidth(px(FIELD_PX))
        self.tabs.setMinimumWidth(self.tabs.width_wanted())
        row.addWidget(self.tabs, 1)
        row.addWidget(self.search)
        row.addSpacing(px(12))
        row.addWidget(self.new)
        both = QWidget()
        self._parts = TwoParts(self.list, self.page, self.list, LIST_PX, LOW_LIST_PX)
        both.setLayout(self._parts)
        self._stack = QStackedWidget()
        self._stack.addWidget(both)
        self._stack.addWidget(self.audit)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(0)
        self._column.addWidget(head)
        self._column.addWidget(self._stack, 1)
        self._head = head

    def _connect(self) -> None:
        self.tabs.chosen.connect(self._open_tab)
        self.search.textChanged.connect(lambda _text: self._settle.start())
        self.search.left.connect(self._leave_search)
        self.new.clicked.connect(lambda _checked=False: self.command_asked.emit(None))
        self._settle.timeout.connect(self._show)
        self.list.picked.connect(self.show_place)
        self.page.approval_asked.connect(self.command_asked.emit)
        self.page.wished.connect(self.command_asked)
        self.commands.changed.connect(lambda _now: self._show())
        self.commands.page_changed.connect(self._page_changed)
        self.commands.desk.changed.connect(self._tick)
        self._live.changed.connect(lambda _now: self._tick())

    # what it is told

    @property
    def place(self) -> str:
        """The command on screen."""
        return self._shown

    def show_place(self, command_id: str) -> None:
        """One command in full."""
        if command_id == self._shown:
            return
        if self._shown:
            self.commands.unfollow(self._shown)
        self._shown = command_id
        if command_id:
            self.commands.follow(command_id)
        self.list.show_open(command_id)
        self.page.show_page(self.commands.pages.get(command_id))

    @property
    def pending(self) -> bool:
        """Whether something asked for is still to come (R50)."""
        return self.commands.pending or (bool(self._shown) and self._shown not in self.commands.pages)

    @property
    def subject(self) -> tuple[str, str]:
        """What a picture of it is called."""
        fleet = self._live.now.fleet
        return "Commands", f"{fleet.name}, {len(fleet.sites)} sites"

    def load(self) -> None:
        """Read everything on this thread: for captures and tests, not for a running window."""
        self.commands.load()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        self._theme = theme
        apply_theme(self, theme)
        self._head.setFixedHeight(px(HEAD_PX))
        self._fit()
        self.update()

    # what it shows

    def _show(self) -> None:
        names = self._live.now.fleet.site_names()
        rows = command_rows(self.commands.now, names, self.search.text())
        self.list.show_rows(rows)
        self._say_when_empty()
        if not self._shown:
            first = next((row.key for row in rows if row.record is not None), "")
            if first:
                self.show_place(first)
            else:
                self.page.show_page(None)
        if self._stack.currentWidget() is self.audit:
            self.audit.read()

    def _page_changed(self, command_id: str) -> None:
        if command_id == self._shown:
            self.page.show_page(self.commands.pages.get(command_id))

    def _tick(self) -> None:
        if self.isVisible():
            self._show_new()
            self.page.tick()

    def _say_when_empty(self) -> None:
        text, reason = self.search.text().strip(), self.commands.why_not()
        if text and self.commands.now:
            words = f"No command holds \u201c{safe_text(text)}\u201d\nEscape clears the search"
        else:
            why = reason.removeprefix("Off: ")
            words = f"No command has been given yet\nNew command… is off: {why}" if why else EMPTY
        self.list.say_when_empty(words)

    def _show_new(self) -> None:
        reason = self.commands.why_not()
        self.new.switch(not reason, reason)
        self._say_when_empty()

    def _open_tab(self, name: str) -> None:
        self._stack.setCurrentIndex(TABS.index(name))
        self.search.setVisible(name == TABS[0])
        self.setFocusProxy(self.list if name == TABS[0] else self.audit)
        if name == TABS[1]:
            self.audit.read()

    def _leave_search(self) -> None:
        self.search.clear()
        self.list.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Single keys that no field in focus wanted for itself."""
        if event.text() == "/":
            self.search.setFocus()
        else:
            super().keyPressEvent(event)

    # where it is

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may be another layout."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        density = density_at(self.width())
        self._parts.fit(density)
        margin, gap = density.value.margin, density.value.gap
        self._column.setContentsMargins(margin, gap, margin, gap)

    def hasHeightForWidth(self) -> bool:
        """Its lists scroll: no width asks for a height of its own."""
        return False

    def minimumSizeHint(self) -> QSize:
        """Below this nothing can be read."""
        return QSize(px(700), px(420))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground, and the panel beneath the head."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self._theme.bg0)
            painter.fillRect(QRectF(self._head.geometry()), self._theme.bg1)

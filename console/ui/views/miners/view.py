"""The miners of one site or of the fleet as a table: filter, sort, group, choose columns, select, copy, export.

Knows a scope (`place`): a site's id, or `*` for all; after a `?` a filter: `us-ga-1?state:degraded`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent

from console.ui.background import Newest
from console.ui.models.commands.live import LiveCommands
from console.ui.models.filter_line import Read, remembered
from console.ui.models.live import LiveFleet
from console.ui.models.miners.groups import group
from console.ui.models.miners.kept import Kept
from console.ui.models.miners.machines import FLEET, MachinesNow
from console.ui.models.selection import Chosen, How, Selection
from console.ui.models.span import TimeBarModel
from console.ui.plain import safe_text
from console.ui.theme import DARK, Theme
from console.ui.views.commands.menu import CommandMenu
from console.ui.views.miners.actions import MinersActions
from console.ui.views.miners.board import MinersBoard
from console.ui.views.miners.columns import ColumnChoice
from console.ui.views.miners.words import head_words, offered_values, truth

EVERYWHERE = "*"
FORGET_MS = 20_000


class MinersView(MinersBoard):
    """`place_asked` carries the address of a miner's page; `closed` asks for the way back."""

    def __init__(
        self, live: LiveFleet, span: TimeBarModel, theme: Theme = DARK, selection: Selection | None = None
    ) -> None:
        super().__init__(live, span, theme, selection)
        self._scope: str | None = None
        self._asked = ""  # the text of the filter in force
        self.by = ""
        self.kept = Kept()
        self._offers, self._grouping = Newest(live.reads), Newest(live.reads)
        self._forget = QTimer(self)
        self._forget.setSingleShot(True)
        self._forget.timeout.connect(self._forget_fleet)
        self.columns = ColumnChoice(self.table, self.kept)
        self.actions = MinersActions(self, live, span, theme)
        self.command = CommandMenu(
            LiveCommands.of(live),
            lambda: (self.rows.machines, self.selection.chosen),
            theme,
            query=lambda: self.filter.read.text.strip(),
        )
        self.command.wished.connect(self.command_asked.emit)
        self.head.set_actions(self.command, *self.actions.buttons)  # leftmost: as wide as its count, it moves no other
        self.command.set_height(32)  # what moves machines is never small (R56)
        self._connect()

    def _connect(self) -> None:
        self.head.back_asked.connect(self.closed)
        self.filter.changed.connect(self._filter)
        self.filter.kept.connect(self._keep_filter)
        self.filter.left.connect(self._to_table)
        self.table.opened.connect(self._open)
        self.table.filter_asked.connect(self.go_to_filter)
        self.table.copy_asked.connect(self.actions.copy)
        self.groups.chosen.connect(self._open_group)
        self.foot.all_asked.connect(self.table.choose_all)
        self.foot.none_asked.connect(self.selection.clear)
        self.rows.arranged.connect(self._say)
        self._follow()

    # what it is told

    @property
    def place(self) -> str:
        """The scope and the filter, as in an address."""
        scope = EVERYWHERE if self._scope in (None, FLEET) else self._scope
        text = self.filter.read.text.strip()
        return f"{scope}?{text}" if text and not self.filter.read.problem else scope

    @property
    def title(self) -> str:
        """For the stamp of a capture."""
        return f"Miners · {self.scope_name}"

    @property
    def subject(self) -> tuple[str, str]:
        """Title, and the sites with the filter in force, for the stamp of an export (R47)."""
        fleet = self._live.now.fleet
        site = next((site for site in fleet.sites if site.id == self._scope), None)
        where = f"{len(fleet.sites)} sites" if site is None else f"site {site.id}, {site.region}"
        return self.title, f"{where}, {self.filter_words}"

    @property
    def filter_words(self) -> str:
        """The filter in force: a line that cannot be read leaves the one before it."""
        return safe_text(f"filter {self._asked}") if self._asked else "no filter"

    @property
    def scope_name(self) -> str:
        """The site's name, or the fleet's."""
        if self._scope in (None, FLEET):
            return self._live.now.fleet.name or "fleet"
        return self._live.now.fleet.site_names().get(self._scope, str(self._scope))

    @property
    def pending(self) -> bool:
        """Whether something asked for is still to come (R50)."""
        return self.machines.busy or self.rows.busy

    def show_place(self, place: str) -> None:
        """Show a scope; with a filter, that one."""
        scope, asked, text = place.partition("?")
        scope = FLEET if scope == EVERYWHERE else scope
        if scope != self._scope:
            self._scope = scope
            self.selection.enter(scope)
            self.rows.show(None)
            self.columns.show(self._scope)
        if asked or self.filter.read.text:
            self.filter.show_line(text)
        self.machines.open(scope)
        self._say()

    def keep_in(self, folder: Path) -> None:
        """Where columns and filters are kept, and exports go."""
        self.kept = self.columns.kept = Kept(folder)
        self.actions.folder = folder / "exports"
        self.filter.set_last(self.kept.liking.filters)
        self.columns.show(self._scope)

    def group_by(self, by: str) -> None:
        """Put machines together; nothing shows them one by one."""
        self.by = by
        self._stack.setCurrentWidget(self.groups if by else self.table)
        self._regroup()
        self._to_table()

    # what changes by itself

    def _take_machines(self, machines: MachinesNow) -> None:
        self.selection.fit(machines)
        known = self.rows.machines
        if known is None or known.versions != machines.versions:
            self.rows.show(machines)
            self._offers.run(lambda: offered_values(machines), self.filter.set_values)
        else:
            self.rows.show(machines)

    def _tell_trouble(self) -> None:
        self._say()

    def _take_chosen(self, _chosen: Chosen) -> None:
        self._say_selection()

    def _take(self, _changed: object) -> None:
        if self.isVisible():
            self.rows.age()
            self._tell_truth()

    def _tell_truth(self) -> None:
        now_ms = self._live.now.now_ms
        self.foot.tell(truth(self.rows, now_ms), now_ms)

    def _filter(self, read: Read) -> None:
        self.selection.hold()  # "all that match" was said of another filter
        self._asked = read.text.strip()
        self.rows.set_filter(read.clauses)

    def _keep_filter(self, text: str) -> None:
        self.kept.keep(filters=remembered(text, self.kept.liking.filters))
        self.filter.set_last(self.kept.liking.filters)

    def _open(self, row: int) -> None:
        machines = self.rows.machines
        if machines is not None:
            self.place_asked.emit(f"miner:{machines.part_of(row)[0].site.id}/{machines.name(row)}")

    def _open_group(self, number: int) -> None:
        groups = self.group_rows.groups
        if groups is not None:
            self.actions.show_grouping("")
            self.filter.show_line(f"{self.filter.read.text} {groups.clause(number)}".strip())

    def _regroup(self) -> None:
        machines = self.rows.machines
        if not self.by or machines is None:
            return
        names, order, by = self.rows.names, self.rows.order, self.by
        self._grouping.run(lambda: group(machines, names, order, by), self.group_rows.show)

    # words

    def _say(self) -> None:
        self.head.show_words(self.title, *head_words(self.rows, self.pending, self.machines.trouble))
        self._settle_matching()
        self._say_selection()
        self._regroup()

    def _settle_matching(self) -> None:
        """All that match are chosen by what they were then: once others match, the words must not claim them."""
        chosen = self.selection.chosen
        if chosen.how is How.MATCHING and not np.array_equal(np.sort(self.rows.order), chosen.rows):
            self.selection.hold()

    def _say_selection(self) -> None:
        chosen, order, machines = self.selection.chosen, self.rows.order, self.rows.machines
        hidden = 0
        if machines is not None and len(chosen) and self.rows.clauses:
            hidden = len(chosen) - int(np.count_nonzero(chosen.mask(len(machines))[order]))
        everything = f"the whole {'fleet' if self._scope == FLEET else 'site'}"
        if machines is not None and machines.unread:
            everything = "every machine that can be read"
        whole = "" if self.rows.clauses else everything
        self.foot.show_selection(chosen, hidden, int(order.size), whole)
        self._tell_truth()
        self.actions.refresh()
        self.command.refresh()
        self.head._place()

    # layout and keys

    def resizeEvent(self, event: QEvent) -> None:
        """Columns share the width."""
        super().resizeEvent(event)
        self.columns.refit()

    def showEvent(self, event: QEvent) -> None:
        """Follow what is on screen; before anybody chose, the fleet."""
        if self._scope is None:
            self.show_place(EVERYWHERE)
        else:
            self.machines.open(self._scope)

    def hideEvent(self, event: QEvent) -> None:
        """Nothing is read for a table that nobody sees; what was read stays for the way back, a fleet not for long."""
        super().hideEvent(event)
        self._forget.start(FORGET_MS)

    def _forget_fleet(self) -> None:
        if self._scope == FLEET and not self.isVisible():
            self.rows.show(None)
            self.machines.forget()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """/ filters, Escape leads back: from a filter in words to the table, from a group to all, and then out."""
        if event.text() == "/":
            self.go_to_filter()
        elif event.key() != Qt.Key.Key_Escape:
            event.ignore()
        elif self.by:
            self.actions.show_grouping("")
        else:
            self.closed.emit()

"""What can be done with the miners in view: group, choose columns, copy, export. Says on the button to how many."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QAction, QActionGroup, QGuiApplication
from PySide6.QtWidgets import QMenu

from console.ui.export.capture import file_name
from console.ui.export.stamp import stamp_of
from console.ui.export.text_file import NO_FOLDER, save_text, saved_words, stamped
from console.ui.models.live import LiveFleet
from console.ui.models.miners.columns import COLUMNS
from console.ui.models.miners.export import measured_words, table_text
from console.ui.models.miners.groups import GROUPINGS
from console.ui.models.miners.machines import MachinesNow
from console.ui.models.miners.order import Rows
from console.ui.models.span import TimeBarModel
from console.ui.plain import safe_text
from console.ui.theme import Theme
from console.ui.widgets.press_button import Look, PressButton
from console.ui.widgets.token_menu import token_menu

if TYPE_CHECKING:
    from console.ui.views.miners.view import MinersView

MOST_COPIED = 50_000  # a clipboard is no file: more belongs into one


class MinersActions(QObject):
    """The buttons of a MinersView and what they do."""

    def __init__(self, view: MinersView, live: LiveFleet, span: TimeBarModel, theme: Theme) -> None:
        super().__init__(view)
        self._view, self._live, self._span = view, live, span
        self.folder: Path | None = None
        self._group = PressButton("Group", Look.OUTLINE, name="group by", theme=theme)
        self._columns = PressButton("Columns", Look.OUTLINE, name="choose columns", theme=theme)
        self._copy = PressButton("Copy", Look.OUTLINE, hint="Ctrl+C", theme=theme)
        self._export = PressButton("Export CSV", Look.OUTLINE, theme=theme)
        self.buttons = (self._group, self._columns, self._copy, self._export)
        for button, act in zip(self.buttons, (self._ask_group, self._ask_columns, self.copy, self.export), strict=True):
            button.clicked.connect(act)

    # which machines

    def _subject(self) -> tuple[Rows, str]:
        """The chosen machines, else all that are shown; and the words for them."""
        chosen, order = self._view.selection.chosen, self._view.rows.order
        if len(chosen):
            return chosen.rows, chosen.words
        words = f"all {order.size:,} that match" if self._view.rows.clauses else f"all {order.size:,}"
        return order, words

    def refresh(self) -> None:
        """Say on the buttons to how many machines they apply, and why they are off."""
        rows, words = self._subject()
        none = "No miner is shown"
        self._copy.switch(0 < rows.size <= MOST_COPIED, none if not rows.size else f"Over {MOST_COPIED:,}: export them")
        self._copy.explain(f"Copies {words}")
        self._export.switch(rows.size > 0 and self.folder is not None, none if not rows.size else NO_FOLDER)
        self._export.explain(f"Writes {words}")
        self._export.setAccessibleDescription(f"Writes {words}")

    # menus

    def _menu(self, owner: PressButton) -> QMenu:
        return token_menu(self._view, owner.accessibleName(), self._view.theme)

    def _ask_group(self) -> None:
        self._popup(self.group_menu(), self._group)

    def _ask_columns(self) -> None:
        self._popup(self.columns_menu(), self._columns)

    @staticmethod
    def _popup(menu: QMenu, owner: PressButton) -> None:
        menu.popup(owner.mapToGlobal(QPoint(0, owner.height() + 4)))

    def group_menu(self) -> QMenu:
        """One choice of groupings."""
        menu = self._menu(self._group)
        choice = QActionGroup(menu)
        for by in ("", *GROUPINGS):
            action = QAction(f"By {by}" if by else "No groups: every miner", menu, checkable=True)
            action.setChecked(by == self._view.by)
            action.triggered.connect(lambda _on=False, by=by: self.show_grouping(by))
            choice.addAction(action)
            menu.addAction(action)
        return menu

    def show_grouping(self, by: str) -> None:
        """Group, and say so on the button."""
        self._group.setText(f"By {by}" if by else "Group")
        self._group.updateGeometry()
        self._view.group_by(by)
        self._view.head._place()

    def columns_menu(self) -> QMenu:
        """A tick for each column; the last one stays."""
        menu = self._menu(self._columns)
        shown = self._view.rows.columns
        for name, column in COLUMNS.items():
            action = QAction(f"{column.title}   {column.meaning}", menu, checkable=True)
            action.setChecked(name in shown)
            action.setEnabled(shown != (name,))
            action.triggered.connect(lambda on=False, name=name: self._switch_column(name, on))
            menu.addAction(action)
        menu.addSeparator()
        usual = QAction("The usual columns", menu)
        usual.triggered.connect(lambda: self._view.columns.choose(self._view.columns.usual))
        menu.addAction(usual)
        return menu

    def _switch_column(self, name: str, on: bool) -> None:
        shown = self._view.rows.columns
        self._view.columns.choose((*shown, name) if on else tuple(each for each in shown if each != name))

    # copy and export

    def copy(self) -> None:
        """To the clipboard, as spreadsheets paste it."""
        machines, (rows, words) = self._view.rows.machines, self._subject()
        if machines is None or not 0 < rows.size <= MOST_COPIED:
            return
        QGuiApplication.clipboard().setText(self._text(machines, rows, "\t")())
        self._say(f"Copied {words}")

    def export(self) -> None:
        """To a file in the profile, off the GUI thread."""
        machines, (rows, words) = self._view.rows.machines, self._subject()
        if machines is None or self.folder is None:
            return
        path = self.folder / file_name("miners", self._live.clock(), "csv")
        text, facts = self._text(machines, rows, ","), self._facts(machines, words)
        self._say(f"Writing {words}")
        self._live.reads.run(
            lambda: save_text(stamped(text(), facts), path),
            self._saved,
            lambda error: self._say(f"{path.name} cannot be written: {error}"),
        )

    def _text(self, machines: MachinesNow, rows: Rows, delimiter: str) -> Callable[[], str]:
        """Makes the text on any thread: in the table's order, ages as of now."""
        table = self._view.rows
        rows, columns, aged_s = table.as_sorted(rows), table.columns, table.aged_s()
        return lambda: table_text(machines, rows, columns, aged_s, delimiter)

    def _saved(self, path: Path) -> None:
        self._say(saved_words(path))

    def _say(self, words: str) -> None:
        self._view.foot.say(words, self._live.clock())

    def _facts(self, machines: MachinesNow, words: str) -> list[str]:
        stamp = stamp_of(
            self._live, self._span, (self._view.title, ""), "", "", complete=not self._view.pending
        ).facts()
        sorting = self._view.rows.sorting
        return [
            stamp["Title"],
            safe_text(words),
            self._view.filter_words,
            f"sorted by {sorting.name} {'descending' if sorting.descending else 'ascending'}",
            measured_words(machines),
            f"captured {stamp['Captured']}",
            stamp["Freshness"],
            stamp["Mode"],
            stamp["Software"],
        ]

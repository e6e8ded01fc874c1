"""Chooses whom a command is for: a region, or several sites; one line to filter by, a list to tick, all by keyboard."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QRectF, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QStyleOptionViewItem, QWidget

from console.domain.command import Selector, Verb
from console.domain.fleet_state import FleetNow
from console.ui.dialogs.written_list import RowPainter, WrittenList
from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_elided
from console.ui.models.commands.wish import BUTTONS, CommandWish, sites_title
from console.ui.models.rows import ROW_ROLE, RowModel
from console.ui.numbers import counted, known, power_text
from console.ui.plain import safe_text
from console.ui.theme import Theme
from console.ui.widgets.gesture_button import GestureButton

SIZE, BOX_PX, DETAIL_PX, FEW = (760, 600), 16, 240, 3


@dataclass(frozen=True, slots=True)
class Choice:
    """A region with all of its sites, or one site."""

    key: str
    title: str
    detail: str
    sites: tuple[str, ...]
    ticked: bool = False

    def sentence(self) -> str:
        """For a screen reader."""
        return safe_text(f"{self.title}, {self.detail}{', chosen' if self.ticked else ''}")


class ChoicePainter(RowPainter):
    """A box, the name, and what it is."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """One line."""
        row: Choice | None = index.data(ROW_ROLE)
        if row is None:
            return
        painter.save()
        area, theme, side = self.paint_ground(painter, option), self.theme, px(BOX_PX)
        box = QRectF(area.left() + px(14), area.center().y() - side / 2, side, side)
        painter.setPen(theme.edge)
        painter.drawRect(box)
        if row.ticked:
            painter.fillRect(box.adjusted(3, 3, -2, -2), theme.t1)
        left = area.left() + px(26) + side
        face = font(Role.BODY_BOLD if len(row.sites) > 1 else Role.BODY)
        words = QRectF(left, area.top(), area.width() - left - px(DETAIL_PX), area.height())
        paint_elided(painter, words, safe_text(row.title), face, theme.t1)
        detail = QRectF(area.right() - px(DETAIL_PX), area.top(), px(DETAIL_PX) - px(12), area.height())
        paint_elided(painter, detail, safe_text(row.detail), font(Role.CAPTION), theme.t2, right=True)
        painter.restore()


class PickSites(WrittenList):
    """`wished` carries a CommandWish for what is ticked."""

    wished = Signal(object)

    def __init__(self, now: FleetNow, theme: Theme, parent: QWidget) -> None:
        super().__init__("Which sites?", SIZE, theme, parent)
        self._now = now
        self._ticked: set[str] = set()
        self.rows: RowModel[Choice] = RowModel(self)
        self._every = choices(now)
        self.lay_out(
            self.rows, ChoicePainter(theme, self.list), "Find a region or a site", "filter sites", "regions and sites"
        )
        self.verbs = {verb: GestureButton(label, theme=theme) for verb, label in BUTTONS.items()}
        self._add_verbs(theme)
        self.line.textChanged.connect(lambda _text: self._show())
        self.line.entered.connect(lambda _ctrl: self._toggle(self.list.currentIndex()))
        self.list.chosen.connect(self._toggle)
        self._show()

    def _add_verbs(self, theme: Theme) -> None:
        buttons = list(self.verbs.values())
        cancel = GestureButton("Cancel", hint="Esc", theme=theme)
        cancel.clicked.connect(self.reject)
        for some in (buttons[:4], [*buttons[4:], cancel]):
            row = QHBoxLayout()
            row.setSpacing(8)
            for button in some:
                row.addWidget(button)
            row.addStretch(1)
            self.column.addLayout(row)
        for verb, button in self.verbs.items():
            button.clicked.connect(lambda _checked=False, verb=verb: self._wish(verb))

    def _show(self) -> None:
        words = self.line.text().casefold().split()
        rows = [
            Choice(row.key, row.title, row.detail, row.sites, ticked=set(row.sites) <= self._ticked)
            for row in self._every
            if all(word in f"{row.title} {row.detail} {row.key}".casefold() for word in words)
        ]
        self.rows.set_rows(tuple(rows))
        if rows and not self.list.currentIndex().isValid():
            self.list.setCurrentIndex(self.rows.index(0))
        self._say()

    def _toggle(self, index: QModelIndex) -> None:
        row: Choice | None = index.data(ROW_ROLE) if index.isValid() else None
        if row is None:
            return
        sites = set(row.sites)
        self._ticked = self._ticked - sites if sites <= self._ticked else self._ticked | sites
        self._show()

    @property
    def selector(self) -> Selector:
        """What is ticked, in fleet order, under the region's name where it is one."""
        ids = tuple(site.id for site in self._now.fleet.sites if site.id in self._ticked)
        names = self._now.fleet.site_names()
        region = next((row.title for row in self._every if len(row.sites) > 1 and set(row.sites) == self._ticked), "")
        title = region or (sites_title([names[site_id] for site_id in ids]) if ids else "")
        return Selector(sites=ids, title=title)

    def _say(self) -> None:
        chosen = self.selector
        drawn_w = [entry.value("meter_w") for entry in self._now.sites if entry.site.id in self._ticked]
        heard_w = [one for one in drawn_w if known(one)]
        silent = len(drawn_w) - len(heard_w)
        power = " ".join(power_text(sum(heard_w))) + " drawn now" if heard_w else ""
        words = (
            [_chosen_words(chosen), power, f"{counted(silent, 'site')} not known" if silent else ""] if drawn_w else []
        )
        how = "choose below what to do" if drawn_w else "tick regions or sites, by click or Enter"
        self.say([*(word for word in words if word), how])
        for button in self.verbs.values():
            button.switch(bool(drawn_w), "Off: no site is ticked")

    def _wish(self, verb: Verb) -> None:
        chosen = self.selector
        self.accept()
        names = self._now.fleet.site_names()
        few = ", ".join(names[site_id] for site_id in chosen.sites[:FEW])
        more = f" and {len(chosen.sites) - FEW} more" if len(chosen.sites) > FEW else ""
        words = _chosen_words(chosen)
        self.wished.emit(CommandWish(verb, chosen, words if len(chosen.sites) == 1 else f"{words}: {few}{more}"))


def _chosen_words(chosen: Selector) -> str:
    """`Georgia 1`, `North America, 3 sites`, `5 sites`."""
    count = counted(len(chosen.sites), "site")
    return chosen.title if len(chosen.sites) == 1 or chosen.title == count else f"{chosen.title}, {count}"


def choices(now: FleetNow) -> tuple[Choice, ...]:
    """Each region before its sites."""
    made = []
    for region in now.fleet.regions():
        within = [site for site in now.fleet.sites if site.region == region]
        made.append(
            Choice(f"region {region}", region, f"region, {counted(len(within), 'site')}", tuple(s.id for s in within))
        )
        made += [Choice(site.id, site.name, f"{site.region}, {site.id}", (site.id,)) for site in within]
    return tuple(made)

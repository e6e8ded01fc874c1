"""The side of a site's view: its link in full, its contract, and the containers as a sortable table."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from console.domain.fleet_state import SiteNow
from console.ui.fonts import Role, font, px
from console.ui.keys import ENTER
from console.ui.models.containers import SORT_ROLE, ContainerNow, ContainerTable
from console.ui.theme import DARK, Theme, apply_theme
from console.ui.views.site.words import contract_facts, link_facts
from console.ui.widgets.fact_list import FactList
from console.ui.widgets.panel import PAD_PX, TITLE_PX, Panel
from console.ui.widgets.scroll_style import scroll_style
from console.ui.widgets.tab_row import TabRow

ROW_PX, FOOT_PX, TABS_PX, LEAST_TABLE_PX = 26, 12, 32, 160
SIDE_BY_SIDE_PX = 900  # where the side is this wide, the facts stand beside the table


class SortedContainers(QSortFilterProxyModel):
    """Sorts by the numbers behind the texts and says by an arrow in the words which column rules."""

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The column's name; the sorted one with its direction."""
        said = super().headerData(section, orientation, role)
        if role == Qt.ItemDataRole.DisplayRole and section == self.sortColumn():
            return f"{said} {'↑' if self.sortOrder() is Qt.SortOrder.AscendingOrder else '↓'}"
        return said


class ContainerView(QTableView):
    """The table twin of the cards. `chosen` carries a name on Enter or click; Escape lifts (an empty name)."""

    chosen = Signal(str)

    def __init__(self, model: ContainerTable, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = model
        self._sorted = SortedContainers(self)
        self._sorted.setSourceModel(model)
        self._sorted.setSortRole(SORT_ROLE)
        self.setModel(self._sorted)
        self.setSortingEnabled(True)
        self.sortByColumn(1, Qt.SortOrder.AscendingOrder)  # the worst first
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("containers, table")
        self.clicked.connect(lambda index: self._choose(index.row()))
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Tokens into Qt's own style sheet: a table view paints itself."""
        self.setFont(font(Role.CAPTION))
        self.horizontalHeader().setFont(font(Role.CAPTION))
        self.verticalHeader().setDefaultSectionSize(px(ROW_PX))
        self.horizontalHeader().setFixedHeight(px(ROW_PX))
        t1, t2, bg1, bg2 = (colour.name() for colour in (theme.t1, theme.t2, theme.bg1, theme.bg2))
        line = theme.line.name()
        self.setStyleSheet(
            scroll_style(theme) + f"QTableView{{background:{bg1};color:{t1};border:none;outline:none;"
            f"selection-background-color:{bg2};selection-color:{t1}}}"
            f"QTableView:focus{{border:2px solid {t1}}}"
            f"QTableView::item{{border-bottom:1px solid {line};padding:0 4px}}"
            f"QHeaderView{{background:{bg1}}}"
            f"QHeaderView::section{{background:{bg1};color:{t2};border:none;padding:0 4px;"
            f"border-bottom:1px solid {line}}}"
            f"QHeaderView::up-arrow,QHeaderView::down-arrow{{image:none;width:0;height:0}}"
            f"QTableCornerButton::section{{background:{bg1};border:none}}"
        )
        self._share()

    def select(self, name: str | None) -> None:
        """Mark a row without telling anybody."""
        row = None if name is None else self._source.row_of(name)
        if row is None:
            self.clearSelection()
            return
        index = self._sorted.mapFromSource(self._source.index(row, 0))
        self.setCurrentIndex(index)
        self.selectRow(index.row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses, Escape lifts; arrows are Qt's."""
        if event.key() in ENTER and self.currentIndex().isValid():
            self._choose(self.currentIndex().row())
        elif event.key() == Qt.Key.Key_Escape and self.selectionModel().hasSelection():
            self.chosen.emit("")
        else:
            super().keyPressEvent(event)

    def _choose(self, row: int) -> None:
        source = self._sorted.mapToSource(self._sorted.index(row, 0))
        self.chosen.emit(self._source.container(source.row()).name)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Columns share the width."""
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        header = self.horizontalHeader()
        header.setMinimumSectionSize(px(40))
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)


class SiteSide(QWidget):
    """Link, contract and table, one above the other; beside each other where there is room."""

    chosen = Signal(str)

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._link = Panel("Link", theme, foot=FOOT_PX, parent=self)
        self._link_facts = FactList("link facts", theme)
        self._link.set_body(self._link_facts)
        self._contract = Panel("Site", theme, foot=FOOT_PX, parent=self)
        self._contract_facts = FactList("site facts", theme)
        self._contract.set_body(self._contract_facts)
        self._containers = Panel("Containers", theme, foot=FOOT_PX, parent=self)
        self.model = ContainerTable()
        self.table = ContainerView(self.model, theme)
        self.table.chosen.connect(self.chosen)
        self._containers.set_body(self.table)
        self.tabs = TabRow(("Containers", "Link", "Site"), theme, self)
        self.tabs.chosen.connect(lambda _name: self._place())
        self.setAccessibleName("site details")

    def show_site(self, now: SiteNow, now_ms: int, containers: tuple[ContainerNow, ...]) -> None:
        """The site as of now."""
        self._link_facts.show_facts(link_facts(now, now_ms))
        self._contract_facts.show_facts(contract_facts(now, now_ms))
        self._link.set_words("Link", f"polled every {now.site.poll_period_s:.0f} s")
        self._contract.set_words("Site", "as the fleet file tells it")
        self._containers.set_words("Containers", f"{len(containers)}, sorted by a click on a column")
        self.model.show(containers)
        self._place()

    def shown_table(self) -> ContainerView:
        """The table, in front where it shares its place with the facts."""
        self.tabs.show_tab("Containers")
        return self.table

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        apply_theme(self, theme)
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Facts as high as they are, the table takes the rest."""
        self._place()

    def _needed(self) -> int:
        """What link, site and a few containers take one above the other."""
        facts = sum(facts.height_for(self.width() - 2 * PAD_PX) for facts in (self._link_facts, self._contract_facts))
        return facts + 2 * (px(TITLE_PX) + FOOT_PX + 12) + px(LEAST_TABLE_PX)

    def _place(self) -> None:
        gap, wide = 12, self.width() >= px(SIDE_BY_SIDE_PX)
        panels = {"Containers": self._containers, "Link": self._link, "Site": self._contract}
        short = not wide and self.height() < self._needed()
        self.tabs.setVisible(short)
        for name, panel in panels.items():
            panel.setVisible(not short or name == self.tabs.current)
        if short:
            self.tabs.setGeometry(0, 0, self.width(), px(TABS_PX))
            area = QRect(0, px(TABS_PX) + 4, self.width(), self.height() - px(TABS_PX) - 4)
            for panel in panels.values():
                panel.setGeometry(area)
            return
        width = (self.width() - gap) * 2 // 5 if wide else self.width()
        top = 0
        for panel, facts in ((self._link, self._link_facts), (self._contract, self._contract_facts)):
            height = px(TITLE_PX) + facts.height_for(width - 2 * PAD_PX) + FOOT_PX
            panel.setGeometry(QRect(0, top, width, height))
            top += height + gap
        left = width + gap if wide else 0
        top = 0 if wide else top
        self._containers.setGeometry(QRect(left, top, self.width() - left, max(px(120), self.height() - top)))

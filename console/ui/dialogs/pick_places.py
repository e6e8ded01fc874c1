"""Chooses what is compared: one line to filter by, a list to tick, all by keyboard. Knows names, reads no store."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QHBoxLayout, QStyleOptionViewItem, QWidget

from console.domain.fleet_state import FleetNow
from console.ui.dialogs.written_list import RowPainter, WrittenList
from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_elided
from console.ui.models.comparison import LEAST, MOST, Place, places_of
from console.ui.plain import safe_text
from console.ui.theme import Theme
from console.ui.widgets.press_button import Look, PressButton

SIZE, BOX_PX, DETAIL_PX = (640, 560), 16, 170
PLACE_ROLE, TICKED_ROLE = Qt.ItemDataRole.UserRole + 1, Qt.ItemDataRole.UserRole + 2
Index = QModelIndex | QPersistentModelIndex


class Choices(QAbstractListModel):
    """The places that fit the line, ticked ones first while nothing is written."""

    def __init__(self, places: Sequence[Place], ticked: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self._all = tuple(places)
        self._words = [f"{place.title} {place.detail} {place.key}".casefold() for place in self._all]
        self.ticked = list(ticked)
        self.shown: tuple[Place, ...] = ()
        self.filter("")

    def filter(self, text: str) -> None:
        """Every word of `text` must be in a place's name, kind, region or key."""
        words = text.casefold().split()
        self.beginResetModel()
        found = [p for p, told in zip(self._all, self._words, strict=True) if all(word in told for word in words)]
        if not words:
            found.sort(key=lambda place: (place.key not in self.ticked, place.detail == "container"))
        self.shown = tuple(found)
        self.endResetModel()

    def toggle(self, row: int) -> bool:
        """Tick or untick a row; False when no more may be ticked."""
        key = self.shown[row].key
        if key in self.ticked:
            self.ticked.remove(key)
        elif len(self.ticked) < MOST:
            self.ticked.append(key)
        else:
            return False
        self.dataChanged.emit(self.index(row), self.index(row))
        return True

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """One a place."""
        return 0 if parent.isValid() else len(self.shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Words for a screen reader, place and tick for the delegate."""
        if not index.isValid():
            return None
        place = self.shown[index.row()]
        ticked = place.key in self.ticked
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return safe_text(f"{place.title}, {place.detail}{', chosen' if ticked else ''}")
        return {PLACE_ROLE: place, TICKED_ROLE: ticked}.get(role)


class ChoicePainter(RowPainter):
    """A box, the name, and what kind of place it is."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """One place as plain text."""
        place, theme = index.data(PLACE_ROLE), self.theme
        if place is None:
            return
        painter.save()
        area = self.paint_ground(painter, option)
        side = px(BOX_PX)
        box = QRectF(area.left() + px(14), area.center().y() - side / 2, side, side)
        self._paint_box(painter, box, ticked=bool(index.data(TICKED_ROLE)))
        title = area.adjusted(px(14) + side + px(12), 0, -px(DETAIL_PX) - px(12), 0)
        paint_elided(painter, title, safe_text(place.title), font(Role.BODY_BOLD), theme.t1)
        detail = QRectF(area.right() - px(DETAIL_PX), area.top(), px(DETAIL_PX) - px(12), area.height())
        paint_elided(painter, detail, safe_text(place.detail), font(Role.CAPTION), theme.t2, right=True)
        painter.restore()

    def _paint_box(self, painter: QPainter, box: QRectF, *, ticked: bool) -> None:
        painter.setPen(QPen(self.theme.edge, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box)
        if ticked:
            painter.fillRect(box.adjusted(3, 3, -2, -2), self.theme.t1)


class PickPlaces(WrittenList):
    """`chosen` carries the keys, two to six of them; Escape carries nothing."""

    chosen = Signal(object)

    def __init__(self, now: FleetNow, keys: Sequence[str], theme: Theme, parent: QWidget) -> None:
        super().__init__("Compare two to six places", SIZE, theme, parent)
        self.choices = Choices(places_of(now), keys, self)
        self.use = PressButton("Compare", Look.FILLED, hint="Ctrl+Enter", theme=theme)
        painter = ChoicePainter(theme, self.list)
        self.lay_out(self.choices, painter, "Region, site or container", "filter places", "places")
        self._add_actions()
        self.line.textChanged.connect(self._filter)
        self.line.entered.connect(lambda ctrl: self._confirm() if ctrl else self._toggle(self.list.currentIndex()))
        self.list.chosen.connect(self._toggle)
        self.use.clicked.connect(lambda _checked=False: self._confirm())
        self._filter("")

    def _add_actions(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        cancel = PressButton("Cancel", Look.OUTLINE, hint="Esc", theme=self.theme)
        cancel.clicked.connect(self.reject)
        row.addWidget(cancel)
        row.addWidget(self.use)
        self.column.addLayout(row)

    def _filter(self, text: str) -> None:
        self.choices.filter(text)
        if self.choices.shown:
            self.list.setCurrentIndex(self.choices.index(0))
        self._say()

    def _say(self, refused: bool = False) -> None:
        count = len(self.choices.ticked)
        words = [f"{count} of {MOST} chosen", f"{len(self.choices.shown)} listed"]
        if refused:
            words = [f"{MOST} are the most on one graph: take one away first"]
        words.append("Up, Down, Enter ticks, Ctrl+Enter compares, Esc")
        self.say(words)
        self.use.switch(count >= LEAST, f"Choose {LEAST} at least")

    def _toggle(self, index: QModelIndex) -> None:
        if index.isValid():
            self._say(refused=not self.choices.toggle(index.row()))

    def _confirm(self) -> None:
        keys = tuple(self.choices.ticked)
        if len(keys) >= LEAST:
            self.accept()
            self.chosen.emit(keys)

"""Who may sign in: an administrator adds people, changes roles and passwords, and disables; nobody is deleted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from console.domain.access import Right, Role
from console.domain.account import Account, key_of, why_not
from console.ui.dialogs.sheet import Sheet
from console.ui.fonts import Role as Type
from console.ui.fonts import font, px
from console.ui.keys import ENTER
from console.ui.lettering import paint_elided
from console.ui.models.desk import Desk
from console.ui.models.rows import ROW_ROLE, RowModel
from console.ui.numbers import utc_date
from console.ui.plain import PlainLabel, safe_text
from console.ui.theme import Theme
from console.ui.widgets.press_button import Look, PressButton
from console.ui.widgets.row_list import RowList, paint_row_ground, paint_rule
from console.ui.widgets.secret_field import SecretField
from console.ui.widgets.text_fields import TextField

SIZE, LEAST_MARGIN, ROW_PX = (720, 560), 48, 32
KEPT = "An empty password keeps the old one. Nobody is deleted: the record names them."


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One account as listed; nothing of its credential."""

    key: str
    name: str
    role: Role
    since: str
    disabled: bool

    def sentence(self) -> str:
        """For a screen reader."""
        state = ", disabled" if self.disabled else ""
        return safe_text(f"{self.name}, {self.role.name.lower()}, since {self.since}{state}")


class PersonPainter(QStyledItemDelegate):
    """Name, role, since when, and whether disabled."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: object) -> QSize:
        """One line."""
        return QSize(px(300), px(ROW_PX))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: object) -> None:
        """One person."""
        row: PersonRow | None = index.data(ROW_ROLE)
        if row is None:
            return
        painter.save()
        area, theme = QRectF(option.rect), self.theme
        paint_row_ground(painter, area, option, theme)
        paint_rule(painter, area.left(), area.right(), area.bottom(), theme)
        cells = (
            (0.02, 0.38, safe_text(row.name), Type.BODY_BOLD, theme.t3 if row.disabled else theme.t1),
            (0.42, 0.22, row.role.name.lower(), Type.BODY, theme.t2),
            (0.64, 0.2, row.since, Type.BODY, theme.t2),
            (0.84, 0.15, "disabled" if row.disabled else "", Type.BODY, theme.t1),
        )
        for left, width, text, role, colour in cells:
            box = QRectF(area.left() + left * area.width(), area.top(), width * area.width(), area.height())
            paint_elided(painter, box, text, font(role), colour)
        painter.restore()


class OperatorsDialog(Sheet):
    """A list, and one form beneath for the person chosen or a new one. Changes show when the store has them."""

    def __init__(self, desk: Desk, read: Callable[[], Sequence[Account]], theme: Theme, parent: QWidget) -> None:
        super().__init__("Operators", theme, parent)
        self._desk, self._read = desk, read
        self.rows: RowModel[PersonRow] = RowModel(self)
        self.list = RowList(theme)
        self.list.setModel(self.rows)
        self.list.setItemDelegate(PersonPainter(theme, self))
        self.list.setAccessibleName("people")
        self.name = TextField("name of the person", "Name", theme)
        self.name.setMaxLength(64)
        self.secret = SecretField("new password", "New password", theme)
        self.words = PlainLabel(KEPT, Type.CAPTION, "t2", theme=theme)
        self.words.setWordWrap(True)
        self._roles = QButtonGroup(self)
        self.save = PressButton("Save", Look.FILLED, name="save this person", theme=theme)
        self.disable = PressButton("Disable", name="disable this person", theme=theme)
        self.leave = PressButton("Close", hint="Esc", theme=theme)
        self._lay_out(theme)
        self.list.chosen.connect(lambda index: self._choose(index.data(ROW_ROLE)))
        self.name.textChanged.connect(lambda _text: self._show_buttons())
        self.save.clicked.connect(lambda _checked=False: self._put(disabled=False))
        self.disable.clicked.connect(lambda _checked=False: self._put(disabled=True))
        self.leave.clicked.connect(self.reject)
        for field in (self.name, self.secret):
            field.left.connect(self.reject)
        self.read()
        self._show_buttons()

    def _lay_out(self, theme: Theme) -> None:
        column = self.column
        column.setSpacing(10)
        column.addWidget(self.list, 1)
        fields = QHBoxLayout()
        fields.setSpacing(8)
        fields.addWidget(self.name, 1)
        fields.addWidget(self.secret, 1)
        column.addLayout(fields)
        roles = QHBoxLayout()
        roles.setSpacing(4)
        for role in Role:
            button = PressButton(role.name.capitalize(), Look.CHOICE, name=f"role {role.name.lower()}", theme=theme)
            button.setChecked(role is Role.OPERATOR)
            self._roles.addButton(button, int(role))
            roles.addWidget(button)
        roles.addStretch(1)
        column.addLayout(roles)
        column.addWidget(self.words)
        row = QHBoxLayout()
        row.setSpacing(12)
        for button in (self.save, self.disable):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.leave)
        column.addLayout(row)
        window = self.parentWidget()
        self.resize(min(px(SIZE[0]), window.width() - LEAST_MARGIN), min(px(SIZE[1]), window.height() - LEAST_MARGIN))

    def read(self) -> None:
        """Who there is, from the store."""
        self._desk.live.reads.run(self._read, self._take)

    def _take(self, accounts: Sequence[Account]) -> None:
        rows = [PersonRow(one.key, one.name, one.role, utc_date(one.made_ms), one.disabled) for one in accounts]
        self.rows.set_rows(tuple(rows))
        self._show_buttons()

    def _choose(self, row: PersonRow | None) -> None:
        if row is not None:
            self.name.setText(row.name)
            self._roles.button(int(row.role)).setChecked(True)
            self.secret.clear()

    @property
    def _known(self) -> PersonRow | None:
        key = key_of(self.name.text())
        return next((row for row in self.rows.rows if row.key == key), None)

    def _show_buttons(self) -> None:
        reason, known = self._desk.why_not(Right.CONFIGURE), self._known
        name = self.name.text().strip()
        empty = reason or ("" if name else "Off: choose a person, or write a new name")
        self.save.set_face("Save" if known else "Add", "", "", "save this person" if known else "add this person")
        self.save.switch(not empty, empty)
        own = known is not None and key_of(self._desk.person.name) == known.key
        off = empty or ("" if known else "Off: there is no such person") or ("Off: that is yourself" if own else "")
        self.disable.switch(not off, off)

    def _put(self, *, disabled: bool) -> None:
        known, name, secret = self._known, self.name.text().strip(), self.secret.take()
        problem = why_not(name, secret) if secret or known is None else ""
        if problem:
            self._say(problem[0].upper() + problem[1:])
            return
        role = known.role if known is not None and disabled else Role(self._roles.checkedId())
        self._say("Asking the collector")
        self._desk.put_account(name, role, self._answered, secret, disabled)

    def _answered(self, refused: str) -> None:
        self._say(f"Refused: {refused}" if refused else f"Recorded. {KEPT}")
        self.read()

    def _say(self, text: str) -> None:
        self.words.show_text(text)
        self.words.setAccessibleName(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses nothing by itself."""
        if event.key() not in ENTER:
            super().keyPressEvent(event)

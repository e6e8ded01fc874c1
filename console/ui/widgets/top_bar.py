"""The bar that is the same on every view: mark, tabs, notice, who sits here, mode, date and the UTC clock (R15)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QButtonGroup, QSizePolicy, QWidget

from console.ui.density import Density
from console.ui.fonts import Role, font, px
from console.ui.icons import paint_icon
from console.ui.lettering import text_width
from console.ui.models.live import Mode
from console.ui.numbers import utc_date, utc_time, utc_weekday
from console.ui.plain import PlainLabel, safe_text
from console.ui.theme import DARK, Theme, apply_theme
from console.ui.widgets.mode_chip import Chip, ModeChip
from console.ui.widgets.notice import Notice
from console.ui.widgets.press_button import Look, PressButton
from console.ui.widgets.two_halves import TwoHalves

LONGEST_NAME_SHOWN = 18


@dataclass(frozen=True, slots=True)
class Tab:
    """One view: its key in the shell, its name and its function key."""

    view: str
    name: str
    key: str


class TopBar(QWidget):
    """`view_asked` carries the view's key. The clock ticks in every mode: `tick` is called once a second."""

    view_asked = Signal(str)
    help_asked = Signal()
    own_window_asked = Signal()
    person_asked = Signal()

    def __init__(self, tabs: Sequence[Tab], who: str, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.notice = Notice(theme)
        self._mark = Mark(theme)
        self._who = PlainLabel(who, Role.CAPTION, "t2", theme=theme)
        self.person = PressButton("Sign in", Look.OUTLINE, hint="Ctrl+L", name="sign in", theme=theme)
        self.person.clicked.connect(lambda _checked=False: self.person_asked.emit())
        self._date = PlainLabel("", Role.CAPTION, "t2", theme=theme)
        self._clock = Clock(theme)
        self._help = PressButton("", Look.OUTLINE, icon="help", name="Manual", theme=theme)
        self._help.explain("Manual: ? or Shift+F1")
        self._help.clicked.connect(self.help_asked)
        self.own_window = PressButton("", Look.OUTLINE, icon="own-window", name="Own window", theme=theme)
        self.own_window.explain("This view in a window of its own: Ctrl+T")
        self.own_window.clicked.connect(lambda _checked=False: self.own_window_asked.emit())
        self._chips = {chip: ModeChip(chip, theme) for chip in Chip}
        self._tabs = self._make_tabs(tabs)
        self._fitted = (Density.STANDARD, 0)
        self._lay_out()
        self.notice.room_asked.connect(lambda: self._fitted[1] and self.fit(*self._fitted))
        self.show_mode(Mode.LIVE, live_span=True)

    def _make_tabs(self, tabs: Sequence[Tab]) -> dict[str, PressButton]:
        group = QButtonGroup(self)
        made = {}
        for tab in tabs:
            button = PressButton(tab.name, Look.TAB, hint=tab.key, name=f"{tab.name} view", theme=self._theme)
            button.clicked.connect(lambda _checked=False, view=tab.view: self.view_asked.emit(view))
            group.addButton(button)
            button.explain(f"{tab.name}: {tab.key}")
            made[tab.view] = button
        return made

    def _lay_out(self) -> None:
        self._halves = TwoHalves(self)
        row = self._halves.first
        row.addWidget(self._mark)
        row.addSpacing(16)
        for button in self._tabs.values():
            row.addWidget(button)
        row.addStretch(1)  # in a row of their own they stand together all the same
        row = self._halves.second
        row.addWidget(self.notice, 1)
        row.addWidget(self._who)
        row.addWidget(self.person)
        for chip in (Chip.SIMULATED, Chip.READ_ONLY, Chip.OFFLINE, Chip.FIXED, Chip.LIVE):
            row.addWidget(self._chips[chip])
        for widget in (self.own_window, self._help, self._date, self._clock):
            row.addWidget(widget)

    def tick(self, now_ms: int) -> None:
        """Show the time."""
        self._date.show_text(f"{utc_date(now_ms)} {utc_weekday(now_ms)}")
        self._clock.show_time(utc_time(now_ms))

    def show_person(self, words: str, name: str, role: str, why_not: str = "") -> None:
        """Who sits here; `name` is empty while nobody is signed in."""
        self._who.show_text(words)
        label, hint = (name, "") if name else ("Sign in", "Ctrl+L")
        said = f"{name}, {role}: lock, sign out" if name else "sign in"
        self.person.set_face(label[:LONGEST_NAME_SHOWN], hint, "", safe_text(said))
        self.person.explain("Lock: Ctrl+L. A click: lock, sign out, operators" if name else "Sign in: Ctrl+L")
        self.person.switch(not why_not, why_not)

    def show_view(self, view: str) -> None:
        """Mark the tab of the view that is open."""
        if view in self._tabs:
            self._tabs[view].setChecked(True)

    def show_mode(self, mode: Mode, *, live_span: bool) -> None:
        """One chip for how the screen follows, and one each for SIMULATED and READ-ONLY."""
        offline = Mode.OFFLINE in mode
        shown = {
            Chip.LIVE: live_span and not offline,
            Chip.FIXED: not live_span and not offline,
            Chip.OFFLINE: offline,
            Chip.SIMULATED: Mode.SIMULATED in mode,
            Chip.READ_ONLY: Mode.READ_ONLY in mode,
        }
        for chip, widget in self._chips.items():
            widget.setVisible(shown[chip])

    def chips(self) -> list[Chip]:
        """The chips that are shown, left to right."""
        return [chip for chip, widget in self._chips.items() if not widget.isHidden()]

    def fit(self, density: Density, width: int) -> None:
        """Measures of the window's width; a narrow bar drops hints and user, never the mode or the clock."""
        self._fitted = (density, width)
        size = density.value
        compact = density is Density.COMPACT
        button = size.button + 4 if compact else size.button
        for each in (*self._tabs.values(), self.own_window, self._help, self.person):
            each.set_height(button)
        for tab in self._tabs.values():
            tab.show_hint(not compact)
        self.person.show_hint(not compact)
        for chip in self._chips.values():
            chip.set_room(button, with_hint=not compact)
        self._who.setVisible(not compact)
        self._date.show()
        self._halves.fit(density, width, size.top_bar, 8 if compact else size.gap)
        if self._narrow(density, width):
            self._date.hide()  # the clock stays; large text in a small window leaves no room for both
            self._halves.fit(density, width, size.top_bar, 8 if compact else size.gap)

    def _narrow(self, density: Density, width: int) -> bool:
        """Whether the second half is too wide for a row, or what is said while the past is filled makes it a second."""
        alone = self._halves.second.minimumSize().width() + 2 * density.value.margin > width
        return alone or (self.notice.busy and self._halves.direction() is QBoxLayout.Direction.TopToBottom)

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme or scale."""
        self._theme = theme
        apply_theme(self, theme)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self._theme.bg1)


class Mark(QWidget):
    """The program's mark and name."""

    SIDE, SPACE, NAME = 20, 8, "Meridian"

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.NAME)

    def set_theme(self, theme: Theme) -> None:
        """Repaint."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Mark, space, name."""
        name = text_width(font(Role.MARK), self.NAME)
        return QSize(round(px(self.SIDE) + self.SPACE + name) + 1, px(self.SIDE))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The globe and the word."""
        side = px(self.SIDE)
        with QPainter(self) as painter:
            paint_icon(painter, "mark", QRectF(0, (self.height() - side) / 2, side, side), self._theme.t1)
            painter.setFont(font(Role.MARK))
            painter.setPen(self._theme.t1)
            painter.drawText(self.rect().adjusted(side + self.SPACE, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.NAME)


class Clock(QWidget):
    """`14:32:07 UTC`; as wide as its widest time, so that nothing beside it moves."""

    SPACE = 6

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._time = theme, utc_time(0)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("UTC clock")

    @property
    def text(self) -> str:
        """What it shows."""
        return f"{self._time} UTC"

    def show_time(self, time: str) -> None:
        """Show another second."""
        if time != self._time:
            self._time = time
            self.setAccessibleDescription(self.text)
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Repaint."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def _zone_width(self) -> float:
        return text_width(font(Role.BODY), "UTC")

    def sizeHint(self) -> QSize:
        """Digits are tabular: one time is as wide as another."""
        digits = text_width(font(Role.CLOCK), "00:00:00")
        return QSize(round(digits + self.SPACE + self._zone_width()) + 2, px(34))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Digits and zone on one base line."""
        digits, zone = font(Role.CLOCK), font(Role.BODY)
        base = (self.height() + QFontMetricsF(digits).capHeight()) / 2
        with QPainter(self) as painter:
            painter.setFont(zone)
            painter.setPen(self._theme.t2)
            left = self.width() - self._zone_width()
            painter.drawText(round(left), round(base), "UTC")
            painter.setFont(digits)
            painter.setPen(self._theme.t1)
            left -= self.SPACE + QFontMetricsF(digits).horizontalAdvance(self._time)
            painter.drawText(round(left), round(base), self._time)

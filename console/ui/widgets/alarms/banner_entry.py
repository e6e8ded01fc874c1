"""One alarm in the banner: symbol, place, age, what it is; a click or Enter opens its display."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from console.domain.alarm import AlarmState, Priority
from console.ui.fonts import Role, font, px
from console.ui.keys import ENTER
from console.ui.lettering import paint_elided, text_width
from console.ui.models.alarms.blink import Blink
from console.ui.plain import set_tip
from console.ui.theme import Theme
from console.ui.widgets.alarms.symbol import form_of, paint_alarm

SYMBOL_PX, LEFT_PX, RING_PX, RADIUS_PX = 22, 36, 2, 3


@dataclass(frozen=True, slots=True)
class Entry:
    """What one entry says; the flood's own has no priority."""

    address: str
    head: str
    facts: str
    text: str
    priority: Priority | None


class BannerEntry(QAbstractButton):
    """`asked` carries the address of the display."""

    asked = Signal(str)

    def __init__(self, blink: Blink, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._blink, self._theme = blink, theme
        self._entry: Entry | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(self._open)
        blink.turned.connect(self.update)
        self.setAccessibleName("no alarm")

    @property
    def words(self) -> str:
        """All of its words; empty where there is nothing to show."""
        entry = self._entry
        return f"{entry.head}, {entry.facts}, {entry.text}" if entry else ""

    def show_entry(self, entry: Entry | None) -> None:
        """Another alarm, or none."""
        if entry == self._entry:
            return
        self._entry = entry
        level = entry.priority.name.lower() + " alarm, " if entry and entry.priority else ""
        self.setAccessibleName(f"{level}{self.words}" if entry else "no alarm")
        set_tip(self, f"{self.words}. Enter opens its display" if entry else "")
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Repaint."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        """Two lines."""
        return QSize(px(240), px(40))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens as a click does."""
        if event.key() in ENTER:
            self.click()
        else:
            super().keyPressEvent(event)

    def _open(self) -> None:
        if self._entry is not None:
            self.asked.emit(self._entry.address)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Symbol, then two lines."""
        if self._entry is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_ground(painter)
            self._paint_words(painter, self._entry)

    def _paint_ground(self, painter: QPainter) -> None:
        box, theme = QRectF(self.rect()), self._theme
        painter.setPen(Qt.PenStyle.NoPen)
        if self.underMouse():
            painter.setBrush(theme.bg3)
            painter.drawRoundedRect(box, RADIUS_PX, RADIUS_PX)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.t1, RING_PX))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), RADIUS_PX, RADIUS_PX)

    def _paint_words(self, painter: QPainter, entry: Entry) -> None:
        theme, middle, bold, caption = self._theme, self.height() / 2, font(Role.BODY_BOLD), font(Role.CAPTION)
        left = px(LEFT_PX) if entry.priority is not None else 8
        if entry.priority is not None:
            form = form_of(AlarmState.UNACKNOWLEDGED, dark_half=self._blink.dark_half)
            paint_alarm(painter, QPointF(px(16), middle), px(SYMBOL_PX), entry.priority, form, theme)
        width = self.width() - left - 6
        name = min(text_width(bold, entry.head), width * 0.6)
        paint_elided(painter, QRectF(left, middle - px(17), name + 1, px(18)), entry.head, bold, theme.t1)
        facts = QRectF(left + name + 6, middle - px(17), width - name - 6, px(18))
        paint_elided(painter, facts, f"· {entry.facts}", caption, theme.t3)
        paint_elided(painter, QRectF(left, middle + px(1), width, px(16)), entry.text, caption, theme.t2)

"""A view with one number on it, for tests of what is round a view."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from console.ui.fonts import Role, font
from console.ui.models.live import LiveFleet
from console.ui.models.span import TimeBarModel
from console.ui.shell import ViewSlot
from console.ui.theme import DARK, Theme


class StandIn(QWidget):
    """Paints the coverage and stripes, so that a grab has something to compare."""

    site_opened = Signal(str)
    closed = Signal()

    def __init__(self, live: LiveFleet, span: TimeBarModel, theme: Theme = DARK) -> None:
        super().__init__()
        self._live, self._theme = live, theme
        self.site_id: str | None = None
        self.twins = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Stand-in view")
        live.changed.connect(lambda _now: self.update())

    def show_site(self, site_id: str) -> None:
        self.site_id = site_id

    def toggle_twin(self) -> None:
        self.twins += 1

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        total = self._live.now.total
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self._theme.bg0)
            for left in range(0, self.width(), 40):
                painter.fillRect(QRectF(left, 40, 20, self.height() - 80), self._theme.disc)
            painter.setFont(font(Role.VALUE1))
            painter.setPen(self._theme.t1)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, f"{total.fresh} of {total.sites}")


SLOTS = (ViewSlot("world", "World", "F1", StandIn), ViewSlot("site", "Site", "F2", StandIn))

"""The head of a site's view: way back, name, contract, link, clock, and the five key values (mock-up 2)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from console.domain.fleet_state import SiteMark, SiteNow
from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_elided, paint_text, text_width
from console.ui.plain import safe_text, set_tip
from console.ui.theme import DARK, Theme, apply_theme
from console.ui.views.site.words import facts_line, link_line, link_word, local_time
from console.ui.widgets.press_button import Look, PressButton
from console.ui.widgets.state_glyph import ValueState, paint_state
from console.ui.widgets.value_tile import Reading, ValueTile

TILES = 5
NAME_SHARE = 0.33  # of the width, for name and link; the rest holds the tiles
ROW_PX, NAME_ROW_PX = 96, 92
TWO_ROWS_BELOW_PX = 1500
BACK_PX = 62


class SiteHeader(QWidget):
    """`back_asked` leads to the world, `notes_asked` to the notes of the site."""

    back_asked = Signal()
    notes_asked = Signal()

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._now: SiteNow | None = None
        self._now_ms = 0
        self._containers, self._offline = 0, False
        self._back = PressButton("World", Look.TAB, name="back to the world", theme=theme, parent=self)
        self._back.setCheckable(False)
        self._back.set_height(24)
        self._back.clicked.connect(self.back_asked)
        self._notes = PressButton("Notes", Look.TAB, name="notes of the site, Ctrl+N", theme=theme, parent=self)
        self._notes.setCheckable(False)
        self._notes.set_height(24)
        self._notes.clicked.connect(self.notes_asked)
        self._tiles = [ValueTile(theme, large=False, panel=False, parent=self) for _ in range(TILES)]
        self.setAccessibleName("site")

    def show_site(
        self, now: SiteNow, now_ms: int, containers: int, readings: Sequence[Reading], *, offline: bool = False
    ) -> None:
        """The site as of now, or as of the cut-off."""
        self._now, self._now_ms, self._containers, self._offline = now, now_ms, containers, offline
        for tile, reading in zip(self._tiles, readings, strict=True):
            tile.set_reading(reading)
        clock = f"site time {local_time(now.site, now_ms)}"
        words = " · ".join(
            (now.site.name, facts_line(now, containers), clock, link_word(now, offline=offline), self._link_words())
        )
        self.setAccessibleName(f"site {safe_text(now.site.name)}")
        self.setAccessibleDescription(safe_text(words))
        set_tip(self, words)
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        self._theme = theme
        apply_theme(self, theme)
        self._place()
        self.update()

    def height_for(self, width: int) -> int:
        """One row, or two where a window is narrow."""
        return px(NAME_ROW_PX) + px(ROW_PX) - px(8) if self._two_rows(width) else px(ROW_PX)

    def sizeHint(self) -> QSize:
        """As the mock-up."""
        return QSize(px(1888), px(ROW_PX))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tiles share what the name leaves."""
        self._place()

    @staticmethod
    def _two_rows(width: int) -> bool:
        return width < px(TWO_ROWS_BELOW_PX)

    def _place(self) -> None:
        self._back.setGeometry(QRect(6, px(6), px(BACK_PX), px(24)))
        wide = self._notes.sizeHint().width()
        self._notes.setGeometry(QRect(round(self._words_right()) - wide + 8, px(6), wide, px(24)))
        for tile, area in zip(self._tiles, self._tile_areas(), strict=True):
            tile.setGeometry(area.adjusted(12, 0, -12, 0))

    def _words_right(self) -> float:
        """Where name and link end."""
        return self.width() - 16.0 if self._two_rows(self.width()) else self.width() * NAME_SHARE - 12

    def _tile_areas(self) -> list[QRect]:
        two = self._two_rows(self.width())
        left = 4 if two else round(self.width() * NAME_SHARE)
        top = px(NAME_ROW_PX) - px(8) if two else 0
        width = (self.width() - left - 4) / TILES
        return [QRect(round(left + index * width), top, int(width), px(ROW_PX)) for index in range(TILES)]

    def _link_words(self) -> str:
        assert self._now is not None  # noqa: S101 - only painted and told once there is a site
        return link_line(self._now, self._now_ms, offline=self._offline)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, words and the hairlines between the tiles."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.bg1)
            painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
            if self._now is not None:
                self._paint_words(painter, self._now)
            self._paint_rules(painter)

    def _paint_rules(self, painter: QPainter) -> None:
        painter.setPen(QPen(self._theme.line, 1))
        areas = self._tile_areas()
        for area in areas[1:] if self._two_rows(self.width()) else areas:
            x = area.left() + 0.5
            painter.drawLine(QPointF(x, area.top() + px(14)), QPointF(x, area.top() + px(82)))

    def _paint_words(self, painter: QPainter, now: SiteNow) -> None:
        theme, caption, heading = self._theme, font(Role.CAPTION), font(Role.HEADING)
        right = self._words_right()
        clock = local_time(now.site, self._now_ms)
        crumb = f"›  {safe_text(now.site.region)}  ›    site time {safe_text(clock)}"
        left = 6 + px(BACK_PX) + 2
        room = self._notes.x() - 8 - left
        paint_elided(painter, QRectF(left, px(10), room, px(16)), crumb, caption, theme.t3)
        name = safe_text(now.site.name)
        width = min(text_width(heading, name), (right - 16) * 0.6)
        paint_elided(painter, QRectF(16, px(28), width, px(32)), name, heading, theme.t1)
        left = 16 + width + 16
        facts = facts_line(now, self._containers)
        paint_elided(painter, QRectF(left, px(35), right - left, px(20)), facts, caption, theme.t2)
        self._paint_link(painter, now, right)

    def _paint_link(self, painter: QPainter, now: SiteNow, right: float) -> None:
        theme, bold, caption = self._theme, font(Role.CAPTION_BOLD), font(Role.CAPTION)
        middle = px(76)
        paint_mark(painter, QPointF(23, middle), now.mark, theme)
        word = link_word(now, offline=self._offline)
        left = 36 + paint_text(painter, QPointF(36, middle + px(4)), word, bold, theme.t1) + 10
        area = QRectF(left, middle - px(9), right - left, px(18))
        paint_elided(painter, area, safe_text(self._link_words()), caption, theme.t2)


def paint_mark(painter: QPainter, centre: QPointF, mark: SiteMark, theme: Theme) -> None:
    """The site's own glyph: disc, half disc when curtailed, dashed when stale or new, crossed without a link."""
    states = {
        SiteMark.NO_LINK: ValueState.NO_LINK,
        SiteMark.STALE: ValueState.STALE,
        SiteMark.NEVER: ValueState.NEVER,
    }
    if mark in states:
        paint_state(painter, centre, 6, states[mark], theme.t1)
        return
    painter.setPen(QPen(theme.disc, 1.4))
    painter.setBrush(Qt.BrushStyle.NoBrush if mark is SiteMark.CURTAILED else theme.disc)
    circle = QRectF(centre.x() - 5.5, centre.y() - 5.5, 11, 11)
    painter.drawEllipse(circle)
    if mark is SiteMark.CURTAILED:
        painter.setBrush(theme.disc)
        painter.drawPie(circle, 180 * 16, 180 * 16)

"""The panel of what needs a look: the worst first, or one calm line. Composes; the rows come from a model."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPointF, QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QTextOption
from PySide6.QtWidgets import QWidget

from console.domain.fleet_state import FleetNow, SiteMark
from console.store.face import Event
from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_text
from console.ui.map.site_glyph import paint_site
from console.ui.models.alarms.sites import NO_ALARMS, SiteAlarms
from console.ui.models.attention import AttentionModel, attention_rows, calm_line, headline
from console.ui.models.news import NewsRow, news_rows
from console.ui.models.rows import RowModel
from console.ui.plain import set_tip
from console.ui.theme import DARK, Theme
from console.ui.widgets.attention_row import AttentionDelegate
from console.ui.widgets.news_row import ROW_PX, NewsDelegate
from console.ui.widgets.panel import Panel
from console.ui.widgets.row_list import RowList, paint_rule

CALM_PX, EVENTS_HEAD_PX = 44, 30
TWIN_HINT = "list twin of the map, F7 moves the focus here"


class AttentionPanel(Panel):
    """`site_opened` carries a site id; `site_pointed` the one under the keyboard, for the map's ring."""

    site_opened = Signal(str)
    site_pointed = Signal(str)

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__("Needs attention", theme, pad=0, foot=6, parent=parent)
        self._calm, self._normal = "", False
        self.model = AttentionModel(self)
        self.list = RowList(theme)
        self._delegate = AttentionDelegate(theme, self)
        self.list.setModel(self.model)
        self.list.setItemDelegate(self._delegate)
        self.list.setAccessibleName("sites that need attention")
        self.list.chosen.connect(self._choose)
        self.list.selectionModel().currentChanged.connect(self._point)
        self.model.modelReset.connect(self._settle)
        self.news = RowModel[NewsRow](self)
        self._news: tuple[NewsRow, ...] = ()
        self.events = RowList(theme)
        self._news_delegate = NewsDelegate(theme, self)
        self.events.setModel(self.news)
        self.events.setItemDelegate(self._news_delegate)
        self.events.setAccessibleName("latest events")
        self.events.chosen.connect(self._choose_event)
        for part in (self.list, self.events):
            part.setParent(self)
        self._place()

    def show_fleet(self, now: FleetNow, alarms: SiteAlarms = NO_ALARMS, why_no_site: str = "") -> None:
        """The fleet as of now; `alarms` by site; why no site is known, where none is."""
        self.model.set_rows(attention_rows(now, alarms))
        self._calm = "" if self.model.rows else calm_line(now, why_no_site)
        self._normal = bool(now.sites)
        self.list.setVisible(bool(self.model.rows))
        self._place()
        self.set_words("Needs attention", f"{headline(now, alarms)} · {TWIN_HINT}" if self.model.rows else "")
        set_tip(self, self._calm)
        self.update()

    def show_events(self, events: Sequence[Event], now_ms: int) -> None:
        """What happened lately, newest first; as many lines as there is room for (R12)."""
        self._news = news_rows(events, now_ms)
        self._place()

    @property
    def pointed(self) -> str | None:
        """The site of the row that the keyboard stands on."""
        index = self.list.currentIndex()
        return self.model.rows[index.row()].site_id if index.isValid() else None

    def point_at(self, site_id: str | None) -> None:
        """Stand on a site's row, where it has one."""
        for row, entry in enumerate(self.model.rows):
            if entry.site_id == site_id:
                self.list.setCurrentIndex(self.model.index(row))

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        self._delegate.theme = self._news_delegate.theme = theme
        super().set_theme(theme)

    def minimumSizeHint(self) -> QSize:
        """Title and two rows."""
        return QSize(px(300), px(120))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Rows are lower where they are wide."""
        super().resizeEvent(event)
        self.list.scheduleDelayedItemsLayout()

    def _place(self) -> None:
        """The sites first; events take what room is left, in whole lines."""
        if not hasattr(self, "events"):  # Qt sends a resize before this class is set up
            return
        area = self.body_area().toRect()
        rows = len(self.model.rows)
        wanted = rows * self._delegate.row_px(area.width()) if rows else px(CALM_PX)
        self.list.setGeometry(area.left(), area.top(), area.width(), min(area.height(), wanted))
        room = area.height() - wanted - px(EVENTS_HEAD_PX)
        lines = max(0, min(len(self._news), room // px(ROW_PX)))
        self.news.set_rows(self._news[:lines])
        self.events.setVisible(lines > 0)
        self.events.setGeometry(area.left(), area.top() + wanted + px(EVENTS_HEAD_PX), area.width(), lines * px(ROW_PX))
        self.update()

    def _paint_events_head(self, painter: QPainter) -> None:
        top = float(self.events.geometry().top())
        paint_rule(painter, 16, self.width() - 16, top - px(EVENTS_HEAD_PX) + 4, self._theme)
        paint_text(painter, QPointF(16, top - px(7)), "Latest events, UTC", font(Role.CAPTION), self._theme.t3)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The calm line, where there is nothing to list, and the word over the events."""
        super().paintEvent(event)
        if self.events.isVisible():
            with QPainter(self) as painter:
                self._paint_events_head(painter)
        if self._calm:
            with QPainter(self) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                middle = px(62)
                if self._normal:
                    paint_site(painter, QPointF(26, middle), px(6.5), SiteMark.NORMAL, self._theme, self._theme.bg1)
                    paint_text(painter, QPointF(48, middle + px(5)), self._calm, font(Role.BODY), self._theme.t2)
                else:
                    self._paint_why(painter, middle - px(10))

    def _paint_why(self, painter: QPainter, top: float) -> None:
        """A reason may hold a path: in as many lines as it needs."""
        painter.setFont(font(Role.BODY))
        painter.setPen(self._theme.t2)
        lines = QTextOption()
        lines.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        painter.drawText(QRectF(16, top, self.width() - 32, self.height() - top), self._calm, lines)

    def _choose(self, index: QModelIndex) -> None:
        self.site_opened.emit(self.model.rows[index.row()].site_id)

    def _choose_event(self, index: QModelIndex) -> None:
        site_id = self.news.rows[index.row()].site_id
        if site_id:
            self.site_opened.emit(site_id)

    def _point(self, index: QModelIndex, _before: QModelIndex) -> None:
        if index.isValid() and self.list.hasFocus():
            self.site_pointed.emit(self.model.rows[index.row()].site_id)

    def _settle(self) -> None:
        """A row is always current, so that the keyboard never lands on nothing."""
        if self.model.rows:
            self.list.setCurrentIndex(self.model.index(0))

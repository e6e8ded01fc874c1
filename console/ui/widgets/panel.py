"""A panel: its ground, a title line, and room for one body; knows nothing of what is in it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_elided, text_width
from console.ui.theme import DARK, Theme, apply_theme

RADIUS_PX, PAD_PX, TITLE_PX, GAP_PX = 4, 16, 40, 10


class Panel(QWidget):
    """`title` in bold, `subtitle` beside it, `note` at the right; the body fills what is left inside `pad`."""

    def __init__(
        self, title: str, theme: Theme = DARK, *, pad: int = PAD_PX, foot: int = PAD_PX, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme, self._pad, self._foot = theme, pad, foot
        self._title, self._subtitle, self._note = title, "", ""
        self._note_tone = "t3"
        self._body: QWidget | None = None
        self.setAccessibleName(title)

    def set_body(self, body: QWidget) -> None:
        """The one widget inside."""
        self._body = body
        body.setParent(self)
        self._place()

    def set_words(self, title: str, subtitle: str = "", note: str = "", note_tone: str = "t3") -> None:
        """Other words in the title line; `note_tone` names a token."""
        self._title, self._subtitle, self._note, self._note_tone = title, subtitle, note, note_tone
        self.setAccessibleName(title)
        self.setAccessibleDescription(", ".join(part for part in (subtitle, note) if part))
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme, the body too."""
        self._theme = theme
        apply_theme(self, theme)
        self._place()
        self.update()

    def body_area(self) -> QRectF:
        """Where the body stands."""
        top = px(TITLE_PX)
        return QRectF(self._pad, top, self.width() - 2 * self._pad, self.height() - top - self._foot)

    def title_room(self) -> float:
        """The x where the title line's words end: painted legends may start there."""
        left = PAD_PX + text_width(font(Role.BODY_BOLD), self._title) + GAP_PX
        return left + text_width(font(Role.CAPTION), self._subtitle) + GAP_PX

    def sizeHint(self) -> QSize:
        """Title and body."""
        inner = self._body.sizeHint() if self._body is not None else QSize(200, 100)
        return QSize(inner.width() + 2 * self._pad, inner.height() + px(TITLE_PX) + self._foot)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The body follows."""
        self._place()

    def _place(self) -> None:
        if self._body is not None:
            self._body.setGeometry(self.body_area().toRect())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground and title line."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.bg1)
            painter.drawRoundedRect(QRectF(self.rect()), RADIUS_PX, RADIUS_PX)
            self.paint_title(painter)

    def paint_title(self, painter: QPainter) -> None:
        """Title, subtitle and note on one line; the subtitle is cut first."""
        theme, bold, caption = self._theme, font(Role.BODY_BOLD), font(Role.CAPTION)
        top, height, right = px(11), px(18), self.width() - PAD_PX
        note_width = min(text_width(caption, self._note), self.width() / 2)
        note = QRectF(right - note_width, top, note_width, height)
        paint_elided(painter, note, self._note, caption, getattr(theme, self._note_tone))
        right -= note_width + GAP_PX
        title_width = min(text_width(bold, self._title), right - PAD_PX)
        paint_elided(painter, QRectF(PAD_PX, top, title_width, height), self._title, bold, theme.t1)
        left = PAD_PX + title_width + GAP_PX
        if right - left > 30:
            paint_elided(painter, QRectF(left, top, right - left, height), self._subtitle, caption, theme.t2)

"""The manual, shown inside the program; it opens no file but its own and no address at all."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import QFrame, QTextBrowser, QWidget

from console.ui.assets import asset
from console.ui.dialogs.sheet import Sheet
from console.ui.fonts import Role, font, px
from console.ui.theme import Theme

WIDTH, HEIGHT, LEAST_MARGIN = 860, 760, 48


class LocalBrowser(QTextBrowser):
    """A browser that loads nothing: whatever a document names stays unread."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Manual")
        self.setFont(font(Role.BODY))
        self.document().setDocumentMargin(0)
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, theme.bg1)
        palette.setColor(QPalette.ColorRole.Text, theme.t1)
        self.setPalette(palette)

    def loadResource(self, _kind: int, _name: QUrl) -> Any:
        """Nothing."""
        return None


class Manual(Sheet):
    """`resources/manual/manual.md` as a page; Escape or `?` closes it."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__("Manual", theme, parent)
        browser = LocalBrowser(theme, self)
        text = asset("manual", "manual.md").read_text(encoding="utf-8")
        browser.setMarkdown(text.partition("\n")[2])  # its first heading is the title of this sheet
        self.column.addWidget(browser, 1)
        self.resize(min(px(WIDTH), parent.width() - LEAST_MARGIN), min(px(HEIGHT), parent.height() - LEAST_MARGIN))
        browser.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The key that opened it closes it."""
        if event.text() == "?":
            self.reject()
            return
        super().keyPressEvent(event)

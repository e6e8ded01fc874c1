"""What the large dialogs of a command have in common: edge and ground, window-modal, and an Enter that does nothing."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from console.ui.keys import ENTER
from console.ui.models.commands.live import CommandPage, LiveCommands
from console.ui.models.commands.preview import source_words
from console.ui.models.commands.words import risk_words, second_asked, title
from console.ui.theme import Theme
from console.ui.widgets.commands.head import CommandHead
from console.ui.widgets.commands.preview import PreviewPane
from console.ui.widgets.expiry_bar import ExpiryBar


class LargeSheet(QDialog):
    """Head, what it would do, and how long that holds; the rest stands beneath in `column`."""

    def __init__(self, commands: LiveCommands, page: CommandPage, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._commands, self._page, self._theme, self._id = commands, page, theme, page.record.id
        self._over = False
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setPalette(theme.palette())
        self.head, self.pane, self.expiry = CommandHead(theme), PreviewPane(theme), ExpiryBar(theme)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(1, 1, 1, 1)
        self.column.setSpacing(0)
        self.column.addWidget(self.head)
        self.column.addWidget(self.pane, 1)

    @property
    def names(self) -> dict[str, str]:
        """The sites' names by id."""
        return self._commands.live.now.fleet.site_names()

    def show_head(self, gesture: str = "") -> None:
        """Title, for whom and why, the source of the figures, and what is at stake."""
        preview, record = self._page.preview, self._page.record
        if preview is None:
            return
        command, words = preview.command, title(preview.command, self.names)
        risk = risk_words(preview.risk, len(preview.targets), second_asked(record))
        why = f"{command.selector.title} · reason: {command.reason}".removeprefix(" · ")
        self.setWindowTitle(words)
        self.head.show_words(words, why, source_words(preview), preview.risk, (risk[0], gesture or risk[1]))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter does nothing, whatever has the focus."""
        if event.key() not in ENTER:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground and edge."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self._theme.bg2)
            painter.setPen(QPen(self._theme.edge, 1))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

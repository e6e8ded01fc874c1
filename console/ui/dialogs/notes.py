"""The notes of a site, a container or a machine over the window (Ctrl+N); Escape closes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QWidget

from console.ui.dialogs.sheet import Sheet
from console.ui.fonts import Role, px
from console.ui.models.live import LiveFleet
from console.ui.plain import PlainLabel
from console.ui.theme import Theme
from console.ui.views.notes_body import NotesBody

SIZE, LEAST_MARGIN = (640, 620), 48


class NotesSheet(Sheet):
    """`place` is a place's key and `name` how it is called; a machine has its `number` too."""

    def __init__(self, live: LiveFleet, place: str, name: str, number: str, theme: Theme, parent: QWidget) -> None:
        super().__init__("Notes", theme, parent)
        self.about = PlainLabel(name, Role.BODY, "t2", elide=True, theme=theme)
        self.body = NotesBody(live, theme)
        self._name = name
        self.column.setSpacing(8)
        self.column.addWidget(self.about)
        self.column.addWidget(self.body, 1)
        self.body.said.connect(lambda words: self.about.show_text(" · ".join((name, words)) if words else name))
        self.body.left.connect(self.reject)
        self.body.open(place, name, number)
        window = parent.window()
        self.resize(min(px(SIZE[0]), window.width() - LEAST_MARGIN), min(px(SIZE[1]), window.height() - LEAST_MARGIN))
        self.body.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Nothing is read for it any more."""
        self.body.rest()
        super().closeEvent(event)

"""The shift handover as a page: read it, save it, hand it over. It opens nothing and knows no alarm."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from console.ui.dialogs.manual import LEAST_MARGIN, LocalBrowser, set_type
from console.ui.dialogs.sheet import Sheet
from console.ui.fonts import Role, px
from console.ui.plain import PlainLabel
from console.ui.theme import Theme
from console.ui.widgets.press_button import Look, PressButton

WIDTH, HEIGHT = 1040, 760


class HandoverSheet(Sheet):
    """`page` is Markdown under one heading. `save` writes it and returns where; it raises OSError where it cannot."""

    def __init__(self, page: str, save: Callable[[str], Path], theme: Theme, parent: QWidget) -> None:
        heading, _, text = page.partition("\n")
        super().__init__(heading.removeprefix("# "), theme, parent)
        self._page, self._save = page, save
        self.browser = LocalBrowser(theme, self)
        self.browser.setAccessibleName("shift handover")
        self.browser.setMarkdown(text)
        set_type(self.browser.document(), theme)
        self.save = PressButton("Save", Look.FILLED, name="save the handover", theme=theme)
        self.close_button = PressButton("Close", hint="Esc", name="close", theme=theme)
        self.words = PlainLabel("", Role.CAPTION, "t2", elide=True, theme=theme)
        self.column.addWidget(self.browser, 1)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.save)
        row.addWidget(self.close_button)
        row.addWidget(self.words, 1)
        self.column.addLayout(row)
        self.save.clicked.connect(self._keep)
        self.close_button.clicked.connect(self.reject)
        self.resize(min(px(WIDTH), parent.width() - LEAST_MARGIN), min(px(HEIGHT), parent.height() - LEAST_MARGIN))
        self.browser.setFocus(Qt.FocusReason.OtherFocusReason)

    def _keep(self) -> None:
        try:
            self.words.show_text(f"Saved as {self._save(self._page)}")
        except OSError as error:
            self.words.show_text(f"Not saved: {error.strerror or error}")

"""The views of a window, one on top of the others; knows which of them still wear an older theme, and no view."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QWidget

from console.ui.theme import Theme


class Pages(QStackedWidget):
    """A new theme or text size is put on the view that is seen; each other one puts it on when it comes to the top.

    To dress eight views at once would hold the screen up for half a second.
    """

    def __init__(self) -> None:
        super().__init__()
        self._theme: Theme | None = None
        self._behind: set[QWidget] = set()

    def set_theme(self, theme: Theme) -> None:
        """On the view on top now, on the others later."""
        self._theme = theme
        self._behind = {self.widget(index) for index in range(self.count())}
        if self.count():
            self._dress(self.currentWidget())

    def bring_up(self, page: QWidget) -> None:
        """Show a view, dressed as the window is."""
        self._dress(page)
        self.setCurrentWidget(page)

    def take_out(self, page: QWidget) -> None:
        """It goes to a window of its own, which hands it every theme from now on."""
        self._dress(page)
        self.removeWidget(page)

    def _dress(self, page: QWidget) -> None:
        if page in self._behind:
            self._behind.remove(page)
            page.set_theme(self._theme)

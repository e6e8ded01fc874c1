"""The way back in words: World › Region › Site › Container; what can be opened again is a button."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_text, text_width
from console.ui.plain import safe_text
from console.ui.theme import DARK, Theme, apply_theme
from console.ui.widgets.press_button import Look, PressButton

HIGH_PX, BESIDE_PX = 28, 8  # a button has as much space inside
ARROW = "›"


class Crumbs(QWidget):
    """`chosen` carries the level: "world" or "site" or "all"; `notes_asked` leads to the notes of what is shown."""

    chosen = Signal(str)
    notes_asked = Signal()

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._region, self._here = "", ""
        self._arrows: list[float] = []
        self._words: list[tuple[float, str, bool]] = []
        self._world = self._button("World", "back to the world", "world")
        self._site = self._button("", "to the site", "site")
        self._all = self._button("All containers", "all containers", "all")
        self._notes = PressButton("Notes", Look.TAB, name="notes of what is shown, Ctrl+N", theme=theme, parent=self)
        self._notes.setCheckable(False)
        self._notes.set_height(HIGH_PX)
        self._notes.clicked.connect(self.notes_asked)
        self.setAccessibleName("way back")

    def _button(self, label: str, name: str, level: str) -> PressButton:
        button = PressButton(label, Look.TAB, name=name, theme=self._theme, parent=self)
        button.setCheckable(False)
        button.set_height(HIGH_PX)
        button.clicked.connect(lambda: self.chosen.emit(level))
        return button

    def show_place(self, region: str, site: str, container: str | None) -> None:
        """Where the view is; no container: all of them."""
        self._region, self._here = safe_text(region), "All containers" if container is None else safe_text(container)
        self._site.set_face(safe_text(site), "", "", f"to the site {safe_text(site)}")
        self._all.setVisible(container is not None)
        self.setAccessibleDescription(f" {ARROW} ".join(("World", self._region, safe_text(site), self._here)))
        self._place()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        self._theme = theme
        apply_theme(self, theme)
        self._place()

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(px(600), px(HIGH_PX))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """From the left."""
        self._place()

    def _place(self) -> None:
        self._arrows, self._words = [], []
        left = 0.0
        for part in (self._world, self._region, self._site, self._all, self._here):
            if part is self._all and self._all.isHidden():
                continue
            if left:
                self._arrows.append(left)
                left += text_width(font(Role.BODY), ARROW) + (0 if isinstance(part, PressButton) else BESIDE_PX)
            if isinstance(part, PressButton):
                hint = part.sizeHint()
                part.setGeometry(round(left), (self.height() - hint.height()) // 2, hint.width(), hint.height())
                left += hint.width()
            else:
                here = part is self._here
                self._words.append((left, part, here))
                left += text_width(font(Role.BODY_BOLD if here else Role.BODY), part) + BESIDE_PX
        hint = self._notes.sizeHint()
        self._notes.setGeometry(self.width() - hint.width(), (self.height() - hint.height()) // 2, *hint.toTuple())
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Arrows and words between the buttons."""
        baseline = self.height() / 2 + px(4.5)
        with QPainter(self) as painter:
            for left in self._arrows:
                paint_text(painter, QPointF(left, baseline), ARROW, font(Role.BODY), self._theme.t3)
            for left, words, here in self._words:
                role, ink = (Role.BODY_BOLD, self._theme.t1) if here else (Role.BODY, self._theme.t2)
                paint_text(painter, QPointF(left, baseline), words, font(role), ink)

"""The head over a command: its title, for whom and why, where the figures come from, and what is at stake."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from console.domain.command import Risk
from console.ui.fonts import Role, font, px
from console.ui.lettering import text_width
from console.ui.plain import PlainLabel
from console.ui.theme import DARK, Theme, apply_theme
from console.ui.widgets.risk_bars import RiskBars

PAD_PX, MOST_TITLE_PX = 24, 480


class CommandHead(QWidget):
    """Two lines at most; what does not fit is whole in the tool tip."""

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.title = PlainLabel("", Role.HEADING, elide=True, theme=theme)
        self.why = PlainLabel("", Role.BODY, "t2", elide=True, theme=theme)
        self.source = PlainLabel("", Role.CAPTION, "t3", elide=True, theme=theme)
        self.risk = PlainLabel("", Role.BODY_BOLD, theme=theme)
        self.gesture = PlainLabel("", Role.CAPTION, "t2", theme=theme)
        self.bars = RiskBars(theme)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        grid = QGridLayout(self)
        grid.setContentsMargins(px(PAD_PX), px(10), px(PAD_PX), px(10))
        grid.setHorizontalSpacing(px(24))
        grid.setVerticalSpacing(2)
        risk = QHBoxLayout()
        risk.setSpacing(px(12))
        risk.addStretch(1)
        risk.addWidget(self.risk)
        risk.addWidget(self.bars)
        grid.addWidget(self.title, 0, 0, 2, 1)
        grid.addWidget(self.why, 0, 1)
        grid.addWidget(self.source, 1, 1)
        grid.addLayout(risk, 0, 2)
        grid.addWidget(self.gesture, 1, 2, Qt.AlignmentFlag.AlignRight)
        grid.setColumnStretch(0, 5)
        grid.setColumnStretch(1, 5)

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(part.text() for part in (self.title, self.why, self.source, self.risk, self.gesture))

    def show_words(self, title: str, why: str, source: str, risk: Risk, words: tuple[str, str]) -> None:
        """Another command."""
        self.title.show_text(title)
        wanted = round(text_width(font(Role.HEADING), self.title.text())) + 4
        self.title.setMinimumWidth(min(wanted, px(MOST_TITLE_PX)))  # of all here it is cut last
        self.why.show_text(why)
        self.source.show_text(source)
        self.bars.show_risk(risk)
        self.risk.show_text(words[0])
        self.gesture.show_text(words[1])
        self.setAccessibleName(self.title.text())
        self.setAccessibleDescription(self.text)

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        self._theme = theme
        apply_theme(self, theme)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Its ground."""
        with QPainter(self) as painter:
            painter.fillRect(QRectF(self.rect()), self._theme.bg2)

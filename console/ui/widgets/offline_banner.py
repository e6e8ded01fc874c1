"""The banner over a screen on which nothing is live: cut-off, age, and why commands are off (R11)."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from console.domain.freshness import age_text
from console.ui.density import Density
from console.ui.fonts import Role, font, px
from console.ui.lettering import text_width
from console.ui.numbers import utc_minute
from console.ui.plain import safe_text, set_tip
from console.ui.theme import DARK, Theme
from console.ui.widgets.hatch import paint_hatch

HATCH_PITCH_PX, HATCH_WIDE_PX, HATCH_OPACITY, EDGE = 8.5, 3.0, 0.35, 2
SEPARATOR = "   ·   "


def banner_words(
    cutoff_ms: int | None, now_ms: int, *, asked: bool, collecting: bool, trouble: str = ""
) -> tuple[str, str, str]:
    """Headline, what it means, and what is done about it.

    `asked`: the user opened it offline; `collecting`: a collector gave a sign of life lately; `trouble`: why the store
    cannot be opened.
    """
    if cutoff_ms is None and trouble:
        headline = "Offline - nothing can be read"
        meaning = f"{safe_text(trouble)}{SEPARATOR}commands are off: no link, no read-back"
    elif cutoff_ms is None:
        headline = "Offline - nothing cached yet"
        meaning = "this store has no sample, commands are off: no link, no read-back"
    else:
        headline = f"Offline - cached to {utc_minute(cutoff_ms)} UTC"
        age = age_text((now_ms - cutoff_ms) / 1000)
        meaning = f"{age} ago{SEPARATOR}nothing below is live, commands are off: no link, no read-back"
    working = "every site is asked again at its own pace" if collecting else "no collector answers, no site is asked"
    doing = "opened with --offline, no site is asked" if asked else working
    return headline, meaning, doing


class OfflineBanner(QWidget):
    """Full width, hatched ends, in the mode's colour."""

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._margin = theme, 12
        self._words = ("", "", "")
        self.fit(Density.STANDARD, 0)
        self.hide()

    @property
    def text(self) -> str:
        """All of its words."""
        return SEPARATOR.join(self._words)

    def show_cutoff(
        self, cutoff_ms: int | None, now_ms: int, *, asked: bool, collecting: bool, trouble: str = ""
    ) -> None:
        """Say how old the newest sample is, or why there is none."""
        words = banner_words(cutoff_ms, now_ms, asked=asked, collecting=collecting, trouble=trouble)
        if words != self._words:
            self._words = words
            self.setAccessibleName(self.text)
            set_tip(self, self.text)
            self.update()

    def fit(self, density: Density, _width: int) -> None:
        """Measures of the window's width."""
        self._margin = density.value.margin
        self.setFixedHeight(px(density.value.banner))

    def set_theme(self, theme: Theme) -> None:
        """Repaint."""
        self._theme = theme
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, hatched ends, edges, words."""
        box = QRectF(self.rect())
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(box, self._theme.bg0)
            for end in (QRectF(0, 0, self._margin, box.height()), box.adjusted(box.width() - self._margin, 0, 0, 0)):
                paint_hatch(painter, end, self._theme.faded("mode", HATCH_OPACITY), HATCH_PITCH_PX, HATCH_WIDE_PX)
            painter.fillRect(QRectF(0, 0, box.width(), EDGE), self._theme.mode)
            painter.fillRect(QRectF(0, box.height() - EDGE, box.width(), EDGE), self._theme.mode)
            self._paint_words(painter)

    def _paint_words(self, painter: QPainter) -> None:
        headline, meaning, doing = self._words
        left, right = self._margin + 12, self.width() - self._margin - 12
        for text, role, colour in (
            (headline, Role.BODY_BOLD, self._theme.mode),
            (SEPARATOR + meaning, Role.BODY, self._theme.t1),
        ):
            metrics = QFontMetricsF(font(role))
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, right - left)
            painter.setFont(font(role))
            painter.setPen(colour)
            painter.drawText(QRectF(left, 0, right - left, self.height()), Qt.AlignmentFlag.AlignVCenter, shown)
            left += metrics.horizontalAdvance(shown)
        width = text_width(font(Role.CAPTION), doing)
        if right - left > width + 24:
            painter.setFont(font(Role.CAPTION))
            painter.setPen(self._theme.t2)
            box = QRectF(right - width, 0, width + 1, self.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, doing)

"""The filter line: a field with offers while typing, what was asked before, and what cannot be read just below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QStringListModel, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QCompleter, QLineEdit, QVBoxLayout, QWidget

from console.ui.fonts import Role, font, px
from console.ui.keys import ENTER, is_written
from console.ui.models.filter_line import Offer, Read, offers, read_line
from console.ui.plain import PlainLabel
from console.ui.theme import DARK, Theme, apply_theme

FIELD_PX, SETTLE_MS, RADIUS_PX = 32, 140, 3
HINT = 'model:S19XP  temp>80  rack:C07-R03  state:degraded,off  -site:us-ga-1  region:"East Africa"'
KEYS = "Ctrl+Space offers, Down: last filters"
SHOWN_STILL = "shown: the last filter that could be read"


class FilterEdit(QLineEdit):
    """The line itself; underlines what cannot be read from where it begins."""

    offers_asked = Signal()
    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme, self._wrong_from = theme, -1
        self.popup: QWidget | None = None
        self.setAccessibleName("filter")
        self.setPlaceholderText("Filter: every miner is shown")
        self.setFrame(False)
        self.setMaxLength(2000)

    def mark_wrong(self, position: int) -> None:
        """Underline from a character on; -1 for nothing."""
        self._wrong_from = position
        self.update()

    def event(self, event: QEvent) -> bool:
        """Space and the keys of the window belong to the text while it is written."""
        if is_written(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Space and Down open the offers; Escape goes back to the table."""
        key, control = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        picking = self.popup is not None and self.popup.isVisible()
        if picking and key in (*ENTER, Qt.Key.Key_Tab, Qt.Key.Key_Escape):
            event.ignore()
        elif (control and key == Qt.Key.Key_Space) or (key == Qt.Key.Key_Down and not picking):
            self.offers_asked.emit()
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The text, and a line under what cannot be read."""
        super().paintEvent(event)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self.theme.t1 if self.hasFocus() else self.theme.edge, 2 if self.hasFocus() else 1))
            inset = 1.0 if self.hasFocus() else 0.5
            painter.drawRoundedRect(self.rect().toRectF().adjusted(inset, inset, -inset, -inset), RADIUS_PX, RADIUS_PX)
            if self._wrong_from >= 0:
                self._paint_wrong(painter)

    def _paint_wrong(self, painter: QPainter) -> None:
        metrics, left = self.fontMetrics(), self.textMargins().left() + 2
        start = left + metrics.horizontalAdvance(self.text()[: self._wrong_from])
        end = max(start + metrics.horizontalAdvance("m"), left + metrics.horizontalAdvance(self.text()))
        y = self.height() - px(6)
        pen = QPen(self.theme.t1, 1.6)
        pen.setDashPattern([1.5, 1.5])
        painter.setPen(pen)
        if end < self.width():
            painter.drawLine(start, y, end, y)


class FilterField(QWidget):
    """`changed` carries each line that could be read (a Read); `kept` a line that was confirmed with Enter."""

    changed = Signal(object)
    kept = Signal(str)
    left = Signal()

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: Mapping[str, Sequence[str]] = {}
        self._last: Sequence[str] = ()
        self._offers: tuple[Offer, ...] = ()
        self._read = Read("")
        self.edit = FilterEdit(theme, self)
        self.words = PlainLabel(HINT, Role.CAPTION, "t3", elide=True, theme=theme)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.read_now)
        self._make_popup()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.edit)
        column.addWidget(self.words)
        self._connect()
        self.setFocusProxy(self.edit)
        self.set_theme(theme)

    def _make_popup(self) -> None:
        self._model = QStringListModel(self)
        self._completer = QCompleter(self._model, self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setWidget(self.edit)
        self._completer.setMaxVisibleItems(12)
        self.edit.popup = self._completer.popup()
        self.edit.popup.setAccessibleName("offers for the filter")

    def _connect(self) -> None:
        self.edit.textEdited.connect(self._edited)
        self.edit.returnPressed.connect(self._confirmed)
        self.edit.offers_asked.connect(self._offer)
        self.edit.left.connect(self.left)
        popup_index = self._completer.popup()
        self._completer.activated[str].connect(lambda _text: self._pick(popup_index.currentIndex().row()))

    @property
    def read(self) -> Read:
        """The newest line as read."""
        return self._read

    def show_line(self, text: str) -> None:
        """Write a line as if it had been typed and confirmed."""
        self.edit.setText(text)
        self._confirmed()

    def set_values(self, values: Mapping[str, Sequence[str]]) -> None:
        """The names that fields with few names can have."""
        self._values = values

    def set_last(self, last: Sequence[str]) -> None:
        """The filters used last, newest first."""
        self._last = last

    def set_theme(self, theme: Theme) -> None:
        """Tokens and the font scale."""
        self.edit.theme = theme
        self.edit.setFont(font(Role.MONO))
        self.edit.setFixedHeight(px(FIELD_PX))
        self.edit.setTextMargins(px(8), 0, px(8), 0)
        palette = theme.palette()
        palette.setColor(QPalette.ColorRole.Base, theme.bg0)
        self.edit.setPalette(palette)
        popup = self._completer.popup()
        popup.setFont(font(Role.MONO))
        popup.setStyleSheet(
            f"QListView{{background:{theme.bg3.name()};color:{theme.t1.name()};border:1px solid {theme.edge.name()};"
            f"outline:none;padding:2px}}QListView::item{{padding:4px 8px}}"
            f"QListView::item:selected{{background:{theme.t1.name()};color:{theme.paper.name()}}}"
        )
        apply_theme(self, theme)
        self._say()

    def read_now(self) -> None:
        """Read what stands there; a line that cannot be read leaves the last good filter in force, and says so."""
        self._settle.stop()
        read = read_line(self.edit.text())
        if read == self._read:
            return
        self._read = read
        self.edit.mark_wrong(read.position if read.problem else -1)
        self._say()
        if not read.problem:
            self.changed.emit(read)

    def _say(self) -> None:
        theme = self.edit.theme
        if self._read.problem:
            self.words.set_tone("t1", theme)
            self.words.show_text(f"{self._read.problem} · {SHOWN_STILL}")
        else:
            self.words.set_tone("t3", theme)
            self.words.show_text(f"{HINT}   ·   {KEYS}")
        self.edit.setAccessibleDescription(self._read.problem or HINT)

    def _edited(self, text: str) -> None:
        self._settle.start()
        if text.strip() and not text.endswith(" "):  # after a finished clause Enter means the filter, not an offer
            self._offer()
        else:
            self._completer.popup().hide()

    def _confirmed(self) -> None:
        self._completer.popup().hide()
        self.read_now()
        if not self._read.problem:
            self.kept.emit(self._read.text)

    def _offer(self) -> None:
        """What could stand where the line ends; nothing while the cursor is inside it."""
        text = self.edit.text()
        at_end = self.edit.cursorPosition() == len(text)
        self._offers = offers(text, self._values, self._last) if at_end else ()
        self._model.setStringList([f"{offer.word}   {offer.meaning}".rstrip() for offer in self._offers])
        if self._offers:
            self._completer.complete()
        else:
            self._completer.popup().hide()

    def _pick(self, number: int) -> None:
        if 0 <= number < len(self._offers):
            offer = self._offers[number]
            self.edit.setText(offer.text)
            self._settle.start()
            if offer.text.endswith(":"):
                QTimer.singleShot(0, self._offer)

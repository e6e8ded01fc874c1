"""The one button of the bars: label, key hint, icon, focus ring, and the reason when it is off."""

from __future__ import annotations

import enum
from functools import lru_cache

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from console.ui.fonts import Role, font, font_scale, px
from console.ui.icons import paint_icon
from console.ui.keys import ENTER
from console.ui.lettering import text_width
from console.ui.plain import set_tip
from console.ui.theme import DARK, Theme

PADDING, LOW_PADDING, LOW, ICON, SPACE, RADIUS, RING = 12, 8, 32, 14, 8, 3, 2
LEAST_TARGET = 24
ACTION, ONE_OF_SEVERAL = (Role.BODY_MEDIUM,), (Role.BODY, Role.BODY_BOLD)  # as it is, and when it is chosen


class Look(enum.Enum):
    """How it stands out: an outlined action, a filled one, a tab, or one of several choices."""

    OUTLINE = enum.auto()
    FILLED = enum.auto()
    TAB = enum.auto()
    CHOICE = enum.auto()


class PressButton(QAbstractButton):
    """A painted button. A mouse press leaves the keyboard focus where it was, so that Space stays Freeze."""

    def __init__(
        self,
        label: str,
        look: Look = Look.OUTLINE,
        *,
        hint: str = "",
        icon: str = "",
        name: str = "",
        theme: Theme = DARK,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setText(label)
        self._look, self._hint, self._icon, self._theme, self._height = look, hint, icon, theme, 32
        self._tip, self._hint_shown = "", True
        self.setCheckable(look in (Look.TAB, Look.CHOICE))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name or label)

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme or scale."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def set_height(self, height: int) -> None:
        """The bar decides how high its buttons are."""
        self._height = height
        self.updateGeometry()

    def set_face(self, label: str, hint: str, icon: str, name: str) -> None:
        """Show another action."""
        self.setText(label)
        self._hint, self._icon = hint, icon
        self.setAccessibleName(name)
        self.updateGeometry()
        self.update()

    def show_hint(self, shown: bool) -> None:
        """With or without its key beside the label, as the bar has room."""
        self._hint_shown = shown
        self.updateGeometry()
        self.update()

    def switch(self, on: bool, reason: str = "") -> None:
        """Enable it, or disable it and say why."""
        self.setEnabled(on)
        set_tip(self, self._tip if on else reason)
        self.setAccessibleDescription("" if on else reason)

    def explain(self, tip: str) -> None:
        """What it does, while it is on."""
        self._tip = tip
        set_tip(self, tip)

    def sizeHint(self) -> QSize:
        """As wide as its parts, never smaller than a target may be."""
        parts = self._parts()
        width = 2 * (PADDING if self._height >= LOW else LOW_PADDING) + sum(width for _, width in parts)
        width += SPACE * (len(parts) - 1)
        return QSize(max(round(width), px(self._height)), max(LEAST_TARGET, px(self._height)))

    def minimumSizeHint(self) -> QSize:
        """It never shrinks: a clipped action is a wrong one."""
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it as Space does."""
        if event.key() in ENTER:
            self.click()
            return
        super().keyPressEvent(event)

    def _parts(self) -> tuple[tuple[str, float], ...]:
        hint = self._hint if self._hint_shown else ""
        return _parts_of(self._icon, self.text(), self._roles(), hint, font_scale())

    def _roles(self) -> tuple[Role, ...]:
        return ONE_OF_SEVERAL if self.isCheckable() else ACTION

    def _label_colour(self) -> QColor:
        if not self.isEnabled():
            return self._theme.t3
        return self._theme.t2 if self.isCheckable() and not self.isChecked() else self._theme.t1

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, parts, ring."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_ground(painter)
            self._paint_parts(painter)
            if self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(self._theme.t1, RING))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS, RADIUS)

    def _paint_ground(self, painter: QPainter) -> None:
        box = QRectF(self.rect())
        filled = self._look is Look.FILLED or self.isChecked() or self.isDown()
        painter.setPen(Qt.PenStyle.NoPen)
        if filled:
            painter.setBrush(self._theme.bg3)
            painter.drawRoundedRect(box, RADIUS, RADIUS)
        elif self.underMouse() and self.isEnabled():
            painter.setBrush(self._theme.bg2)
            painter.drawRoundedRect(box, RADIUS, RADIUS)
        if self._look is Look.CHOICE and self.isChecked():
            painter.fillRect(QRectF(0, box.height() - 2, box.width(), 2), self._theme.t1)
        if self._look is Look.OUTLINE:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.line2 if self.isEnabled() else self._theme.line, 1))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)

    def _paint_parts(self, painter: QPainter) -> None:
        parts = self._parts()
        used = sum(width for _, width in parts) + SPACE * (len(parts) - 1)
        left = (self.width() - used) / 2
        for part, width in parts:
            box = QRectF(left, 0, width, self.height())
            if part == "icon":
                side = px(ICON)
                paint_icon(
                    painter, self._icon, QRectF(left, (self.height() - side) / 2, side, side), self._label_colour()
                )
            else:
                role = Role.CAPTION if part == "hint" else self._roles()[-1 if self.isChecked() else 0]
                painter.setFont(font(role))
                painter.setPen(self._theme.t3 if part == "hint" else self._label_colour())
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._hint if part == "hint" else self.text())
            left += width + SPACE


@lru_cache(maxsize=512)
def _parts_of(
    icon: str, label: str, roles: tuple[Role, ...], hint: str, _scale: float
) -> tuple[tuple[str, float], ...]:
    """The visible parts of a button from left to right with their widths; a choice is as wide when it is bold.

    Kept, because a bar asks several times a button whenever the window changes its size.
    """
    parts: list[tuple[str, float]] = []
    if icon:
        parts.append(("icon", px(ICON)))
    if label:
        parts.append(("label", max(text_width(font(role), label) for role in roles)))
    if hint:
        parts.append(("hint", text_width(font(Role.CAPTION), hint)))
    return tuple(parts)

"""The line above the alarm list: sections with their counts, history, grouping and the filter."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QWidget

from console.ui.fonts import px
from console.ui.models.alarms.rows import SECTIONS
from console.ui.theme import DARK, Theme, apply_theme
from console.ui.widgets.press_button import Look, PressButton
from console.ui.widgets.text_fields import TextField

HISTORY, PERFORMANCE = "History", "Performance"
BUTTON_PX, GAP_PX, PAD_PX, FILTER_PX, LINE_PX, TOOL_GAP_PX = 30, 4, 12, 210, 36, 8
SHORT = {"Suppressed by design": "By design"}


class AlarmsHead(QWidget):
    """`section_asked` carries a tab's name, `group_asked` whether to group by site and cause."""

    section_asked = Signal(str)
    group_asked = Signal(bool)
    sound_asked = Signal()
    handover_asked = Signal()

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: Mapping[str, int] = {}
        self._buttons = {}
        self._tabs = QButtonGroup(self)
        for name in (*(name for name, _, _ in SECTIONS), HISTORY, PERFORMANCE):
            button = PressButton(SHORT.get(name, name), Look.CHOICE, name=f"tab {name}", theme=theme, parent=self)
            button.set_height(BUTTON_PX)
            button.clicked.connect(lambda _checked=False, name=name: self.section_asked.emit(name))
            self._tabs.addButton(button)
            self._buttons[name] = button
        self.group = PressButton("Group", hint="G", name="group by site and cause", theme=theme, parent=self)
        self.group.setCheckable(True)
        self.group.explain("Group by site and cause; on by itself in a flood")
        self.group.clicked.connect(self.group_asked)
        self.sound = PressButton("Sound…", hint="S", name="sound of this desk", theme=theme, parent=self)
        self.sound.explain("Test the tones, set the reminder")
        self.sound.clicked.connect(self.sound_asked)
        self.handover = PressButton("Handover…", name="shift handover", theme=theme, parent=self)
        self.handover.explain("Who acted, what stands, what is parked and why: the last 8 h as a page")
        self.handover.clicked.connect(self.handover_asked)
        self._tools = (self.handover, self.sound, self.group)
        for tool in self._tools:
            tool.set_height(BUTTON_PX)
        self.filter = TextField("filter", "Filter site, tag, text  /", theme, self)
        self._buttons[SECTIONS[0][0]].setChecked(True)
        self.setAccessibleName("alarm sections")

    def show_section(self, name: str) -> None:
        """Mark a tab without opening it; the first for an empty name."""
        self._buttons[name or SECTIONS[0][0]].setChecked(True)

    def show_tools(self, *, group: bool, filtered: bool) -> None:
        """What the page in sight can be grouped and filtered by."""
        self.group.setVisible(group)
        self.filter.setVisible(filtered)
        self._place()

    def show_counts(self, counts: Mapping[str, int], grouped: bool) -> None:
        """How many stand in each section."""
        self.group.setChecked(grouped)
        if counts == self._counts:
            return
        self._counts = counts
        for name, count in counts.items():
            self._buttons[name].set_face(SHORT.get(name, name), f"{count}", "", f"tab {name}, {count}")
        self._place()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme or scale."""
        apply_theme(self, theme)
        self.updateGeometry()
        self._place()

    def sizeHint(self) -> QSize:
        """One line, or two where the tabs need one for themselves."""
        return QSize(px(600), px(LINE_PX) * self._lines())

    def minimumSizeHint(self) -> QSize:
        """It never loses a line."""
        return QSize(px(300), self.sizeHint().height())

    def _tabs_px(self) -> int:
        return sum(button.sizeHint().width() + GAP_PX for button in self._buttons.values()) + PAD_PX

    def _tools_px(self) -> int:
        return sum(tool.sizeHint().width() + TOOL_GAP_PX for tool in self._tools) + px(FILTER_PX) + 3 * PAD_PX

    def _lines(self) -> int:
        return 1 if self._tabs_px() + self._tools_px() <= self.width() else 2

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Tabs from the left, tools at the right, beneath where there is no room."""
        self._place()

    def _place(self) -> None:
        left, lines = PAD_PX, self._lines()
        for button in self._buttons.values():
            hint = button.sizeHint()
            button.setGeometry(left, (px(LINE_PX) - hint.height()) // 2, hint.width(), hint.height())
            left += hint.width() + GAP_PX
        top, right = px(LINE_PX) * (lines - 1), self.width() - PAD_PX
        field = self.filter.height()
        self.filter.setGeometry(right - px(FILTER_PX), top + (px(LINE_PX) - field) // 2, px(FILTER_PX), field)
        right -= 0 if self.filter.isHidden() else px(FILTER_PX) + PAD_PX
        for tool in reversed([tool for tool in self._tools if not tool.isHidden()]):
            hint = tool.sizeHint()
            right -= hint.width()
            tool.setGeometry(right, top + (px(LINE_PX) - hint.height()) // 2, hint.width(), hint.height())
            right -= TOOL_GAP_PX
        self.updateGeometry()

"""The guidance of one alarm: how bad, since when, why, what happens if nothing is done, what to do (R21).

Knows an alarm, its rule and words; asks nothing of anybody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from console.domain.alarm import Alarm
from console.domain.alarm_rule import Rule
from console.ui.fonts import Role, px
from console.ui.models.alarms.words import (
    STATE_WORDS,
    URGENCY,
    age_of,
    headline,
    limit_text,
    place_name,
    value_text,
)
from console.ui.numbers import NO_VALUE, utc_time
from console.ui.plain import PlainLabel, wrapped_label
from console.ui.theme import DARK, Theme, apply_theme, slim_scroll_bars
from console.ui.widgets.alarms.curve import AlarmCurve
from console.ui.widgets.alarms.symbol import AlarmSymbol, form_of
from console.ui.widgets.numbered_steps import NumberedSteps

CURVE_PLACE = 2  # after head and figures
RESPONSE = "Response"
PARTS = ("Likely cause", "If nothing is done", RESPONSE, "Grouped beneath", "More guidance", "Recorded")
NOTHING = "No alarm is selected"


class Body(QWidget):
    """As high as its words at its width, and no higher."""

    def minimumSizeHint(self) -> QSize:
        """Its height is told by its width alone."""
        return QSize(px(200), px(60))


class GuidanceText(QScrollArea):
    """Everything there is to read; the actions stand beneath it, so that they never scroll away."""

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("guidance")
        slim_scroll_bars(self, theme)
        self.symbol, self.curve = AlarmSymbol(28, theme), AlarmCurve(theme)
        self._title = wrapped_label("", Role.BODY_BOLD, "t1", theme)
        self._where = wrapped_label("", Role.CAPTION, "t2", theme)
        self._value = PlainLabel("", Role.VALUE1, theme=theme)
        self._limits = wrapped_label("", Role.CAPTION, "t2", theme)
        self._parts = {name: (PlainLabel(name, Role.BODY_BOLD, theme=theme), _room_for(name, theme)) for name in PARTS}
        self.setWidget(self._body())
        self.viewport().setAutoFillBackground(False)
        self.widget().setAutoFillBackground(False)

    def _body(self) -> QWidget:
        body = Body()
        column = QVBoxLayout(body)
        column.setContentsMargins(16, 12, 16, 8)
        column.setSpacing(6)
        head, words = QHBoxLayout(), QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._where)
        head.addWidget(self.symbol, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        column.addLayout(head)
        figures = QHBoxLayout()
        figures.setSpacing(16)
        figures.addWidget(self._value)
        figures.addWidget(self._limits, 1)
        column.addLayout(figures)
        column.addWidget(self.curve)
        self._column = column
        for name, text in self._parts.values():
            column.addSpacing(4)
            column.addWidget(name)
            column.addWidget(text)
        column.addStretch(1)
        return body

    def put_curve_last(self, last: bool) -> None:
        """Where there is little height, what to do comes before the curve."""
        self._column.removeWidget(self.curve)
        self._column.insertWidget(self._column.count() - 1 if last else CURVE_PLACE, self.curve)

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        self._theme = theme
        slim_scroll_bars(self, theme)
        apply_theme(self.widget(), theme)

    @property
    def text(self) -> str:
        """All that is said."""
        parts = [part.text() for pair in self._parts.values() for part in pair if not part.isHidden()]
        head = [label.text() for label in (self._title, self._where, self._value, self._limits)]
        return "\n".join(part for part in (*head, *parts) if part)

    def show_nothing(self) -> None:
        """No alarm is under the keyboard."""
        self.symbol.hide()
        self.curve.hide()
        self._title.show_text(NOTHING)
        for label in (self._where, self._value, self._limits):
            label.show_text("")
        for name in self._parts:
            self._say(name, "")

    def show_alarm(
        self, alarm: Alarm, rule: Rule | None, children: Sequence[Alarm], sites: Mapping[str, str], now_ms: int
    ) -> None:
        """One alarm; `children` are those that it explains."""
        rules = {rule.id: rule} if rule else {}
        self.symbol.show()
        self.symbol.show_alarm(alarm.priority, form_of(alarm.state))
        self._title.show_text(headline(alarm, rules))
        urgency = f"{alarm.priority.name}, {URGENCY[alarm.priority]}"
        self._where.show_text(f"{place_name(alarm.place, sites)} · {STATE_WORDS[alarm.state]} · {urgency}")
        value, limit = value_text(rule, alarm.value), limit_text(rule, alarm.limit)
        self._value.show_text("" if value == NO_VALUE else value)
        self._value.setVisible(value != NO_VALUE)
        since = f"since {utc_time(alarm.occurred_ms)} UTC, {age_of(alarm.occurred_ms, now_ms)}"
        self._limits.show_text(since if limit == NO_VALUE else f"when it began; limit {limit}\n{since}")
        self._say("Likely cause", rule.cause if rule else "The rule of this alarm is gone")
        self._say("If nothing is done", rule.consequence if rule else "")
        self._say(RESPONSE, "\n".join(" ".join(step.split()) for step in rule.response) if rule else "")
        self._say("Grouped beneath", _children_text(children, sites))
        self._say("More guidance", _without_marks(rule.guidance_text) if rule else "")
        self._say("Recorded", _record(alarm))

    def _say(self, part: str, words: str) -> None:
        name, text = self._parts[part]
        text.show_text(words)
        name.setVisible(bool(words))
        text.setVisible(bool(words))


def _room_for(part: str, theme: Theme) -> PlainLabel | NumberedSteps:
    return NumberedSteps(theme) if part == RESPONSE else wrapped_label("", Role.BODY, "t2", theme)


def _children_text(children: Sequence[Alarm], sites: Mapping[str, str]) -> str:
    """How many, the first of them in time, and which rules: `3: 3 container-dead; first Oman 4 C01 14:30:07`."""
    if not children:
        return ""
    first = min(children, key=lambda one: (one.occurred_ms or 0, one.key))
    rules = ", ".join(f"{count} {rule}" for rule, count in Counter(one.rule for one in children).most_common(4))
    return f"{len(children)}: {rules}\nfirst out: {place_name(first.place, sites)} at {utc_time(first.occurred_ms)} UTC"


def _record(alarm: Alarm) -> str:
    """Who did what to it, and when."""
    if not alarm.acknowledged_by:
        return ""
    verb = "Shelved" if alarm.shelved_until_ms else "Acknowledged"
    words = f"{verb} by {alarm.acknowledged_by} at {utc_time(alarm.acknowledged_ms)} UTC"
    return ": ".join(part for part in (words, alarm.shelf_reason or alarm.note) if part)


def _without_marks(text: str) -> str:
    """The paragraphs of a guidance file as plain words: no heading, no marks of bold or code."""
    lines = [line.strip() for line in text.replace("**", "").replace("`", "").splitlines() if not line.startswith("#")]
    paragraphs = "\n".join(lines).strip().split("\n\n")
    return "\n\n".join(" ".join(paragraph.split("\n")) for paragraph in paragraphs)

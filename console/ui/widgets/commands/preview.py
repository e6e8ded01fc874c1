"""What a command would do, as its dialog, its second person and its page show it: one pane, so that they are the same.

Knows a preview and its batches; asks nothing and starts nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QScrollArea, QVBoxLayout, QWidget

from console.domain.command import Check, Preview, Skipped
from console.domain.command_journal import Batch
from console.domain.fleet_state import FleetNow
from console.ui.fonts import Role, px
from console.ui.models.commands.preview import batch_words, effects, failure_rules, moves_power, steps, target_rows
from console.ui.numbers import counted, integer
from console.ui.plain import PlainLabel
from console.ui.theme import DARK, Theme, apply_theme, slim_scroll_bars
from console.ui.widgets.batch_plot import BatchPlot
from console.ui.widgets.commands.effects import CommandEffects
from console.ui.widgets.commands.targets import TargetTable
from console.ui.widgets.note_lines import Note, NoteLines

PAD_PX, SIDE_BY_SIDE_PX = 24, 900
SKIPPED_MARK, PASSED_MARK, FAILED_MARK = "⊖", "✓", "✕"
NO_BATCHES = "It is sent at once."
SIMULATED = "SIMULATED: no real machine is commanded"


class PreviewPane(QScrollArea):
    """Targets, skipped and checks at the left; batches, failures and the people at the right, beneath when narrow."""

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._ringed = theme, False
        self.effects = CommandEffects(theme)
        self.targets = TargetTable(theme)
        self.skipped = NoteLines("skipped, not commanded", theme)
        self.checks = NoteLines("checks", theme)
        self.plot = BatchPlot(theme)
        self.failures = NoteLines("if a batch fails", theme)
        self.people = NoteLines("who and where", theme)
        self._heads: dict[str, PlainLabel] = {}
        self._subs: dict[str, PlainLabel] = {}
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("what it would do")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.viewport().setAutoFillBackground(False)
        slim_scroll_bars(self, theme)
        self._lay_out(theme)

    def _lay_out(self, theme: Theme) -> None:
        inside = QWidget()
        inside.setAutoFillBackground(False)
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.effects)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        rows.addLayout(self._box, 1)
        self._box.setContentsMargins(px(PAD_PX), px(10), px(PAD_PX), px(10))
        self._box.setSpacing(px(40))
        left, right = QVBoxLayout(), QVBoxLayout()
        for column, parts in (
            (left, (("Targets", self.targets), ("Skipped, not commanded", self.skipped), ("Checks", self.checks))),
            (right, (("Batches", self.plot), ("If a batch fails", self.failures), ("Who and where", self.people))),
        ):
            column.setSpacing(px(4))
            for name, part in parts:
                self._add_head(column, name, theme)
                column.addWidget(part)
                column.addSpacing(px(8))
            column.addStretch(1)
        self._box.addLayout(left, 3)
        self._box.addLayout(right, 2)
        self.setWidget(inside)
        inside.setAutoFillBackground(False)  # Qt fills what it scrolls

    def _add_head(self, column: QVBoxLayout, name: str, theme: Theme) -> None:
        line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        line.setSpacing(px(12))
        self._heads[name] = PlainLabel(name, Role.BODY_BOLD, theme=theme)
        self._subs[name] = PlainLabel("", Role.CAPTION, "t2", elide=True, theme=theme)
        line.addWidget(self._heads[name])
        line.addWidget(self._subs[name], 1)
        column.addLayout(line)

    @property
    def text(self) -> str:
        """All words of it, for tests and a screen reader."""
        rows = [row.sentence() for row in self.targets.model.rows]
        subs = [f"{head.text()} {self._subs[name].text()}" for name, head in self._heads.items()]
        return "\n".join(
            [self.effects.text, *subs, *rows, self.skipped.text, self.checks.text, self.failures.text, self.people.text]
        )

    def show_preview(
        self, preview: Preview, batches: Sequence[Batch], now: FleetNow, people: Sequence[str], past: bool = False
    ) -> None:
        """Another preview; one that is past says nothing of the fleet and the links of now."""
        rules, then = now.fleet.command_rules, None if past else now
        self.effects.show_effects(effects(preview, then))
        count = len(preview.targets)
        self._heads["Targets"].show_text(f"Targets, {count}")
        self._subs["Targets"].show_text("each by name, its power before and as asked")
        self.targets.show_rows(target_rows(preview, batches, then))
        self.skipped.show_notes(
            [Note(SKIPPED_MARK, one.name, _left_out(one)) for one in preview.skipped]
            or [Note("", "", "nothing is left out")]
        )
        self._subs["Skipped, not commanded"].show_text(_skipped_words(preview))
        self.checks.show_notes(check_notes(preview.checks))
        failed = sum(not check.passed for check in preview.checks)
        self._subs["Checks"].show_text(f"{failed} failed: nothing can be sent" if failed else "all passed")
        self._heads["Batches"].show_text(f"Batches, {len(batches)}" if batches else "Batches")
        self._subs["Batches"].show_text(batch_words(batches, rules) if batches else NO_BATCHES)
        self.plot.show_steps(steps(preview, batches, now.fleet) if moves_power(preview) and batches else None)
        self.failures.show_notes([Note("", "", line) for line in failure_rules(rules)])
        marked = [Note("", "", SIMULATED, strong=True)] if now.fleet.simulated else []
        self.people.show_notes([*marked, *(Note("", "", line) for line in people)])

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        self._theme = theme
        slim_scroll_bars(self, theme)
        apply_theme(self.widget(), theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Beside each other, or one beneath the other."""
        super().resizeEvent(event)
        direction = QBoxLayout.Direction
        wide = self.width() >= px(SIDE_BY_SIDE_PX)
        self._box.setDirection(direction.LeftToRight if wide else direction.TopToBottom)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The ring is for whoever walks by keys; a dialog that opens puts the focus here and shows none."""
        self._ringed = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Elsewhere."""
        super().focusOutEvent(event)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground, the line between left and right, and the ring of whoever came here by Tab."""
        with QPainter(self.viewport()) as painter:
            painter.fillRect(self.viewport().rect(), self._theme.bg1)
            if self._box.direction() is QBoxLayout.Direction.LeftToRight:
                x = self._box.itemAt(1).geometry().left() - px(20)
                top = self.effects.height() - self.verticalScrollBar().value()
                painter.fillRect(x, top, 1, self.viewport().height(), self._theme.line)
            if self._ringed and self.hasFocus():
                painter.setPen(QPen(self._theme.t1, 2))
                painter.drawRect(self.viewport().rect().adjusted(1, 1, -2, -2))
        super().paintEvent(event)


def _left_out(one: Skipped) -> str:
    word = "miner" if one.count == 1 else "miners"
    return f"{integer(one.count)} {word}: {one.reason}" if one.count else one.reason


def _skipped_words(preview: Preview) -> str:
    if not preview.skipped:
        return ""
    machines = sum(one.count for one in preview.skipped)
    return f"{integer(machines)} miners" if machines else counted(len(preview.skipped), "site")


def check_notes(checks: Sequence[Check]) -> list[Note]:
    """Failed ones first and each by itself; those that passed at every site in one line."""
    failed = [Note(FAILED_MARK, check.name, check.detail, strong=True) for check in checks if not check.passed]
    passed: dict[str, list[Check]] = {}
    for check in checks:
        if check.passed:
            passed.setdefault(check.name, []).append(check)
    lines = [
        Note(PASSED_MARK, name, some[0].detail if len(some) == 1 else f"{len(some)} sites, all within")
        for name, some in passed.items()
    ]
    return [*failed, *lines] or [Note("", "", "none was asked")]

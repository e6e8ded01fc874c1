"""The audit: newest rows, whether the chain is whole, and who else vouches for it. Reads; changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.domain.audit import Anchor, AuditRow, faults
from console.ui.fonts import Role, px
from console.ui.models.commands.rows import AUDIT_COLUMNS, TextRow, anchor_words, audit_rows
from console.ui.models.live import LiveFleet
from console.ui.models.rows import RowModel
from console.ui.numbers import integer, utc_time
from console.ui.plain import PlainLabel
from console.ui.theme import DARK, Theme, apply_theme
from console.ui.widgets.press_button import PressButton
from console.ui.widgets.text_table import TextTable

if TYPE_CHECKING:
    from console.store.commands_face import CommandReader

SHOWN, STEP = 1000, 5000
LIMIT_WORD = "Whole within itself. Only an anchor in a second place proves that nobody rewrote all of it."


class AuditPage(QWidget):
    """Read when it is opened and when something moved."""

    def __init__(self, live: LiveFleet, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._live = live
        self._rows: RowModel[TextRow] = RowModel(self)
        self.table = TextTable("audit", AUDIT_COLUMNS, self._rows, theme)
        self.anchor = PlainLabel("", Role.BODY, "t2", elide=True, theme=theme)
        self.outcome = PlainLabel("", Role.BODY_BOLD, theme=theme)
        self.outcome.setWordWrap(True)
        self.verify = PressButton("Verify", name="verify the audit chain", theme=theme)
        self.verify.explain("Reads every row and compares each with the one before it, and with the anchors")
        self.verify.clicked.connect(lambda _checked=False: self.check())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px(8), 0, 0)
        column.setSpacing(px(6))
        line = QHBoxLayout()
        line.setContentsMargins(px(16), 0, px(16), 0)
        line.setSpacing(px(12))
        line.addWidget(self.verify)
        line.addWidget(self.anchor, 1)
        column.addLayout(line)
        below = QHBoxLayout()
        below.setContentsMargins(px(16), 0, px(16), 0)
        below.addWidget(self.outcome)
        column.addLayout(below)
        column.addWidget(self.table, 1)
        self.setFocusProxy(self.table)
        self.setAccessibleName("audit page")

    @property
    def text(self) -> str:
        """All words."""
        return "\n".join((self.anchor.text(), self.outcome.text(), self.table.text))

    def read(self) -> None:
        """The newest rows."""
        self._live.reads.run(lambda: _newest(self._live.operations), self._take)

    def _take(self, found: tuple[AuditRow | None, Sequence[AuditRow], Sequence[Anchor]]) -> None:
        head, rows, anchors = found
        self._rows.set_rows(audit_rows(rows))
        self.anchor.show_text(anchor_words(head, anchors, self._live.clock()))

    def check(self) -> None:
        """Every row, off the GUI thread."""
        self.verify.switch(False, "It is being verified")
        self.outcome.show_text("Reading every row")
        operations = self._live.operations
        self._live.reads.run(lambda: _verdict(operations), self._checked, self._failed)

    def _checked(self, found: tuple[tuple[str, ...], AuditRow | None]) -> None:
        wrong, head = found
        at = utc_time(self._live.clock())
        rows = integer(head.seq) if head else "0"
        if wrong:
            more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
            self._say(f"✕ Verified {at} UTC: {len(wrong)} faults. {'; '.join(wrong[:3])}{more}")
        else:
            self._say(f"✓ Verified {at} UTC: {rows} rows. {LIMIT_WORD}")

    def _failed(self, error: Exception) -> None:
        self._say(f"It could not be read: {error}")

    def _say(self, words: str) -> None:
        self.verify.switch(True)
        self.outcome.show_text(words)
        self.outcome.setAccessibleName(words)

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        apply_theme(self, theme)


def _newest(operations: CommandReader) -> tuple[AuditRow | None, Sequence[AuditRow], Sequence[Anchor]]:
    head = operations.audit_head()
    return head, tuple(operations.audit(max(0, (head.seq if head else 0) - SHOWN), SHOWN)), tuple(operations.anchors())


def _verdict(operations: CommandReader) -> tuple[tuple[str, ...], AuditRow | None]:
    return faults(_all(operations), operations.anchors()), operations.audit_head()


def _all(operations: CommandReader) -> Iterator[AuditRow]:
    """Every row in steps, so that a long chain is never held at once."""
    after = 0
    while rows := operations.audit(after, STEP):
        yield from rows
        after = rows[-1].seq

"""The manual, shown inside the program; it opens no file but its own and no address at all."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import (
    QKeyEvent,
    QPalette,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextTable,
)
from PySide6.QtWidgets import QFrame, QTextBrowser, QWidget

from console.ui.assets import asset
from console.ui.dialogs.sheet import Sheet
from console.ui.fonts import Role, font, font_scale, px
from console.ui.theme import Theme, slim_scroll_bars

WIDTH, HEIGHT, LEAST_MARGIN = 860, 760, 48
LINE_PERCENT, ROOM_BELOW, CODE_INDENT = 130.0, 6, 20
ROOM_ABOVE = (0, 0, 22, 14, 10, 8, 8)  # by heading level; 0 is running text
HEADINGS = (Role.BODY, Role.HEADING, Role.FIELD, Role.BODY_BOLD, Role.BODY_BOLD, Role.BODY_BOLD, Role.BODY_BOLD)


class LocalBrowser(QTextBrowser):
    """A browser that loads nothing: whatever a document names stays unread."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Manual")
        slim_scroll_bars(self, theme)
        self.setFont(font(Role.BODY))
        self.document().setDocumentMargin(0)
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, theme.bg1)
        palette.setColor(QPalette.ColorRole.Text, theme.t1)
        self.setPalette(palette)

    def loadResource(self, _kind: int, _name: QUrl) -> Any:
        """Nothing."""
        return None


class Page(QTextDocument):
    """The manual's text, which loads nothing either."""

    def loadResource(self, _kind: int, _name: QUrl) -> Any:
        """Nothing."""
        return None


def page_of(window: QWidget, theme: Theme) -> Page:
    """The manual in type, kept by the window that shows it: to set it anew takes longer than to paint a window."""
    name = f"manual {theme.name} {font_scale()}"
    for kept in window.findChildren(Page, options=Qt.FindChildOption.FindDirectChildrenOnly):
        if kept.objectName() == name:
            return kept
        kept.deleteLater()
    page = Page(window)
    page.setObjectName(name)
    page.setDefaultFont(font(Role.BODY))
    page.setDocumentMargin(0)
    text = asset("manual", "manual.md").read_text(encoding="utf-8")
    page.setMarkdown(text.partition("\n")[2])  # its first heading is the title of the sheet
    set_type(page, theme)
    return page


class Manual(Sheet):
    """`resources/manual/manual.md` as a page; Escape or `?` closes it."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__("Manual", theme, parent)
        browser = LocalBrowser(theme, self)
        browser.setDocument(page_of(parent, theme))
        self.column.addWidget(browser, 1)
        self.resize(min(px(WIDTH), parent.width() - LEAST_MARGIN), min(px(HEIGHT), parent.height() - LEAST_MARGIN))
        browser.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The key that opened it closes it."""
        if event.text() == "?":
            self.reject()
            return
        super().keyPressEvent(event)


def set_type(document: QTextDocument, theme: Theme) -> None:
    """Room round headings, lines and table cells: Markdown brings structure and no typography."""
    cursor = QTextCursor(document)
    cursor.beginEditBlock()  # laid out once, at its end
    block = document.begin()
    while block.isValid():
        level = block.blockFormat().headingLevel()
        in_table = QTextCursor(block).currentTable() is not None
        form = _code_line() if _is_code(block) else QTextBlockFormat()
        form.setLineHeight(LINE_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        form.setTopMargin(px(ROOM_ABOVE[level]))
        joined = in_table or (_is_code(block) and _is_code(block.next()))
        form.setBottomMargin(0 if joined else px(ROOM_BELOW))
        cursor.setPosition(block.position())
        cursor.mergeBlockFormat(form)
        if level:
            _set_heading(cursor, level, theme)
        block = block.next()
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            _set_table(frame, theme)
    cursor.endEditBlock()


def _is_code(block: QTextBlock) -> bool:
    return block.blockFormat().hasProperty(QTextFormat.Property.BlockCodeFence.value)


def _code_line() -> QTextBlockFormat:
    """Indented, and wrapped: nobody moves a manual sideways."""
    form = QTextBlockFormat()
    form.setLeftMargin(px(CODE_INDENT))
    form.setNonBreakableLines(False)
    return form


def _set_heading(cursor: QTextCursor, level: int, theme: Theme) -> None:
    cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
    form = QTextCharFormat()
    form.setFont(font(HEADINGS[level]))
    form.setForeground(theme.t1)
    cursor.mergeCharFormat(form)


def _set_table(table: QTextTable, theme: Theme) -> None:
    form = table.format()
    form.setBorder(0)
    form.setCellPadding(px(4))
    form.setCellSpacing(0)
    form.setTopMargin(px(4))
    form.setBottomMargin(px(12))
    table.setFormat(form)
    for row in range(table.rows()):
        for column in range(table.columns()):
            cell = table.cellAt(row, column)
            look = cell.format().toTableCellFormat()
            look.setBottomBorder(1)
            look.setBottomBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
            look.setBottomBorderBrush(theme.line2 if row == 0 else theme.line)
            look.setRightPadding(px(24))
            cell.setFormat(look)

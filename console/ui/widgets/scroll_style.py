"""The look of scroll bars as a Qt style sheet made of tokens: Qt paints them itself and takes no other word."""

from __future__ import annotations

from console.ui.theme import Theme


def scroll_style(theme: Theme) -> str:
    """A narrow bar without arrows on the panel's ground."""
    ground, handle = theme.bg1.name(), theme.line2.name()
    return (
        f"QScrollBar:vertical{{background:{ground};width:10px;border:none}}"
        f"QScrollBar::handle:vertical{{background:{handle};border-radius:4px;min-height:24px;margin:1px}}"
        "QScrollBar::add-line,QScrollBar::sub-line{height:0}"
        "QScrollBar::add-page,QScrollBar::sub-page{background:none}"
    )

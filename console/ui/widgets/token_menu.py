"""A menu of Qt in the tokens of the theme: Qt paints it itself and takes no other word. It goes when it closes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from console.ui.fonts import Role, font, px
from console.ui.theme import Theme

ROW_PX = 24


def token_menu(parent: QWidget, name: str, theme: Theme) -> QMenu:
    """An empty menu, called `name` for who cannot see it."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.setAccessibleName(name)
    menu.setFont(font(Role.BODY))
    menu.setStyleSheet(menu_style(theme))
    return menu


def menu_style(theme: Theme) -> str:
    """Tokens for a menu of Qt; ticks are boxes filled or empty."""
    t1, bg3, bg2, edge, line2 = (getattr(theme, token).name() for token in ("t1", "bg3", "bg2", "edge", "line2"))
    side = px(10)
    return (
        f"QMenu{{background:{bg2};color:{t1};border:1px solid {edge};padding:4px}}"
        f"QMenu::item{{padding:0 {px(16)}px 0 {px(28)}px;min-height:{px(ROW_PX)}px}}"
        f"QMenu::item:selected{{background:{bg3};border-left:3px solid {t1}}}"
        f"QMenu::separator{{height:1px;background:{line2};margin:4px 8px}}"
        f"QMenu::indicator{{width:{side}px;height:{side}px;left:{px(8)}px;border:1px solid {edge};border-radius:2px}}"
        f"QMenu::indicator:checked{{background:{t1};border-color:{t1}}}"
    )

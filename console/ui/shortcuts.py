"""Every key of the window in one table (R54); what a key does is the shell's business."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from PySide6.QtGui import QKeySequence, QShortcut

from console.ui.fonts import font_scale
from console.ui.models.span import TimeBarModel
from console.ui.widgets.alarms.banner import AlarmBanner

SCALE_STEP = 0.1


class KeyedWindow(Protocol):
    """What the keys need of the window; it is a QWidget, and what is `Any` is a signal of it."""

    span: TimeBarModel
    alarm_banner: AlarmBanner
    capture_asked: Any
    help_asked: Any
    own_window_asked: Any
    csv_asked: Any
    find_asked: Any
    notes_asked: Any
    lock_asked: Any

    def open_view(self, view: str) -> object:
        """Show a view."""
        ...

    def other_twin(self) -> None:
        """From the map to its list, or back."""
        ...

    def scale_fonts(self, scale: float) -> None:
        """Larger or smaller text."""
        ...


def bind_keys(shell: KeyedWindow, views: Mapping[str, str]) -> None:
    """The keys that work wherever the focus is; `views`: key -> view. Space, Escape and `?` bubble up instead."""
    keys: dict[str, Callable[[], object]] = {
        key: lambda view=view: shell.open_view(view) for key, view in views.items()
    }
    keys |= {
        "F7": shell.other_twin,
        "N": shell.alarm_banner.go_next,
        "Q": shell.alarm_banner.press_silence,
        "Ctrl+B": shell.alarm_banner.toggle_blink,
        "F12": lambda: shell.capture_asked.emit(True),
        "Ctrl+F12": lambda: shell.capture_asked.emit(False),
        "Shift+F1": shell.help_asked.emit,
        "Ctrl+T": shell.own_window_asked.emit,
        "Ctrl+E": shell.csv_asked.emit,
        "Ctrl+K": shell.find_asked.emit,
        "Ctrl+N": lambda: shell.notes_asked.emit(""),
        "Ctrl+L": shell.lock_asked.emit,
        "Ctrl++": lambda: shell.scale_fonts(font_scale() + SCALE_STEP),
        "Ctrl+=": lambda: shell.scale_fonts(font_scale() + SCALE_STEP),
        "Ctrl+-": lambda: shell.scale_fonts(font_scale() - SCALE_STEP),
        "Ctrl+0": lambda: shell.scale_fonts(1.0),
        "Ctrl+Left": lambda: shell.span.jump(-1),
        "Ctrl+Right": lambda: shell.span.jump(1),
        "Ctrl+Z": shell.span.back,
    }
    for key, act in keys.items():
        QShortcut(QKeySequence(key), shell).activated.connect(act)

"""Makes the Qt application and knows whether anybody can see it; imports nothing that computes."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget

from console.ui.fonts import FIRST_FONTS, load_fonts
from console.ui.process.garbage import GuiGarbage

WORKERS_YIELD_S = 0.0005  # a worker that computes gives the screen its turn after this; Python's own 5 ms are seen
ENDINGS = ("SIGTERM", "SIGINT", "SIGHUP")  # the last is not known to Windows
UNSEEN = ("offscreen", "minimal")


def make_application(arguments: Sequence[str] = ("meridian",)) -> QApplication:
    """The application with the fonts of the first paint; without a display on Linux it paints offscreen.

    Whoever opens a shell loads the other fonts.
    """
    if not has_display():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication(list(arguments))
    app.setApplicationName("Meridian")
    GuiGarbage(app)
    sys.setswitchinterval(WORKERS_YIELD_S)
    load_fonts(FIRST_FONTS)
    return app


def has_display() -> bool:
    """Whether a window can be seen by anybody."""
    if "QT_QPA_PLATFORM" in os.environ:
        return os.environ["QT_QPA_PLATFORM"] not in UNSEEN
    return not sys.platform.startswith("linux") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def close_on_signals(window: QWidget) -> None:
    """Close `window` when the process is asked to end; heeded while something lets Python run, as the shell's timer.

    Python calls a handler between any two of its lines, those of a paint among them. A window that closes while it
    paints is flushed without a handle, so it closes in the next turn of the loop.
    """
    for name in ENDINGS:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: QTimer.singleShot(0, window.close))

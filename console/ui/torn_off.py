"""A view in a window of its own, for a second monitor: same span, same marks, its place on the screens remembered.

Knows the shell that lends the view; must not know what any view shows.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QRect, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QMoveEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from console.ui.export.stamp import freshness_text
from console.ui.scribe import SCRIBE
from console.ui.shell import Shell, place_of, show_place, site_shown
from console.ui.shortcuts import bind_keys
from console.ui.surround import Surround

LOG = logging.getLogger(__name__)
FILE = "torn-off.json"
FIRST_SIZE = (1366, 768)
LEAST_SIZE = (640, 480)
SETTLE_MS = 500  # a move of the mouse is one write, not a hundred
LAST_VIEW = "The last view stays in the main window"


class Spot(msgspec.Struct, frozen=True):
    """Where a view's own window was on the screens, what it showed, and whether it was open at the end."""

    x: int
    y: int
    width: int
    height: int
    place: str = ""
    open: bool = True

    @property
    def rect(self) -> QRect:
        """As a rectangle over all screens."""
        return QRect(self.x, self.y, self.width, self.height)


def fitting(wanted: QRect, screens: Sequence[QRect]) -> QRect:
    """`wanted`, moved and cut to the screen that holds most of it; the first screen where its own is gone."""
    if not screens:
        return wanted

    def shared(screen: QRect) -> int:
        both = screen.intersected(wanted)
        return max(0, both.width()) * max(0, both.height())

    screen = max(screens, key=shared)
    width, height = min(wanted.width(), screen.width()), min(wanted.height(), screen.height())
    left = min(max(wanted.x(), screen.x()), screen.x() + screen.width() - width)
    top = min(max(wanted.y(), screen.y()), screen.y() + screen.height() - height)
    return QRect(left, top, width, height)


def read_spots(path: Path) -> dict[str, Spot]:
    """The remembered windows by view; none where the file is missing or damaged: it must never stop a start."""
    SCRIBE.settle()
    if not path.is_file():
        return {}
    try:
        spots = msgspec.json.decode(path.read_bytes(), type=dict[str, Spot])
    except (OSError, msgspec.DecodeError) as error:
        LOG.warning("%s: found %s, expected the windows of torn-off views", path, error)
        return {}
    least_width, least_height = LEAST_SIZE
    return {view: spot for view, spot in spots.items() if spot.width >= least_width and spot.height >= least_height}


class TornWindow(Surround):
    """One view between the same bars, with the same keys; whoever captures the main window, or takes notes of what
    it shows, can do so with this one. What opens a view or asks for a person does so in the main window.

    `left` goes before it closes, `moved` when its place on the screens changed.
    """

    capture_asked = Signal(bool)
    csv_asked = Signal()
    help_asked = Signal()
    find_asked = Signal()
    notes_asked = Signal(str)
    lock_asked = Signal()
    own_window_asked = Signal()
    left = Signal()
    moved = Signal()

    def __init__(self, shell: Shell, view: str, widget: QWidget) -> None:
        name = shell.name_of(view)
        self._name, self.view, self.view_widget, self._lender = name, view, widget, shell
        super().__init__(shell.live, shell.span, widget, (), shell.who, shell.theme, shell)
        self.setWindowFlag(Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumSize(*LEAST_SIZE)
        self.setWindowTitle(f"{name} · Meridian")
        self.setAccessibleName(f"{name} in its own window")
        self.time_bar.capture_asked.connect(lambda: self.capture_asked.emit(False))
        self.top_bar.own_window.explain("Back into the main window: Ctrl+T")
        self.top_bar.own_window.setAccessibleName("Back into the main window")
        self.top_bar.own_window_asked.connect(self.close)
        self.own_window_asked.connect(self.close)
        self.top_bar.help_asked.connect(shell.help_asked)
        self.help_asked.connect(shell.help_asked)
        self.top_bar.person_asked.connect(lambda: self._in_main(shell.person_asked))
        self.find_asked.connect(lambda: self._in_main(shell.find_asked))
        self.lock_asked.connect(lambda: self._in_main(shell.lock_asked))
        self.top_bar.show_person(*shell.person)
        shell.person_shown.connect(self._show_person)
        self.alarm_banner.display_asked.connect(shell.open_asked)
        bind_keys(self, shell.view_keys)

    def _show_person(self, *person: str) -> None:
        self.top_bar.show_person(*person)
        self.refit()

    def _in_main(self, asked: SignalInstance) -> None:
        """Dialogs about the whole console stand over its main window."""
        self._lender.raise_()
        self._lender.activateWindow()
        asked.emit()

    def open_view(self, view: str) -> object:
        """A view is opened where it lives: in the main window, or in its own."""
        if view not in self._lender.away:
            self._lender.raise_()
            self._lender.activateWindow()
        return self._lender.open_view(view)

    def other_twin(self) -> None:
        """F7: from the map to its list, or back, in this window."""
        toggle = getattr(self.view_widget, "toggle_twin", None)
        if toggle is not None:
            toggle()

    def scale_fonts(self, scale: float) -> None:
        """Text has one size in every window."""
        self._lender.scale_fonts(scale)

    @property
    def address(self) -> str:
        """The view and the place that it shows."""
        place = place_of(self.view_widget)
        return f"{self.view}:{place}" if place else self.view

    @property
    def who(self) -> str:
        """Who sits here, as the main window knows it now."""
        return self._lender.who

    @property
    def site_id(self) -> str:
        """The site of the place on it; empty where it is of no site."""
        return site_shown(self.live, self.view_widget)

    def _fleet_changed(self, _now: object = None) -> None:
        super()._fleet_changed()
        self.top_bar.notice.say(f"{self._name} · {freshness_text(self.live.now)}")

    def give_view(self) -> QWidget:
        """Take the view out again."""
        return self._scroll.takeWidget()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """`?` where no field in focus wanted it; Space as on every window."""
        if event.text() == "?":
            self.help_asked.emit()
        else:
            super().keyPressEvent(event)

    def moveEvent(self, event: QMoveEvent) -> None:
        """Somewhere else on the screens."""
        super().moveEvent(event)
        self.moved.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another size."""
        super().resizeEvent(event)
        self.moved.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """The view goes back first."""
        self.left.emit()
        super().closeEvent(event)


class TornOff(QObject):
    """Tears views off, gives them back, and remembers where each one stood in `folder` (None: until the end).

    `opened` carries each new TornWindow.
    """

    opened = Signal(object)

    def __init__(self, shell: Shell, folder: Path | None = None) -> None:
        super().__init__(shell)
        self._shell = shell
        self._path = None if folder is None else folder / FILE
        self._spots = {} if self._path is None else read_spots(self._path)
        self.windows: dict[str, TornWindow] = {}
        self._ending = False
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.keep)
        shell.own_window_asked.connect(lambda: self.tear_off(shell.view))
        shell.closing.connect(self.end)

    def restore(self) -> None:
        """Tear off again what was torn off when the last session ended."""
        for view, spot in list(self._spots.items()):
            if spot.open and self._shell.has(view):
                window = self.tear_off(view)
                if window is not None and self._known(spot.place):
                    show_place(window.view_widget, spot.place)

    def _known(self, place: str) -> bool:
        """Whether the fleet still has the site of a place; `*` is the whole fleet."""
        site_id = place.partition("?")[0].partition("/")[0]
        return site_id == "*" or any(entry.site.id == site_id for entry in self._shell.live.now.sites)

    def tear_off(self, view: str) -> TornWindow | None:
        """A view into its own window, where that stood last; None where no view would be left behind."""
        shell, spot = self._shell, self._spots.get(view)
        widget = shell.release(view, lambda: self._forward(view))
        if widget is None:
            shell.top_bar.notice.say(LAST_VIEW)
            return None
        window = TornWindow(shell, view, widget)
        self.windows[view] = window
        window.left.connect(lambda: self._take_back(view))
        window.setGeometry(self._place(spot))
        window.moved.connect(self._settle.start)
        window.show()
        widget.show()
        widget.setFocus(Qt.FocusReason.OtherFocusReason)
        self.keep()
        self.opened.emit(window)
        return window

    def _place(self, spot: Spot | None) -> QRect:
        """Where it stood; else on the screen that the main window is not on, or beside its corner."""
        here = self._shell.window().geometry()
        screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
        if spot is not None:
            return fitting(spot.rect, screens)
        return first_place(here, screens)

    def _forward(self, view: str) -> None:
        window = self.windows[view]
        window.show()
        window.raise_()
        window.activateWindow()

    def _take_back(self, view: str) -> None:
        window = self.windows.pop(view)
        self._note(view, window, still_open=self._ending)
        window.give_view()
        self._shell.take_back(view, show=not self._ending)
        self.keep()

    def _note(self, view: str, window: TornWindow, *, still_open: bool) -> None:
        box = window.geometry()
        self._spots[view] = Spot(box.x(), box.y(), box.width(), box.height(), place_of(window.view_widget), still_open)

    def keep(self) -> None:
        """Write soon where everything is; a disk that is full costs the memory of it and nothing else."""
        for view, window in self.windows.items():
            self._note(view, window, still_open=True)
        if self._path is None:
            return
        SCRIBE.write(self._path, msgspec.json.format(msgspec.json.encode(self._spots)), "the windows of torn-off views")

    def end(self) -> None:
        """The main window closes: its views come home, and where they stood is kept."""
        self._ending = True
        self._settle.stop()
        for window in list(self.windows.values()):
            window.close()


def first_place(main: QRect, screens: Sequence[QRect]) -> QRect:
    """Before anybody moved it: the whole of another screen, or a little beside the main window's corner."""
    others = [screen for screen in screens if not screen.contains(main.center())]
    if others and len(screens) > 1:
        return others[0]
    return fitting(QRect(main.x() + 48, main.y() + 48, *FIRST_SIZE), screens)

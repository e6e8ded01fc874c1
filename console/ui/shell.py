"""The window: its views, the ways between them, and the keys (R13, R54); the bars round them are `surround`'s.

Knows which views there are and how to go between them; must not know what any of them shows. An address is a view's
key with the place it shows: `world`, `site:us-ga-1`, `miners:us-ga-1`, `miner:us-ga-1/B17-R03-112`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QWidget

from console.ui.fonts import set_font_scale
from console.ui.models.live import LiveFleet
from console.ui.models.span import TimeBarModel
from console.ui.pages import Pages
from console.ui.shortcuts import bind_keys
from console.ui.surround import Surround, paint_together
from console.ui.theme import DARK, Theme
from console.ui.widgets.top_bar import Tab

MOST_STEPS_BACK = 50


@dataclass(frozen=True, slots=True)
class ViewSlot:
    """One view of the window: it is made when it is opened first, so that nobody waits for a view not looked at.

    A view `under` another has neither tab nor key of its own: the other's tab is lit while it is open. A view may
    offer `show_place(str)` and `place`, and emit `place_asked` with an address and `closed`.
    """

    view: str
    name: str
    key: str
    make: Callable[[LiveFleet, TimeBarModel, Theme], QWidget]
    under: str = ""


class Shell(Surround):
    """What is `…_asked` belongs to whoever can answer it; `closing` goes before the window does."""

    capture_asked = Signal(bool)  # True: at once, with the last choices
    help_asked = Signal()
    find_asked = Signal()
    notes_asked = Signal(str)  # the key of a place; empty: of what is shown
    csv_asked = Signal()
    own_window_asked = Signal()
    person_asked = Signal()
    lock_asked = Signal()
    command_asked = Signal(object)
    person_shown = Signal(str, str, str, str)
    closing = Signal()
    first_painted = Signal()

    def __init__(
        self, live: LiveFleet, span: TimeBarModel, slots: Sequence[ViewSlot], who: str = "", theme: Theme = DARK
    ) -> None:
        self._stack = Pages()
        tabs = [Tab(slot.view, slot.name, slot.key) for slot in slots if not slot.under]
        super().__init__(live, span, self._stack, tabs, who, theme)
        self.who = who
        self._slots = {slot.view: slot for slot in slots}
        self._views: dict[str, QWidget] = {}
        self._open, self._painted = "", False
        self._before: list[str] = []
        self.away: dict[str, Callable[[], None]] = {}  # views in windows of their own, and how to bring each forward
        self.folder: Path | None = None  # of the profile, where views keep how they are liked
        self.top_bar.view_asked.connect(self.open_view)
        self.top_bar.help_asked.connect(self.help_asked)
        self.top_bar.person_asked.connect(self.person_asked)
        self.top_bar.own_window_asked.connect(self.own_window_asked)
        self.alarm_banner.display_asked.connect(self.open_asked)
        self.time_bar.capture_asked.connect(lambda: self.capture_asked.emit(False))
        self.person: tuple[str, str, str, str] = (who, "", "", "")
        bind_keys(self, self.view_keys)
        self.setWindowTitle("Meridian")

    def show_who(self, words: str) -> None:
        """Who every export is stamped with from now on."""
        self.who = words

    def show_person(self, words: str, name: str, role: str, why_not: str) -> None:
        """Who sits here, on the bar of this window and of every view torn off."""
        self.person = (words, name, role, why_not)
        self.top_bar.show_person(*self.person)
        self.refit()
        self.person_shown.emit(*self.person)

    @property
    def view_keys(self) -> dict[str, str]:
        """The view that each function key opens."""
        return {slot.key: slot.view for slot in self._slots.values() if slot.key}

    def has(self, view: str) -> bool:
        """Whether there is such a view."""
        return view in self._slots

    @property
    def view(self) -> str:
        """The key of the open view."""
        return self._open

    @property
    def views(self) -> dict[str, str]:
        """The name of each view that has a tab, and the fleet's miners, by address."""
        tabs = {slot.view: slot.name for slot in self._slots.values() if not slot.under}
        return tabs | ({"miners:*": "Miners of the fleet"} if "miners" in self._slots else {})

    @property
    def view_widget(self) -> QWidget | None:
        """The open view itself."""
        return self._views.get(self._open)

    @property
    def address(self) -> str:
        """The open view and the place that it shows; empty before the first is open."""
        place = place_of(self.view_widget)
        return f"{self._open}:{place}" if place else self._open

    @property
    def site_id(self) -> str:
        """The site of the place on screen; empty where it is of no site."""
        return site_shown(self.live, self.view_widget)

    def open_view(self, view: str) -> QWidget:
        """Show a view with what it showed last, making it at the first time."""
        return self.open_place(view)

    def open_site(self, site_id: str) -> None:
        """From anywhere to one site in one action (R2)."""
        self.open_place(f"site:{site_id}")

    def open_place(self, address: str) -> QWidget:
        """Show what an address names; KeyError for a view that there is not. The way back leads here."""
        here = self.address
        if here and here != address and self._before[-1:] != [here]:
            self._before = [*self._before[-MOST_STEPS_BACK:], here]
        return self._show(address)

    def go_back(self) -> None:
        """Escape and backspace: to the view and place before this one."""
        here = self.address
        while self._before:
            before = self._before.pop()
            if before != here:
                self._show(before)
                return
        self._show(next(iter(self._slots)))

    def _show(self, address: str) -> QWidget:
        view, _, place = address.partition(":")
        widget = self._views.get(view) or self._make(view)
        if place:
            show_place(widget, place)
        if view in self.away:
            self.away[view]()
            return widget
        self._open = view
        self._stack.bring_up(widget)
        paint_together()
        widget.setFocus(Qt.FocusReason.OtherFocusReason)  # else Space would press the first tab
        self.top_bar.show_view(self._slots[view].under or view)
        self._show_site_zone()
        return widget

    def _make(self, view: str) -> QWidget:
        widget = self._slots[view].make(self.live, self.span, self.theme)
        self._views[view] = widget
        self._fit()
        self.layout().activate()  # a view that is made at its right size draws its map once and not thrice
        widget.resize(self._scroll.viewport().size())
        self._stack.addWidget(widget)
        if hasattr(widget, "site_opened"):
            widget.site_opened.connect(self.open_site)
        if self.folder is not None and hasattr(widget, "keep_in"):
            widget.keep_in(self.folder)
        if hasattr(widget, "place_asked"):
            widget.place_asked.connect(self.open_asked)
        if hasattr(widget, "notes_asked"):
            widget.notes_asked.connect(self.notes_asked)
        if hasattr(widget, "command_asked"):
            widget.command_asked.connect(self.command_asked)
        if hasattr(widget, "closed"):
            widget.closed.connect(lambda: view in self.away or self.go_back())
        return widget

    def release(self, view: str, forward: Callable[[], None]) -> QWidget | None:
        """Give a view to a window of its own, which `forward` brings to the front; None for the last one here."""
        left = [slot.view for slot in self._slots.values() if not slot.under and slot.view not in {*self.away, view}]
        if not left or view in self.away:
            return None
        widget = self._views.get(view) or self._make(view)
        self.away[view] = forward
        if self._open == view:
            self._show(left[0])
        self._stack.take_out(widget)
        return widget

    def take_back(self, view: str, *, show: bool) -> None:
        """A view returns from its own window to where it was."""
        self.away.pop(view, None)
        self._stack.addWidget(self._views[view])
        if show:
            self.open_view(view)

    def name_of(self, view: str) -> str:
        """How a view is called."""
        return self._slots[view].name

    def open_asked(self, address: str) -> None:
        """A view may name a view that this window has not: then it stays."""
        if address.partition(":")[0] in self._slots:
            self.open_place(address)

    def _show_site_zone(self) -> None:
        site_id = self.site_id
        known = {entry.site.id: entry.site.time_zone for entry in self.live.now.sites}
        self.span.set_site_zone(known.get(site_id))

    def other_twin(self) -> None:
        """F7: the map's list twin, or back to the map, where the view has one."""
        toggle = getattr(self.view_widget, "toggle_twin", None)
        if toggle is not None:
            toggle()

    def scale_fonts(self, scale: float) -> None:
        """Larger or smaller text, 100 - 200 % (R57)."""
        set_font_scale(scale)
        self.set_theme(self.theme)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that no control in focus wanted for itself."""
        key = event.key()
        if key in (Qt.Key.Key_Escape, Qt.Key.Key_Backspace):
            self.go_back()
        elif event.text() == "?":
            self.help_asked.emit()
        elif event.text() == "/" and "miners" in self._slots:
            self.open_place(f"miners:{self.site_id or '*'}").go_to_filter()
        elif event.text() == "c" and "compare" in self._slots:
            self.open_place(f"compare:{self.site_id}" if self.site_id else "compare")
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Say so first: the store must not be read after this."""
        self.closing.emit()
        super().closeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground; the first one starts all that costs time."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            self.first_painted.emit()


def show_place(view: QWidget, place: str) -> None:
    """Tell a view which place to show; a site's view calls its places sites."""
    (getattr(view, "show_place", None) or view.show_site)(place)


def place_of(view: QWidget | None) -> str:
    """The place that a view shows; empty where it shows none in particular."""
    return getattr(view, "place", "") or getattr(view, "site_id", "") or ""


def site_shown(live: LiveFleet, view: QWidget | None) -> str:
    """The site of the place that a view shows; empty where it is of no site of this fleet."""
    site_id = place_of(view).partition("?")[0].partition("/")[0]
    return site_id if any(entry.site.id == site_id for entry in live.now.sites) else ""

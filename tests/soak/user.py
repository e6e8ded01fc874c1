"""A scripted user of the window: a seeded walk through every view, with sorting, filters, zoom, jumps and captures."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog

from console.ui.dialogs.manual import Manual
from console.ui.export.camera import Camera
from console.ui.export.capture import Wish
from console.ui.finder import Finder
from console.ui.shell import Shell
from console.ui.theme import DARK, PRINT

EVERY_MS = 120
FILTERS = ("state:degraded", "temp>70", "model:S19", "state:hashing temp>60", "", "nonsense:::")
SIZES = ((1366, 768), (1920, 1080))
KNOWN = 8  # machines of a site
PRESETS_S = (3600, 86_400, 7 * 86_400, 30 * 86_400)


class User(QObject):
    """Does one thing after another; what it did last is `doing`, so that a stall can be laid at its door."""

    def __init__(self, shell: Shell, folder: Path, seed: int = 11) -> None:
        super().__init__(shell)
        self._shell, self._noise = shell, random.Random(seed)
        self.camera, self._finder = Camera(shell, folder), Finder(shell)
        self._folder = folder
        self.doing, self.done = "", 0
        self._machines: dict[str, list[str]] = {}
        self._acts: list[tuple[int, str, Callable[[], object]]] = [
            (6, "open a view", self.open_any),
            (3, "zoom", self._zoom),
            (2, "jump", self._jump),
            (3, "sort", self._sort),
            (3, "filter", self._filter),
            (2, "press a tab", self._press_tab),
            (2, "go back", shell.go_back),
            (2, "point at a machine", self._point),
            (1, "find", self.find),
            (1, "manual", self.manual),
            (1, "twin", shell.other_twin),
            (1, "capture", self._capture),
            (1, "resize", lambda: shell.resize(*self._noise.choice(SIZES))),
            (1, "theme", lambda: shell.set_theme(PRINT if shell.theme is DARK else DARK)),
        ]
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.act)

    def learn(self) -> None:
        """The names of some machines of each site: to read a roster between two steps would hold the screen up."""
        for entry in self._shell.live.now.sites:
            roster = self._shell.live.telemetry.roster(entry.site.id)
            if roster is not None and roster.miners:
                self._machines[entry.site.id] = [miner.id for miner in self._noise.sample(roster.miners, KNOWN)]

    def start(self) -> None:
        """Begin to walk."""
        self._timer.start()

    def stop(self) -> None:
        """Sit still and close what is open over the window."""
        self._timer.stop()
        self._close_dialogs()

    def act(self) -> None:
        """One thing, chosen by the seed."""
        self._close_dialogs()
        weights = [weight for weight, _, _ in self._acts]
        _, self.doing, act = self._noise.choices(self._acts, weights)[0]
        act()
        self.done += 1

    def addresses(self) -> list[str]:
        """One address of every view, at a site by chance."""
        site = self._noise.choice([entry.site.id for entry in self._shell.live.now.sites])
        named = [f"miner:{site}/{self._noise.choice(names)}" for names in [self._machines.get(site)] if names]
        places = [f"{view}:{site}" for view in ("site", "miners", "racks", "compare")]
        return ["world", "alarms", "fleet", "miners:*", *places, *named]

    def open_any(self) -> str:
        """Any view; what it was."""
        address = self._noise.choice(self.addresses())
        self.doing = f"open {address.partition(':')[0]}"
        self._shell.open_place(address)
        return address.partition(":")[0]

    def find(self) -> None:
        """Ctrl+K, and a few letters."""
        self._finder.open()
        for dialog in self._shell.findChildren(QDialog):
            if hasattr(dialog, "line"):
                dialog.line.setText(self._noise.choice(("SN1", "C01-R0", "us", "zzz")))

    def manual(self) -> None:
        """The manual over the window."""
        Manual(self._shell.theme, self._shell).open()

    def _zoom(self) -> None:
        span = self._shell.span
        if self._noise.random() < 0.5:
            span.set_preset(self._noise.choice(PRESETS_S))
        else:
            start_ms, end_ms = span.span.start_ms, span.span.end_ms
            quarter = (end_ms - start_ms) // 4
            span.show(start_ms + quarter, max(end_ms - quarter, start_ms + quarter + 600_000))

    def _jump(self) -> None:
        span = self._shell.span
        self._noise.choice((span.back_to_live, span.freeze, span.back, lambda: span.jump(-1), lambda: span.jump(1)))()

    def _press_tab(self) -> None:
        """Any tab of the open view: sections, history and measures of the alarms, halves of a small window."""
        buttons = self._shell.view_widget.findChildren(QAbstractButton)
        tabs = [each for each in buttons if each.accessibleName().startswith("tab ") and each.isVisible()]
        if tabs:
            self._noise.choice(tabs).click()

    def _sort(self) -> None:
        rows = getattr(self._shell.view_widget, "rows", None)
        if rows is not None and rows.columnCount():
            order = self._noise.choice((Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder))
            rows.sort(self._noise.randrange(rows.columnCount()), order)

    def _filter(self) -> None:
        field = getattr(self._shell.view_widget, "filter", None)
        if field is not None:
            field.show_line(self._noise.choice(FILTERS))

    def _point(self) -> None:
        panel = getattr(self._shell.view_widget, "panel", None)
        heat = getattr(panel, "map", None) or getattr(panel, "heat", None)
        if heat is not None and hasattr(heat, "point_at"):
            heat.point_at(0)

    def _capture(self) -> None:
        self.camera.shoot(Wish(1), self._folder / "soak.png")

    def _close_dialogs(self) -> None:
        for dialog in self._shell.findChildren(QDialog):
            dialog.close()


def bury() -> None:
    """What was to be deleted later is deleted now, as the event loop would."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

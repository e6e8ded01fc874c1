"""Takes one picture of a view from the store, without a window that anybody sees."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize

from console.domain.errors import ConfigError
from console.domain.site import Fleet
from console.settings import profile as profile_of
from console.ui.export.camera import Camera
from console.ui.export.capture import CaptureError, Wish
from console.ui.models.alarms.live import LiveAlarms
from console.ui.models.live import LiveFleet
from console.ui.models.span import TimeBarModel
from console.ui.process.application import make_application
from console.ui.shell import Shell
from console.ui.startup import VIEWS, open_view, who_sits_here
from console.ui.theme import THEMES

if TYPE_CHECKING:
    from console.store.reader import StoreReader


@dataclass(frozen=True, slots=True)
class StillOptions:
    """What `meridian capture` asked for."""

    view: str
    out: Path
    size: tuple[int, int] = (1920, 1080)
    scale: int = 1
    theme: str = "dark"
    profile: Path | None = None
    demo: bool = False
    span_s: int = 6 * 3600
    window: bool = True


def take_still(options: StillOptions) -> int:
    """One picture from the store, offscreen; 0 when it is complete. Raises StoreError, ConfigError, CaptureError."""
    from console.store import open_reader

    store = open_reader(profile_of(options.profile, options.demo).store)
    _require_place(store, options.view)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = make_application()
    live = LiveFleet(store, store, Fleet(name="", sites=()))
    live.load()
    span = TimeBarModel(live.clock(), options.span_s)
    shell = Shell(live, span, VIEWS, who_sits_here(), THEMES[options.theme])
    if not live.collecting:  # nothing newer will come: the hours up to now would be empty plots
        span.set_cutoff(live.cutoff_ms)
    LiveAlarms.of(live).load()  # a picture that says "no alarm" because nobody looked would be a lie
    open_view(shell, options.view)
    shell.resize(QSize(*options.size))
    shell.show()
    camera = Camera(shell, options.out.parent)
    outcome: list[str] = []
    camera.saved.connect(lambda _path: (outcome.append(""), app.quit()))
    camera.failed.connect(lambda reason: (outcome.append(reason), app.quit()))
    camera.shoot(Wish(options.scale, window=options.window), options.out)
    app.exec()
    shell.close()
    live.close()
    store.close()
    if outcome[0]:
        raise CaptureError(outcome[0])
    return 0


def _require_place(store: StoreReader, address: str) -> None:
    """What never was would be empty axes or an empty plan. A machine that left keeps its page, for it has a past."""
    view, _, place = address.partition(":")
    site_id, inside, name = place.partition("/")
    if view == "miner" and not store.knows_miner(site_id, name):
        raise ConfigError((f"no view {address!r}: the store knows no such machine, expected miner:ID/NAME",))
    if view == "racks" and inside:
        roster = store.roster(site_id)
        if roster is None or name not in {miner.container for miner in roster.miners}:
            raise ConfigError((f"no view {address!r}: the store knows no such container, expected racks:ID/CONTAINER",))

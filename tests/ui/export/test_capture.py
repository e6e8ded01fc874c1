"""The picture equals the screen and says of itself what R47 asks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from console.domain.fleet_state import judge
from console.domain.freshness import Freshness
from console.ui.dialogs.capture_choice import CaptureChoice
from console.ui.export.camera import Camera, picture
from console.ui.export.capture import CaptureError, Wish, file_name, save_png
from console.ui.export.stamp import INCOMPLETE, freshness_text, stamp_height
from console.ui.models.live import LiveFleet, Mode
from console.ui.models.span import TimeBarModel
from console.ui.shell import Shell
from console.ui.theme import DARK, PRINT
from tests.ui.fakes import NOW_MS, FakeStore, fleet
from tests.ui.stand_in import SLOTS


@pytest.fixture
def shell(qtbot: QtBot):
    store = FakeStore.troubled(fleet(simulated=True))
    live = LiveFleet(store, store, store.of, Mode.READ_ONLY, clock=lambda: NOW_MS)
    live.load()
    window = Shell(live, TimeBarModel(NOW_MS), SLOTS, "operator 2 · desk 2", DARK)
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.open_view("world")
    window.show()
    qtbot.waitUntil(lambda: not live.reads.pending)
    yield window
    window.close()
    live.close()


def pixels(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.width(), 4)
    return rows[:, :, :3].copy()  # the image is gone after this


def test_r46_what_is_exported_equals_what_is_shown(shell: Shell) -> None:
    shown = pixels(shell.grab().toImage())
    exported = pixels(picture(shell, Wish(1, window=True), complete=True))[: shown.shape[0]]
    assert (shown != exported).any(axis=2).mean() < 0.02


@pytest.mark.parametrize("scale", [1, 2, 3])
def test_r46_the_scale_multiplies_pixels_and_not_the_layout(shell: Shell, scale: int) -> None:
    view = shell.view_widget
    image = picture(shell, Wish(scale), complete=True)
    assert (image.width(), image.height()) == (view.width() * scale, (view.height() + stamp_height()) * scale)


def test_r47_the_stamp_is_in_the_picture_and_in_its_metadata(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "world.png"
    save_png(picture(shell, Wish(1, window=True), complete=True), path)
    image = QImage(str(path))
    facts = {key: image.text(key) for key in image.textKeys()}
    assert facts["Title"] == "World"
    assert facts["Sites"] == "Demo fleet, 44 sites"
    assert facts["Time range"] == "2026-11-22 08:32 – 14:32 UTC"
    assert facts["Captured"] == "2026-11-22 14:32:07 UTC"
    assert facts["Freshness"].startswith("41 of 44 sites fresh")
    assert facts["Mode"] == "LIVE SIMULATED READ-ONLY"
    assert facts["User and desk"] == "operator 2 · desk 2"
    assert facts["Software"].startswith("Meridian ")
    assert facts["Complete"] == "yes"
    assert facts["Digest"].startswith("sha256:")
    strip = pixels(image)[768:]
    assert (strip == np.array(DARK.t1.getRgb()[2::-1])).all(axis=2).sum() > 100, "the words are painted"


def test_r47_a_site_is_named_by_its_name_and_id(shell: Shell) -> None:
    shell.open_site("middle-east-2")
    image = picture(shell, Wish(1), complete=True)
    assert (image.text("Title"), image.text("Sites")) == ("Middle East 2", "site middle-east-2, Middle East")


def test_r49_print_is_light_and_leaves_the_screen_as_it_was(shell: Shell) -> None:
    before = pixels(shell.grab().toImage()).copy()
    paper = pixels(picture(shell, Wish(1, window=True, theme=PRINT), complete=True))
    assert np.median(paper) > 200
    assert shell.theme is DARK
    assert (pixels(shell.grab().toImage()) == before).all()


def test_r50_a_picture_without_all_its_data_says_so(shell: Shell) -> None:
    image = picture(shell, Wish(1), complete=False)
    assert image.text("Complete") == "no"
    whole = picture(shell, Wish(1), complete=True)
    assert (pixels(image)[-stamp_height() :] != pixels(whole)[-stamp_height() :]).any()
    assert INCOMPLETE.startswith("INCOMPLETE")


def test_r60_the_frame_is_on_an_exported_view_too(shell: Shell) -> None:
    image = picture(shell, Wish(1), complete=True)
    assert image.pixelColor(2, 2).name() == DARK.mode.name()


def test_r46_f12_saves_at_once(shell: Shell, qtbot: QtBot, tmp_path: Path) -> None:
    camera = Camera(shell, tmp_path / "captures")
    shell.activateWindow()
    qtbot.waitUntil(shell.isActiveWindow)
    with qtbot.waitSignal(camera.saved, timeout=30_000) as caught:
        qtbot.keyClick(shell, Qt.Key.Key_F12)
    assert caught.args[0].name == "meridian-world-20261122-143207Z.png"
    assert not QImage(str(caught.args[0])).isNull()
    assert "Saved meridian-world" in shell.top_bar.notice.text


def test_r50_f12_waits_for_what_is_still_being_read(shell: Shell, qtbot: QtBot, tmp_path: Path) -> None:
    import threading

    gate = threading.Event()
    shell.live.reads.run(gate.wait, lambda _answer: None)
    camera = Camera(shell, tmp_path)
    camera.shoot(Wish(1))
    qtbot.wait(300)
    assert not list(tmp_path.iterdir())
    with qtbot.waitSignal(camera.saved, timeout=30_000) as caught:
        gate.set()
    assert QImage(str(caught.args[0])).text("Complete") == "yes"


def test_a_folder_that_cannot_be_written_is_told_and_not_raised(shell: Shell, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    camera = Camera(shell, tmp_path / "file")
    with qtbot.waitSignal(camera.failed, timeout=30_000):
        camera.shoot(Wish(1))
    assert "cannot be written" in shell.top_bar.notice.text
    with pytest.raises(CaptureError, match="cannot be written"):
        save_png(QImage(2, 2, QImage.Format.Format_RGB32), tmp_path / "file" / "a.png")


def test_a_file_is_named_by_view_and_time_and_by_nothing_from_outside() -> None:
    assert file_name("../../Ä:si te", NOW_MS) == "meridian-site-20261122-143207Z.png"


def test_the_choice_offers_scale_window_and_ground(shell: Shell, qtbot: QtBot) -> None:
    choice = CaptureChoice(Wish(3, window=True, theme=PRINT), DARK, shell)
    qtbot.addWidget(choice)
    assert choice.wish == Wish(3, window=True, theme=PRINT)
    with qtbot.waitSignal(choice.chosen) as caught:
        choice._save()
    assert caught.args[0].scale == 3


def test_r47_the_age_in_the_stamp_is_called_what_it_is() -> None:
    store = FakeStore.troubled()
    fresh = [entry.at_ms for entry in store.now().sites if entry.freshness is Freshness.FRESH]
    assert freshness_text(store.now()) == f"41 of 44 sites fresh, oldest of them {(NOW_MS - min(fresh)) // 1000} s"
    dark = judge(store.of, store.rollups_by_site, {}, NOW_MS + 600_000)
    assert max(fresh) == dark.total.at_ms, "where nothing is fresh a total is as old as its newest part"
    assert freshness_text(dark) == "0 of 44 sites fresh, newest sample 10 min old"
    never = judge(store.of, {}, {}, NOW_MS)
    assert freshness_text(never) == "0 of 44 sites fresh, no data"

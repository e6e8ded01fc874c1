"""SVG and PDF of a view: the words as words, the curves as lines, nothing outside its widget, the stamp in both."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from console.ui.dialogs.capture_choice import CaptureChoice
from console.ui.export.camera import Camera
from console.ui.export.capture import CaptureError, Wish
from console.ui.export.stamp import Stamp
from console.ui.export.vector_capture import save_vector
from console.ui.models.live import LiveFleet, Mode
from console.ui.models.span import TimeBarModel
from console.ui.shell import Shell
from console.ui.startup import VIEWS
from console.ui.theme import DARK
from tests.ui.fakes import NOW_MS, FakeStore, fleet

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def shell(qtbot: QtBot):
    store = FakeStore.troubled(fleet(simulated=True))
    live = LiveFleet(store, store, store.of, Mode.READ_ONLY, clock=lambda: NOW_MS)
    live.load()
    window = Shell(live, TimeBarModel(NOW_MS), VIEWS, "operator 2 · desk 2", DARK)
    qtbot.addWidget(window)
    window.resize(1920, 1080)
    window.open_view("world")
    window.show()
    yield window
    window.close()
    live.close()


def shot(shell: Shell, qtbot: QtBot, path: Path, wish: Wish | None = None) -> Path:
    camera = Camera(shell, path.parent)
    with qtbot.waitSignal(camera.saved, timeout=20_000):
        camera.shoot(wish or Wish(1, window=True), path)
    return path


def test_r46_an_svg_keeps_words_as_words_and_every_column_of_a_curve(
    shell: Shell, qtbot: QtBot, tmp_path: Path
) -> None:
    root = ElementTree.parse(shot(shell, qtbot, tmp_path / "world.svg")).getroot()  # noqa: S314 - our own file
    words = " ".join("".join(text.itertext()) for text in root.iter(f"{SVG}text"))
    assert "Fleet hashrate" in words
    assert "captured 2026-11-22 14:32:07 UTC" in words
    columns = {rect.get("x") for rect in root.iter(f"{SVG}rect")}
    assert len(columns) > 500, "one x for each column of the curves, not all on one (2-performance.md, traps)"


def test_r47_an_svg_tells_its_facts_in_its_description(shell: Shell, qtbot: QtBot, tmp_path: Path) -> None:
    text = shot(shell, qtbot, tmp_path / "world.svg").read_text(encoding="utf-8")
    assert "<title>World</title>" in text
    facts = re.search(r"<desc>(.*?)</desc>", text, re.DOTALL)
    assert facts
    for fact in (
        "Mode: LIVE SIMULATED READ-ONLY",
        "Time range: 2026-11-22 08:32 – 14:32 UTC",
        "User and desk: operator 2",
    ):
        assert fact in facts[1]


def test_r46_nothing_is_painted_outside_its_widget(shell: Shell, qtbot: QtBot, tmp_path: Path) -> None:
    root = ElementTree.parse(shot(shell, qtbot, tmp_path / "world.svg")).getroot()  # noqa: S314 - our own file
    widest = max(float(image.get("width")) for image in root.iter(f"{SVG}image"))
    assert widest <= shell.view_widget.width(), "the map's spare ground stays at home"


def test_r46_a_pdf_is_one_page_of_the_pictures_size(shell: Shell, qtbot: QtBot, tmp_path: Path) -> None:
    body = shot(shell, qtbot, tmp_path / "world.pdf").read_bytes()
    assert body.startswith(b"%PDF-")
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", body)
    assert box
    assert float(box[1]) == pytest.approx(1920 * 0.75, abs=1)
    assert body.count(b"/Type /Page\n") == 1
    assert "Meridian".encode("utf-16-be") in body


def test_s1_a_hostile_name_stays_text_in_the_file(qtbot: QtBot, tmp_path: Path) -> None:
    name = "</title><script>alert(1)</script>\u202e<b>&"
    stamp = Stamp(name, name, "now", "now", "fresh", "LIVE", name, "Meridian", "1x1", complete=True)
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.resize(400, 80)
    save_vector(tmp_path / "x.svg", widget, stamp, DARK, framed=False)
    root = ElementTree.parse(tmp_path / "x.svg").getroot()  # noqa: S314 - our own file, and well-formed by this test
    assert root.findtext(f"{SVG}title") == name.replace("\u202e", "\\u202e")
    assert not list(root.iter(f"{SVG}script"))


def test_a_folder_that_cannot_be_written_is_said(shell: Shell, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    camera = Camera(shell, tmp_path)
    with qtbot.waitSignal(camera.failed, timeout=20_000) as caught:
        camera.shoot(Wish(1), tmp_path / "file" / "x.pdf")
    assert "cannot be written" in caught.args[0]
    assert issubclass(CaptureError, Exception)


def test_r46_f12_repeats_the_chosen_form(shell: Shell, qtbot: QtBot, tmp_path: Path) -> None:
    camera = Camera(shell, tmp_path)
    choice = CaptureChoice(Wish(1, form="pdf"), DARK, shell)
    qtbot.addWidget(choice)
    assert choice.wish == Wish(1, form="pdf")
    with qtbot.waitSignal(camera.saved, timeout=20_000) as caught:
        camera.shoot(choice.wish)
    assert caught.args[0].suffix == ".pdf"

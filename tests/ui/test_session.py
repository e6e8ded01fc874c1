"""A start leads to where the operator was, and says when the end before it was not a proper one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from console.ui.fonts import font_scale
from console.ui.models.live import LiveFleet, Mode
from console.ui.models.span import Span, TimeBarModel
from console.ui.session import Session, SessionKeeper, read_session, write_session
from console.ui.shell import Shell
from tests.ui.fakes import NOW_MS, FakeStore
from tests.ui.stand_in import SLOTS

HOUR_MS = 3_600_000


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path):
    made = []

    def make(mode: Mode = Mode.LIVE, stored_ms: int = NOW_MS) -> tuple[Shell, TimeBarModel, SessionKeeper]:
        store = FakeStore(now_ms=stored_ms)
        live = LiveFleet(store, store, store.of, mode, clock=lambda: NOW_MS)
        live.load()
        span = TimeBarModel(NOW_MS)
        shell = Shell(live, span, SLOTS)
        qtbot.addWidget(shell)
        made.append((shell, live))
        return shell, span, SessionKeeper(shell, live, span, tmp_path / "session.json")

    yield make
    for shell, live in made:
        shell.close()
        live.close()


def test_r59_view_place_span_and_text_size_come_back(desk) -> None:
    shell, span, keeper = desk()
    assert keeper.restore() == ""
    shell.open_site("east-africa-3")
    shell.scale_fonts(1.5)
    span.show(NOW_MS - 9 * HOUR_MS, NOW_MS - 8 * HOUR_MS)
    keeper.end()
    shell.scale_fonts(1.0)
    later, later_span, again = desk()
    assert again.restore() == ""
    assert later.address == "site:east-africa-3"
    assert later_span.span == Span(NOW_MS - 9 * HOUR_MS, NOW_MS - 8 * HOUR_MS, live=False)
    assert font_scale() == 1.5


def test_r59_an_end_that_was_none_is_said(desk) -> None:
    _shell, span, keeper = desk()
    keeper.restore()
    span.set_preset(7 * 86_400)
    keeper.save()  # and then the power went
    _later, later_span, again = desk()
    assert "did not end properly" in again.restore()
    assert later_span.span.live
    assert later_span.span.length_ms == 7 * 86_400_000


@pytest.mark.parametrize("length_ms", [24 * HOUR_MS, 5 * HOUR_MS], ids=["preset", "of its own"])
def test_r59_offline_a_span_that_ended_at_the_cut_off_does_so_again(desk, length_ms: int) -> None:
    _shell, span, keeper = desk(Mode.OFFLINE, NOW_MS - 40 * HOUR_MS)
    keeper.restore()
    span.show(span.cutoff_ms - length_ms, span.cutoff_ms)
    keeper.save()  # and then the power went; a collector ran meanwhile, and what is known reaches further
    _later, later, again = desk(Mode.OFFLINE, NOW_MS - 20 * HOUR_MS)
    assert again.restore() == "The last desktop did not end properly; its view and span are restored"
    assert later.span == Span(later.cutoff_ms - length_ms, later.cutoff_ms, live=False)


def test_r59_offline_a_fixed_span_before_the_cut_off_comes_back(desk, tmp_path: Path) -> None:
    cutoff_ms = desk(Mode.OFFLINE)[1].cutoff_ms
    ends = (cutoff_ms - 9 * HOUR_MS, cutoff_ms - 8 * HOUR_MS)
    for kept, wanted in ((ends, ends), ((ends[0], cutoff_ms + HOUR_MS), (cutoff_ms - 10 * HOUR_MS, cutoff_ms))):
        write_session(tmp_path / "session.json", Session("world", False, *kept, running=True))
        _shell, span, keeper = desk(Mode.OFFLINE)
        assert keeper.restore().endswith("its view and span are restored")
        assert span.span == Span(*wanted, live=False)


def test_r59_only_what_is_back_is_said_to_be(desk, tmp_path: Path) -> None:
    for address, length_ms, words in (
        ("site:gone", HOUR_MS, "; its span is restored"),
        ("world", 0, "; its view is restored"),
        ("site:gone", 0, ""),
    ):
        write_session(tmp_path / "session.json", Session(address, end_ms=length_ms, running=True))
        assert desk()[2].restore() == f"The last desktop did not end properly{words}"


def test_a_site_that_is_no_longer_in_the_fleet_leads_to_the_world(desk, tmp_path: Path) -> None:
    write_session(tmp_path / "session.json", Session("site:gone"))
    shell, _span, keeper = desk()
    keeper.restore()
    assert shell.address == "world"


@given(st.binary(max_size=200))
def test_a_damaged_session_never_stops_a_start(tmp_path_factory: pytest.TempPathFactory, body: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.json"
    path.write_bytes(body)
    assert read_session(path) == Session()


@pytest.mark.parametrize("wrong", ['{"address": 3}', "[]", '{"address":"world","live":1}', "null"])
def test_a_session_of_another_shape_is_the_usual_one(tmp_path: Path, wrong: str) -> None:
    (tmp_path / "s.json").write_text(wrong)
    assert read_session(tmp_path / "s.json") == Session()


def test_a_disk_that_refuses_costs_nothing_else(tmp_path: Path) -> None:
    write_session(tmp_path / "no" / "folder" / "s.json", Session())

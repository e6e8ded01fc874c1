"""What a source may get wrong about its machines: each has a clear sign, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt

from console.domain.metric import MinerState
from console.domain.roster import Miner
from console.ui.fonts import Role, font
from console.ui.heat_map.picture import NOWHERE
from console.ui.heat_map.scale import Tone
from console.ui.lettering import text_width
from console.ui.models.containers import ContainerNow
from console.ui.models.selection import How
from console.ui.theme import DARK
from console.ui.views.racks.blocks import hashing_words
from console.ui.widgets.racks.strip import ContainerStrip
from tests.ui.chart.picture import like, pixels
from tests.ui.fakes import NOW_MS
from tests.ui.racks.made import RackStore, fields, healthy, troubled, yard


def test_duplicates_and_machines_in_two_racks_are_shown_and_named(racks) -> None:
    first = yard(1, 2, 10)
    twin = Miner(**{**fields(first[15]), "serial": first[3].serial})
    miners = (*first[:15], twin, *first[16:])
    desk = racks(RackStore(miners))
    desk.open("C01")
    assert desk.view.panel.signs == (f"1 machine in two racks: {first[3].serial}",)
    assert sum(desk.view.panel.counts().values()) == 20


def test_no_machine_at_all(racks) -> None:
    desk = racks(RackStore(()))
    assert desk.map._empty == "0 machines: the source tells an empty roster"
    now = desk.view.machines.now
    assert hashing_words(now, np.arange(len(now))) == "— %", "no share of nothing, beside the site's name in the fleet"
    assert sum(desk.view.panel.counts().values()) == 0
    desk.map.setFocus()
    desk.qtbot.keyClick(desk.map, Qt.Key.Key_Right)
    assert desk.map.focus_row == NOWHERE


@pytest.mark.parametrize(("told", "word"), [(np.nan, "no data"), (9e15, "suspect")])
def test_where_no_machine_can_be_judged_nobody_says_that_none_hashes(racks, told: float, word: str) -> None:
    miners = yard(2)
    half = len(miners) // 2
    columns = healthy(miners)
    columns["hashrate_hs"][half:] = told
    columns["state"][half:] = np.nan if np.isnan(told) else MinerState.HASHING
    desk = racks(RackStore(miners, columns))
    assert [(block.title, block.note) for block in desk.view._plan.blocks] == [("C01", "100 %"), ("C02", word)]
    desk.open("C02")
    assert desk.view._plan.blocks[0].note == f"{word} · 30 machines · inlet 27.0 °C"


def test_a_site_that_sent_no_roster(racks) -> None:
    desk = racks(RackStore(yard()))
    desk.view.show_container(desk.store.of.sites[3].id)
    desk.settle()
    assert desk.map._empty == "no machine is known here: this site has sent no roster yet"


def test_a_site_of_sixty_thousand_is_reached_to_its_last_machine(racks) -> None:
    crowd = yard(125, 16, 30)
    desk = racks(RackStore(crowd), (1366, 650))
    desk.map.point_at(59_999)
    cell = desk.map.cell_rect(59_999)
    assert desk.map.viewport().rect().contains(cell)
    assert desk.map.row_under(cell.center()) == 59_999
    desk.open("C125")
    assert sum(desk.view.panel.counts().values()) == 480


@pytest.mark.parametrize("width", [1328, 1366, 1880, 1888])
def test_the_share_of_a_container_is_never_cut_however_many_there_are(qtbot, width: int) -> None:
    strip = ContainerStrip()
    qtbot.addWidget(strip)
    counts = {state: 480 if state is MinerState.HASHING else 0 for state in MinerState}
    one = ContainerNow("C01", counts, 480, 1e15, 1e6, 60.0, 20.0, 0)
    for many in range(20, 140):
        strip.show_containers(tuple(replace(one, name=f"C{n:02d}") for n in range(many)), None)
        strip.resize(width, strip.height_for(width))
        assert strip.card_rect(many).width() - 6 >= text_width(font(Role.CAPTION), "100 %"), many
        assert strip.rect().contains(strip.card_rect(many))


def test_a_metric_that_the_source_lacks_is_said_and_is_no_zero(racks) -> None:
    columns = healthy(yard())
    del columns["power_w"]
    desk = racks(RackStore(yard(), columns))
    desk.open("C01")
    desk.view.panel.tabs.show_tab("Power")
    assert desk.view.panel.signs == ("the source tells no power",)
    assert desk.view.panel.counts()[Tone.LACKING] == 120
    desk.map.point_at(0)
    assert {fact.label: fact.value for fact in desk.view.side.facts.facts}["power"] == "the source tells none"


def test_suspect_values_are_counted_and_still_readable(racks) -> None:
    desk = racks(RackStore(yard(), troubled(yard())))
    desk.open("C01")
    assert "1 machine tells a value that cannot be: suspect, left out of totals" in desk.view.panel.signs
    desk.map.point_at(6)
    facts = {fact.label: fact.value for fact in desk.view.side.facts.facts}
    assert facts["state"] == "suspect"
    assert facts["hashrate"] == "9,000 of 140 TH/s, not plausible"


def test_r6_a_machine_whose_only_value_is_suspect_is_suspect_and_not_without_a_link(racks) -> None:
    columns = {"hashrate_hs": healthy(yard())["hashrate_hs"]}
    columns["hashrate_hs"][6] = 9e15
    desk = racks(RackStore(yard(), columns))
    desk.open("C01")
    counts = desk.view.panel.counts()
    assert (counts[Tone.SUSPECT], counts[Tone.LOST]) == (1, 0)


def test_signs_of_the_values_shown_stand_before_those_of_the_roster_which_may_be_cut(racks) -> None:
    first = yard(1, 2, 10)
    twin = Miner(**{**fields(first[15]), "serial": first[3].serial})
    miners = (*first[:15], twin, *first[16:])
    columns = healthy(miners)
    columns["hashrate_hs"][6] = 9e15
    desk = racks(RackStore(miners, columns))
    desk.open("C01")
    suspect, roster = desk.view.panel.signs
    assert suspect.startswith("1 machine tells a value that cannot be")
    assert roster.startswith("1 machine in two racks")


def test_nobody_says_that_no_machine_loses_hashrate_where_it_is_not_known(racks) -> None:
    def head(miners: tuple[Miner, ...], columns: dict | None = None) -> str:
        desk = racks(RackStore(miners, columns or healthy(miners)))
        return desk.view.side.worst.head

    calm = yard(1, 1, 10)
    assert head(calm) == "No machine here loses hashrate"
    assert head(()) == "No machine here"
    unrated = tuple(Miner(**{**fields(one), "rated_hs": None}) for one in calm)
    assert head(unrated, healthy(calm)) == "No machine here can be judged"
    columns = healthy(calm)
    columns["hashrate_hs"][6] = 9e15
    assert head(calm, columns) == "None that can be judged loses hashrate"


def test_stale_is_never_shown_as_live(racks) -> None:
    desk = racks(RackStore(yard()))
    desk.open("C01")
    desk.now_ms += 12 * 60_000
    desk.live._judge()
    assert desk.view.panel._note == "last known, 12 min old"
    desk.view._show_machines(desk.view.machines.now)
    assert all(block.framed for block in desk.view._plan.blocks)


def test_what_is_drawn_round_the_first_of_a_line_is_whole(racks) -> None:
    desk = racks(RackStore(yard()))
    desk.open("C01")
    desk.now_ms += 12 * 60_000
    desk.live._judge()
    desk.view._show_machines(desk.view.machines.now)
    rgb = pixels(desk.map.viewport())
    cell = desk.map.cell_rect(0)
    dashes = like(rgb[cell.top() : cell.bottom(), : cell.left()], DARK.t2, 60).any(axis=1)
    assert dashes.mean() > 0.4, "the left side of the frame of old values"
    desk.map.setFocus(Qt.FocusReason.TabFocusReason)
    desk.map.point_at(0)
    ring = like(pixels(desk.map.viewport())[cell.top() : cell.bottom(), : cell.left()], DARK.t1, 30).any(axis=1)
    assert ring.mean() > 0.8, "the left side of the ring of the keyboard's cell"


def test_ten_thousand_renamed_at_once_keep_their_cells(racks) -> None:
    before = yard(21, 16, 30)
    desk = racks(RackStore(before))
    desk.view.selection.choose([5], How.PICKED)
    after = tuple(Miner(**{**fields(one), "id": f"new-{one.id}"}) for one in before)
    desk.store.put(desk.store.site.id, after, healthy(after), at_ms=NOW_MS)
    desk.refresh()
    assert desk.view.machines.now.name(9_999).startswith("new-")
    assert desk.view.side.chosen.text() == "1 picked"
    assert desk.view.selection.chosen.rows.tolist() == [5]

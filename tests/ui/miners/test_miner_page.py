"""A machine's page as an operator sees it: identity, values with age and expectation, its past, the way out."""

from __future__ import annotations

import threading

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from console.domain.machine_detail import Board, Fan, MachineDetail
from console.domain.metric import MinerState
from console.domain.place import site_key
from console.domain.roster import Miner, Roster
from console.link.messages import AskDetail, DetailAnswer
from console.store.face import Event, MinerSeries
from console.ui.density import Density
from console.ui.fonts import set_font_scale
from console.ui.models.live import Mode
from console.ui.models.live_detail import DetailLine
from console.ui.models.miners.page import MinerPast, WhichMiner
from console.ui.theme import PRINT
from console.ui.widgets.state_glyph import ValueState
from tests.ui.fakes import NOW_MS
from tests.ui.miners.conftest import SITE
from tests.ui.miners.yard import Yard

MINUTE_MS = 60_000


def test_who_it_is_and_where(page) -> None:
    here = page()
    facts = {fact.label: fact.value for fact in here.view.more.facts.facts}
    assert facts["serial"] == f"SN{SITE}00004"
    assert facts["MAC"] == "02:00:00:00:00:04"
    assert (facts["container"], facts["rack"], facts["slot"]) == ("C01", "R01", "05")
    name, place, _ = here.view.head.words
    assert name == "C01-R01-05"
    assert place == "S21 · North America 1 · container C01 · rack R01 · slot 05 · serial SNnorth-america-100004"


def test_r8_each_value_has_its_expectation_and_age(page) -> None:
    here = page()
    assert here.values["Hashrate"] == "138.0 TH/s"
    assert here.contexts["Hashrate"] == "of 140 expected"
    assert here.contexts["Power"] == "of 3,010 expected"
    assert here.contexts["Efficiency"] == "rated 21.5"
    assert "Hashrate: 138.0 TH/s, of 140 expected" in here.view.values.accessibleDescription()
    assert here.values["Inlet air"] == "— °C", "what the source lacks is a dash"
    assert (here.view.values.age, here.view.values.state) == ("9 s", ValueState.FRESH)


def test_a_number_that_two_machines_of_its_roster_tell_does_not_choose_its_notes(page) -> None:
    class Copied(Yard):
        def _miner(self, site_id: str, number: int) -> Miner:
            told = super()._miner(site_id, number)
            return msgspec.structs.replace(told, serial="DUP") if number in (4, 7) else told

    here = page(Copied())
    assert here.view.machine_number == "mac 02:00:00:00:00:04"
    assert here.view.more.notes.notes.machine == "mac 02:00:00:00:00:04"


@pytest.mark.parametrize(
    ("miner", "words"),
    [
        ("C01-R01-01", "off · 0.0 % of its rated hashrate: below 1 %"),
        ("C01-R01-02", "degraded · 50.0 % of its rated hashrate: below 90 %"),
        ("C01-R01-03", "unknown · the newest frame has no hashrate of it"),
        ("C01-R01-04", "curtailed · told to rest by its site: planned, not a failure"),
    ],
)
def test_the_state_comes_with_its_rule(page, miner: str, words: str) -> None:
    assert page(miner=miner).view.head.words[2] == words


def test_r11_offline_a_machine_is_last_known_however_young_its_frame_is(page) -> None:
    here = page(mode=Mode.OFFLINE)
    assert here.view.values.state is ValueState.STALE
    assert here.view._now_panel._title == "Last known"
    assert not here.view.plots.plots["hashrate_hs"].curves[0].live


def test_r9_an_old_machine_is_last_known_and_no_longer_now(page) -> None:
    here = page()
    here.now_ms += 12 * MINUTE_MS
    here.live._judge()
    assert here.view.values.state is ValueState.STALE
    assert here.view._now_panel._title == "Last known"
    assert here.view.head.words[2].startswith("last known: hashing")
    assert here.values["Hashrate"] == "138.0 TH/s"


def test_a_value_that_no_machine_can_have_is_said_to_be_one(page) -> None:
    store = Yard()
    store.hashrate[4] = 9e15
    here = page(store)
    row = here.view.values.rows[0]
    assert (row.suspect, row.value, row.context) == (True, "9,000.0", "not plausible: in no sum")
    assert here.view.miner.state is MinerState.UNKNOWN


def test_a_machine_that_left_the_roster_says_so(page) -> None:
    here = page(miner="C99-R01-01")
    assert "not in the newest roster of its site" in here.view.head.words[2]
    assert here.view.values.rows == ()


def test_the_past_of_the_machine_before_is_dropped_when_it_comes_late(page) -> None:
    here = page()
    begun, gate, series = threading.Event(), threading.Event(), here.store.miner_series

    def slow(site_id: str, miner_id: str, metric: str, start_ms: int, end_ms: int) -> MinerSeries:
        if (miner_id, metric) == ("C01-R01-06", "inlet_c"):  # the last of its metrics
            begun.set()
            gate.wait(10)
        return series(site_id, miner_id, metric, start_ms, end_ms)

    here.store.miner_series = slow
    past = MinerPast(here.live)
    answers: list[str] = []
    past.answered.connect(lambda told: answers.append(told.id))
    past.ask(WhichMiner(SITE, "C01-R01-06"), here.span.span)
    assert begun.wait(10)
    past.ask(WhichMiner(SITE, "C01-R01-07"), here.span.span)
    gate.set()
    here.qtbot.waitUntil(lambda: not past.busy and not here.live.reads.pending)
    assert answers == ["C01-R01-07"]


def test_events_of_its_site_and_of_no_other(page) -> None:
    store = Yard()
    store.event_list = [
        Event(NOW_MS - 5 * MINUTE_MS, site_key(SITE), "link", "No link"),
        Event(NOW_MS - 9 * MINUTE_MS, site_key("canada-1"), "link", "Other"),
    ]
    assert [fact.value for fact in page(store).view.more.events.facts] == ["No link"]


def test_the_ways_out(page, qtbot: QtBot) -> None:
    here = page()
    asked = []
    here.view.place_asked.connect(asked.append)
    here.view.head._rack.click()
    here.view.head._site.click()
    assert asked == [f"racks:{SITE}/C01", f"site:{SITE}"]
    with qtbot.waitSignal(here.view.closed):
        qtbot.keyClick(here.view, Qt.Key.Key_Escape)


def test_a_name_from_outside_stays_text_and_may_hold_slashes(page) -> None:
    class Nasty(Yard):
        def _miner(self, site_id: str, number: int):
            from console.domain.roster import Miner

            return Miner(id=f"<i>a</i>/{number}\u202e", container="C01")

    here = page(Nasty(), miner="<i>a</i>/4\u202e")
    assert here.view.head.words[0] == "<i>a</i>/4\\u202e"
    assert here.view.miner is not None


def test_history_follows_the_machine_to_another_place(page) -> None:
    """The roster changed: the page asks for the past by the machine's name, and shows where it stands now."""
    here = page()
    asked = []
    series = here.store.miner_series
    here.store.miner_series = lambda *question: (asked.append(question[1]), series(*question))[1]
    before = here.store.roster(SITE).miners
    moved = (*before[60:], *before[:60])
    here.store.version = "v2"
    here.store.roster = lambda site_id: Roster(site_id, "v2", moved)
    here.store.measured_ms += 5000
    from tests.ui.fakes import rollup

    here.store.rollups_by_site[SITE] = rollup(here.store.of.sites[0], here.store.measured_ms)
    here.live.load()
    here.settle()
    assert here.view.miner.names["container"] == "C01"
    assert here.view.miner.number["hashrate"] == pytest.approx(float(here.store.hashrate[64]))
    assert set(asked) == {"C01-R01-05"}


def test_r57_the_values_of_a_machine_take_the_room_that_large_text_needs(page) -> None:
    small = page().view.values.sizeHint()
    set_font_scale(2.0)
    large = page().view.values.sizeHint()
    assert (large.width(), large.height()) == (2 * small.width(), 2 * small.height())


def test_r57_large_text_takes_the_layout_of_a_small_window(page) -> None:
    set_font_scale(1.5)
    here = page(size=(1920, 940))
    assert here.view.head.x() == Density.COMPACT.value.margin


@pytest.mark.parametrize("size", [(1366, 600), (1920, 940), (3840, 1980)])
def test_nothing_overlaps_and_everything_has_a_name(page, size: tuple[int, int]) -> None:
    here = page(size=size)
    here.view.set_theme(PRINT)
    parts = [child for child in here.view.children() if isinstance(child, QWidget) and child.isVisible()]
    for one in parts:
        assert here.view.rect().contains(one.geometry()), one
        for other in parts:
            assert one is other or not one.geometry().intersects(other.geometry()), (one, other)
    column = here.view._side.widget()
    panels = [child.geometry() for child in column.children() if isinstance(child, QWidget)]
    assert all(column.rect().contains(panel) for panel in panels)
    here.view.more.tabs.show_tab("Identity")
    here.settle()
    facts = here.view.more.facts
    assert facts.height() >= facts.height_for(facts.width())
    for control in here.view.findChildren(QWidget):
        if control.isVisible() and control.focusPolicy() != Qt.FocusPolicy.NoFocus:
            assert control.accessibleName(), control
            assert min(control.width(), control.height()) >= 24, control.accessibleName()


def test_leak_a_hundred_openings_leave_nothing_behind(page) -> None:
    here = page()
    counts = []
    for turn in range(104):
        here.view.hide()
        here.view.show_place(f"{SITE}/C0{turn % 4 + 1}-R01-0{turn % 9 + 1}")
        here.view.show()
        if turn % 10 == 3:
            here.settle()
        if turn in (3, 103):
            counts.append(len(here.view.findChildren(QWidget)))
    assert counts[1] <= counts[0] * 1.01


def test_boards_and_fans_are_asked_when_somebody_looks_and_shown_with_their_age(page) -> None:
    here = page()
    asked: list[AskDetail] = []
    line = DetailLine.of(here.live)
    line.use(lambda request: asked.append(request) or True)
    more = here.view.more
    assert asked == [], "nobody looks at them yet"
    more.tabs.show_tab("Boards and fans")
    assert [(one.site_id, one.miner_id) for one in asked] == [(SITE, "C01-R01-05")]
    assert more.parts.line == "asking the machine"
    boards = (Board(name="board 0", hashrate_hs=46e12, chip_c=74.0, chips_working=106, chips_expected=108),)
    fans = (Fan(name="fan 0", speed_rpm=0.0), Fan(name="fan 1"))
    line.heard(DetailAnswer("somebody else's", MachineDetail(at_ms=NOW_MS, fans=fans)))
    assert more.parts.groups == ()
    line.heard(DetailAnswer(asked[0].request, MachineDetail(at_ms=NOW_MS - 4000, boards=boards, fans=fans)))
    assert more.parts.line == "measured 4 s ago"
    assert more.parts.groups[0].rows == (("board 0", "46.0", "—", "74.0", "106 of 108"),)
    assert more.parts.groups[1].rows == (("fan 0", "stands"), ("fan 1", "—"))
    here.now_ms += 31_000
    here.live._judge()
    assert len(asked) == 2, "asked again while somebody looks"
    line.heard(DetailAnswer(asked[1].request, None, "10.0.0.4 did not answer as a miner"))
    assert more.parts.line == "measured 35 s ago · 10.0.0.4 did not answer as a miner"
    here.now_ms += 300_000
    here.live._judge()
    assert more.parts._old, "old parts are dimmed"
    more.tabs.show_tab("Notes")
    before = len(asked)
    here.now_ms += 60_000
    here.live._judge()
    assert len(asked) == before, "nobody looks: nobody asks"


def test_a_source_without_boards_says_so_and_so_does_a_missing_link(page) -> None:
    here = page()
    here.view.more.tabs.show_tab("Boards and fans")
    assert here.view.more.parts.line == "no collector is attached: nobody can ask the machine"
    asked: list[AskDetail] = []
    line = DetailLine.of(here.live)
    line.use(lambda request: asked.append(request) or True)
    here.now_ms += 31_000
    here.live._judge()
    line.heard(DetailAnswer(asked[0].request, None, "this source does not tell boards and fans"))
    assert here.view.more.parts.line == "this source does not tell boards and fans"
    assert here.view.more.parts.groups == ()


def test_another_machine_never_shows_the_parts_of_the_one_before(page) -> None:
    here = page()
    asked: list[AskDetail] = []
    line = DetailLine.of(here.live)
    line.use(lambda request: asked.append(request) or True)
    here.view.more.tabs.show_tab("Boards and fans")
    here.view.show_place(f"{SITE}/C01-R01-06")
    here.settle()
    late = MachineDetail(at_ms=NOW_MS, fans=(Fan(name="fan of the first", speed_rpm=1.0),))
    line.heard(DetailAnswer(asked[0].request, late))
    assert here.view.more.parts.groups == ()
    assert asked[-1].miner_id == "C01-R01-06"

"""How a command begins: at a site, from a selection, for a region; what a form needs, and what it says about it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QRect, Qt
from pytestqt.qtbot import QtBot

from console.domain.access import Role
from console.domain.command import Selector, SleepWindow, TargetState, Verb
from console.domain.command_journal import Phase
from console.domain.machines_now import NamedRoster
from console.link.orders import PrepareCommand
from console.ui.dialogs.pick_sites import PickSites
from console.ui.models.commands.selector import CannotSelect, names_from, selector_of
from console.ui.models.commands.wish import CommandWish, Unclear, Written, command_of
from console.ui.models.live import LiveFleet
from console.ui.models.miners.machines import MachineReader
from console.ui.models.selection import Chosen, How
from console.ui.theme import DARK
from console.ui.views.site.commands import SiteCommands
from console.ui.widgets.state_glyph import ValueState
from tests.ui.commands.conftest import button
from tests.ui.commands.made import at_a_desk, batches, keep, preview, running
from tests.ui.commands.made import command as made_command
from tests.ui.fakes import NOW_MS, FakeStore

LEFT = Qt.MouseButton.LeftButton


def wish(store: FakeStore, verb: Verb = Verb.CURTAIL, sites: int = 1) -> CommandWish:
    ids = tuple(site.id for site in store.of.sites[:sites])
    return CommandWish(verb, Selector(sites=ids, title="Here"), "Here")


def made(store: FakeStore, verb: Verb, **written: object):
    told = Written(reason="price", **written)
    return command_of(wish(store, verb), told, "c1", "ada", "desk 2", NOW_MS, store.of)


def test_a_form_becomes_a_command_in_canonical_units() -> None:
    store = FakeStore()
    curtail = made(store, Verb.CURTAIL, amount="20 MW", revert_min="30")
    assert (curtail.arguments.site_power_w, curtail.revert_after_s) == (20e6, 1800.0)
    assert made(store, Verb.CURTAIL).arguments.site_power_w is None
    assert made(store, Verb.POWER_TARGET, amount="80 %").arguments.machine_share == 0.8
    assert made(store, Verb.POWER_TARGET, amount="3.2 kW").arguments.machine_power_w == 3200.0
    assert made(store, Verb.LOCATE, led_on=False).arguments.led_on is False
    sleep = made(store, Verb.SLEEP_SCHEDULE, sleep="22:00-06:00, 12:00–13:30").arguments.sleep
    assert sleep == (SleepWindow(1320, 360), SleepWindow(720, 810))
    pool = made(store, Verb.CHANGE_POOL, pool_url="stratum+tcp://p.example:3333", pool_worker="w.1").arguments
    assert (pool.pool_url, pool.pool_worker) == ("stratum+tcp://p.example:3333", "w.1")


@pytest.mark.parametrize(
    ("verb", "written", "words"),
    [
        (Verb.CURTAIL, {"amount": "20"}, 'found the bare number "20", expected a power with its unit'),
        (Verb.CURTAIL, {"amount": "20 mw"}, "case matters"),
        (Verb.CURTAIL, {"amount": "-5 MW"}, "expected 0 W or more"),
        (Verb.CURTAIL, {"revert_min": "soon"}, "expected 1 to 1440 minutes"),
        (Verb.POWER_TARGET, {"amount": ""}, "watts a machine"),
        (Verb.POWER_TARGET, {"amount": "0 W"}, "Curtail lets machines rest"),
        (Verb.POWER_TARGET, {"amount": "500 %"}, "A share of the rated power lies from 20% to 120%"),
        (Verb.SLEEP_SCHEDULE, {"sleep": "25:00-26:00"}, "expected such as 22:00-06:00"),
        (Verb.SLEEP_SCHEDULE, {"sleep": "22:00-22:00"}, "begins and ends at the same minute"),
        (Verb.CHANGE_POOL, {"pool_url": "http://p.example"}, "stratum+tcp://HOST:PORT"),
    ],
)
def test_what_cannot_be_read_is_said_with_what_was_expected(verb: Verb, written: dict, words: str) -> None:
    with pytest.raises(Unclear, match=words.replace("+", r"\+")):
        made(FakeStore(), verb, **written)


def test_a_reason_is_needed(room) -> None:
    here = room()
    here.shell.command_asked.emit(wish(here.store))
    form = here.commanding.form
    assert "No power written: every machine rests" in form.heard.text()
    here.qtbot.keyClicks(form.amount, "5 MW")
    assert form.heard.text() == "The site then draws 5.0 MW"
    here.qtbot.mouseClick(button(form, "Preview"), LEFT)
    assert "Reason: write why" in form.heard.text()
    assert form.focusWidget() is form.reason
    assert here.collector.of(PrepareCommand) == []
    here.qtbot.keyClicks(form.reason, "power price")
    here.qtbot.keyClick(form.reason, Qt.Key.Key_Return)
    assert here.collector.of(PrepareCommand) == [], "Enter asks for nothing"
    here.qtbot.mouseClick(button(form, "Preview"), LEFT)
    (asked,) = here.collector.of(PrepareCommand)
    assert (asked.session, asked.command.by, asked.command.reason) == ("s1", "operator 2", "power price")

    here.collector.agree(asked, "North America 1: the site is held for maintenance")
    assert "held for maintenance" in form.heard.text()
    assert form.reason.text() == "power price"
    here.qtbot.mouseClick(button(form, "Preview"), LEFT)
    asked = here.collector.of(PrepareCommand)[-1]
    of = preview(replace(asked.command), here.store)
    keep(here.store, of, batches(of))
    here.collector.agree(asked)
    here.qtbot.waitUntil(lambda: here.commanding.dialog is not None)
    assert here.commanding.form is None
    assert "The site" not in here.commanding.dialog.text
    assert "power price" in here.commanding.dialog.text


def test_r36_a_stale_site_is_off_for_an_operator_and_an_emergency_for_a_supervisor(room) -> None:
    store = FakeStore.troubled()
    stale = store.of.sites[30].id
    here = room(store)
    assert "has no fresh sample, nothing could be read back" in here.commands.why_not((stale,))
    higher = room(FakeStore.troubled(), role=Role.SUPERVISOR)
    assert higher.commands.why_not((stale,)) == ""
    higher.shell.command_asked.emit(CommandWish(Verb.CURTAIL, Selector(sites=(stale,), title="x"), "x"))
    form = higher.commanding.form
    assert not form.written.emergency
    higher.qtbot.mouseClick(button(form, "Emergency: command them although they are stale"), LEFT)
    assert form.written.emergency
    form.reject()


def test_a_source_that_only_reads_takes_no_command_and_the_button_says_so(room) -> None:
    store = FakeStore()
    first, second = (site.id for site in store.of.sites[:2])
    store.links_by_site[first] = replace(store.links_by_site[first], adapter="promql", rung="silver")
    here = room(store)
    assert (
        here.commands.why_not((first,)) == "Off: North America 1 is read through promql, silver: it takes no commands"
    )
    assert here.commands.why_not((first, second)) == "", "the preview names the one that is left out"


def panel_of(
    qtbot: QtBot, store: FakeStore, role: Role | None = Role.OPERATOR
) -> tuple[SiteCommands, LiveFleet, object]:
    live = LiveFleet(store, store, store.of, clock=lambda: NOW_MS)
    live.load()
    collector = at_a_desk(live, role)
    panel = SiteCommands(collector.commands, DARK)
    qtbot.addWidget(panel)
    panel.resize(512, 420)
    panel.show()
    return panel, live, collector


def test_r37_the_site_shows_what_is_measured_until_the_frames_show_another(qtbot: QtBot) -> None:
    store = FakeStore()
    running(store)
    panel, live, collector = panel_of(qtbot, store)
    panel.show_site(live.now.site("north-america-2"), ValueState.FRESH)
    collector.commands.load()
    before = store.rollups_by_site["north-america-2"].values[0]
    assert before is not None
    assert "Power 17.7 MW measured" in panel.text
    assert "Asked 5.0 MW" in panel.text
    assert "◑ 20 accepted" in panel.text
    assert "Power 5.0 MW" not in panel.text
    live.close()


def block_of(panel: SiteCommands) -> set[str]:
    """The colours of the measured value, beneath its label."""
    image = panel.grab(QRect(14, 64, 150, 28)).toImage()
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


@pytest.mark.parametrize("state", [ValueState.STALE, ValueState.NO_LINK])
def test_r9_an_old_value_is_dimmed_and_said_to_be_the_last_known(qtbot: QtBot, state: ValueState) -> None:
    panel, live, _ = panel_of(qtbot, FakeStore())
    now = live.now.site("north-america-2")
    panel.show_site(now, ValueState.FRESH)
    assert DARK.t1.name() in block_of(panel)
    panel.show_site(now, state)
    assert "Power, last known 17.7 MW" in panel.text
    assert "measured" not in panel.text.partition("\n")[2].partition("\n")[0]
    assert DARK.t1.name() not in block_of(panel)
    live.close()


def test_a_site_that_never_told_has_no_value_and_none_is_said_to_be_known(qtbot: QtBot) -> None:
    store = FakeStore()
    del store.rollups_by_site["north-america-2"]
    panel, live, _ = panel_of(qtbot, store)
    panel.show_site(live.now.site("north-america-2"), ValueState.NEVER)
    assert "Power \u2014" in panel.text
    assert "known" not in panel.text
    live.close()


def test_a_site_that_is_held_says_by_whom_and_every_button_is_off(qtbot: QtBot) -> None:
    store = FakeStore()
    running(store)
    panel, live, _ = panel_of(qtbot, store)
    panel.show_site(live.now.site("north-america-2"), ValueState.FRESH)
    assert panel.words.text() == "Off: a command of operator 2 at desk 2 holds this site: curtail, running"
    assert not any(one.isEnabled() for one in panel.buttons.values())
    live.close()


def test_r56_the_buttons_of_a_site_are_32_high_apart_and_ask_for_their_verb(qtbot: QtBot) -> None:
    store = FakeStore()
    panel, live, _ = panel_of(qtbot, store)
    panel.show_site(live.now.site("north-america-2"), ValueState.FRESH)
    asked = []
    panel.command_asked.connect(asked.append)
    for one in panel.buttons.values():
        assert one.height() >= 32
        assert one.isEnabled()
        qtbot.mouseClick(one, LEFT)
    assert [one.verb for one in asked] == list(panel.buttons)
    assert asked[0].selector == Selector(sites=("north-america-2",), title="North America 2")
    boxes = [one.geometry() for one in panel.buttons.values()]
    assert all(
        not a.adjusted(-4, -4, 4, 4).intersects(b.adjusted(-3, -3, 3, 3)) for a in boxes for b in boxes if a != b
    )
    live.close()


def test_a_selection_becomes_a_list_of_names_by_site_never_a_filter() -> None:
    store = FakeStore()
    sites = store.of.sites[:3]
    machines = MachineReader().read(store, "", sites, NOW_MS, names=False)
    rows = np.array([0, 5, 80, 81, *range(160, 240)], dtype=np.intp)
    found = selector_of(machines, Chosen(rows, How.MATCHING), names_from(store), "state:off")
    assert found.sites == tuple(site.id for site in sites)
    assert found.machines == {sites[0].id: ("m0", "m5"), sites[1].id: ("m0", "m1")}, "a whole site is named as one"
    assert (found.title, found.query) == ("3 sites", "state:off")
    bearers = {site: NamedRoster.of(store.roster(site)).who_bears(names) for site, names in found.machines.items()}
    assert found.who == bearers, "with the mark by which the collector knows who bore the names"


def test_a_roster_that_changed_meanwhile_is_no_guess() -> None:
    store = FakeStore()
    machines = MachineReader().read(store, "", store.of.sites[:1], NOW_MS, names=False)
    part = machines.parts[0]
    unnamed = dataclasses.replace(part, roster=dataclasses.replace(part.roster, text={}))
    machines = dataclasses.replace(machines, parts=(unnamed,))
    with pytest.raises(CannotSelect, match="choose the machines again"):
        selector_of(machines, Chosen(np.array([1], dtype=np.intp)), lambda _site: None)


def test_a_region_is_ticked_by_enter_and_named_as_one(room) -> None:
    here = room()
    picker = PickSites(here.live.now, DARK, here.shell)
    picker.open()
    asked = []
    picker.wished.connect(asked.append)
    assert "no site is ticked" in picker.verbs[Verb.CURTAIL].toolTip()
    here.qtbot.keyClicks(picker.line, "Canada region")
    here.qtbot.keyClick(picker.line, Qt.Key.Key_Return)
    assert "Canada, 2 sites · " in picker.words.text()
    here.qtbot.mouseClick(picker.verbs[Verb.CURTAIL], LEFT)
    assert asked[0].selector == Selector(sites=("canada-1", "canada-2"), title="Canada")
    here.shell.command_asked.emit(asked[0])
    assert here.commanding.form is not None
    here.commanding.form.reject()


def test_t4_c1_a_command_that_waits_for_its_answer_is_not_asked_twice_by_a_double_press(room) -> None:
    here = room()
    here.shell.command_asked.emit(wish(here.store, Verb.REBOOT))
    form = here.commanding.form
    here.qtbot.keyClicks(form.reason, "hung")
    press = button(form, "Preview")
    here.qtbot.mouseClick(press, LEFT)
    here.qtbot.mouseClick(press, LEFT)
    here.qtbot.mouseDClick(press, LEFT)
    assert len(here.collector.of(PrepareCommand)) == 1
    assert not press.isEnabled()
    assert form.heard.text() == "Reading every target afresh; nothing is sent by this"
    form.reject()


def test_a_site_that_was_commanded_before_is_free_once_it_is_done(qtbot: QtBot) -> None:
    store = FakeStore()
    over = preview(made_command("done1", store), store)
    keep(store, over, batches(over, lambda _number: TargetState.VERIFIED), phase=Phase.DONE, started_ms=NOW_MS)
    panel, live, _ = panel_of(qtbot, store)
    panel.show_site(live.now.site(store.of.sites[0].id), ValueState.FRESH)
    assert all(one.isEnabled() for one in panel.buttons.values())
    assert "✓ 40 verified" in panel.text
    live.close()

"""`meridian --help` names every view that there is, and each form that it names can be opened."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from pytestqt.qtbot import QtBot

from console.cli.addresses import ADDRESSES
from console.domain.errors import ConfigError
from console.ui.models.live import LiveFleet
from console.ui.models.span import TimeBarModel
from console.ui.shell import Shell
from console.ui.startup import VIEWS, open_view
from tests.ui.fakes import NOW_MS
from tests.ui.miners.yard import Yard

SITE = "north-america-1"


@pytest.mark.parametrize("arguments", [["--help"], ["capture", "--help"]])
def test_the_help_names_every_view(arguments: list[str]) -> None:
    told = subprocess.run([sys.executable, "-m", "console", *arguments], capture_output=True, text=True, check=True)
    words = " ".join(told.stdout.split()).replace("- ", "-")
    named = words.partition("world,")[2].partition("alarms")[0]
    assert {slot.view for slot in VIEWS} - {"world", "alarms"} <= set(named.replace(":", " ").replace(",", " ").split())


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (f"world:{SITE}", "expected nothing after it"),
        (f"fleet:{SITE}", "expected nothing after it"),
        (f"miners:{SITE}?foo:bar", "no field 'foo'; there are site, region"),
        ("miners:*?temp>", "a number in °C was expected"),
        (f"site:{SITE}?state:off", "expected site:ID for a site of this fleet"),
        ("site:nowhere", "expected site:ID for a site of this fleet"),
        ("globe", "expected one of world, site, alarms, commands, miners, racks, fleet, miner, compare"),
    ],
)
def test_an_address_that_cannot_be_opened_is_named_with_what_was_expected(
    qtbot: QtBot, address: str, expected: str
) -> None:
    store = Yard()
    live = LiveFleet(store, store, store.of, clock=lambda: NOW_MS)
    shell = Shell(live, TimeBarModel(NOW_MS), VIEWS)
    qtbot.addWidget(shell)
    with pytest.raises(ConfigError, match=re.escape(f"no view {address!r}")) as told:
        open_view(shell, address)
    assert expected in str(told.value)
    live.close()


def test_each_address_that_is_named_opens(qtbot: QtBot) -> None:
    store = Yard()
    live = LiveFleet(store, store, store.of, clock=lambda: NOW_MS)
    live.load()
    shell = Shell(live, TimeBarModel(NOW_MS), VIEWS)
    qtbot.addWidget(shell)
    shell.show()
    forms = ADDRESSES.replace("(a filter may follow:", ",").replace(")", "").replace(" or ", ", ").split(",")
    opened = []
    for form in filter(None, (form.strip() for form in forms)):
        address = form.replace("ID", SITE).replace("CONTAINER", "C01").replace("NAME", "C01-R01-05")
        open_view(shell, address)
        opened.append(shell.view)
        qtbot.waitUntil(lambda: not live.reads.pending)
    assert set(opened) == {slot.view for slot in VIEWS}
    live.close()

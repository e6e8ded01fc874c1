"""The lan adapter against devices that hang, drip, cut, babble and refuse: the others are read all the same."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time

import numpy as np
import pytest

from console.adapters.base import Deadline
from console.adapters.lan import ADAPTER, LanSource
from console.adapters.lan.child import environment
from console.adapters.lan.sighting import Sighting
from console.adapters.lan.sweep import Sweep
from console.adapters.lan.sweeper import Sweeper
from console.domain.errors import ConfigError, SourceError, Unreachable
from console.own_program import own_program
from tests.adapters.lan.fakes import devices, drips, floods, hangs, junk, net, resets, whatsminer

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs every 127.x.y.z address to be local")
NET = net(57)


class Site:
    id = "hall"


def open_session(*addresses: str):
    return ADAPTER.open(Site, LanSource(addresses=addresses), lambda name: "")


def test_n2_devices_that_hang_drip_cut_or_babble_hold_up_no_other() -> None:
    bad = [(f"{NET}.{host}", how) for host, how in enumerate((hangs, drips, resets, junk, floods), 1)]
    with devices(*bad, (f"{NET}.10", whatsminer()), (f"{NET}.11", whatsminer())):
        reader = open_session(f"{NET}.1-{NET}.20")
        try:
            began = time.monotonic()
            reading = reader.read(Deadline.after(8))
            took_s = time.monotonic() - began
        finally:
            reader.close()
    assert reading.roster is not None
    assert [miner.ip for miner in reading.roster.miners] == [f"{NET}.10", f"{NET}.11"]
    assert reading.frame.columns["hashrate_hs"] == pytest.approx(np.float32(124.5e12))
    assert took_s < 8.5  # T13


def test_a_dead_machine_keeps_its_row_and_has_no_value() -> None:
    reader = open_session(f"{NET}.30-{NET}.33")
    try:
        with devices((f"{NET}.31", whatsminer())):
            with devices((f"{NET}.30", whatsminer())):
                both = reader.read(Deadline.after(8))
            one = reader.read(Deadline.after(8))
        with pytest.raises(Unreachable, match="none of 4 addresses"):
            reader.read(Deadline.after(8))
    finally:
        reader.close()
    assert both.roster is not None
    assert one.roster is None
    assert one.frame.roster_version == both.roster.version
    assert np.isnan(one.frame.columns["hashrate_hs"]).tolist() == [True, False]


def test_a_read_never_opens_the_write_door() -> None:
    """A WhatsMiner that refuses every question but its name: the library would answer with `open_write_api`."""
    refuses = {name: {"STATUS": "E", "Code": 14, "Msg": "invalid cmd"} for name in ("summary", "devs", "status")}
    with devices((f"{NET}.40", whatsminer(**refuses)), (f"{NET}.41", whatsminer())) as (refusing, willing):
        reader = open_session(f"{NET}.40", f"{NET}.41")
        try:
            reading = reader.read(Deadline.after(8))
        finally:
            reader.close()
        for device in (refusing, willing):
            assert device.commands() <= {"devdetails", "version", "get_version", "summary", "devs", "status", ""}
            assert not any(
                b"write" in request or b"token" in request or b'"enc"' in request for request in device.asked
            )
    assert np.isnan(reading.frame.columns["hashrate_hs"]).tolist() == [True, False]


def test_a_sweeping_process_that_is_killed_is_told_and_started_again() -> None:
    with devices((f"{NET}.50", whatsminer())):
        reader = open_session(f"{NET}.50")
        try:
            reader.read(Deadline.after(8))
            first = reader._sweeper._process
            first.kill()
            first.wait()
            assert reader.read(Deadline.after(8)).frame.columns["hashrate_hs"].shape == (1,)
            assert reader._sweeper._process.pid != first.pid
        finally:
            reader.close()
            reader.close()


SLEEPS = "import sys, time\nfor line in sys.stdin: time.sleep(60)"
BABBLES = (
    "import sys\nfor line in sys.stdin: print('{]', 'x' * 200000); print('{\"run\": 99, \"done\": true}', flush=True)"
)
ENDS = "import sys; sys.stdin.readline()"


@pytest.mark.parametrize("program", [SLEEPS, BABBLES])
def test_t13_a_sweeping_process_that_keeps_no_time_is_killed_at_the_deadline(program: str) -> None:
    sweeper = Sweeper(10, [sys.executable, "-c", program])
    began = time.monotonic()
    assert sweeper.sweep(["127.0.0.1"], Deadline.after(1.0)) == []
    assert time.monotonic() - began < 6
    assert sweeper._process is None


def test_p1_a_sweeping_process_that_ends_is_one_clear_error() -> None:
    sweeper = Sweeper(10, [sys.executable, "-c", ENDS])
    with pytest.raises(SourceError, match="ended unexpectedly"):
        sweeper.sweep(["127.0.0.1"], Deadline.after(10))


def test_the_sweeping_process_ends_when_its_parent_does() -> None:
    child = subprocess.Popen(own_program("lan-sweep"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment())
    child.stdin.close()
    assert child.wait(20) == 0
    child.stdout.close()


def test_s5_the_sweeping_process_inherits_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERIDIAN_CREDENTIAL_GA", "canary")
    assert "canary" not in environment().values()


class Scripted:
    """Devices that answer, are dead, or hang, without a network."""

    def __init__(self, kinds: dict[str, str]) -> None:
        self.kinds, self.order, self.at_once, self.most = kinds, [], 0, 0
        self.answered: set[str] = set()

    def known(self, ip: str) -> bool:
        return ip in self.answered

    async def look(self, ip: str) -> Sighting | None:
        self.order.append(ip)
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        try:
            await asyncio.sleep(60 if self.kinds.get(ip) == "hangs" else 0.01)
        finally:
            self.at_once -= 1
        if self.kinds.get(ip) != "well":
            return None
        self.answered.add(ip)
        return Sighting(ip)


def test_never_more_than_the_limit_at_once_and_every_address_once() -> None:
    scripted = Scripted({f"10.0.0.{host}": "well" for host in range(100)})
    seen: list[Sighting] = []
    addresses = [f"10.0.0.{host}" for host in range(100)]
    assert asyncio.run(Sweep(scripted).run(addresses, 10.0, 7, seen.append)) == 0
    assert sorted(scripted.order) == sorted(addresses)
    assert len(seen) == 100
    assert scripted.most == 7


def test_known_machines_come_first_and_the_missed_next() -> None:
    """Dead addresses that eat a whole sweep must not starve the machines behind them."""
    addresses = [f"10.0.0.{host}" for host in range(1, 31)]
    scripted = Scripted(dict.fromkeys(addresses[:6], "hangs") | {addresses[-1]: "well"})
    scripted.answered = {addresses[-1]}
    sweep, seen = Sweep(scripted), []
    missed = asyncio.run(sweep.run(addresses, 1.0, 2, seen.append))
    assert scripted.order[0] == addresses[-1]
    assert seen == [Sighting(addresses[-1])]
    assert missed > 0
    scripted.order.clear()
    asyncio.run(sweep.run(addresses, 0.5, 2, seen.append))
    assert scripted.order[1] == addresses[-1 - missed]


def test_settings_that_cannot_be_used_are_told_all_at_once() -> None:
    with pytest.raises(ConfigError) as refused:
        ADAPTER.open(Site, LanSource(addresses=("8.8.8.8", "x"), places={"y": "C01"}), lambda name: "")
    assert [problem.partition(":")[0] for problem in refused.value.problems] == ["addresses", "addresses", "places.y"]


def test_ctrl_c_at_the_terminal_does_not_reach_the_sweeping_process() -> None:
    sweeper = Sweeper(10)
    try:
        sweeper.sweep([f"{NET}.99"], Deadline.after(8))
        assert os.getpgid(sweeper._process.pid) != os.getpgid(0)
    finally:
        sweeper.close()

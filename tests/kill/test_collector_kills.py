"""D4, T10, T26: the real collector killed at random moments, raced, orphaned and asked to leave."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

from console.domain.frame import minute_of
from console.domain.place import site_key
from console.fleet import load_fleet
from console.link.client import LinkClient
from console.link.messages import BackfillProgress, FrameStored, Hello, Refresh, Stopping
from console.settings import Profile
from console.store import open_reader
from tests.kill.processes import collector, end, meridian, simulated_fleet, until

KILLS = 50
RACES = int(os.environ.get("MERIDIAN_RACES", "20"))  # two hundred take some minutes; the lock's own are always 200

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def fleet_file(tmp_path_factory: pytest.TempPathFactory):
    with simulated_fleet(tmp_path_factory.mktemp("fleet")) as path:
        yield path


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile(tmp_path / "profile").create()


class Desktop:
    """What a desktop hears of the collector."""

    def __init__(self, profile: Profile) -> None:
        self.heard: list[object] = []
        self.client = LinkClient(profile, self.heard.append)
        self.client.start()

    def of(self, kind: type) -> list:
        return [message for message in self.heard if isinstance(message, kind)]


def stored_minutes(profile: Profile, site_id: str, around_ms: list[int]) -> set[int]:
    """The minutes of a site that hold a value, as any reader sees them."""
    reader = open_reader(profile.store)
    try:
        start_ms, end_ms = minute_of(min(around_ms)), minute_of(max(around_ms)) + 60_000
        series = reader.series(site_key(site_id), "hashrate_hs", start_ms, end_ms, buckets=1_000_000)
        known = series.mean == series.mean
        return set(series.at_ms[known].tolist())
    finally:
        reader.close()


def test_t10_fifty_kills_lose_no_acknowledged_minute(fleet_file: Path, profile: Profile) -> None:
    seeded, desktop = random.Random(10), Desktop(profile)
    sites = [site.id for site in load_fleet(fleet_file).sites]
    for number in range(KILLS):
        child = collector(fleet_file, profile.folder)
        told, stored = len(desktop.of(Hello)), len(desktop.of(FrameStored))
        until(lambda told=told: len(desktop.of(Hello)) > told)  # the lock of the killed one was free at once
        for site in sites:
            desktop.client.ask(Refresh(site))
        if number % 2:  # the others may die before their first minute is stored
            until(lambda stored=stored: len(desktop.of(FrameStored)) > stored)
        time.sleep(seeded.uniform(0.0, 0.5))
        end(child, signal.SIGKILL)
    desktop.client.stop()

    acknowledged: dict[str, list[int]] = {}
    for message in desktop.of(FrameStored):
        acknowledged.setdefault(message.site_id, []).append(message.at_ms)
    assert sum(map(len, acknowledged.values())) >= KILLS // 2, "the kills came too early to prove anything"
    lost = {
        (site_id, at_ms)
        for site_id, moments in acknowledged.items()
        for at_ms in set(map(minute_of, moments)) - stored_minutes(profile, site_id, moments)
    }
    assert not lost
    with sqlite3.connect(profile.store) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        frames = connection.execute("SELECT site, metric, minute_ms FROM frame").fetchall()
    connection.close()
    assert len(frames) == len(set(frames)), "a minute is there twice"
    assert not list(profile.folder.glob("*.corrupt-*"))


@pytest.mark.timeout(3600)
def test_t26_of_two_collectors_that_start_at_once_exactly_one_wins(fleet_file: Path, profile: Profile) -> None:
    for _ in range(RACES):
        racers = [collector(fleet_file, profile.folder, stderr=subprocess.PIPE) for _ in range(2)]
        until(lambda racers=racers: sum(racer.poll() is not None for racer in racers) == 1)
        time.sleep(0.05)
        assert sorted(racer.poll() is None for racer in racers) == [False, True]
        for racer in racers:
            if racer.poll() is not None:
                assert racer.returncode == 1
                assert b"runs already" in racer.stderr.read()
            end(racer, signal.SIGKILL)
            racer.stderr.close()


def test_sigterm_ends_it_cleanly_with_a_farewell(fleet_file: Path, profile: Profile) -> None:
    desktop = Desktop(profile)
    child = collector(fleet_file, profile.folder)
    until(lambda: desktop.of(FrameStored))
    assert end(child) == 0
    until(lambda: desktop.of(Stopping))
    assert "SIGTERM" in desktop.of(Stopping)[0].reason
    desktop.client.stop()
    assert "stopped" in profile.log.read_text(encoding="utf-8").splitlines()[-1]


def test_no_orphans_the_collector_ends_with_its_parent(fleet_file: Path, profile: Profile) -> None:
    parent = subprocess.Popen(["sleep", "60"])
    child = meridian("collect", "--fleet", fleet_file, "--profile", profile.folder, "--parent-pid", str(parent.pid))
    until(lambda: profile.store.exists())
    end(parent, signal.SIGKILL)
    assert child.wait(20) == 0


def test_n12_a_process_that_stood_still_asks_every_site_again(fleet_file: Path, profile: Profile) -> None:
    desktop = Desktop(profile)
    child = collector(fleet_file, profile.folder)
    until(lambda: desktop.of(FrameStored))
    child.send_signal(signal.SIGSTOP)
    time.sleep(11)
    child.send_signal(signal.SIGCONT)
    reader = open_reader(profile.store)
    until(lambda: "resumed" in [event.kind for event in reader.events(0)])
    reader.close()
    assert end(child) == 0
    desktop.client.stop()


def test_a_restart_resumes_the_back_fill_where_it_was(fleet_file: Path, profile: Profile) -> None:
    desktop = Desktop(profile)
    child = collector(fleet_file, profile.folder)
    until(lambda: desktop.of(BackfillProgress) and desktop.of(BackfillProgress)[-1].done >= 5)
    end(child, signal.SIGKILL)
    before = desktop.of(BackfillProgress)[-1]
    assert before.done < before.total, "it was done before it could be killed"
    first = len(desktop.heard)
    child = collector(fleet_file, profile.folder)
    until(lambda: [m for m in desktop.heard[first:] if isinstance(m, BackfillProgress) and not m.running], 120)
    again = [m for m in desktop.heard[first:] if isinstance(m, BackfillProgress)]
    end(child)
    desktop.client.stop()
    assert again[-1].done == again[-1].total
    assert again[-1].total <= before.total - before.done + 2 + 1, "it began anew instead of going on"

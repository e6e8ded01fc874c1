"""The session against the simulator over real HTTP: rosters, ETags, history, and every fault it can have."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from console.adapters.base import Deadline, History, Reader
from console.adapters.http import HttpSource
from console.adapters.siteapi import ADAPTER
from console.adapters.siteapi.client import ROSTER_AGAIN_S, SiteApiSession, windows
from console.domain.durations import DAY_MS
from console.domain.errors import AuthRefused, BadAnswer, RateLimited, SourceError, TooSlow, Unreachable, Unsupported
from console.domain.rollup import RosterIndex, roll_up
from console.domain.site import Ownership, Site, Source
from console.simulator import routes
from console.simulator.clock import Clock, wall_s
from console.simulator.faults import Fault
from console.simulator.host import SiteHost
from console.simulator.plan import SitePlan, demo_sites, scaled
from console.simulator.server import FleetServer

MINERS = 300
CALM_S = 1_795_000_000.0
WORD = "open-sesame"


class CalmClock(Clock):
    """Stamps are of now; the physics begins at noon of one calm day, so that no test meets a curtailment."""

    def physics(self, at_s):
        return super().physics(at_s) - self.started_s + CALM_S


class Setup:
    """One simulated site on a socket, and a session with it."""

    def __init__(self, plan: SitePlan, token: str | None = None) -> None:
        self.plan = plan
        self.host = SiteHost(plan, 1, CalmClock(wall_s()))
        self.server = FleetServer(0, {plan.id: self.host}, token)
        self.server.start()
        self.site = site_of(plan, f"{self.server.base_url}/sites/{plan.id}", "key" if token else None)
        config = HttpSource(base_url=self.site.source.settings["base_url"])
        self.session = ADAPTER.open(self.site, config, lambda name: {"key": token or ""}[name])
        assert isinstance(self.session, SiteApiSession)

    def read(self, seconds: float = 5.0):
        return self.session.read(Deadline.after(seconds))

    def fail(self, fault: Fault) -> None:
        self.server.faults = {self.plan.id: fault}

    def end(self) -> None:
        self.session.close()
        self.server.end()


def site_of(plan: SitePlan, base_url: str, credential: str | None) -> Site:
    return Site(
        id=plan.id, name=plan.name, region=plan.region, country=plan.country, latitude_deg=plan.latitude_deg,
        longitude_deg=plan.longitude_deg, time_zone=plan.time_zone, ownership=Ownership(plan.ownership),
        deployed_hs=plan.deployed_hs, capacity_w=plan.capacity_w, power_price_usd_per_mwh=plan.price_usd_per_mwh,
        poll_period_s=30.0, source=Source("siteapi", {"base_url": base_url}, credential),
    )  # fmt: skip


@pytest.fixture
def open_site() -> Iterator[Callable[..., Setup]]:
    opened: list[Setup] = []

    def start(site_id: str = "us-ga-1", token: str | None = None) -> Setup:
        plan = next(plan for plan in demo_sites() if plan.id == site_id)
        opened.append(Setup(scaled((plan,), 1, MINERS)[0], token))
        return opened[-1]

    yield start
    for setup in opened:
        setup.end()


def test_the_session_reads_and_keeps_history(open_site) -> None:
    setup = open_site()
    assert isinstance(setup.session, Reader)
    assert isinstance(setup.session, History)
    assert ADAPTER.manifest.name == "siteapi"


@pytest.mark.parametrize("site_id", ["us-ga-1", "us-wy-1", "us-ny-1"])
def test_every_dialect_gives_the_same_canonical_units(open_site, site_id: str) -> None:
    setup = open_site(site_id)
    now = setup.read()
    total = roll_up(setup.site, RosterIndex.of(now.roster), now)
    assert 0.7 < total.site_value("hashrate_hs") / setup.plan.deployed_hs < 1.0
    assert 15 < total.site_value("power_w") / total.site_value("hashrate_hs") * 1e12 < 25
    assert total.site_value("meter_w") > total.site_value("power_w")
    assert -5 < total.site_value("inlet_c") < 60 < total.site_value("board_c") + 30
    assert total.site_value("suspect") == 0
    assert total.site_value("miners") == setup.plan.miners


def test_the_roster_comes_once_and_again_when_its_version_changes(open_site) -> None:
    setup = open_site()
    assert len(setup.read().roster.miners) == MINERS
    assert setup.read().roster is None
    setup.host.roster_version = "another"
    setup.host._sampled = setup.host._body = None
    assert setup.read().roster.version == "another"


def test_an_unchanged_sample_is_given_again_with_its_old_time(open_site) -> None:
    setup = open_site()
    first = setup.read()
    for _ in range(3):
        again = setup.read()
        if again.frame.at_ms == first.frame.at_ms:
            break
        first = again
    assert again.frame.at_ms == first.frame.at_ms
    assert again.frame.columns is first.frame.columns
    assert again.frame.received_ms >= first.frame.received_ms
    assert again.roster is None


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.HANG, TooSlow),
        (Fault.DRIP, TooSlow),
        (Fault.RESET, Unreachable),
        (Fault.TRUNCATED, SourceError),
        (Fault.SERVER_ERROR, SourceError),
        (Fault.HTML, BadAnswer),
        (Fault.NAN, BadAnswer),
        (Fault.GZIP_BOMB, BadAnswer),
        (Fault.WRONG_UNITS, BadAnswer),
        (Fault.REDIRECT, SourceError),
        (Fault.UNAUTHORIZED, AuthRefused),
        (Fault.TOO_MANY, RateLimited),
    ],
)
def test_every_fault_is_one_error_of_the_tree_within_the_deadline(open_site, fault: Fault, error: type) -> None:
    setup = open_site()
    setup.fail(fault)
    started = time.monotonic()
    with pytest.raises(error) as caught:
        setup.read(1.0 if error is TooSlow else 10.0)
    assert time.monotonic() - started < 10.0
    assert str(caught.value)
    assert "Traceback" not in str(caught.value)


def test_a_site_that_recovers_is_read_again(open_site) -> None:
    setup = open_site()
    for fault in (Fault.RESET, Fault.TRUNCATED, Fault.HTML):
        setup.read()
        setup.fail(fault)
        setup.session._last = None  # an unchanged sample would be one line, too short to be cut
        with pytest.raises(SourceError):
            setup.read()
        setup.server.faults = {}
    assert len(setup.read().frame.columns["hashrate_hs"]) == MINERS


def test_t32_mislabelled_units_are_suspect_and_in_no_total(open_site) -> None:
    setup = open_site()
    setup.fail(Fault.MISLABELLED_UNITS)
    now = setup.read()
    total = roll_up(setup.site, RosterIndex.of(now.roster), now)
    hashing = np.count_nonzero(np.nan_to_num(now.frame.columns["hashrate_hs"]))
    assert total.site_value("suspect") == hashing
    assert np.isnan(total.site_value("hashrate_hs")) or total.site_value("hashrate_hs") == 0


def test_the_token_is_sent_and_a_wrong_one_is_told_apart(open_site) -> None:
    setup = open_site(token=WORD)
    assert setup.read().roster is not None
    setup.server.token = WORD[::-1]
    with pytest.raises(AuthRefused):
        setup.read()


def test_history_covers_the_days_newest_window_first_and_meets_the_live_values(open_site) -> None:
    setup = open_site()
    now_ms = time.time_ns() // 1_000_000
    chunks = list(setup.session.history(now_ms - 7 * DAY_MS, now_ms, Deadline.after(60)))
    site = [chunk for chunk in chunks if chunk.place == "site:us-ga-1"]
    containers = [chunk for chunk in chunks if chunk.place.startswith("container:us-ga-1/C")]
    assert [chunk.place for chunk in chunks[: len(site)]] == ["site:us-ga-1"] * len(site)
    assert containers
    assert {chunk.step_s for chunk in containers} == {900}
    at_ms = np.concatenate([chunk.at_ms for chunk in reversed(site)])
    assert (np.diff(at_ms) == 60_000).all()
    assert abs(at_ms[-1] - now_ms) < 3 * 60_000
    assert abs(len(at_ms) - 7 * 1440) <= 2
    live = roll_up(setup.site, RosterIndex.of((reading := setup.read()).roster), reading)
    newest = site[0].signals
    for signal in ("hashrate_hs", "power_w", "meter_w"):
        assert live.site_value(signal) == pytest.approx(newest[signal][-1], rel=0.02)


def test_a_host_without_a_history_is_told_apart_from_a_broken_one(open_site, monkeypatch) -> None:
    setup = open_site()
    monkeypatch.delitem(routes.ROUTES, "v1/history")
    now_ms = time.time_ns() // 1_000_000
    with pytest.raises(Unsupported, match="no history"):
        list(setup.session.history(now_ms - DAY_MS, now_ms, Deadline.after(5)))
    assert setup.read().roster is not None


@pytest.mark.parametrize(("start", "end", "expected"), [
    (0, 0, []),
    (5, 3, []),
    (0, 10, [(0, 10)]),
    (3, 25, [(20, 25), (10, 20), (3, 10)]),
    (10, 20, [(10, 20)]),
])  # fmt: skip
def test_windows_cut_a_stretch_newest_first(start: int, end: int, expected: list[tuple[int, int]]) -> None:
    assert list(windows(start, end, 10)) == expected


def test_a_host_that_adds_a_machine_and_keeps_the_tag_is_read_again(open_site) -> None:
    setup = open_site()
    first = setup.read()
    plan = setup.plan
    longer = SiteHost(scaled([plan], 1, plan.miners + 40)[0], 1, CalmClock(wall_s()))
    assert longer.yard.row.size != setup.host.yard.row.size
    longer.roster_version = setup.host.roster_version
    setup.server.hosts = {plan.id: longer}
    setup.session._last = None
    again = setup.read()
    assert first.roster is not None
    assert again.roster is not None
    assert again.roster.version == first.roster.version
    assert again.frame.columns["hashrate_hs"].size == len(again.roster.miners) != len(first.roster.miners)


def test_the_list_is_asked_for_again_every_hour_whatever_its_tag_says(open_site) -> None:
    setup = open_site()
    assert setup.read().roster is not None
    setup.session._last = None  # or an unchanged sample would say nothing of the roster
    assert setup.read().roster is None
    setup.session._last = None
    setup.session._roster_read_s -= ROSTER_AGAIN_S
    assert setup.read().roster is not None

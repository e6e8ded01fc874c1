"""The past is filled newest first, beside live data, once, resumably, cancellably."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest

from console.adapters.base import Deadline
from console.collect import backfill as room
from console.collect.backfill import Backfill
from console.collect.diary import Diary
from console.collect.ingest import Ingest
from console.collect.ledger import Ledger
from console.domain.durations import DAY_MS
from console.domain.errors import TooSlow, Unreachable, Unsupported
from console.domain.frame import HistoryChunk
from console.domain.site import Fleet, Site
from console.link.messages import BackfillProgress
from console.store.face import BackfillState
from tests.collect.fakes import MINUTE, FakeHistory, FakeSession, FakeStore, make_fleet, wall_ms

DAYS = 4
NOW = 20_000 * DAY_MS + 12 * 3_600_000


@pytest.fixture(autouse=True)
def _few_days_and_no_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "WINDOW_DAYS", DAYS)
    monkeypatch.setattr(room, "REST_SHARE", 0.0)
    monkeypatch.setattr(room, "FIRST_PAUSE_S", 0.05)
    monkeypatch.setattr(room, "TELL_S", 0.0)


class Filling:
    """A back-fill over fakes; several in a row share the store and the folder, as restarts do."""

    def __init__(
        self,
        folder: Path,
        store: FakeStore,
        sites: int = 2,
        open_session: Callable[[Site], FakeSession] | None = None,
        period_s: float = 30.0,
    ) -> None:
        self.fleet, self.store, self.asked, self.told = make_fleet(sites, period_s), store, [], []
        self.ingest = Ingest(store, self.fleet, lambda message: None, lambda error: None)
        self.ingest.start()
        self.pause_s, self.log = 0.0, StringIO()
        self.ledger = Ledger(folder / "backfill.json")
        self.backfill = Backfill(
            self.fleet,
            open_session or (lambda site: FakeHistory(site, self.asked, self.pause_s)),
            store,
            self.ingest,
            self.ledger,
            self.told.append,
            Diary(str, [logging.StreamHandler(self.log)]),
            lambda: NOW,
        )

    def run(
        self, until: Callable[[BackfillState], bool] = lambda state: not state.running, seconds: float = 20
    ) -> None:
        self.backfill.start()
        self.wait(until, seconds)

    def wait(self, until: Callable[[BackfillState], bool], seconds: float = 20) -> None:
        ends = time.monotonic() + seconds
        while not (self.told and until(self.backfill.state())):
            assert time.monotonic() < ends, "did not happen in time"
            time.sleep(0.01)

    def close(self) -> None:
        self.backfill.stop()
        self.ingest.stop()


def whole_window() -> int:
    return DAYS * 1440 - 1


def test_thirty_days_come_newest_day_first_and_by_the_minute(tmp_path: Path) -> None:
    filling = Filling(tmp_path, FakeStore())
    filling.run()
    filling.close()
    for site in filling.fleet.sites:
        days = [start // DAY_MS for site_id, start, _ in filling.asked if site_id == site.id]
        assert days == sorted(days, reverse=True)
    assert {len(minutes) for minutes in filling.store.past.values()} == {whole_window()}
    assert filling.store.state == BackfillState(2 * (DAYS + 1), 2 * (DAYS + 1), running=False)
    assert filling.told[-1] == BackfillProgress(2 * (DAYS + 1), 2 * (DAYS + 1), running=False)
    assert [event.kind for event in filling.store.event_list] == ["back-fill done"]


class SlowTotals(FakeStore):
    """Another day is done while the totals of one are still being made."""

    def refresh_totals(self, fleet: Fleet, start_ms: int, end_ms: int) -> None:
        time.sleep(0.05)  # so long that the other thread ends its own day meanwhile
        super().refresh_totals(fleet, start_ms, end_ms)


def test_totals_are_made_once_a_day_after_its_last_site(tmp_path: Path) -> None:
    filling = Filling(tmp_path, SlowTotals())
    filling.run()
    filling.close()
    days = [start // DAY_MS for start, _ in filling.store.totals]
    assert sorted(days) == [NOW // DAY_MS - back for back in range(DAYS, -1, -1)]
    assert Ledger(tmp_path / "backfill.json").days_to_total == ()


@pytest.mark.parametrize("error", [Unreachable("x"), Unsupported("no history")])
def test_totals_of_days_that_waited_for_a_site_that_is_left_alone_are_made(tmp_path: Path, error: Exception) -> None:
    asked: list[tuple[str, int, int]] = []
    others_are_done = threading.Event()

    class Down(FakeHistory):
        def history(self, start_ms: int, end_ms: int, deadline: Deadline) -> Iterator[HistoryChunk]:
            others_are_done.wait(20)
            raise error

    kinds = {"site-1": Down, "site-2": FakeHistory}
    filling = Filling(tmp_path, FakeStore(), 2, lambda site: kinds[site.id](site, asked))
    filling.run(lambda state: state.done == DAYS + 1)
    others_are_done.set()
    filling.wait(lambda state: not state.running)
    filling.close()
    assert {start // DAY_MS for start, _ in filling.store.totals} == {NOW // DAY_MS - back for back in range(DAYS + 1)}
    assert Ledger(tmp_path / "backfill.json").days_to_total == ()


def test_a_restart_asks_for_nothing_that_is_there(tmp_path: Path) -> None:
    store = FakeStore()
    first = Filling(tmp_path, store)
    first.run()
    first.close()
    second = Filling(tmp_path, store)
    second.run()
    second.close()
    assert second.asked == []


def test_a_restart_goes_on_where_it_was(tmp_path: Path) -> None:
    store = FakeStore()
    first = Filling(tmp_path, store)
    first.pause_s = 0.05
    first.run(lambda state: state.done >= 3)
    first.close()
    done = first.backfill.state().done
    second = Filling(tmp_path, store)
    second.run()
    second.close()
    assert len(second.asked) <= 2 * (DAYS + 1) - done
    assert {len(minutes) for minutes in store.past.values()} == {whole_window()}


def test_a_site_that_is_polled_every_five_minutes_has_no_gaps_between_its_samples(tmp_path: Path) -> None:
    store = FakeStore()
    store.past["site:site-1"] = set(range(NOW - DAYS * DAY_MS, NOW, 5 * MINUTE))
    filling = Filling(tmp_path, store, sites=1, period_s=300.0)
    filling.run()
    filling.close()
    assert filling.asked == []


def test_what_a_source_does_not_have_is_asked_for_once(tmp_path: Path) -> None:
    class Forgetful(FakeHistory):
        def history(self, start_ms: int, end_ms: int, deadline: Deadline) -> Iterator[HistoryChunk]:
            self.asked.append((self.site.id, start_ms, end_ms))
            return iter(())

    asked: list[tuple[str, int, int]] = []
    for _ in range(2):
        filling = Filling(tmp_path, FakeStore(), 1, lambda site: Forgetful(site, asked))
        filling.run()
        filling.close()
    assert len(asked) == DAYS + 1


def test_cancelled_is_cancelled_also_after_a_restart(tmp_path: Path) -> None:
    asked: list[tuple[str, int, int]] = []
    cancelled = threading.Event()

    class Long(FakeHistory):
        """A past of which two days are told before it is cancelled, and no more than what is under way after it."""

        def history(self, start_ms: int, end_ms: int, deadline: Deadline) -> Iterator[HistoryChunk]:
            if len(asked) >= 2:
                cancelled.wait(20)
            return super().history(start_ms, end_ms, deadline)

    store = FakeStore()
    first = Filling(tmp_path, store, open_session=lambda site: Long(site, asked))
    first.run(lambda state: state.done >= 2)
    first.backfill.cancel()
    cancelled.set()
    first.wait(lambda state: not state.running)
    first.close()
    assert not first.told[-1].running
    assert first.told[-1].done == first.told[-1].total < 2 * (DAYS + 1)
    second = Filling(tmp_path, store)
    second.run()
    assert second.asked == []
    store.past["site:site-1"] = set()
    second.backfill.fill("site-1", NOW - 10 * MINUTE, NOW)
    second.wait(lambda state: state.done == 1)
    second.close()
    assert second.asked == [("site-1", NOW - 10 * MINUTE, NOW)], "a gap that opens later is filled again"


def test_a_gap_after_an_outage_comes_before_older_days(tmp_path: Path) -> None:
    filling = Filling(tmp_path, FakeStore(), sites=1)
    filling.pause_s = 0.1
    filling.run(lambda state: state.total == DAYS + 1)
    filling.store.past["site:site-1"] = set(range(NOW - 5 * DAY_MS, NOW - 2 * DAY_MS, MINUTE))
    filling.backfill.fill("site-1", NOW - 30 * MINUTE, NOW)
    filling.wait(lambda state: not state.running)
    filling.close()
    assert (("site-1", NOW - 30 * MINUTE, NOW)) in filling.asked[:3]


@pytest.mark.parametrize("error", [Unsupported("no history"), SystemExit(1), ValueError("a bug")])
def test_a_source_without_a_past_or_a_broken_adapter_is_left_alone(tmp_path: Path, error: BaseException) -> None:
    class Broken(FakeHistory):
        def history(self, start_ms: int, end_ms: int, deadline: Deadline) -> Iterator[HistoryChunk]:
            raise error

    asked: list[tuple[str, int, int]] = []
    kinds = {"site-1": Broken, "site-2": FakeHistory}
    filling = Filling(tmp_path, FakeStore(), 2, lambda site: kinds[site.id](site, asked))
    filling.run()
    filling.close()
    assert filling.backfill.state() == BackfillState(DAYS + 1, DAYS + 1, running=False)
    assert len(asked) == DAYS + 1
    assert "site-1" in filling.log.getvalue()


def test_a_live_only_adapter_is_left_alone(tmp_path: Path) -> None:
    filling = Filling(tmp_path, FakeStore(), 1, FakeSession)
    filling.run()
    filling.close()
    assert filling.backfill.state().total == 0


def test_a_short_failure_is_tried_again_and_a_long_one_is_not_for_ever(tmp_path: Path) -> None:
    errors = iter([Unreachable("x"), TooSlow("y")])

    class Shaky(FakeHistory):
        def history(self, start_ms: int, end_ms: int, deadline: Deadline) -> Iterator[HistoryChunk]:
            error = next(errors, None)
            if error is not None:
                raise error
            return super().history(start_ms, end_ms, deadline)

    asked: list[tuple[str, int, int]] = []
    filling = Filling(tmp_path, FakeStore(), 1, lambda site: Shaky(site, asked))
    filling.run()
    filling.close()
    assert filling.backfill.state() == BackfillState(DAYS + 1, DAYS + 1, running=False)


def test_a_ledger_that_cannot_be_read_is_a_fresh_one(tmp_path: Path) -> None:
    (tmp_path / "backfill.json").write_bytes(b"{broken")
    ledger = Ledger(tmp_path / "backfill.json")
    assert ledger.asked == {}
    ledger.answered("a", (0, DAY_MS + 1))
    ledger.answered("a", (DAY_MS, 2 * DAY_MS))
    ledger.save()
    again = Ledger(tmp_path / "backfill.json")
    assert again.asked == {"a": [(0, 2 * DAY_MS)]}
    assert again.days_to_total == (0, 1)
    again.trim(wall_ms(), ["a"])
    assert again.asked == {"a": []}


def test_a_day_whose_totals_are_being_made_waits_on_the_disk_and_anew_for_what_comes_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "backfill.json"
    ledger = Ledger(path)
    ledger.answered("a", (0, 3 * DAY_MS))
    assert ledger.take_day({2}) == 1, "the newest that is not open"
    assert ledger.take_day({2}) == 0
    assert ledger.take_day({2}) is None, "nobody else takes it too"
    ledger.save()
    assert Ledger(path).days_to_total == (0, 1, 2), "a crash now loses none"
    ledger.answered("b", (DAY_MS, 2 * DAY_MS))
    ledger.totalled(1)
    ledger.put_back(0)
    assert sorted(ledger.days_to_total) == [0, 1, 2], "1 got more, 0 could not be made, 2 was open"
    assert ledger.take_day(()) == 2
    ledger.totalled(2)
    ledger.save()
    assert Ledger(path).days_to_total == (0, 1)

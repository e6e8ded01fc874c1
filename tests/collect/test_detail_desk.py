"""The collector's detail desk: the right machine is asked, a source that hangs or fails costs its own answer only."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from console.adapters.base import Deadline
from console.collect.detail_desk import BUSY, MOST_WAITING, NOT_TOLD, DetailDesk
from console.domain.errors import Unreachable
from console.domain.machine_detail import Fan, MachineDetail
from console.domain.roster import Miner, Roster
from console.domain.site import Ownership, Site, Source
from console.link.messages import AskDetail, DetailAnswer

SITE = Site(
    id="x", name="X", region="R", country="US", latitude_deg=1, longitude_deg=2, time_zone="UTC",
    ownership=Ownership.HOSTED, deployed_hs=1e15, capacity_w=1e6, power_price_usd_per_mwh=45, poll_period_s=30,
    source=Source(adapter="siteapi"),
)  # fmt: skip
DETAIL = MachineDetail(at_ms=7, fans=(Fan(name="fan 0", speed_rpm=4000.0),))


class Rosters:
    def roster(self, site_id: str) -> Roster | None:
        return Roster(site_id, "v1", (Miner("m1", serial="S1"), Miner("m2", serial="S2")))


class Plain:
    """A source that reads and tells no parts."""

    def __init__(self) -> None:
        self.closed = 0

    def read(self, deadline: Deadline) -> object:
        raise NotImplementedError

    def close(self) -> None:
        self.closed += 1


class Telling(Plain):
    def __init__(self, tell: Callable[[Miner], MachineDetail]) -> None:
        super().__init__()
        self._tell = tell

    def detail(self, machine: Miner, deadline: Deadline) -> MachineDetail:
        assert deadline.remaining_s() > 0
        return self._tell(machine)


class Ears:
    def __init__(self) -> None:
        self.heard: list[DetailAnswer] = []
        self._came = threading.Condition()

    def __call__(self, answer: DetailAnswer) -> None:
        with self._came:
            self.heard.append(answer)
            self._came.notify()

    def wait(self, count: int) -> list[DetailAnswer]:
        with self._came:
            assert self._came.wait_for(lambda: len(self.heard) >= count, 10)
        return self.heard


@pytest.fixture
def desk():
    made: list[DetailDesk] = []

    def make(session: Plain, redact: Callable[[str], str] = str) -> tuple[DetailDesk, Ears]:
        ears = Ears()
        made.append(DetailDesk([SITE], Rosters(), lambda site: session, ears, redact, within_s=5.0))
        return made[-1], ears

    yield make
    for each in made:
        each.close()


def test_the_machine_that_was_named_is_asked_and_the_session_closed(desk) -> None:
    asked: list[Miner] = []
    session = Telling(lambda machine: asked.append(machine) or DETAIL)
    here, ears = desk(session)
    here.ask(AskDetail("q", "x", "m2"))
    assert ears.wait(1) == [DetailAnswer("q", DETAIL)]
    assert [machine.serial for machine in asked] == ["S2"]
    here.close()
    assert session.closed == 1


def test_a_source_that_cannot_says_so_in_plain_words(desk) -> None:
    session = Plain()
    here, ears = desk(session)
    here.ask(AskDetail("q", "x", "m1"))
    assert ears.wait(1) == [DetailAnswer("q", None, NOT_TOLD)]


@pytest.mark.parametrize(("site", "miner"), [("x", "m9"), ("elsewhere", "m1")])
def test_an_unknown_machine_is_not_asked_for(desk, site: str, miner: str) -> None:
    here, ears = desk(Telling(lambda machine: DETAIL))
    here.ask(AskDetail("q", site, miner))
    assert "lacks this machine" in ears.wait(1)[0].reason


def test_a_refusal_is_told_without_secrets_and_a_fault_of_an_adapter_stays_its_own(desk) -> None:
    def fail(machine: Miner) -> MachineDetail:
        if machine.id == "m1":
            raise Unreachable("no answer, token hunter2 was sent")
        raise ZeroDivisionError

    session = Telling(fail)
    here, ears = desk(session, lambda text: text.replace("hunter2", "•••"))
    here.ask(AskDetail("1", "x", "m1"))
    here.ask(AskDetail("2", "x", "m2"))
    first, second = ears.wait(2)
    assert first.reason == "no answer, token ••• was sent"
    assert second.reason == "the adapter failed: ZeroDivisionError"
    here.close()
    assert session.closed == 2


def test_a_machine_that_hangs_never_holds_who_asks_and_too_many_are_told(desk) -> None:
    going = threading.Event()
    here, ears = desk(Telling(lambda machine: (going.wait(10) and DETAIL) or DETAIL))
    for number in range(MOST_WAITING + 5):
        here.ask(AskDetail(str(number), "x", "m1"))
    busy = [answer for answer in ears.wait(4) if answer.reason == BUSY]
    assert len(busy) >= 4
    going.set()
    assert len([answer for answer in ears.wait(MOST_WAITING + 5) if answer.detail]) >= MOST_WAITING

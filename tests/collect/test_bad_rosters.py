"""What a source may get wrong (issue 3): from the reading through the store to the sign on screen, nothing is lost."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from console.collect.arrival import Arrival, accept
from console.collect.link_book import LinkBook, Outcome
from console.domain.errors import BadAnswer
from console.domain.fleet_state import judge
from console.domain.frame import Frame, Reading
from console.domain.freshness import Freshness
from console.domain.link_state import Link
from console.domain.metric import SIGNAL_INDEX
from console.domain.miner_table import MinerTable
from console.domain.roster import Miner, Roster, fingerprint
from console.domain.roster_columns import RosterColumns, odd
from console.domain.site import Fleet
from console.store import open_reader, open_writer
from console.store.machines import machines
from tests.collect.fakes import make_site, wall_ms

SITE, HOUR_MS = make_site(), 3_600_000
RATED_HS = 1e14


def rack(count: int, **changes: str) -> list[Miner]:
    return [
        Miner(id=f"m{n}", serial=f"SN{n}", container=f"C{n // 480:03d}", rack=f"R{n // 30 % 16:02d}", rated_hs=RATED_HS)
        for n in range(count)
    ]


def reading(miners: list[Miner], at_ms: int | None = None, **columns: np.ndarray) -> Reading:
    told = columns or {"hashrate_hs": np.full(len(miners), RATED_HS), "power_w": np.full(len(miners), 3000.0)}
    roster = Roster(SITE.id, fingerprint(tuple(miners)), tuple(miners))
    at_ms = wall_ms() if at_ms is None else at_ms
    values = {name: column.astype(np.float32) for name, column in told.items()}
    return Reading(Frame(SITE.id, at_ms, at_ms, roster.version, values), roster)


def arrived(given: Reading) -> Arrival:
    return accept(SITE, None, given, wall_ms())


def kept(folder: Path, *arrivals: Arrival) -> MinerTable:
    """What the store gives back of all machines."""
    writer = open_writer(folder / "store.db")
    for arrival in arrivals:
        writer.put_reading(arrival.reading.frame, arrival.reading.roster, arrival.rollup)
    writer.close()
    reader = open_reader(folder / "store.db")
    try:
        return machines(reader, Fleet(name="Test", sites=(SITE,)), wall_ms())
    finally:
        reader.close()


def signs(given: Reading) -> str:
    assert given.roster is not None
    return "; ".join(odd(RosterColumns.of(given.roster)))


def changed(miner: Miner, **words: str) -> Miner:
    return Miner(**{**{name: getattr(miner, name) for name in miner.__struct_fields__}, **words})


def test_duplicate_serials_are_named_and_every_machine_counts(tmp_path: Path) -> None:
    miners = rack(20)
    miners[3] = changed(miners[3], serial="SN4")
    given = reading(miners)
    assert signs(given) == "1 serial number told twice: SN4"
    arrival = arrived(given)
    assert arrival.rollup.site_value("miners") == 20
    assert arrival.rollup.site_value("hashrate_hs") == pytest.approx(20 * RATED_HS)
    assert len(kept(tmp_path, arrival)) == 20


def test_a_miner_in_two_racks_even_under_one_name_is_named_and_kept(tmp_path: Path) -> None:
    miners = rack(40)
    miners.append(changed(miners[3], rack="R09"))
    given = reading(miners)
    assert signs(given) == "1 machine in two racks: SN3; 1 name told twice: m3"
    table = kept(tmp_path, arrived(given))
    assert len(table) == 41
    assert np.isfinite(table.number["hashrate"]).all()


def test_no_machine_at_all_is_a_site_without_a_sum_and_not_zero(tmp_path: Path) -> None:
    arrival = arrived(reading([], hashrate_hs=np.zeros(0)))
    assert np.isnan(arrival.rollup.site_value("hashrate_hs"))
    assert arrival.rollup.site_value("deployed_hs") == SITE.deployed_hs
    assert len(kept(tmp_path, arrival)) == 0


def test_one_site_of_sixty_thousand(tmp_path: Path) -> None:
    given = reading(rack(60_000))
    assert signs(given) == ""
    arrival = arrived(given)
    assert arrival.rollup.site_value("miners") == 60_000
    assert arrival.rollup.site_value("hashrate_hs") == pytest.approx(60_000 * RATED_HS, rel=1e-6)
    table = kept(tmp_path, arrival)
    assert len(table) == 60_000
    assert str(table.text["id"][59_999]) == "m59999"


def test_a_metric_that_the_source_lacks_is_no_value_anywhere(tmp_path: Path) -> None:
    arrival = arrived(reading(rack(10), hashrate_hs=np.full(10, RATED_HS)))
    for signal in ("power_w", "board_c", "inlet_c"):
        assert np.isnan(arrival.rollup.site_value(signal))
    table = kept(tmp_path, arrival)
    assert np.isnan(table.number["power"]).all()
    assert np.isfinite(table.number["hashrate"]).all()


def test_values_outside_plausibility_are_suspect_counted_and_in_no_total(tmp_path: Path) -> None:
    hashrate, power = np.full(10, RATED_HS), np.full(10, 3000.0)
    hashrate[2], power[5], hashrate[7], hashrate[8] = 9e18, -40.0, np.inf, -np.inf
    arrival = arrived(reading(rack(10), hashrate_hs=hashrate, power_w=power))
    assert arrival.rollup.site_value("suspect") == 4
    assert arrival.rollup.site_value("hashrate_hs") == pytest.approx(7 * RATED_HS)
    assert arrival.rollup.site_value("power_w") == pytest.approx(9 * 3000.0)
    assert arrival.rollup.values[1:, SIGNAL_INDEX["suspect"]].sum() == 4
    assert np.flatnonzero(kept(tmp_path, arrival).suspect).tolist() == [2, 5, 7, 8], "told values are kept, and marked"


def test_a_clock_an_hour_ahead_is_stored_on_receipt_and_said(tmp_path: Path) -> None:
    before_ms = wall_ms()
    arrival = arrived(reading(rack(4), at_ms=before_ms + HOUR_MS))
    assert before_ms <= arrival.rollup.at_ms <= wall_ms()
    outcome = Outcome(SITE.id, before_ms, before_ms + 9, 9.0, arrival.rollup.at_ms, arrival.ahead_s)
    state = LinkBook([SITE], {}, str).note(outcome).state
    assert state.link is Link.GOOD
    assert "clock runs 3600 s ahead" in state.error
    assert len(kept(tmp_path, arrival)) == 4


def test_a_clock_an_hour_behind_is_kept_and_never_live(tmp_path: Path) -> None:
    arrival = arrived(reading(rack(4), at_ms=wall_ms() - HOUR_MS))
    now = judge(Fleet(name="Test", sites=(SITE,)), {SITE.id: arrival.rollup}, {}, wall_ms())
    assert now.site(SITE.id).freshness is Freshness.STALE
    assert len(kept(tmp_path, arrival)) == 4


def test_ten_thousand_renamed_at_once_are_the_same_machines(tmp_path: Path) -> None:
    before = rack(10_000)
    after = [changed(miner, id=f"renamed-{miner.id}") for miner in before]
    at_ms = wall_ms() - 60_000
    first, second = arrived(reading(before, at_ms - 60_000)), arrived(reading(after, at_ms))
    assert first.index.version != second.index.version
    table = kept(tmp_path, first, second)
    assert len(table) == 10_000
    reader = open_reader(tmp_path / "store.db")
    past = reader.miner_series(SITE.id, "renamed-m9999", "power_w", at_ms - HOUR_MS, at_ms + HOUR_MS)
    reader.close()
    assert past.values.tolist() == [3000.0, 3000.0]


def test_a_breaker_of_a_container_is_bounded_by_its_rating_in_the_total_and_in_the_table(tmp_path: Path) -> None:
    """1.5 MW of a breaker rated at 1 MW are its machines; 2.5 MW are no value, and neither are 25 kW of one machine."""
    miners = [Miner(id=f"b{n}", container=f"C{n}", rated_w=rated) for n, rated in enumerate((1e6, 1e6, 3500.0))]
    arrival = arrived(reading(miners, power_w=np.array([1.5e6, 2.5e6, 25e3])))
    assert arrival.rollup.site_value("power_w") == pytest.approx(1.5e6)
    assert arrival.rollup.site_value("suspect") == 2
    table = kept(tmp_path, arrival)
    assert np.flatnonzero(table.suspect).tolist() == [1, 2]
    np.testing.assert_array_equal(np.isfinite(table.number["power"]), [True, False, False])


def test_a_metric_that_is_told_no_longer_is_no_value_and_never_an_old_one(tmp_path: Path) -> None:
    miners, at_ms = rack(10), wall_ms() - 60_000
    first = arrived(reading(miners, at_ms - 60_000))
    table = kept(tmp_path, first, arrived(reading(miners, at_ms, hashrate_hs=np.full(10, RATED_HS))))
    assert np.isnan(table.number["power"]).all()
    assert np.isfinite(table.number["hashrate"]).all()


def test_a_new_order_without_a_value_takes_none_of_the_old_order(tmp_path: Path) -> None:
    miners, at_ms = rack(3), wall_ms() - 60_000
    first = arrived(reading(miners, at_ms - 60_000, power_w=np.array([1000.0, 2000.0, 3000.0])))
    turned = tuple(reversed(miners))
    roster = Roster(SITE.id, fingerprint(turned), turned)
    table = kept(tmp_path, first, arrived(Reading(Frame(SITE.id, at_ms, at_ms, roster.version, {}), roster)))
    assert [str(name) for name in table.text["id"]] == ["m2", "m1", "m0"]
    assert np.isnan(table.number["power"]).all()


@pytest.mark.parametrize("size", [0, 9, 11])
def test_a_column_of_another_length_than_the_roster_is_refused_whole(size: int) -> None:
    given = reading(rack(10), hashrate_hs=np.full(10, RATED_HS), power_w=np.full(size, 3000.0))
    with pytest.raises(BadAnswer, match=rf"'power_w' has shape \({size},\), the roster 10 machines"):
        arrived(given)

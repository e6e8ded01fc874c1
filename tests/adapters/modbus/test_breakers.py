"""What a fleet file may say of breakers, and every problem of one that may not."""

from __future__ import annotations

import pytest

from console.adapters.modbus import ADAPTER
from console.adapters.registry import Registry
from console.domain.errors import ConfigError, Unsupported
from console.domain.site import Ownership, Site, Source

GOOD = {
    "C01": {
        "host": "10.20.0.5",
        "coil": 0,
        "device_id": 2,
        "power": {"register": 100, "unit": "kW", "scale": 0.1, "kind": "holding", "words": 2},
        "rated_power_kw": 1500,
    },
    "C02": {"host": "10.20.0.5", "coil": 1},
}


def site(breakers: object = GOOD, simulated: bool = False, **settings: object) -> Site:
    return Site(
        id="yard", name="Yard", region="R", country="US", latitude_deg=0, longitude_deg=0, time_zone="UTC",
        ownership=Ownership.OWNED, deployed_hs=1, capacity_w=1, power_price_usd_per_mwh=1, poll_period_s=30,
        source=Source(adapter="modbus", settings={"breakers": breakers, **settings}), simulated=simulated,
    )  # fmt: skip


def test_a_good_table_has_no_problems() -> None:
    assert Registry(()).check(site()) == ()
    assert ADAPTER.manifest.rung == "gold"


@pytest.mark.parametrize(
    ("breaker", "problem"),
    [
        ({"coil": 0}, "breakers.C01.host: missing, expected a private address"),
        ({"host": "10.0.0.1"}, "breakers.C01.coil: missing"),
        ({"host": "10.0.0.1", "coil": -1}, "breakers.C01.coil: found -1, expected an address from 0 to 65535"),
        ({"host": "10.0.0.1", "coil": 0, "port": 0}, "breakers.C01.port"),
        ({"host": "10.0.0.1", "coil": 0, "device_id": 248}, "breakers.C01.device_id"),
        ({"host": "8.8.8.8", "coil": 0}, "breakers.C01.host: found '8.8.8.8', expected a private address"),
        ({"host": "plc.example", "coil": 0}, "breakers.C01.host: found 'plc.example', expected a private address"),
        ({"host": "10.0.0.1", "coil": 0, "power": {"register": 1}}, "breakers.C01.power.unit: missing"),
        (
            {"host": "10.0.0.1", "coil": 0, "power": {"register": 1, "unit": "kw"}},
            'breakers.C01.power.unit: found \'kw\', expected "W", "kW" or "MW"',
        ),
        ({"host": "10.0.0.1", "coil": 0, "coils": 1}, "breakers.C01.coils: not a setting"),
    ],
)
def test_a_problem_names_its_key_and_what_was_expected(breaker: dict[str, object], problem: str) -> None:
    (found,) = Registry(()).check(site({"C01": breaker}))
    assert found.startswith(problem)


def test_two_containers_cannot_share_a_coil_and_none_is_not_a_site() -> None:
    same = {"host": "10.0.0.1", "coil": 4}
    assert Registry(()).check(site({"C01": same, "C02": same})) == (
        "breakers.C02: has the coil of C01; two containers cannot share one",
    )
    assert "found none" in Registry(()).check(site({}))[0]
    assert "not a name of a container" in Registry(()).check(site({"a\x1b": same}))[0]


def test_breakers_are_switched_only_where_the_source_says_so() -> None:
    with pytest.raises(Unsupported, match="control = true"):
        Registry(()).open_control(site(), str)
    Registry(()).open_control(site(control=True), str).close()
    with pytest.raises(ConfigError):
        Registry(()).open_control(site({}, control=True), str)


def test_r60_a_simulated_fleet_commands_no_breaker() -> None:
    with pytest.raises(Unsupported, match="the fleet is simulated, and the adapter modbus reaches real machines"):
        Registry(()).open_control(site(control=True, simulated=True), str)

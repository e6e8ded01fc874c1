"""The fleet file: a good one becomes a fleet, a bad one tells all its problems with line and key at once."""

from __future__ import annotations

import contextlib
import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.adapters.registry import Registry
from console.domain.errors import ConfigError
from console.domain.site import Ownership
from console.fleet import load_fleet, read_fleet
from console.fleet.lines import key_lines
from console.settings import resources

GOOD = """\
[fleet]
name = "North and South"
simulated = true
pool_fee = 0.002

[[site]]
id = "us-ga-1"
name = "Sandersville"
region = "North America"
country = "United States"
latitude = 32.98
longitude = -82.81
time_zone = "America/New_York"
ownership = "owned"
deployed = "1.33 EH/s"
capacity = "50 MW"
power_price = "45 USD/MWh"
note = '''
two
lines'''

[site.source]
adapter = "siteapi"
credential = "ga-read"
url = "https://127.0.0.1:8443"
labels = { hall = "A", "odd key" = [1, 2] }

[[site]]  # the second
id = "et-1"
name = "Bole"
region = "East Africa"
country = "Ethiopia"
latitude = 9
longitude = 38.8
time_zone = "Africa/Addis_Ababa"
ownership = "hosted"
deployed = "1400 PH/s"
capacity = "32 MW"
power_price = "0.0758 USD/kWh"
poll_period = "1 min"
source.adapter = "promql"
source.query."hash rate" = "sum(x)"
"""


@pytest.fixture
def write(tmp_path: Path):
    def write_text(text: str | bytes) -> Path:
        path = tmp_path / "fleet.toml"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return write_text


def problems_of(path: Path) -> list[str]:
    with pytest.raises(ConfigError) as refused:
        load_fleet(path)
    return [problem.removeprefix(f"{path}:") for problem in refused.value.problems]


def test_a_good_file_becomes_a_fleet_in_canonical_units(write) -> None:
    fleet = load_fleet(write(GOOD))
    assert (fleet.name, fleet.simulated, fleet.pool_fee, fleet.target_ratio) == ("North and South", True, 0.002, 0.9)
    georgia, bole = fleet.sites
    assert (georgia.deployed_hs, georgia.capacity_w, georgia.power_price_usd_per_mwh) == (1.33e18, 5e7, 45.0)
    assert (bole.deployed_hs, bole.power_price_usd_per_mwh, bole.latitude_deg) == (1.4e18, 75.8, 9.0)
    assert (georgia.poll_period_s, bole.poll_period_s) == (30.0, 60.0)
    assert georgia.ownership is Ownership.OWNED
    assert georgia.source.credential == "ga-read"
    assert georgia.source.settings == {"url": "https://127.0.0.1:8443", "labels": {"hall": "A", "odd key": [1, 2]}}
    assert bole.source.settings == {"query": {"hash rate": "sum(x)"}}
    assert (georgia.line, bole.line) == (6, 28)
    assert fleet.regions() == ("North America", "East Africa")


def test_the_fleet_file_of_the_manual_is_right(write) -> None:
    manual = (resources() / "manual" / "manual.md").read_text(encoding="utf-8")
    example = manual.partition("```toml\n")[2].partition("```")[0]
    fleet = load_fleet(write(example))
    assert fleet.sites[0].source.credential == "ga-read"
    assert Registry(plugins=()).check(fleet.sites[0]) == ()


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(write) -> None:
    plain = load_fleet(write(GOOD))
    assert load_fleet(write(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())) == plain


def test_a_source_setting_can_be_pointed_at(write) -> None:
    path = write(GOOD)
    loaded = read_fleet(path)
    assert loaded.place("us-ga-1", "url") == f"{path}:25"
    assert loaded.place("us-ga-1", "labels.hall") == f"{path}:26"
    assert loaded.place("us-ga-1", "missing") == f"{path}:22"
    assert loaded.place("et-1", "query") == f"{path}:42"


def test_all_problems_are_told_at_once_each_with_line_and_key(write) -> None:
    bad = (
        GOOD.replace('id = "et-1"', 'id = "us-ga-1"')
        .replace('"1.33 EH/s"', "1.33")
        .replace('"50 MW"', '"50 mW"')
        .replace("latitude = 9", "latitude = 99")
        .replace('"hosted"', '"rented"')
        .replace('"Africa/Addis_Ababa"', '"Africa/Adis_Ababa"')
        .replace('"1 min"', '"2 s"')
        .replace("pool_fee", "poolfee")
    )
    assert problems_of(write(bad)) == [
        "4: fleet.poolfee: unknown key, did you mean pool_fee? (known: name, simulated, target_ratio, pool_fee)",
        '15: site.deployed: found the bare number 1.33, expected a hashrate with its unit, e.g. "2.2 EH/s"',
        '16: site.capacity: unknown unit "mW" for a power: case matters, write MW',
        '29: site.id: found "us-ga-1" again, expected an id of its own (first on line 7)',
        "33: site.latitude: found 99, expected degrees north from -90 to 90",
        '35: site.time_zone: found "Africa/Adis_Ababa", expected an IANA time zone such as "Africa/Addis_Ababa", '
        "did you mean Africa/Addis_Ababa?",
        '36: site.ownership: found "rented", expected "owned" or "hosted"',
        '40: site.poll_period: found "2 s", expected a duration from "5 s" to "1 h"',
    ]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('id = "us-ga-1"', 'id = "US GA"', '7: site.id: found "US GA", expected lowercase letters'),
        ('id = "us-ga-1"', 'id = "../x"', "7: site.id"),
        ('name = "Sandersville"\n', "", "6: site.name: missing, expected a line of text"),
        ('name = "Sandersville"', 'name = " "', '8: site.name: found " "'),
        ('name = "Sandersville"', r'name = "a\u0007b"', r'8: site.name: found "a\x07b", expected a line'),
        ("latitude = 32.98", "latitude = nan", "11: site.latitude: found nan, expected degrees"),
        ("latitude = 32.98", "latitude = true", "11: site.latitude: found True, expected degrees"),
        (
            'deployed = "1.33 EH/s"',
            'deployed = "0 EH/s"',
            '15: site.deployed: found "0 EH/s", expected a hashrate above',
        ),
        ('capacity = "50 MW"', 'capacity = "-50 MW"', "16: site.capacity"),
        ('capacity = "50 MW"', 'capactiy = "50 MW"', "16: site.capactiy: unknown key, did you mean capacity?"),
        ('capacity = "50 MW"', "capacity = []", "16: site.capacity: found list, expected a power with its unit"),
        ('power_price = "45 USD/MWh"', 'power_price = "45 MW"', "17: site.power_price: unknown unit"),
        ('adapter = "siteapi"\n', "", "22: site.source.adapter: missing"),
        ('adapter = "siteapi"', 'adapter = "site api"', "23: site.source.adapter"),
        ('credential = "ga-read"', 'credential = "ga read"', "24: site.source.credential"),
        ("simulated = true", 'simulated = "yes"', '3: fleet.simulated: found "yes", expected true or false'),
        ("pool_fee = 0.002", "pool_fee = 2", "4: fleet.pool_fee: found 2, expected a share"),
        ("[fleet]", "[flet]", "1: flet: unknown key, did you mean fleet?"),
    ],
)
def test_a_single_fault_is_named_where_it_stands(write, old: str, new: str, says: str) -> None:
    assert old in GOOD
    assert any(problem.startswith(says) for problem in problems_of(write(GOOD.replace(old, new, 1))))


@pytest.mark.parametrize(
    "line",
    [
        'password = "hunter2"',
        'api_key = "hunter2"',
        'api-key = "hunter2"',
        'read_token = "hunter2"',
        'headers = { Authorization = "hunter2" }',
        'url = "https://me:hunter2@host/"',
    ],
)
def test_s5_a_secret_is_refused_and_never_repeated(write, line: str) -> None:
    text = GOOD.replace('url = "https://127.0.0.1:8443"', line)
    problems = problems_of(write(text))
    assert len(problems) == 1
    assert problems[0].startswith("25: site.source.")
    assert "credential" in problems[0]
    assert "hunter2" not in problems[0]


def test_s5_who_judges_the_sources_is_never_shown_a_secret(write) -> None:
    shown: list[object] = []

    def judge(source: object) -> tuple[str, ...]:
        shown.append(source)
        return ("url: missing, expected text", "the rest is wrong, too")

    path = write(GOOD.replace('url = "https://127.0.0.1:8443"', 'password = "hunter2"').replace("latitude = 9", ""))
    with pytest.raises(ConfigError) as refused:
        read_fleet(path, judge)
    told = [problem.removeprefix(f"{path}:") for problem in refused.value.problems]
    assert told[0] == "22: site.source.url: missing, expected text"
    assert told[1] == "22: site.source: the rest is wrong, too"
    assert told[2].startswith("25: site.source.password: found a secret")
    assert told[3].startswith("28: site.latitude: missing")
    assert len(told) == 6
    assert "hunter2" not in str(shown) + str(told)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "1: fleet.name: missing"),
        (b"[fleet]\nname = 'x'\n", "1: site: missing, expected at least one [[site]]"),
        (b"[fleet]\nname = \n", "2: not valid TOML: Invalid value"),
        (b"[fleet]\nname = 'x'\nname = 'y'\n", "3: not valid TOML: Cannot overwrite a value"),
        (b"[fleet]\nname = '''x\n\n", "4: not valid TOML"),
        (b"[fleet]\n\nname = '\xff'\n", "3: found bytes that are not UTF-8"),
        (b"site = 3\n", "1: site: found 3, expected [[site]] tables"),
        (b"site = [3]\n", "1: site: found 3, expected a [[site]] table"),
        (b"fleet = 3\n", "1: fleet: found 3, expected a [fleet] table"),
        (b"a = " + b"[" * 5000, "1: nested too deeply"),
        (b"a = " + b"9" * 9000, "1: not valid TOML"),
    ],
)
def test_what_is_no_fleet_file_at_all(write, raw: bytes, says: str) -> None:
    assert any(problem.startswith(says) for problem in problems_of(write(raw)))


def test_a_missing_file_a_folder_and_a_giant_are_said_plainly(tmp_path: Path) -> None:
    giant = tmp_path / "giant.toml"
    giant.write_bytes(b"#" * (5 * 1024 * 1024))
    for path, says in ((tmp_path / "none", "No such file"), (tmp_path, "directory"), (giant, "larger than 4 MiB")):
        with pytest.raises(ConfigError, match=says):
            load_fleet(path)


def test_every_way_to_write_a_key_has_its_line() -> None:
    text = "\n".join(
        (
            "a.b.c = 1",
            '"quoted.key" = """',
            "x",
            '"""',
            "list = [",
            "  1,",
            "  { d = 2 },",
            "]",
            "[t]",
            "[[t.u]]",
            "[t.u.v]",
            "w = 1979-05-27 07:32:00",
            "[[t.u]]",
            'v.w = "]"',
        )
    )
    lines = key_lines(text)
    expected = {
        ("a", "b", "c"): 1,
        ("quoted.key",): 2,
        ("list",): 5,
        ("list", 0): 6,
        ("list", 1, "d"): 7,
        ("t",): 9,
        ("t", "u", 0): 10,
        ("t", "u", 0, "v"): 11,
        ("t", "u", 0, "v", "w"): 12,
        ("t", "u", 1): 13,
        ("t", "u", 1, "v", "w"): 14,
    }
    assert {path: lines[path] for path in expected} == expected


PIECES = st.sampled_from(
    [
        '"',
        "'",
        '"""',
        "'''",
        "[",
        "]",
        "[[site]]",
        "{",
        "}",
        "=",
        ".",
        ",",
        "\n",
        "#",
        "\\",
        "a",
        "1",
        "é",
        "\x00",
        "\r",
    ]
)


def paths(value: object, path: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    found = {path}
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in items:
            found |= paths(inner, (*path, key))
    return found


@given(st.lists(st.tuples(st.integers(0, len(GOOD)), st.integers(0, 12), PIECES), max_size=4))
@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_file_raises_config_error_and_nothing_else(tmp_path: Path, cuts) -> None:
    text = GOOD
    for start, length, piece in cuts:
        text = text[:start] + piece + text[start + length :]
    path = tmp_path / "fleet.toml"
    path.write_bytes(text.encode())
    with contextlib.suppress(ConfigError):
        load_fleet(path)
    with contextlib.suppress(tomllib.TOMLDecodeError):
        assert paths(tomllib.loads(text)) <= key_lines(text).keys()


@given(st.binary(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_raise_config_error_and_nothing_else(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "fleet.toml"
    path.write_bytes(raw)
    with pytest.raises(ConfigError):
        load_fleet(path)

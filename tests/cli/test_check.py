"""`meridian check`: every problem with its line, and a site that hangs holds up no other."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from console.__main__ import main
from console.adapters.registry import Registry
from console.cli import check
from console.domain.errors import Unreachable
from console.domain.frame import Frame, Reading
from console.domain.roster import Miner, Roster
from console.fleet import load_fleet
from tests.fleet_text import FACTS

SITE = """
[[site]]
id = "{id}"
name = "Sandersville"
{facts}[site.source]
adapter = "{adapter}"
{settings}
"""


def fleet_file(tmp_path: Path, *sites: tuple[str, str, str]) -> Path:
    path = tmp_path / "fleet.toml"
    tables = (
        SITE.format(facts=FACTS, id=name, adapter=adapter, settings=settings) for name, adapter, settings in sites
    )
    path.write_text('[fleet]\nname = "Two"\n' + "".join(tables), encoding="utf-8")
    return path


def test_a_right_file_is_said_to_be_right(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = fleet_file(tmp_path, ("ga", "siteapi", 'base_url = "http://127.0.0.1:1"'))
    assert main(["check", str(path)]) == 0
    assert capsys.readouterr().out == f"{path}: Two, 1 site, no problem found\n"


def test_problems_of_the_settings_carry_file_line_and_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = fleet_file(
        tmp_path, ("ga", "siteapi", "base_url = 3"), ("tx", "sietapi", ""), ("et", "siteapi", "base_ulr = 'x'")
    )
    assert main(["check", str(path)]) == 1
    told = capsys.readouterr().err.removeprefix("meridian: ").splitlines()
    assert told[0].startswith(f"{path}:18: site.source.base_url: found 3, expected")
    assert told[1].startswith(f'{path}:33: site.source.adapter: "sietapi" cannot be used')
    assert any(line.startswith(f"{path}:50: site.source.base_ulr: ") for line in told)


def test_problems_of_the_file_and_of_the_settings_are_told_together(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(fleet_file(tmp_path, ("GA", "siteapi", "base_url = 3")))]) == 1
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 2
    assert ':5: site.id: found "GA", expected lowercase letters' in told[0]
    assert ":18: site.source.base_url: found 3, expected" in told[1]


def test_what_only_opening_a_source_shows_is_told_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("pyasic_rs")
    lan = 'addresses = ["8.8.8.8", "10.0.0.1"]'
    assert main(["check", str(fleet_file(tmp_path, ("ga", "lan", lan)))]) == 1
    assert ':18: site.source.addresses: found "8.8.8.8", expected private' in capsys.readouterr().err


def test_a_site_that_cannot_be_reached_makes_the_exit_code_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = fleet_file(tmp_path, ("ga", "siteapi", 'base_url = "http://127.0.0.1:1"'))
    assert main(["check", str(path), "--connect"]) == 1
    told = capsys.readouterr().out.splitlines()
    assert told[1].startswith("ga                   FAILED  Unreachable: ")
    assert told[2] == "0 of 1 sites answered"


class Fakes(Registry):
    """Sessions that answer, refuse or hang, by the id of the site."""

    def open(self, site: Any, secrets: Any) -> Any:
        return FakeSession(site.id)


class FakeSession:
    def __init__(self, site_id: str) -> None:
        self.site_id = site_id

    def read(self, deadline: Any) -> Reading:
        if self.site_id == "hangs":
            time.sleep(5)
        if self.site_id == "gone":
            raise Unreachable("no route\nto the host")
        columns = {"hashrate_hs": np.array([1e14, np.nan], dtype=np.float32)}
        frame = Frame(self.site_id, 1_751_328_000_000, 1_751_328_000_500, "v", columns)
        return Reading(frame, Roster(self.site_id, "v", (Miner("a"), Miner("b"))), {"power_w": 3.2e6})

    def close(self) -> None:
        return


def test_r12_one_line_a_site_and_none_waits_for_another(tmp_path: Path) -> None:
    sites = load_fleet(fleet_file(tmp_path, *((name, "siteapi", "") for name in ("well", "gone", "hangs")))).sites
    answers = {answer.site.id: answer for answer in check.read_once(Fakes([]), sites, within_s=0.3)}
    assert answers["well"].good
    assert answers["well"].line.startswith("ok      2 miners, 0.1 PH/s, 3.2 MW, measured 2025-07-01 00:00:00 UTC, in")
    assert answers["gone"].line == "FAILED  Unreachable: no route to the host"
    assert answers["hangs"].line == "FAILED  TooSlow: no complete answer within 0.3 s"

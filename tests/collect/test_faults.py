"""Every way a site can go wrong on the wire, end to end: each gets its one word, none holds up its neighbours."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from console.collect.poll import deadline_s
from tests.kill.processes import PERIOD_S, ROOT, simulated_fleet

WORDS = {
    "hang": "slow",
    "drip": "slow",
    "reset": "down",
    "truncated": "broken",
    "500": "broken",
    "html": "broken",
    "nan": "broken",
    "gzip-bomb": "broken",
    "wrong-units": "broken",
    "redirect": "broken",
    "401": "refused",
    "429": "limited",
}
GOOD = 2


def meridian(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "console", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.slow
def test_t12_t13_t14_t15_t17_every_fault_is_one_word_and_the_others_go_on(tmp_path: Path) -> None:
    sites = len(WORDS) + GOOD
    with simulated_fleet(tmp_path, sites, miners=20 * sites) as fleet:
        ids = re.findall(r'^id = "([^"]+)"', fleet.read_text(encoding="utf-8"), re.MULTILINE)
    faults = dict(zip(ids, WORDS, strict=False))
    arguments = [word for site, kind in faults.items() for word in ("--fault", f"{site}={kind}")]
    with simulated_fleet(tmp_path, sites, miners=20 * sites, extra=arguments) as fleet:
        done = meridian("collect", "--once", "--fleet", fleet, "--profile", tmp_path / "profile")
    assert done.returncode == 1, "some sites did not answer"
    told = json.loads(meridian("status", "--json", "--profile", tmp_path / "profile").stdout)
    by_site = {site["site"]: site for site in told["by_site"]}
    assert {kind: by_site[site]["link"] for site, kind in faults.items()} == WORDS
    for site in faults:
        assert by_site[site]["operational_hs"] is None, "nothing of a broken answer is stored"
        assert by_site[site]["error"]
    for site in ids[len(WORDS) :]:
        assert by_site[site]["link"] == "good"
        assert by_site[site]["operational_hs"] > 0
    latencies = [int(ms) for ms in re.findall(r"\b(\d+) ms", done.stdout)]
    assert max(latencies) <= (deadline_s(PERIOD_S) + 1.0) * 1000

"""`meridian alarms`: what stands, and rules tried on the stored past."""

from __future__ import annotations

import time
from pathlib import Path

import msgspec
import numpy as np
import pytest

from console.__main__ import main
from console.domain.alarm import Alarm, AlarmEvent, AlarmState, Priority
from console.domain.alarm_change import AlarmChange
from console.domain.frame import HistoryChunk
from console.domain.place import container_key, site_key
from console.store import open_writer
from tests.operate.alarms.made import SHIPPED, fleet
from tests.store.made import DAY, MINUTE, T0, make_frame, make_rollup, make_roster

RULE = """[rules]
shipped = false

[[alarm]]
id = "warm"
title = "Warm air"
level = "container"
signal = "inlet_c"
condition = "above"
limit = "40 °C"
on_delay = "5 min"
priority = "low"
priority_reason = "boards age"
cause = "fans"
consequence = "throttling"
response = ["look at the fans"]
guidance = "container-inlet-hot.md"
view = "container"
"""


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """Two days of one site of two containers, of which the first is hot for an hour a day."""
    writer, sites = open_writer(tmp_path / "meridian.db"), fleet(1)
    writer.put_fleet(sites)
    at_ms = np.arange(T0, T0 + 2 * DAY, MINUTE, dtype=np.int64)
    hot = np.where(at_ms % DAY < 3_600_000, 45.0, 25.0)
    for place, inlet in ((container_key("s-0", "C00"), hot), (container_key("s-0", "C01"), np.full(hot.shape, 25.0))):
        writer.put_history([HistoryChunk(place, 60, at_ms, {"inlet_c": inlet})])
    writer.put_history([HistoryChunk(site_key("s-0"), 60, at_ms, {"hashrate_hs": np.full(hot.shape, 0.95e18)})])
    roster = make_roster("s-0", containers=2)
    frame = make_frame(roster, T0 + 2 * DAY)
    writer.put_reading(frame, roster, make_rollup(sites.sites[0], roster, frame))
    writer.close()
    return tmp_path


def test_check_tells_what_a_file_would_have_raised(profile: Path, tmp_path: Path, capsys) -> None:
    file = tmp_path / "try.toml"
    file.write_text(RULE, encoding="utf-8")
    assert main(["alarms", "check", str(file), "--profile", str(profile), "--days", "2"]) == 0
    out = capsys.readouterr().out
    assert "1 rules over 2.0 days" in out
    assert "2  warm@container:s-0/C00  Warm air" in out
    assert "warning: 100% of the rules are low" in out
    assert main(["alarms", "check", str(file), "--profile", str(profile), "--days", "2", "--json"]) == 0
    facts = msgspec.json.decode(capsys.readouterr().out)
    assert (facts["announced"], facts["per_rule"], facts["not_tried"]) == (2, {"warm": 2}, [])


def test_check_without_a_file_tries_what_the_profile_runs(profile: Path, capsys) -> None:
    main(["alarms", "check", "--profile", str(profile)])
    assert f"{len(SHIPPED)} rules over 30.0 days" in capsys.readouterr().out
    (profile / "alarms.toml").write_text(RULE, encoding="utf-8")
    main(["alarms", "check", "--profile", str(profile)])
    assert "1 rules over" in capsys.readouterr().out


def test_check_ends_with_1_where_nobody_could_manage(profile: Path, tmp_path: Path, capsys) -> None:
    file = tmp_path / "try.toml"
    file.write_text(RULE.replace("40 °C", "20 °C").replace("5 min", "0 s"), encoding="utf-8")
    (profile / "x").mkdir()
    assert main(["alarms", "check", str(file), "--profile", str(profile)]) == 0
    file.write_text(RULE.replace("40 °C", "44 °C").replace('"low"', '"critical"'), encoding="utf-8")
    assert main(["alarms", "check", str(file), "--profile", str(profile)]) == 1
    assert "critical" in capsys.readouterr().out


def test_check_refuses_a_bad_rule_with_file_line_and_key(profile: Path, tmp_path: Path, capsys) -> None:
    file = tmp_path / "try.toml"
    file.write_text(RULE.replace('"40 °C"', "40"), encoding="utf-8")
    assert main(["alarms", "check", str(file), "--profile", str(profile)]) == 1
    assert f"{file}:10: alarm.limit: found the bare number 40" in capsys.readouterr().err
    assert main(["alarms", "check", str(tmp_path / "none.toml"), "--profile", str(profile)]) == 1
    assert "cannot be read" in capsys.readouterr().err


def test_list_shows_heads_with_what_is_beneath_them(profile: Path, capsys) -> None:
    writer = open_writer(profile / "meridian.db")
    alarm = Alarm(
        rule="site-no-link", place="site:s-0", state=AlarmState.UNACKNOWLEDGED, active=True, priority=Priority.MEDIUM,
        occurred_ms=T0,
    )  # fmt: skip
    beneath = msgspec.structs.replace(alarm, rule="site-stale", priority=Priority.LOW, parent=alarm.key)
    writer.put_alarm_rules(SHIPPED)
    writer.put_alarms([alarm, beneath], ())
    writer.close()
    assert main(["alarms", "list", "--profile", str(profile)]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "1 alarms, 1 more beneath them"
    assert out[2].startswith("M     B")
    assert out[2].endswith("No link to the site        1")
    assert main(["alarms", "list", "--profile", str(profile), "--json"]) == 0
    assert [one["parent"] for one in msgspec.json.decode(capsys.readouterr().out)] == [None, "site-no-link@site:s-0"]


def test_a_shift_hands_over_who_acted_what_stands_and_what_is_parked(profile: Path, capsys) -> None:
    now_ms = time.time_ns() // 1_000_000
    same = {"place": "site:s-0", "active": True, "occurred_ms": now_ms - 60_000}
    kept = Alarm(rule="site-no-link", state=AlarmState.ACKNOWLEDGED, note="called the carrier", **same)
    parked = Alarm(
        rule="site-stale", state=AlarmState.SHELVED, shelf_reason="host repairs", shelved_until_ms=now_ms + 1, **same
    )
    did = AlarmChange(
        at_ms=now_ms - 30_000, rule="site-no-link", place="site:s-0", event=AlarmEvent.ACKNOWLEDGE,
        before=AlarmState.UNACKNOWLEDGED, after=AlarmState.ACKNOWLEDGED, priority=Priority.LOW, who="ada\x1b[2J",
        note="called the carrier",
    )  # fmt: skip
    came = msgspec.structs.replace(
        did, event=AlarmEvent.OCCUR, before=AlarmState.NORMAL, after=AlarmState.UNACKNOWLEDGED, who="", note=""
    )
    old = msgspec.structs.replace(did, at_ms=now_ms - 9 * 3_600_000, who="bob")
    writer = open_writer(profile / "meridian.db")
    writer.put_alarms([kept, parked], [old, came, did])
    writer.close()
    assert main(["alarms", "handover", "--profile", str(profile)]) == 0
    out = capsys.readouterr().out
    assert "alarms: 0 critical, 0 high, 0 medium, 1 low" in out
    assert "acted: ada [2J (1)" in out
    assert "bob" not in out
    assert "OPEN: 1" in out
    assert "SHELVED: 1" in out
    assert "host repairs" in out
    assert main(["alarms", "handover", "--profile", str(profile), "--json", "--hours", "10"]) == 0
    facts = msgspec.json.decode(capsys.readouterr().out)
    assert facts["people"] == {"ada\x1b[2J": 1, "bob": 1}
    assert [one["key"] for one in facts["open"]] == ["site-no-link@site:s-0"]

"""`meridian doctor` says one line a finding and fails when something will not work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from console import checkup
from console.__main__ import main
from console.checkup import Finding, Level
from console.store import open_writer
from tests.store.made import make_fleet


@pytest.mark.parametrize(("level", "code"), [(Level.OK, 0), (Level.NOTE, 0), (Level.BAD, 1)])
def test_the_exit_code_is_the_worst_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], level: Level, code: int
) -> None:
    zones: list[tuple[str, ...]] = []

    def check_up(folder: Path, store: Path, time_zones: tuple[str, ...]) -> Iterator[Finding]:
        assert store.parent == folder == tmp_path
        zones.append(time_zones)
        yield Finding(level, "disk", "is round")
        yield Finding(Level.OK, "store", "is well")

    monkeypatch.setattr(checkup, "check_up", check_up)
    writer = open_writer(tmp_path / "meridian.db")
    writer.put_fleet(make_fleet(2))
    writer.close()
    assert main(["doctor", "--profile", str(tmp_path)]) == code
    first, second = capsys.readouterr().out.splitlines()
    assert first.split() == [level, "disk", "is", "round"]
    assert second.split() == ["ok", "store", "is", "well"]
    assert zones == [("America/New_York",) * 2]

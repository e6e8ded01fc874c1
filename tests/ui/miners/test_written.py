"""What the miner table writes to the clipboard and to files: whose rows, in which order, how old, and for whom safe."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication

from console.domain.csv_text import read_rows
from console.ui.models.miners.rows import Sorting
from console.ui.models.selection import How

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # of pop-ups, offscreen


def test_copy_is_safe_for_spreadsheets_and_in_canonical_units(desk) -> None:
    here = desk()
    here.view.columns.choose(("id", "firmware", "hashrate", "temp", "age"))
    here.type("C01-R01-01")
    here.view.actions.copy()
    lines = QGuiApplication.clipboard().text().split("\r\n")
    assert lines[0] == "miner\tfirmware\thashrate [H/s]\ttemp [°C]\tage [s]"
    assert lines[1].startswith("C01-R01-01\t'=cmd|")
    assert lines[1].endswith("\t0.0\t40.0\t9.0")
    assert here.view.foot.note.text() == "Copied all 1 that match"


def test_export_says_what_it_holds_and_when_it_was_measured(desk, tmp_path) -> None:
    here = desk(folder=tmp_path)
    here.type("state:degraded")
    here.view.actions.export()
    here.settle()
    path = next((tmp_path / "exports").glob("*.csv"))
    stamp, *rest = path.read_text(encoding="utf-8-sig").split("\n")
    for words in (
        "Miners · North America 1",
        "all 12 that match",
        "filter state:degraded",
        "measured 2026-11-22 14:31:58 UTC",
    ):
        assert words in stamp
    rows = read_rows("\n".join(rest))
    assert rows[0][:2] == ["miner", "container"]
    assert len(rows) == 13
    assert f"Saved {path.name}" in here.view.foot.note.text()


@pytest.mark.parametrize("asked", ["", "state:off"])
def test_what_is_written_of_a_selection_stands_as_in_the_table_and_is_as_old_as_its_stamp_says(
    desk, tmp_path, asked: str
) -> None:
    here = desk(folder=tmp_path)
    here.view.columns.choose(("id", "temp", "age"))
    here.view.rows.sort_by(Sorting("temp", descending=True))
    here.view.selection.choose([3, 50, 17, 119], How.PICKED)
    if asked:  # and none of the four is shown
        here.type(asked)
    here.pass_s(25.001)
    here.view.actions.export()
    here.settle()
    path = next((tmp_path / "exports").glob("*.csv"))
    stamp, *rest = path.read_text(encoding="utf-8-sig").split("\n")
    assert "sorted by temp descending" in stamp
    assert "measured 2026-11-22 14:31:58 UTC" in stamp
    assert "captured 2026-11-22 14:32:32 UTC" in stamp
    _head, *rows = read_rows("\n".join(rest))
    assert [row[0] for row in rows] == ["C04-R03-10", "C02-R03-01", "C01-R02-08", "C01-R01-04"]
    assert {row[2] for row in rows} == {"34.001"}
    here.view.table.copy_asked.emit()
    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().split("\r\n")[1:]]
    assert [tuple(line) for line in lines if line != [""]] == [tuple(row) for row in rows]

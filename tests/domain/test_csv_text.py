"""CSV export: no cell is a formula, and what was written is what is read."""

from __future__ import annotations

import csv
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain.csv_text import read_rows, write_rows

NASTY = st.text(alphabet=st.sampled_from("=+-@\t\r\n'\",;a1 |"), max_size=8) | st.text(max_size=20)
TEXT = NASTY.filter(lambda text: "\0" not in text)


@given(st.lists(st.lists(TEXT, min_size=2, max_size=2), max_size=6))
@settings(max_examples=400)
def test_t36_no_text_becomes_a_formula_and_the_round_trip_is_exact(rows: list[list[str]]) -> None:
    written = write_rows(["name", "note"], rows)
    for row in csv.reader(io.StringIO(written, newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)
    assert read_rows(written) == [["name", "note"], *rows]


def test_numbers_stay_numbers_and_no_value_is_an_empty_cell() -> None:
    assert write_rows(["x", "y"], [[-1.5, None], [float("nan"), 3]]) == "x,y\r\n-1.5,\r\n,3\r\n"


def test_t36_a_head_is_guarded_as_any_text() -> None:
    assert write_rows(["=cmd", "y"], []) == "'=cmd,y\r\n"

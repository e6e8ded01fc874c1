"""Writes rows as CSV (RFC 4180) that no spreadsheet runs as a formula; knows nothing of files.

A text cell that begins with `=`, `+`, `-`, `@`, tab or carriage return gets an apostrophe in front (OWASP, "CSV
injection"), and so does one that begins with an apostrophe, so that `read_rows` can take it off again. Numbers stay
numbers; no value is an empty cell, never 0.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence

Cell = str | int | float | None
RISKY = ("=", "+", "-", "@", "\t", "\r", "'")


def write_rows(header: Sequence[str], rows: Iterable[Sequence[Cell]], delimiter: str = ",") -> str:
    """A CSV text with CR LF line ends; the header is escaped like any text. Spreadsheets paste tabs, not commas."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([_cell(name) for name in header])
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return out.getvalue()


def read_rows(text: str) -> list[list[str]]:
    """The cells as text, header first, with the guarding apostrophes taken off again."""
    return [[_unguarded(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""))]


def _cell(value: Cell) -> str:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(RISKY) else value
    return repr(value) if isinstance(value, float) else str(value)


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") else cell

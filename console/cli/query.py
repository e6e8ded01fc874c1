"""`meridian query`: the machines that a filter finds, from the store; the same language as in the miner table."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from console.cli.reading import reader_of

if TYPE_CHECKING:
    from console.domain.miner_table import MinerTable

UNITS = (
    "Values are in H/s (hashrate, rated), W (power), J/TH (efficiency), °C (temp, inlet), s (age), parts of 1 (ratio); "
    "JSON and CSV name a column as --columns does. A bare number in a filter is in TH/s, W, J/TH, °C, s or %."
)
DEFAULT_COLUMNS = ("site", "container", "rack", "id", "model", "state", "hashrate", "power", "temp", "age")


def add_parser(subparsers: Any) -> None:
    """`query` and its options."""
    parser = subparsers.add_parser("query", help="machines that a filter finds", description=__doc__, epilog=UNITS)
    parser.add_argument("query", nargs="?", default="", help="e.g. 'state:degraded region:\"East Africa\" temp>80'")
    parser.add_argument("--profile", metavar="DIR", help="profile directory (default: your own)")
    parser.add_argument("--demo", action="store_true", help="ask the demo fleet's profile")
    parser.add_argument("--columns", metavar="NAME,...", default=",".join(DEFAULT_COLUMNS), help="default: %(default)s")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--count", action="store_true", help="only how many there are")
    form.add_argument("--json", action="store_true", help="a JSON list, canonical units, null for no value")
    form.add_argument("--csv", action="store_true", help="CSV, canonical units, safe for spreadsheets")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write what was found; raises QueryError, ConfigError for an unknown column, StoreMissing before any poll."""
    from console.domain.query import parse_query

    clauses = parse_query(args.query)
    columns = _columns(args.columns)
    table = _table(args)
    rows = table.select(clauses)
    if args.count:
        sys.stdout.write(f"{rows.size}\n")
        return 0
    records = [[read(row) for read in _readers(table, columns)] for row in rows.tolist()]
    sys.stdout.write(_written(args, columns, records))
    return 0


def _columns(text: str) -> tuple[str, ...]:
    from console.domain.errors import ConfigError
    from console.domain.query import FIELDS

    names = tuple(name.strip() for name in text.split(",") if name.strip())
    unknown = [name for name in names if name not in FIELDS]
    if unknown or not names:
        found = ", ".join(unknown) or "none"
        raise ConfigError((f"--columns: found {found}, expected some of {', '.join(FIELDS)}",))
    return names


def _table(args: argparse.Namespace) -> MinerTable:
    from console import settings
    from console.domain.errors import StoreError
    from console.store.machines import machines

    reader = reader_of(settings.profile(args.profile, demo=args.demo))
    try:
        fleet = reader.fleet()
        if fleet is None:
            raise StoreError("the store holds no fleet yet: start `meridian collect` on this profile first")
        return machines(reader, fleet, time.time_ns() // 1_000_000)
    finally:
        reader.close()


def _readers(table: MinerTable, columns: Sequence[str]) -> list[Callable[[int], str | float | None]]:
    """One function a column from a row to its cell; a value that is not known is None."""
    from console.domain.query import STATES

    def text(name: str) -> Callable[[int], str | float | None]:
        return lambda row: str(table.text[name][row])

    def number(name: str) -> Callable[[int], str | float | None]:
        def cell(row: int) -> float | None:
            value = float(table.number[name][row])
            return value if value == value else None

        return cell

    def state(row: int) -> str:
        return STATES[int(table.state[row])]

    return [state if name == "state" else number(name) if name in table.number else text(name) for name in columns]


def _written(args: argparse.Namespace, columns: Sequence[str], records: list[list[str | float | None]]) -> str:
    import msgspec

    from console.domain.csv_text import write_rows
    from console.domain.query import CANONICAL

    if args.json:
        return msgspec.json.encode([dict(zip(columns, record, strict=True)) for record in records]).decode() + "\n"
    if args.csv:
        return write_rows(columns, records)
    heads = [f"{name} [{CANONICAL[name]}]" if name in CANONICAL else name for name in columns]
    lines = ["\t".join(heads), *("\t".join(_shown(cell) for cell in record) for record in records)]
    return "\n".join([*lines, f"{len(records)} found", ""])


def _shown(cell: str | float | None) -> str:
    if isinstance(cell, str):  # a source's own text must not speak to the terminal
        return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in cell)
    return "—" if cell is None else f"{cell:.6g}"

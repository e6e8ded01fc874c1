"""`meridian expect`: the BTC that a hashrate should bring between two dates, over the exact difficulty epochs."""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import sys
from typing import TYPE_CHECKING, Any

from console.domain.durations import DAY_MS
from console.domain.errors import ConfigError, UnitError

if TYPE_CHECKING:
    from console.domain.difficulty import Difficulty


def add_parser(subparsers: Any) -> None:
    """`expect` and its options."""
    parser = subparsers.add_parser("expect", help="expected BTC of a hashrate between two dates", description=__doc__)
    parser.add_argument("--hashrate", required=True, type=_hashrate, metavar="QUANTITY", help='e.g. "44.85 EH/s"')
    parser.add_argument(
        "--from", required=True, type=_moment, dest="start", metavar="DATE", help="first day, from 00:00 UTC"
    )
    parser.add_argument(
        "--to",
        required=True,
        type=_moment,
        dest="end",
        metavar="DATE",
        help="the day after the last: 00:00 UTC ends it",
    )
    parser.add_argument("--fees", type=_amount, default=0.0, metavar="BTC", help="mean fees of a block (default 0)")
    parser.add_argument("--pool-fee", type=_amount, default=0.0, metavar="SHARE", help="e.g. 0.002 (default 0)")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of text")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the expectation; raises ConfigError for a span that ends before it starts, NoDifficulty for too early."""
    import msgspec

    from console.epochs import load_difficulty

    if args.end <= args.start:
        raise ConfigError((f"--to: found {_date(args.end)}, expected a moment after --from, {_date(args.start)}",))
    if not args.pool_fee < 1:
        raise ConfigError((f"--pool-fee: found {args.pool_fee}, expected a share from 0 to below 1, e.g. 0.002",))
    result = expectation(load_difficulty(), args.hashrate, args.start, args.end, args.fees, args.pool_fee)
    sys.stdout.write(msgspec.json.encode(result).decode() + "\n" if args.json else text(result))
    return 0


def expectation(
    difficulty: Difficulty, hashrate_hs: float, start_ms: int, end_ms: int, fees_btc: float, pool_fee: float
) -> dict[str, Any]:
    """The answer as `--json` writes it; `epochs` are the parts of the span with one difficulty each."""
    from console.domain.economics import subsidy_btc

    expected = difficulty.expected(hashrate_hs, start_ms, end_ms, fees_btc, pool_fee)
    days = (end_ms - start_ms) / DAY_MS
    edges = [start_ms, *(e.start_ms for e in difficulty.epochs if start_ms < e.start_ms < end_ms), end_ms]
    return {
        "hashrate_hs": hashrate_hs,
        "from": _date(start_ms),
        "to": _date(end_ms),
        "days": days,
        "btc": expected.btc,
        "btc_per_day": expected.btc / days,
        "fees_btc_per_block": fees_btc,
        "pool_fee": pool_fee,
        "difficulty_held": expected.held,
        "difficulty_known_until": _date(difficulty.known_until_ms),
        "epochs": [
            {
                "from": _date(first),
                "to": _date(last),
                "difficulty": difficulty.at(first).difficulty,
                "subsidy_btc": subsidy_btc(difficulty.at(first).first_height),
                "btc": difficulty.expected(hashrate_hs, first, last, fees_btc, pool_fee).btc,
            }
            for first, last in itertools.pairwise(edges)
        ],
    }


def text(result: dict[str, Any]) -> str:
    """The answer for people."""
    lines = [
        f"{result['btc']:.1f} BTC expected from {result['hashrate_hs'] / 1e18:g} EH/s",
        f"{result['from']} up to {result['to']} ({result['days']:g} days), {result['btc_per_day']:.3f} BTC/day",
    ]
    for epoch in result["epochs"]:
        span = f"{epoch['from']} .. {epoch['to']}"
        lines.append(f"  {span}  difficulty {epoch['difficulty'] / 1e12:.2f} T  {epoch['btc']:.2f} BTC")
    if result["difficulty_held"]:
        until = result["difficulty_known_until"]
        lines.append(f"The difficulty is known until {until}; after that its last value is held: an estimate.")
    return "\n".join(lines) + "\n"


def _date(at_ms: int) -> str:
    return dt.datetime.fromtimestamp(at_ms // 1000, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _hashrate(words: str) -> float:
    from console.domain.units import Dimension, parse

    try:
        value = parse(words, Dimension.HASHRATE)
    except UnitError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    if value < 0:
        raise argparse.ArgumentTypeError(f'found "{words}", expected zero or more')
    return value


def _moment(words: str) -> int:
    try:
        moment = dt.datetime.fromisoformat(words)
    except ValueError:
        raise argparse.ArgumentTypeError(f'found "{words}", expected a date such as 2025-07-01') from None
    utc = moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment
    return round(utc.timestamp() * 1000)


def _amount(words: str) -> float:
    try:
        value = float(words)
    except ValueError:
        value = -1.0
    if not 0 <= value < 1e9:
        raise argparse.ArgumentTypeError(f'found "{words}", expected a number of zero or more')
    return value

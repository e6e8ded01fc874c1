"""Turns what a fleet file says of addresses into addresses, and addresses into places. Pure.

Only private and loopback IPv4 addresses are accepted: a typing slip must never make us knock at strangers' doors.
"""

from __future__ import annotations

import ipaddress
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

IPv4 = ipaddress.IPv4Address
MOST_ADDRESSES = 65_536
EXPECTED = 'expected a range such as "10.20.0.0/22" or "10.20.0.10-10.20.0.90", or one address'


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses of a site in ascending order, each once; `sure`: those named one by one, a machine each."""

    all: tuple[str, ...]
    sure: frozenset[str]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a machine stands."""

    container: str = ""
    rack: str = ""


class Places:
    """Looks up where an address stands; the narrowest range that holds it wins."""

    def __init__(self, ranges: Iterable[tuple[int, int, Place]]) -> None:
        widest_first = sorted(ranges, key=lambda entry: entry[0] - entry[1])
        edges = sorted({edge for first, last, _ in widest_first for edge in (first, last + 1)})
        held = [Place()] * len(edges)
        for first, last, place in widest_first:
            for position in range(bisect_right(edges, first) - 1, bisect_right(edges, last)):
                held[position] = place
        self._edges, self._held = edges, held

    def __call__(self, address: str) -> Place:
        """The place of an address; an empty one where no range holds it."""
        position = bisect_right(self._edges, int(IPv4(address))) - 1
        return self._held[position] if position >= 0 else Place()


def parse_addresses(texts: Iterable[str]) -> tuple[Addresses, tuple[str, ...]]:
    """The addresses, and every problem as `addresses: found …, expected …`."""
    problems: list[str] = []
    numbers: set[int] = set()
    sure: set[str] = set()
    for text in texts:
        try:
            first, last = span(text)
        except ValueError as error:
            problems.append(f'addresses: found "{text[:60]}", {error}')
            continue
        numbers.update(range(first, last + 1))
        if first == last:
            sure.add(str(IPv4(first)))
    if len(numbers) > MOST_ADDRESSES:
        problems.append(f"addresses: found {len(numbers)} of them, expected at most {MOST_ADDRESSES} a site")
    return Addresses(tuple(str(IPv4(number)) for number in sorted(numbers)), frozenset(sure)), tuple(problems)


def parse_places(named: Mapping[str, str]) -> tuple[Places, tuple[str, ...]]:
    """The places, and every problem as `places.RANGE: found …, expected …`."""
    problems, ranges = [], []
    for text, name in named.items():
        container, _, rack = (part.strip() for part in name.partition("/"))
        if not container or not name.isprintable():
            problems.append(f'places.{text[:60]}: found "{name[:60]!r}", expected "container" or "container/rack"')
            continue
        try:
            ranges.append((*span(text), Place(container, rack)))
        except ValueError as error:
            problems.append(f"places.{text[:60]}: not a range of addresses, {error}")
    return Places(ranges), tuple(problems)


def span(text: str) -> tuple[int, int]:
    """The first and last address of a range, hosts only where it is a network; raises ValueError "expected …"."""
    first, last = _edges(text.strip())
    if last < first:
        raise ValueError("expected the lower address first")
    if last - first >= MOST_ADDRESSES:
        raise ValueError(f"expected at most {MOST_ADDRESSES} addresses in a range")
    for edge in (IPv4(first), IPv4(last)):
        if not edge.is_private or edge.is_link_local or edge.is_unspecified or edge.is_reserved:
            raise ValueError("expected private addresses (10/8, 172.16/12, 192.168/16)")
    return first, last


def _edges(text: str) -> tuple[int, int]:
    try:
        if "-" in text:
            low, _, high = text.partition("-")
            return int(IPv4(low.strip())), int(IPv4(high.strip()))
        network = ipaddress.IPv4Network(text)
    except ValueError:
        raise ValueError(EXPECTED) from None
    first, last = int(network.network_address), int(network.broadcast_address)
    return (first + 1, last - 1) if network.prefixlen < 31 else (first, last)

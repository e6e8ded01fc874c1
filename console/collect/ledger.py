"""Remembers over restarts which past was asked for, per site, and which days' totals are still to be made.

A small file beside the store, replaced as a whole. What it forgets costs a request, never data: the store itself
says what is missing, the ledger only spares asking again for what a source does not have.
"""

from __future__ import annotations

import os
from collections.abc import Container, Iterable
from pathlib import Path

import msgspec

from console.collect.gaps import Span, merged
from console.domain.durations import DAY_MS

LEDGER_FILE = "backfill.json"
KEPT_DAYS = 40


class _Page(msgspec.Struct):
    """The file's content."""

    asked: dict[str, list[Span]] = {}
    days_to_total: list[int] = []


class Ledger:
    """Not thread-safe: the back-fill calls it under its own lock. A file that cannot be read is a fresh one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._making: set[int] = set()  # days whose totals are being made: on the disk they still wait
        try:
            self._page = msgspec.json.decode(path.read_bytes(), type=_Page)
        except (OSError, msgspec.DecodeError):
            self._page = _Page()

    @property
    def asked(self) -> dict[str, list[Span]]:
        """What was asked for and answered, or cancelled, by site id."""
        return self._page.asked

    @property
    def days_to_total(self) -> tuple[int, ...]:
        """Days that got site minutes whose totals nobody makes yet."""
        return tuple(self._page.days_to_total)

    def forget(self) -> None:
        """Start over: the store is a fresh one, or the operator wants the past asked for again."""
        self._page = _Page()
        self.save()

    def answered(self, site_id: str, span: Span) -> None:
        """A span needs no asking again; its days need their totals. Kept by the next `save`."""
        self._page.asked[site_id] = merged([*self._page.asked.get(site_id, []), span])
        for day in range(span[0] // DAY_MS, (span[1] - 1) // DAY_MS + 1):
            if day not in self._page.days_to_total:
                self._page.days_to_total.append(day)

    def take_day(self, open_days: Container[int]) -> int | None:
        """The newest day to make totals of, for one caller alone, but none of `open_days`.

        What is answered of that day meanwhile lets it wait once more.
        """
        day = max((day for day in self._page.days_to_total if day not in open_days), default=None)
        if day is not None:
            self._page.days_to_total.remove(day)
            self._making.add(day)
        return day

    def totalled(self, day: int) -> None:
        """The totals of a day that was taken are made."""
        self._making.discard(day)

    def put_back(self, day: int) -> None:
        """The totals of a day that was taken could not be made."""
        self._making.discard(day)
        if day not in self._page.days_to_total:
            self._page.days_to_total.append(day)

    def trim(self, now_ms: int, sites: Iterable[str]) -> None:
        """Drop what is older than any window and what belongs to no site of the fleet."""
        oldest_ms = now_ms - KEPT_DAYS * DAY_MS
        here = set(sites)
        self._page.asked = {
            site_id: [span for span in spans if span[1] > oldest_ms]
            for site_id, spans in self._page.asked.items()
            if site_id in here
        }

    def save(self) -> None:
        """Replace the file; losing it to a full disk only costs requests."""
        draft = self._path.with_name(f"{self._path.name}.new")
        days = sorted({*self._page.days_to_total, *self._making})
        try:
            draft.write_bytes(msgspec.json.encode(_Page(self._page.asked, days)))
            os.replace(draft, self._path)
        except OSError:
            draft.unlink(missing_ok=True)

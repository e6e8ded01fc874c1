"""Knows which machines a server has told of, so that one that falls silent stays in the roster with no value."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from console.adapters.promql.answer import Labels as SeriesLabels
from console.adapters.promql.mapping import Labels
from console.adapters.redaction import plain
from console.domain.errors import BadAnswer
from console.domain.roster import Miner, Roster, fingerprint

FORGET_AFTER_S = 24 * 3600.0
SAME_RATING = 0.01  # a rating that wobbles less is the same one: a new roster version has its price
_DIGITS = re.compile(r"(\d+)")


class Crew:
    """The machines of one site, kept from poll to poll; `labels` says which label tells what."""

    def __init__(self, site_id: str, labels: Labels) -> None:
        self._site_id, self._labels = site_id, labels
        self._miners: dict[str, Miner] = {}
        self._seen_s: dict[str, float] = {}
        self._changed = True
        self.roster = Roster(site_id, fingerprint(()), ())
        self.position: dict[str, int] = {}

    def name_of(self, labels: SeriesLabels) -> str:
        """The machine that a series belongs to; raises BadAnswer where its label is missing."""
        name = labels.get(self._labels.miner, "")
        if not name:
            told = ", ".join(labels) or "none"
            raise BadAnswer(f'a series has no label "{self._labels.miner}" to name its machine, only {plain(told)}')
        return name

    def meet(self, series: Iterable[SeriesLabels], now_s: float) -> list[str]:
        """Take note of the machines behind `series`, seen at `now_s`; their names, in the order of the series."""
        names = []
        for labels in series:
            name = self.name_of(labels)
            names.append(name)
            known = self._miners.get(name)
            facts = self._facts(labels)
            if known is None:
                self._enter(Miner(id=name, **facts))
            elif any(getattr(known, fact) != told for fact, told in facts.items()):
                self._enter(msgspec.structs.replace(known, **facts))
        self.see(names, now_s)
        return names

    def see(self, names: list[str], now_s: float) -> None:
        """Take note that machines which are known already are still there."""
        self._seen_s.update(dict.fromkeys(names, now_s))

    def _enter(self, miner: Miner) -> None:
        self._miners[miner.id] = miner
        self._changed = True

    def _facts(self, labels: SeriesLabels) -> dict[str, Any]:
        """What the labels tell beyond the name; a label that an aggregation dropped says nothing."""
        facts: dict[str, Any] = {}
        for fact in Labels.__struct_fields__:
            label = getattr(self._labels, fact)
            if fact != "miner" and label is not None and label in labels:
                facts[fact] = labels[label]
        return facts

    def rate(self, rated_hs: Mapping[str, float], rated_w: Mapping[str, float]) -> None:
        """Take note of what the machines should do, where it is told."""
        for fact, told in (("rated_hs", rated_hs), ("rated_w", rated_w)):
            for name, value in told.items():
                known = self._miners.get(name)
                if known is None or not math.isfinite(value):
                    continue
                before = getattr(known, fact)
                if before is None or abs(value - before) > SAME_RATING * abs(before):
                    self._enter(msgspec.structs.replace(known, **{fact: value}))

    def muster(self, now_s: float) -> bool:
        """Forget who was not seen for a day and put the rest in order; whether the roster changed."""
        for name in [name for name, seen_s in self._seen_s.items() if now_s - seen_s > FORGET_AFTER_S]:
            del self._seen_s[name], self._miners[name]
            self._changed = True
        if not self._changed:
            return False
        self._changed = False
        miners = tuple(sorted(self._miners.values(), key=_place))
        if miners == self.roster.miners:
            return False
        self.roster = Roster(self._site_id, fingerprint(miners), miners)
        self.position = {miner.id: index for index, miner in enumerate(miners)}
        return True


def _place(miner: Miner) -> tuple[list[str | int], ...]:
    """Container, rack, slot, name; numbers in them count as numbers, so that C2 stands before C10."""
    return tuple(_natural(text) for text in (miner.container, miner.rack, miner.slot, miner.id))


def _natural(text: str) -> list[str | int]:
    return [int(part) if index % 2 else part for index, part in enumerate(_DIGITS.split(text))]

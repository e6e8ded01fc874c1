"""Knows which alarm explains which: the parent causes that rules name, and where above a place they stand (R27)."""

from __future__ import annotations

from collections.abc import Mapping

from console.domain.alarm_rule import Level, Rule
from console.domain.place import FLEET, container_of, region_key, site_key, site_of


class Family:
    """The parents and children of a set of rules. `regions` maps a site's id to its region."""

    def __init__(self, rules: Mapping[str, Rule], regions: Mapping[str, str]) -> None:
        self._rules, self._regions = rules, regions
        self._parents = {rule.id: self._chain(rule) for rule in rules.values()}
        self._children = {
            name: frozenset(child for child, parents in self._parents.items() if name in parents) for name in rules
        }

    def _chain(self, rule: Rule) -> tuple[str, ...]:
        chain: list[str] = []
        while rule.parent is not None and rule.parent in self._rules and rule.parent not in chain:
            chain.append(rule.parent)
            rule = self._rules[rule.parent]
        return tuple(chain)

    def children(self, rule_id: str) -> frozenset[str]:
        """The rules whose alarms this one explains, however far below."""
        return self._children.get(rule_id, frozenset())

    def causes(self, rule_id: str, place: str) -> tuple[str, ...]:
        """The keys of the alarms that would explain one of this rule at this place, nearest cause first."""
        above = ((parent, self._above(place, self._rules[parent].level)) for parent in self._parents.get(rule_id, ()))
        return tuple(f"{parent}@{where}" for parent, where in above if where is not None)

    def _above(self, place: str, level: Level) -> str | None:
        """The place of a level that a place is, or lies in; None where there is none above it."""
        site = site_of(place)
        if level is Level.FLEET:
            return FLEET
        if level is Level.REGION:
            return region_key(self._regions[site]) if site is not None and site in self._regions else place
        if level is Level.SITE:
            return None if site is None else site_key(site)
        return place if container_of(place) else None

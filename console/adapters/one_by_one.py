"""Knows what has become of an order that was given to machines one by one; speaks to none of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from console.adapters.control import Taken
from console.domain.errors import CommandLost, CommandRefused, NotSent


@dataclass(slots=True)
class Fates:
    """Machine -> why it did not plainly take the order: it refused, nothing was sent to it, or nobody knows."""

    refused: dict[str, str] = field(default_factory=dict)
    unsent: dict[str, str] = field(default_factory=dict)
    lost: dict[str, str] = field(default_factory=dict)

    def taken(self, token: str, machines: tuple[str, ...]) -> Taken:
        """The order as taken by whoever of `machines` is in none of the tables.

        Raises NotSent, CommandRefused or CommandLost where nobody took it; what is most in doubt decides.
        """
        left_out = self.refused | self.unsent
        if len(left_out) + len(self.lost) < len(machines):
            return Taken(token, left_out, self.lost)
        if self.lost and left_out:
            return Taken(token, left_out, self.lost)
        if self.lost:
            raise CommandLost(_words(self.lost))
        if self.refused:
            raise CommandRefused(_words(self.refused))
        raise NotSent(_words(self.unsent) if self.unsent else "the order names no machine")


def _words(reasons: Mapping[str, str]) -> str:
    name, reason = next(iter(reasons.items()))
    return f"{name}: {reason}" + (f" (and {len(reasons) - 1} more)" if len(reasons) > 1 else "")

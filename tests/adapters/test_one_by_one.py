"""What an order comes to when its machines were asked one by one: what is most in doubt decides."""

from __future__ import annotations

import pytest

from console.adapters.one_by_one import Fates
from console.domain.errors import CommandLost, CommandRefused, NotSent

NO = {"a": "it is busy"}
DARK = {"b": "nobody knows"}
AWAY = {"c": "does not answer"}


def test_whoever_is_in_no_table_took_it() -> None:
    taken = Fates(refused=dict(NO), unsent=dict(AWAY), lost=dict(DARK)).taken("t", ("a", "b", "c", "d"))
    assert (taken.token, taken.refused, taken.lost) == ("t", NO | AWAY, DARK)


def test_a_machine_in_doubt_is_never_told_as_refused_or_unsent() -> None:
    taken = Fates(refused=dict(NO), unsent=dict(AWAY), lost=dict(DARK)).taken("t", ("a", "b", "c"))
    assert (taken.refused, taken.lost) == (NO | AWAY, DARK)


@pytest.mark.parametrize(
    ("fates", "machines", "kind", "words"),
    [
        (Fates(lost=dict(DARK)), ("b",), CommandLost, "b: nobody knows"),
        (Fates(refused=dict(NO)), ("a",), CommandRefused, "a: it is busy"),
        (Fates(refused=dict(NO), unsent=dict(AWAY)), ("a", "c"), CommandRefused, "a: it is busy"),
        (Fates(unsent=AWAY | {"d": "?"}), ("c", "d"), NotSent, r"c: does not answer \(and 1 more\)"),
        (Fates(), (), NotSent, "names no machine"),
    ],
)
def test_where_nobody_took_it_the_error_says_how_sure_that_is(
    fates: Fates, machines: tuple[str, ...], kind: type[Exception], words: str
) -> None:
    with pytest.raises(kind, match=words):
        fates.taken("t", machines)

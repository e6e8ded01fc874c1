"""The order array: sorting is stable, unknown values come last, and filtering before or after sorting is the same."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from console.domain.miner_table import MinerTable
from console.domain.query import parse_query
from console.domain.roster_columns import TEXT
from console.ui.models.miners.order import (
    STATE_KEYS,
    WORST_FIRST,
    Names,
    keys_of,
    mask_of,
    number_keys,
    ordered,
    ranked,
    shown,
)

VALUES = st.one_of(
    st.just(math.nan), st.floats(-(2.0**53), 2.0**53, width=32), st.sampled_from([0.0, -0.0, 80.0, 80.5])
)
COLUMN = st.lists(VALUES, max_size=60).map(lambda values: np.array(values, dtype=np.float64))
WORDS = st.lists(st.sampled_from(["", "C01", "C02", "c02", "S19 XP", "é"]), max_size=40)


def by_hand(column: np.ndarray, descending: bool) -> list[int]:
    """The same order by Python's own stable sort."""
    known = [row for row in range(column.size) if not math.isnan(column[row])]
    unknown = [row for row in range(column.size) if math.isnan(column[row])]
    return sorted(known, key=lambda row: -column[row] if descending else column[row]) + unknown


@given(COLUMN, st.booleans())
def test_sorting_is_stable_and_unknown_comes_last_either_way(column: np.ndarray, descending: bool) -> None:
    assert ordered(number_keys(column), descending).tolist() == by_hand(column, descending)


@given(COLUMN, st.booleans(), st.integers(0, 2**32 - 1))
def test_filtering_after_sorting_is_sorting_after_filtering(column: np.ndarray, descending: bool, seed: int) -> None:
    mask = np.random.default_rng(seed).random(column.size) < 0.5
    rows = np.flatnonzero(mask)
    first_filtered = rows[ordered(number_keys(column[rows]), descending)]
    assert shown(ordered(number_keys(column), descending), mask).tolist() == first_filtered.tolist()


@given(COLUMN)
def test_no_filter_shows_every_machine_once(column: np.ndarray) -> None:
    order = shown(ordered(number_keys(column)), None)
    assert sorted(order.tolist()) == list(range(column.size))


@given(WORDS, st.booleans())
def test_names_sort_by_their_letters_and_no_name_comes_last(words: list[str], descending: bool) -> None:
    keys = Names({"model": np.array(words, dtype=TEXT)}).rank("model")
    order = ordered(keys, descending).tolist()
    named = [row for row in range(len(words)) if words[row]]
    ranked = sorted(named, key=lambda row: words[row], reverse=descending)
    if descending:  # Python's reverse keeps equal ones in order as well
        ranked = [row for name in sorted(set(filter(None, words)), reverse=True) for row in named if words[row] == name]
    assert order == ranked + [row for row in range(len(words)) if not words[row]]


@given(st.lists(st.text(max_size=20), max_size=30))
def test_ranks_are_those_of_python_for_any_letters(words: list[str]) -> None:
    words = [word.replace("\x00", "") for word in words if word.isprintable()]
    half = len(words) // 2
    keys = ranked([np.array(part, dtype=TEXT) for part in (words[:half], words[half:])])
    named = sorted(filter(None, set(words)))
    places = {word: place for place, word in enumerate(named)}
    order = ordered(keys).tolist()
    assert [words[row] for row in order if words[row]] == sorted(filter(None, words))
    assert len({int(keys[row]) for row, word in enumerate(words) if word}) == len(places)


def table(size: int = 6) -> MinerTable:
    hashrate = np.array([140e12, 0.0, 90e12, math.nan, 20e12, 139e12])[:size]
    text = {name: np.array([f"{name}{row % 2}" for row in range(size)], dtype=TEXT) for name in ("model", "container")}
    state = np.array([1, 3, 2, 0, 4, 1], dtype=np.uint8)[:size]
    return MinerTable(text, {"hashrate": hashrate}, state, np.zeros(size, dtype=np.bool_))


def test_states_sort_by_who_needs_a_look_first() -> None:
    order = ordered(keys_of(table(), Names({}), "state"))
    assert [int(code) for code in table().state[order]] == [3, 0, 2, 4, 1, 1]
    assert [STATE_KEYS[state] for state in WORST_FIRST] == [0, 1, 2, 3, 4]


def test_an_answer_about_names_is_kept_and_one_about_values_is_not() -> None:
    names, first = Names(table().text), table()
    clauses = parse_query("model:model1 hashrate<100TH/s")
    assert mask_of(first, names, clauses).tolist() == [False, True, False, False, False, False]
    assert [names.has_mask(clause) for clause in clauses] == [True, False]
    names.forget_but(())
    assert not names.has_mask(clauses[0])


def test_no_clause_is_no_mask() -> None:
    assert mask_of(table(), Names({}), ()) is None

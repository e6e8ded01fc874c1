"""How PromQL is written and read: escaping, and which selectors a query is made of."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.adapters.promql.expression import newest_sample, quoted, selector, selectors


@given(st.text(max_size=30))
def test_a_label_value_never_leaves_its_quotes(text: str) -> None:
    literal = quoted(text)
    inner = re.fullmatch(r'"((?:[^"\\\n]|\\.)*)"', literal, re.DOTALL)
    assert inner is not None
    assert inner[1].replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\") == text or "\\" in text


def test_a_selector_carries_its_labels() -> None:
    assert selector("hashrate", {}) == "hashrate"
    assert selector("hashrate", {"site": 'a"b\\', "job": "x"}) == r'hashrate{site="a\"b\\",job="x"}'


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("hashrate", ("hashrate",)),
        ('hashrate{site="x"}', ('hashrate{site="x"}',)),
        ("sum by (instance) (rate(hashes_total[5m]))", ("hashes_total",)),
        ("sum(rate(hashes_total[5m])) by (instance)", ("hashes_total",)),
        ('sum without(board, chip) (temp{a="}{",b=\'"\'})', ('temp{a="}{",b=\'"\'}',)),
        ("power * on(miner) group_left(rack) info", ("power", "info")),
        ("power offset 5m > bool 10 and up", ("power", "up")),
        ('{__name__="power",site="x"}', ('{__name__="power",site="x"}',)),
        ("max_over_time(job:power:sum[10m:1m]) # comment with power2\n", ("job:power:sum",)),
        ("a + a + b", ("a", "b")),
        ("1e3 * time()", ()),
        ("vector(1)", ()),
        ("histogram_quantile(0.9, sum by (le) (rate(x_bucket[5m])))", ("x_bucket",)),
        ("TOPK(5, power)", ("power",)),
        ('label_replace(power, "miner", "$1", "instance", "(.*):.*")', ("power",)),
    ],
)
def test_the_selectors_of_a_query_are_found(query: str, found: tuple[str, ...]) -> None:
    assert selectors(query) == found


@given(st.text(max_size=60))
def test_any_text_is_read_without_an_error(text: str) -> None:
    selectors(text)


def test_the_age_is_asked_for_by_machine_or_of_the_newest() -> None:
    assert newest_sample(("a", 'b{x="1"}'), "miner") == 'max by (miner) (timestamp(a) or timestamp(b{x="1"}))'
    assert newest_sample(("a",), None) == "max(timestamp(a))"

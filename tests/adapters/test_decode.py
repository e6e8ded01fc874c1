"""Strict JSON (N6, T15): what json accepts and must not, told by property tests against Python's own parser."""

from __future__ import annotations

import json
import math
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from console.adapters.decode import Strict, _plainly_unique, _referee
from console.domain.errors import BadAnswer


class Row(msgspec.Struct, omit_defaults=True):
    id: str
    hashrate: float | None = None
    state: int = 0


class Body(msgspec.Struct, omit_defaults=True):
    unit: str = ""
    values: list[float | None] = []
    rows: list[Row] = []
    words: dict[str, str] = {}


BODY = Strict(Body)


@pytest.mark.parametrize(
    "text",
    [
        '{"values":[NaN]}',
        '{"values":[Infinity]}',
        '{"values":[-Infinity]}',
        '{"values":[1e999]}',
        '{"values":[-1e999]}',
        '{"values":[' + "9" * 5000 + "]}",
        '{"unit":"TH/s","unit":"GH/s"}',
        '{"unit" : "TH/s" , "unit"\n:"GH/s"}',
        '{"unit":"TH/s","\\u0075nit":"GH/s"}',
        '{"rows":[{"id":"a","id":"b"}]}',
        '{"rows":[{"id":"a"},{"id":"b","state":1,"state":1}]}',
        '{"words":{"a":"1","a":"2"}}',
        '{"words":{"a":"\\u003a","a":"2"}}',
        '{"new":{"a":1,"a":2}}',
        '{"unit":"x","new":1,"new":2}',
        '{"new":' + "[" * 65 + "]" * 65 + "}",
        '{"new":' + '{"a":' * 64 + "1" + "}" * 65,
        '{"new":' + "[" * 100_000 + "]" * 100_000 + "}",
        "[" * 100_000,
        '{"a":' * 5_000,
        "",
        "nul",
        '{"unit":"a"',
        '{"unit":"a"} x',
        "{'unit':'a'}",
        '{"unit":"a",}',
        '{"values":["1"]}',
        '{"rows":[{}]}',
        '{"unit":"\ud800"}'.encode("utf-8", "surrogatepass").decode("latin-1"),
    ],
    ids=lambda text: text[:30],
)
def test_t15_what_is_not_strict_json_as_agreed_is_refused(text: str) -> None:
    with pytest.raises(BadAnswer) as caught:
        BODY.decode(text.encode("latin-1"))
    assert len(str(caught.value)) < 300


def test_invalid_utf8_is_refused() -> None:
    with pytest.raises(BadAnswer):
        BODY.decode(b'{"unit":"\xff\xfe"}')


@pytest.mark.parametrize(
    "text",
    [
        '{"unit":"TH/s","values":[1.5,null,3]}',
        '{"rows":[{"id":"a","hashrate":1.5},{"id":"b","hashrate":null,"state":0}]}',
        '{"words":{"a:b":"c:d","a\\"b":"\\\\"}}',
        '{"new":{"id":1},"newer":[{"id":1},{"id":2}]}',
        '{"new":' + "[" * 62 + "]" * 62 + "}",
        '{"words":{"\\u003a":"\\u003A"}}',
    ],
)
def test_honest_bodies_pass_unknown_fields_among_them(text: str) -> None:
    BODY.decode(text.encode())


class Pairs(list[tuple[str, Any]]):
    """An object that may name a key twice."""


KEYS = st.text(st.sampled_from('ab:"\\é {}'), max_size=3)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(st.sampled_from('ab:"\\,{}[] '), max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.lists(st.tuples(KEYS, inner), max_size=4).map(Pairs),
    max_leaves=12,
)


def text_of(value: Any, gap: str) -> str:
    if isinstance(value, Pairs):
        return "{" + ",".join(f"{json.dumps(key)}{gap}:{gap}{text_of(inner, gap)}" for key, inner in value) + "}"
    if isinstance(value, list):
        return "[" + ",".join(text_of(inner, gap) for inner in value) + "]"
    return json.dumps(value)


def repeats(value: Any) -> bool:
    inner = [part for _, part in value] if isinstance(value, Pairs) else value if isinstance(value, list) else []
    keys = [key for key, _ in value] if isinstance(value, Pairs) else []
    return len(set(keys)) != len(keys) or any(repeats(part) for part in inner)


@given(VALUES, st.sampled_from(["", " ", "\n\t"]))
@example(Pairs([("a", ":"), ("a", 1)]), "")
def test_no_sieve_clears_a_body_with_a_repeated_key(value: Any, gap: str) -> None:
    body = text_of(value, gap).encode()
    if repeats(value):
        assert not _plainly_unique(body)
        with pytest.raises(BadAnswer, match="twice"):
            _referee(body)
    else:
        _referee(body)


@given(
    st.lists(
        st.tuples(st.sampled_from(["unit", "words", "new", "u:"]), st.sampled_from(['"a"', '{"a":"b"}'])), max_size=4
    )
)
def test_the_typed_value_never_hides_a_lost_key(pairs: list[tuple[str, str]]) -> None:
    body = ("{" + ",".join(f'"{key}":{value}' for key, value in pairs) + "}").encode()
    doubled = len({key for key, _ in pairs}) != len(pairs)
    try:
        BODY.decode(body)
    except BadAnswer:
        return  # refused for its types, or rightly
    assert not doubled


@given(st.binary(max_size=60))
def test_random_bytes_give_an_error_of_ours_or_a_value(body: bytes) -> None:
    try:
        value = BODY.decode(body)
    except BadAnswer:
        return
    assert isinstance(value, Body)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=20))
def test_numbers_come_through_exactly(values: list[float]) -> None:
    decoded = BODY.decode(json.dumps({"values": values}).encode()).values
    assert all(a == b and math.copysign(1, a) == math.copysign(1, b) for a, b in zip(decoded, values, strict=True))


class Recursive(msgspec.Struct):
    inner: list[Recursive]


class Careless(msgspec.Struct):
    unit: str = ""


@pytest.mark.parametrize("kind", [Any, dict[str, Any], Recursive, Careless, list[Careless], msgspec.Raw])
def test_a_type_that_could_hide_something_is_a_fault_of_ours(kind: Any) -> None:
    with pytest.raises(TypeError):
        Strict(kind)

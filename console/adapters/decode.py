"""Knows how a source's JSON becomes typed data without trusting it: no NaN, no infinity, no doubled keys, no depths.

msgspec refuses NaN, Infinity, numbers beyond a double and broken text by itself, but of two equal keys it lets the
last one win, and unknown fields may nest as they like. Python's json could tell, at four times msgspec's cost. Four
sieves keep that cost away from honest bodies, each sound by itself:

1. Few brackets and few colons, every key different from every other in the whole body: nothing can be doubled or
   deep. Small columnar bodies pass here; it costs three counts of a byte.
2. The body without its lists of plain numbers is short: the referee looks at that. A list without a quote or a brace
   holds no key, so nothing is lost; large columnar bodies pass here at a fifth of the next sieve's cost.
3. The typed value, encoded again, has as many colons as the body: every key of the body found its place. A doubled
   key or an unknown field would be missing (defaults are omitted, so nothing can make up for it). Rows pass here.
4. The referee, Python's json with eyes on every pair, decides about the rest.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Generic, TypeVar

import msgspec
import msgspec.inspect as types

from console.adapters.redaction import plain
from console.domain.errors import BadAnswer
from console.domain.struct_learning import learn

MOST_DEPTH = 64  # T15
FEW_COLONS = 256  # beyond these the second sieve is the cheaper one
T = TypeVar("T")
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_PLAIN_LIST = re.compile(rb'\[[^\[\]{}"]*\]')  # numbers, null and the like; it never crosses the edge of a string
_SHORT = 16  # a skeleton below one part in so many of its body is worth asking the referee about
_ENCODED_COLON = re.compile(rb"\\u003a", re.IGNORECASE)
_LEAVES = (
    types.FloatType,
    types.IntType,
    types.StrType,
    types.BoolType,
    types.NoneType,
    types.LiteralType,
    types.EnumType,
)


class Strict(Generic[T]):
    """A decoder of one type for answers from outside; made once, used by one thread at a time.

    The type must be closed: structs (with `omit_defaults=True` where a field has a default), lists, dicts and plain
    values, no Any, no Raw; anything else is a TypeError when the decoder is made.
    """

    def __init__(self, kind: type[T]) -> None:
        _check_closed(types.type_info(kind), ())
        learn(kind)  # many sites open their sessions at once
        self._decoder = msgspec.json.Decoder(kind)
        self._encoder = msgspec.json.Encoder()

    def decode(self, body: bytes) -> T:
        """`body` as the type; raises BadAnswer in words that quote no more than a field's name (N6, T15)."""
        try:
            value = self._decoder.decode(body)
        except msgspec.ValidationError as error:
            raise BadAnswer(f"the source's answer is not as agreed: {plain(str(error))}") from None
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise BadAnswer(f"the source's answer is no proper JSON: {plain(str(error))}") from None
        except RecursionError:
            raise _too_deep() from None
        if not (_plainly_unique(body) or _skeleton_approved(body) or self._all_keys_kept(value, body)):
            _referee(body)
        return value

    def _all_keys_kept(self, value: T, body: bytes) -> bool:
        if b"\\" in body and _ENCODED_COLON.search(body):
            return False  # decoding makes a colon of it, which could stand in for a lost one
        return self._encoder.encode(value).count(b":") == body.count(b":")


def _check_closed(kind: types.Type, inside: tuple[type, ...]) -> None:
    """Raise TypeError where `kind` could hold data of any shape or depth, or could hide a lost key."""
    if isinstance(kind, types.StructType):
        if kind.cls in inside:
            raise TypeError(f"{kind.cls.__name__} holds itself: its depth has no bound")
        optional = [field.name for field in kind.fields if not field.required]
        if optional and not kind.cls.__struct_config__.omit_defaults:
            raise TypeError(f"{kind.cls.__name__} has defaults ({', '.join(optional)}): it needs omit_defaults=True")
    elif not isinstance(kind, (*_LEAVES, *_CONTAINERS)):
        raise TypeError(f"{type(kind).__name__} is not a closed type")
    here = (*inside, kind.cls) if isinstance(kind, types.StructType) else inside
    for part in _parts(kind):
        _check_closed(part, here)


_CONTAINERS = (types.ListType, types.DictType, types.UnionType, types.VarTupleType, types.TupleType)


def _parts(kind: types.Type) -> Iterator[types.Type]:
    if isinstance(kind, types.StructType):
        yield from (field.type for field in kind.fields)
    elif isinstance(kind, types.ListType | types.VarTupleType):
        yield kind.item_type
    elif isinstance(kind, types.DictType):
        yield kind.value_type
    elif isinstance(kind, types.UnionType):
        yield from kind.types
    elif isinstance(kind, types.TupleType):
        yield from kind.item_types


def _plainly_unique(body: bytes) -> bool:
    """Whether no depth beyond the limit and no repeated key is possible, by counts and the keys alone."""
    if b"\\" in body or body.count(b":") > FEW_COLONS or body.count(b"[") + body.count(b"{") > MOST_DEPTH:
        return False
    keys = list(_key_like(body))
    return len(set(keys)) == len(keys)


def _key_like(body: bytes) -> Iterator[bytes]:
    """The text before every colon that may end a key. Without escapes, the quote before it begins that key."""
    colon = body.find(b":")
    while colon >= 0:
        end = colon
        while end and body[end - 1] in b" \t\r\n":
            end -= 1
        if end and body[end - 1] == ord('"'):
            yield body[body.rfind(b'"', 0, end - 1) + 1 : end - 1]
        colon = body.find(b":", colon + 1)


def _skeleton_approved(body: bytes) -> bool:
    """Whether the body without its lists of plain numbers is short and the referee likes it; False decides nothing."""
    skeleton = _PLAIN_LIST.sub(b"[]", body)
    if len(skeleton) * _SHORT > len(body):
        return False
    try:
        _referee(skeleton)
    except BadAnswer:
        return False  # two keys such as "a[1]" and "a[2]" look alike here: the referee must see all of it
    return True


def _referee(body: bytes) -> None:
    """Decide slowly and surely; raises BadAnswer for a repeated key, a depth beyond 64 or broken text."""
    if _depth(body) > MOST_DEPTH:
        raise _too_deep()

    def unique(pairs: list[tuple[str, Any]]) -> None:
        keys = {key for key, _ in pairs}
        if len(keys) != len(pairs):
            twice = next(
                key for index, (key, _) in enumerate(pairs) if any(key == before for before, _ in pairs[:index])
            )
            raise BadAnswer(f"the source's answer names {plain(twice, 60)!r} twice in one object")

    try:
        json.loads(body, object_pairs_hook=unique, parse_int=len, parse_float=len)
    except (ValueError, RecursionError):
        raise BadAnswer("the source's answer is no proper JSON") from None


def _depth(body: bytes) -> int:
    depth = deepest = 0
    for char in re.sub(rb"[^\[\]{}]", b"", _STRING.sub(b"", body)):
        depth += 1 if char in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _too_deep() -> BadAnswer:
    return BadAnswer(f"the source's answer is nested deeper than {MOST_DEPTH} levels")

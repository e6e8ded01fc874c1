"""Every parser of the built-in adapters against honest bodies with a few faults: an error of the tree, or a value.

Run it longer by hand with MERIDIAN_FUZZ_S; a hundred seconds are two and a half million bodies.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest

from console.adapters.promql.answer import Parser as PromqlParser
from console.adapters.siteapi.orders import OrderParser
from console.adapters.siteapi.parse import Parser as SiteParser
from console.adapters.siteapi.parse import reading
from console.domain.errors import SourceError
from tests.contract import promql_case, siteapi_case
from tests.contract.case import now_ms
from tests.hostile import Request

SECONDS = float(os.environ.get("MERIDIAN_FUZZ_S", "2"))
WORDS = (b'"', b"{", b"[", b"1.7e308", b"-", b"null", b"9" * 21, b"\\u0000", b",", b":", b'"unit":"TH/s"')


def request(path: str, **query: Any) -> Request:
    return Request("GET", f"{path}?{urlencode(query)}", {"x-scope-orgid": "fleet-1"}, b"")


def parsers() -> dict[str, tuple[bytes, Callable[[bytes], object]]]:
    """Name -> an honest body and what parses it."""
    promql, site, orders, order = PromqlParser(), SiteParser(), OrderParser(str), siteapi_case.ORDER
    span = {"start": "2026-01-01T00:00:00Z", "end": "2026-01-01T00:10:00Z", "step": 60}
    asked = {
        "promql vector": (request("/api/v1/query", query="hashrate_ths"), promql.vector),
        "promql scalar": (request("/api/v1/query", query="time()"), promql.vector),
        "promql range": (request("/api/v1/query_range", query="x", start=0, end=600, step=60), promql.traces),
        "promql series": (request("/api/v1/series"), promql.label_sets),
        "siteapi telemetry": (
            request("/v1/telemetry"),
            lambda body: reading(site.telemetry(body), "s", 3, now_ms()),
        ),
        "siteapi roster": (request("/v1/roster"), lambda body: site.roster(body, "s")),
        "siteapi history": (request("/v1/history", **span), lambda body: site.history(body, "s")),
        "siteapi facts": (request("/v1/site"), orders.facts),
        "siteapi preview": (request("/v1/commands/preview"), lambda body: orders.foreseen(body, order)),
        "siteapi taken": (request("/v1/commands"), lambda body: orders.taken(body, order)),
        "siteapi progress": (request("/v1/commands/c-7"), lambda body: orders.progress(body, "c-7")),
        "siteapi refusal": (request("/v1/site"), orders.words),
    }
    honest = {"promql": promql_case.honest, "siteapi": siteapi_case.honest}
    return {name: (honest[name.split()[0]](ask).body, parse) for name, (ask, parse) in asked.items()}


def damaged(honest: bytes, dice: random.Random) -> bytes:
    body = bytearray(honest)
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(body))
        kind = dice.randrange(4)
        if kind == 0:
            body[at] = dice.randrange(256)
        elif kind == 1 and len(body) > 20:
            del body[at : at + dice.randint(1, 9)]
        elif kind == 2:
            body[at:at] = dice.choice(WORDS)
        else:
            start = dice.randrange(len(body))
            body[at:at] = body[start : start + dice.randint(1, 30)]
    return bytes(body)


@pytest.mark.parametrize("name", parsers())
def test_t15_a_damaged_body_is_an_error_of_the_tree_or_a_value(name: str) -> None:
    honest, parse = parsers()[name]
    parse(honest)
    dice, ends_s = random.Random(name), time.monotonic() + SECONDS / len(parsers())
    while time.monotonic() < ends_s:
        body = damaged(honest, dice)
        try:
            parse(body)
        except SourceError:
            continue
        except Exception as error:
            error.add_note(f"the body was {body!r}")
            raise

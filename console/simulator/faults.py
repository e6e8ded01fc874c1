"""The ways in which a site can go wrong on the wire, by name: what is answered instead, or what is spoilt."""

from __future__ import annotations

import enum
import functools
import re
import zlib
from collections.abc import Callable, Iterable
from http import HTTPStatus

from console.domain.errors import ConfigError
from console.simulator.answer import Answer, Refused
from console.simulator.clock import from_iso, iso

AHEAD_S = 3600.0
BOMB_BYTES = 192 * 1024**2
_FIRST_VALUE = re.compile(rb'("values":\[)[^,\]]+')
_MEASURED = re.compile(rb'("measured_at":")([^"]+)"')
_LOGIN = b"<!doctype html><html><head><title>Log in</title></head><body><form>Session expired</form></body></html>"


class Fault(enum.StrEnum):
    """What can be wrong with a site."""

    HANG = "hang"  # accepts, and never answers
    DRIP = "drip"  # a byte now and then
    RESET = "reset"  # cuts the connection instead of answering
    TRUNCATED = "truncated"  # half of the body that was announced
    SERVER_ERROR = "500"
    HTML = "html"  # a log-in page where JSON was asked for
    NAN = "nan"
    GZIP_BOMB = "gzip-bomb"
    WRONG_UNITS = "wrong-units"  # units that measure something else
    MISLABELLED_UNITS = "mislabelled-units"  # TH/s told as PH/s
    CLOCK_SKEW = "clock-skew"  # an hour ahead
    REDIRECT = "redirect"
    UNAUTHORIZED = "401"
    TOO_MANY = "429"
    DOES_NOTHING = "accepts-and-does-nothing"  # takes orders, says that they are done, and does nothing
    LOSES_ANSWER = "applies-and-loses-the-answer"  # does what it was told and cuts the connection
    HALF = "applies-half"  # says that all obeyed where half did
    ANSWERS_TWICE = "answers-twice"  # and forgets its Idempotency-Keys: asked again it does it again
    WAKES_LOW = "wakes-low"  # machines that resume hash poorly
    REFUSES = "refuses"  # every order, in its own words
    FAILS_7_PERCENT = "fails-7-percent"  # of the machines, and says which


ON_THE_LINE = frozenset({Fault.HANG, Fault.DRIP, Fault.RESET, Fault.TRUNCATED})  # the server itself misbehaves
AFTER_AN_ORDER = frozenset({Fault.LOSES_ANSWER, Fault.ANSWERS_TWICE})  # the server misbehaves once it took an order


def parse_faults(texts: Iterable[str], sites: Iterable[str]) -> dict[str, Fault]:
    """`SITE=KIND` words as a table; raises ConfigError with every one that is wrong. `all` means every site."""
    known, problems = set(sites), []
    faults: dict[str, Fault] = {}
    for text in texts:
        site, _, kind = text.partition("=")
        if kind not in set(Fault):
            problems.append(f"--fault {text}: found the kind {kind!r}, expected one of {', '.join(Fault)}")
        elif site != "all" and site not in known:
            problems.append(f"--fault {text}: there is no site {site!r}")
        else:
            faults |= dict.fromkeys(known if site == "all" else (site,), Fault(kind))
    if problems:
        raise ConfigError(tuple(problems))
    return faults


def spoilt(fault: Fault, answer: Answer) -> Answer:
    """What a site with this fault sends in place of a good answer."""
    if fault in INSTEAD:
        return INSTEAD[fault]()
    if fault in SPOILERS and answer.status == HTTPStatus.OK:
        return Answer(answer.status, SPOILERS[fault](answer.body), answer.content_type, answer.headers)
    return answer


def _bomb_answer() -> Answer:
    return Answer(HTTPStatus.OK, _bomb(), headers={"Content-Encoding": "gzip"})


@functools.cache
def _bomb() -> bytes:
    """192 MiB of blanks in a gzip of about 190 kB; made when it is first asked for."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = b" " * 1024**2
    return b"".join(packer.compress(block) for _ in range(BOMB_BYTES // len(block))) + packer.flush()


def _skewed(body: bytes) -> bytes:
    def ahead(match: re.Match[bytes]) -> bytes:
        return match[1] + iso(from_iso(match[2].decode()) + AHEAD_S).encode() + b'"'

    return _MEASURED.sub(ahead, body)


INSTEAD: dict[Fault, Callable[[], Answer]] = {
    Fault.SERVER_ERROR: Refused(HTTPStatus.INTERNAL_SERVER_ERROR, "the database is down").answer,
    Fault.HTML: lambda: Answer(HTTPStatus.OK, _LOGIN, "text/html; charset=utf-8"),
    Fault.GZIP_BOMB: _bomb_answer,
    Fault.REDIRECT: lambda: Answer(HTTPStatus.FOUND, headers={"Location": "http://localhost:9/elsewhere"}),
    Fault.UNAUTHORIZED: Refused(
        HTTPStatus.UNAUTHORIZED, "the token has expired", {"WWW-Authenticate": "Bearer"}
    ).answer,
    Fault.TOO_MANY: Refused(HTTPStatus.TOO_MANY_REQUESTS, "slow down", {"Retry-After": "30"}).answer,
}
SPOILERS: dict[Fault, Callable[[bytes], bytes]] = {
    Fault.NAN: lambda body: _FIRST_VALUE.sub(rb"\1NaN", body, count=1),
    Fault.WRONG_UNITS: lambda body: body.replace(b'"unit":"W"', b'"unit":"hp"').replace(b'"unit":"kW"', b'"unit":"hp"'),
    Fault.MISLABELLED_UNITS: lambda body: body.replace(b'"TH/s"', b'"PH/s"').replace(b'"GH/s"', b'"TH/s"'),
    Fault.CLOCK_SKEW: _skewed,
}

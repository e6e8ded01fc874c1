"""Which path of the Site API is answered by what; knows no socket."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote

from console.simulator.answer import Answer, Refused
from console.simulator.faults import Fault
from console.simulator.host import SiteHost


@dataclass(frozen=True, slots=True)
class Ask:
    """One request to a site: `path` is what follows `/sites/<id>/`, `fault` what is wrong with the site now."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]  # their names in lower case
    body: bytes
    fault: Fault | None = None


Answering = Callable[[SiteHost, Ask], Answer]
ROUTES: dict[str, dict[str, Answering]] = {
    "v1/site": {"GET": lambda host, ask: host.facts()},
    "v1/roster": {"GET": lambda host, ask: host.roster(ask.headers.get("if-none-match"))},
    "v1/telemetry": {"GET": lambda host, ask: host.telemetry(ask.query, ask.headers.get("if-none-match"))},
    "v1/history": {"GET": lambda host, ask: host.history(ask.query)},
    "v1/events": {"GET": lambda host, ask: host.events(ask.query)},
    "v1/commands": {"POST": lambda host, ask: host.command(ask.body, ask.headers.get("idempotency-key"), ask.fault)},
    "v1/commands/preview": {"POST": lambda host, ask: host.preview(ask.body)},
}
MACHINE: dict[str, Answering] = {"GET": lambda host, ask: host.machine(unquote(ask.path.removeprefix("v1/miners/")))}
PROGRESS: dict[str, Answering] = {"GET": lambda host, ask: host.progress(ask.path.removeprefix("v1/commands/"))}


def respond(host: SiteHost, ask: Ask) -> Answer:
    """The site's answer, problems included; raises nothing that a client could cause."""
    try:
        return _route(ask)(host, ask)
    except Refused as refused:
        return refused.answer()


def _route(ask: Ask) -> Answering:
    methods = ROUTES.get(ask.path)
    if methods is None and ask.path.count("/") == 2 and ask.path.startswith("v1/commands/"):
        methods = PROGRESS
    if methods is None and ask.path.count("/") == 2 and ask.path.startswith("v1/miners/"):
        methods = MACHINE
    if methods is None:
        raise Refused(HTTPStatus.NOT_FOUND, "no such path")
    if ask.method not in methods:
        allowed = ", ".join(methods)
        raise Refused(HTTPStatus.METHOD_NOT_ALLOWED, f"here only {allowed} is understood", {"Allow": allowed})
    if ask.method == "POST" and ask.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "expected application/json")
    return methods[ask.method]


def query_of(text: str) -> dict[str, str]:
    """A query string as a table; raises Refused where a name comes twice."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=32, errors="strict")
    except ValueError as error:
        raise Refused(HTTPStatus.BAD_REQUEST, "the query cannot be read") from error
    query = dict(pairs)
    if len(query) != len(pairs):
        raise Refused(HTTPStatus.BAD_REQUEST, "the query names something twice")
    return query

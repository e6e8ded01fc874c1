"""What goes back to a client: status, body and headers; errors as problem+json (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import msgspec

JSON = "application/json"
PROBLEM = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer."""

    status: HTTPStatus
    body: bytes = b""
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


class Refused(Exception):
    """A request that is answered by a problem: raised anywhere below the router."""

    def __init__(self, status: HTTPStatus, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, headers or {}

    def answer(self) -> Answer:
        """The problem document."""
        body = {"type": "about:blank", "title": self.status.phrase, "status": int(self.status), "detail": self.detail}
        return Answer(self.status, msgspec.json.encode(body), PROBLEM, self.headers)


def ok(content: Any, status: HTTPStatus = HTTPStatus.OK, headers: Mapping[str, str] | None = None) -> Answer:
    """`content` as JSON. Content that is already bytes is sent as it is."""
    body = content if isinstance(content, bytes) else msgspec.json.encode(content)
    return Answer(status, body, JSON, headers or {})

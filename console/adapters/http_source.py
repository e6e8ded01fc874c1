"""Knows the settings of a source reached over HTTP and the rules they keep (S4); opens no connection."""

from __future__ import annotations

import base64
import ipaddress
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from console.adapters.dial import address_refusal, private_ranges
from console.domain.errors import AuthRefused, BadAnswer, ConfigError

_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,63}")
_HEADER_VALUE = re.compile(r"[!-~](?:[ -~]*[!-~])?")
_PATH = re.compile(r"/[!-~]*")


class HttpSource(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The settings that every source reached over HTTP shares.

    base_url: where the API lives, e.g. "https://api.host.example/v1"
    auth: how the credential is sent: "bearer", "basic" (the secret is "user:password") or a header's name
    ca_file: PEM file of the authority that signed the source's certificate, instead of the public ones
    plain_http_to: private address ranges to which http without TLS is allowed, e.g. ["10.20.0.0/16"]
    """

    base_url: str
    auth: str = "bearer"
    ca_file: str | None = None
    plain_http_to: tuple[str, ...] = ()


def check_base_url(source: HttpSource) -> tuple[str, str]:
    """The scheme and `host:port` of a base URL that keeps the rules; raises ConfigError with every problem."""
    problems: list[str] = []
    try:
        parts = urlsplit(source.base_url)
        port = parts.port
    except ValueError:
        raise ConfigError(("base_url: found an address that cannot be read, expected https://host/path",)) from None
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise ConfigError(("base_url: found no http address, expected https://host/path",))
    if "@" in parts.netloc:
        problems.append("base_url: holds a user or password; name a credential instead")
    if parts.query or parts.fragment:
        problems.append("base_url: found a '?' or '#', expected only https://host/path")
    if source.ca_file is not None and not Path(source.ca_file).is_file():
        problems.append(f"ca_file: {source.ca_file} is not a file")
    if source.auth not in ("bearer", "basic") and not _HEADER_NAME.fullmatch(source.auth):
        problems.append('auth: found no header name, expected "bearer", "basic" or such as "X-API-Key"')
    problems.extend(_literal_refusal(parts.scheme, parts.hostname, source))
    if problems:
        raise ConfigError(tuple(problems))
    return parts.scheme, f"{parts.hostname}:{port}" if port else parts.hostname


def _literal_refusal(scheme: str, host: str, source: HttpSource) -> Iterator[str]:
    """What is wrong with an address written as a number; a name is judged when it is dialled."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return
    refusal = address_refusal(scheme, address, private_ranges(source.plain_http_to))
    if refusal:
        yield f"base_url: {refusal}"


def auth_headers(auth: str, secret: str) -> dict[str, str]:
    """The header that carries the credential; raises AuthRefused where the secret cannot stand in one."""
    if auth == "basic":
        secret = base64.b64encode(secret.encode()).decode()
    if not _HEADER_VALUE.fullmatch(secret):
        raise AuthRefused("the credential is empty or holds characters that cannot be sent (a line break?)")
    if auth in ("bearer", "basic"):
        return {"Authorization": f"{auth.capitalize()} {secret}"}
    return {auth: secret}


def check_path(path: str) -> None:
    """Refuse a path that could leave the base URL: no host, step up, query or fragment may hide in it."""
    if not _PATH.fullmatch(path) or path.startswith("//") or re.search(r"[?#\\]|/\.\.?(/|$)", path):
        raise BadAnswer("an address made from the source's own words was refused")

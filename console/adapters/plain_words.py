"""Knows what a failed connection means in an operator's words; quotes no library, for its text may hold a secret."""

from __future__ import annotations

import datetime as dt
import email.utils
import ssl

from requests.exceptions import ReadTimeout
from urllib3.exceptions import IncompleteRead, ReadTimeoutError

from console.domain.errors import AuthRefused, BadAnswer, RateLimited, SourceError, TooSlow, Unreachable

LONGEST_RETRY_AFTER_S = 3600.0
_CERTIFICATE = {
    9: "its TLS certificate is not valid yet (compare the clocks)",
    10: "its TLS certificate has expired",
    18: "its TLS certificate is self-signed and not the one in ca_file",
    19: "its TLS certificate comes from an authority that is not trusted; name that authority in ca_file",
    20: "its TLS certificate comes from an authority that is not trusted; name that authority in ca_file",
    21: "its TLS certificate comes from an authority that is not trusted; name that authority in ca_file",
    23: "its TLS certificate has been revoked",
    62: "its TLS certificate is for another host name",
    64: "its TLS certificate is for another IP address",
}
_HANDSHAKE = (
    ("WRONG_VERSION_NUMBER", "it does not speak TLS on that port (is it plain http?)"),
    ("HTTP_REQUEST", "it does not speak TLS on that port (is it plain http?)"),
    ("UNSUPPORTED_PROTOCOL", "it offers only an outdated TLS version"),
    ("PROTOCOL_VERSION", "it offers only an outdated TLS version"),
    ("HANDSHAKE_FAILURE", "no common TLS cipher"),
)


def chain(error: BaseException) -> list[BaseException]:
    """`error` and everything it was raised from or wraps, outermost first, each once."""
    found: list[BaseException] = []
    queue: list[BaseException | None] = [error]
    while queue:
        one = queue.pop(0)
        if one is None or one in found:
            continue
        found.append(one)
        wrapped = [part for part in (*one.args, getattr(one, "reason", None)) if isinstance(part, BaseException)]
        queue.extend([one.__cause__, one.__context__, *wrapped])
    return found


def tls_words(error: ssl.SSLError) -> str:
    """Why the TLS session was not accepted."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _CERTIFICATE.get(error.verify_code, "its TLS certificate was not accepted")
    reason = error.reason or ""
    return next((words for key, words in _HANDSHAKE if key in reason), "the TLS handshake failed")


def as_source_error(error: BaseException, host: str, *, cut: bool) -> SourceError:
    """The error tree's word for a failure of requests, urllib3, ssl or socket; `cut`: our watchdog did it."""
    links = chain(error)
    if cut or any(isinstance(link, ReadTimeout | ReadTimeoutError | TimeoutError) for link in links):
        return TooSlow(f"{host} gave no complete answer within the poll's deadline")
    for link in links:
        if isinstance(link, ssl.SSLError) and not isinstance(link, ssl.SSLEOFError | ssl.SSLZeroReturnError):
            return Unreachable(f"{host} was not accepted: {tls_words(link)}")
    if any(isinstance(link, IncompleteRead) for link in links):
        return BadAnswer(f"{host} broke off in the middle of its answer")
    if any(isinstance(link, ConnectionError | ssl.SSLError) for link in links):
        return Unreachable(f"{host} closed the connection without an answer")
    return BadAnswer(f"{host} did not answer in proper HTTP")


def retry_after_s(text: str | None, now_ms: int) -> float | None:
    """`Retry-After` as seconds or HTTP date, between 0 and an hour; None where absent or unreadable (N3)."""
    text = (text or "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return min(float(text[:12]), LONGEST_RETRY_AFTER_S)
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return min(max(0.0, moment.timestamp() - now_ms / 1000), LONGEST_RETRY_AFTER_S)


def status_error(status: int, host: str, wait_s: float | None) -> SourceError:
    """The error for a status that the caller did not expect."""
    if status == 401:
        return AuthRefused(f"{host} does not know our credential (401)")
    if status == 403:
        return AuthRefused(f"{host} forbids this to our credential (403)")
    if status == 429 or (status == 503 and wait_s is not None):
        pause = "" if wait_s is None else f" for {wait_s:.0f} s"
        return RateLimited(f"{host} asks us to wait{pause} ({status})", wait_s)
    if 300 <= status < 400:
        return BadAnswer(f"{host} sent us elsewhere ({status}); redirects are not followed, correct base_url")
    if status == 404:
        return BadAnswer(f"{host} has no such address (404); check base_url")
    if status in (502, 503, 504):
        return Unreachable(f"{host} answers that its service is away ({status})")
    if status >= 500:
        return BadAnswer(f"{host} failed inside ({status})")
    if 200 <= status < 300:
        return BadAnswer(f"{host} answered without the expected content ({status})")
    return BadAnswer(f"{host} refused the request ({status})")

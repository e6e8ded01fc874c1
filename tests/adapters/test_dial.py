"""Which addresses may be spoken to (S4), name look-ups that fail or hang (N12), and TLS that is not as it should be."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import ssl
import threading
import time
from pathlib import Path

import pytest
import trustme

from console.adapters.base import Deadline
from console.adapters.budget import Budgets
from console.adapters.dial import address_refusal, private_ranges
from console.adapters.http import HttpSession, HttpSource
from console.adapters.http_source import check_base_url
from console.domain.errors import ConfigError, TooSlow, Unreachable
from tests.hostile import Hostile, Reply, answering

OK = answering(Reply(b"{}"))


@pytest.mark.parametrize(
    ("scheme", "address", "allowed", "fine"),
    [
        ("https", "93.184.216.34", (), True),
        ("https", "10.1.2.3", (), True),
        ("https", "127.0.0.1", (), True),
        ("http", "127.0.0.1", (), True),
        ("http", "::1", (), True),
        ("http", "::ffff:127.0.0.1", (), True),
        ("http", "10.1.2.3", (), False),
        ("http", "10.1.2.3", ("10.1.0.0/16",), True),
        ("http", "10.2.2.3", ("10.1.0.0/16",), False),
        ("http", "fd00::5", ("fd00::/8",), True),
        ("http", "93.184.216.34", ("10.0.0.0/8",), False),
        ("http", "169.254.169.254", ("10.0.0.0/8",), False),
        ("https", "169.254.169.254", (), False),
        ("https", "::ffff:169.254.169.254", (), False),
        ("https", "fe80::1", (), False),
        ("https", "0.0.0.0", (), False),
        ("https", "::", (), False),
        ("https", "224.0.0.1", (), False),
    ],
)
def test_s4_which_addresses_may_be_spoken_to(scheme: str, address: str, allowed: tuple[str, ...], fine: bool) -> None:
    refusal = address_refusal(scheme, ipaddress.ip_address(address), private_ranges(allowed))
    assert (refusal is None) is fine


@pytest.mark.parametrize(
    "text", ["0.0.0.0/0", "::/0", "8.8.8.0/24", "10.0.0.0/7", "10.1.2.3/8", "banana", "169.254.0.0/16"]
)
def test_s4_only_private_ranges_can_be_allowed(text: str) -> None:
    with pytest.raises(ConfigError, match="plain_http_to"):
        private_ranges((text,))


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ftp://host/x", "no http address"),
        ("file:///etc/passwd", "no http address"),
        ("host.example", "no http address"),
        ("https://", "no http address"),
        ("https://host:banana/", "cannot be read"),
        ("https://[::1/", "cannot be read"),
        ("https://user:pw@host/", "name a credential instead"),
        ("https://host/?key=1", "expected only"),
        ("http://10.1.2.3/", "plain http to 10.1.2.3 is not allowed"),
        ("http://169.254.169.254/latest", "not an address of a site"),
        ("https://169.254.169.254/latest", "not an address of a site"),
    ],
)
def test_s4_which_base_urls_are_refused(url: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words) as caught:
        check_base_url(HttpSource(base_url=url))
    assert "pw@" not in str(caught.value)


def test_every_problem_of_the_settings_is_told_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        check_base_url(HttpSource(base_url="https://u:p@host/?a", auth="two words", ca_file="/nowhere"))
    assert [problem.partition(":")[0] for problem in caught.value.problems] == [
        "base_url",
        "base_url",
        "ca_file",
        "auth",
    ]


def ask(url: str, seconds: float = 5.0, **settings: object) -> bytes:
    session = HttpSession(HttpSource(base_url=url, **settings), Budgets(99, 99))
    try:
        return session.get("/", deadline=Deadline.after(seconds)).body
    finally:
        session.close()


def resolve_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    family = {4: socket.AF_INET, 6: socket.AF_INET6}
    answers = [(family[ipaddress.ip_address(a).version], socket.SOCK_STREAM, 6, "", (a, 0)) for a in addresses]
    real = socket.getaddrinfo
    numeric = socket.AI_NUMERICHOST

    def look_up(host: str, *rest: object, **named: object) -> object:
        return answers if host == "site.example" else real(host, *rest, **{**named, "flags": numeric})

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


def test_s4_a_name_that_leads_to_a_forbidden_address_is_not_dialled(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve_to(monkeypatch, "169.254.169.254", "93.184.216.34")
    with pytest.raises(Unreachable, match=r"is not an address of a site|plain http"):
        ask("http://site.example/")


def test_of_several_addresses_the_next_is_tried_when_one_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve_to(monkeypatch, "::1", "127.0.0.1")
    with Hostile(OK) as server:
        assert ask(f"http://site.example:{server.port}/") == b"{}"


def test_n12_an_unknown_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(Unreachable, match=r"the name site\.example is not known"):
        ask("http://site.example/")


def test_n12_a_resolver_that_hangs_does_not_outlast_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: release.wait(10) and [])
    began_s = time.monotonic()
    with pytest.raises(TooSlow, match="resolver"):
        ask("http://site.example/", seconds=0.4)
    assert time.monotonic() - began_s < 0.9
    release.set()


def test_a_port_where_nothing_listens_is_told() -> None:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        with pytest.raises(Unreachable, match="nothing listens there"):
            ask(f"http://127.0.0.1:{sock.getsockname()[1]}/")


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> str:
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    return str(tmp_path / "ca.pem")


def server_context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def test_t18_a_good_certificate_of_the_named_authority_is_accepted(authority: trustme.CA, ca_file: str) -> None:
    with Hostile(OK, server_context(authority.issue_cert("127.0.0.1"))) as server:
        assert ask(server.url, ca_file=ca_file) == b"{}"


DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("expired", "certificate has expired"),
        ("not yet", "not valid yet"),
        ("wrong host", "for another host name|for another IP address"),
        ("wrong address", "for another IP address"),
        ("foreign authority", "authority that is not trusted"),
        ("no ca_file", "authority that is not trusted"),
        ("self-signed", "self-signed"),
        ("old protocol", "outdated TLS|handshake failed"),
        ("plain http", "does not speak TLS"),
    ],
)
def test_t18_a_bad_certificate_is_refused_in_words_of_its_own(
    authority: trustme.CA, ca_file: str, fault: str, words: str
) -> None:
    now = dt.datetime.now(dt.UTC)
    certificate = {
        "expired": lambda: authority.issue_cert("127.0.0.1", not_before=now - 9 * DAY, not_after=now - DAY),
        "not yet": lambda: authority.issue_cert("127.0.0.1", not_before=now + DAY, not_after=now + 9 * DAY),
        "wrong host": lambda: authority.issue_cert("other.example"),
        "wrong address": lambda: authority.issue_cert("10.9.9.9"),
        "foreign authority": lambda: trustme.CA().issue_cert("127.0.0.1"),
    }.get(fault, lambda: authority.issue_cert("127.0.0.1"))()
    context: ssl.SSLContext | None = server_context(certificate)
    if fault == "self-signed":
        context = self_signed()
    if fault == "old protocol":
        context.set_ciphers("ALL:@SECLEVEL=0")
        with pytest.warns(DeprecationWarning, match="TLSv1_1"):
            context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    if fault == "plain http":
        context = None
    with Hostile(OK, context) as server:
        with pytest.raises(Unreachable, match=words):
            ask(server.url.replace("http://", "https://"), ca_file=None if fault == "no ca_file" else ca_file)
        assert server.requests == [] or context is None, "no request left us"


def self_signed() -> ssl.SSLContext:
    """A server with the certificate of an authority as its own: nobody else vouches for it."""
    import tempfile

    alone = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        pem = Path(folder) / "alone.pem"
        pem.write_bytes(alone.private_key_pem.bytes() + alone.cert_pem.bytes())
        context.load_cert_chain(pem)
    return context

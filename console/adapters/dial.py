"""Knows how a connection to a source is opened and cut: allowed addresses, name look-up, connect, the watchdog.

A socket time-out bounds one `recv`, so a source that drips a byte a second outlives it for ever. The line therefore
keeps a second handle on the newest socket and shuts it down when the deadline passes, whichever phase (TLS
handshake, headers, body) the request is in.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import threading
from collections.abc import Callable, Iterator

from console.adapters.base import Deadline
from console.domain.errors import ConfigError, TooSlow, Unreachable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
PRIVATE = tuple(
    ipaddress.ip_network(text)
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "::1/128", "fc00::/7")
)


def private_ranges(texts: tuple[str, ...]) -> tuple[Network, ...]:
    """Parse the ranges to which plain http is allowed; raises ConfigError with every bad one (S4)."""
    networks, problems = [], []
    for text in texts:
        try:
            network = ipaddress.ip_network(text)
        except ValueError:
            problems.append(f"plain_http_to: found {text!r}, expected an address range such as '10.20.0.0/16'")
            continue
        if not any(_holds(private, network) for private in PRIVATE):
            problems.append(f"plain_http_to: {text} is not a private range; over public ground use https")
        networks.append(network)
    if problems:
        raise ConfigError(tuple(problems))
    return tuple(networks)


def _holds(outer: Network, inner: Network) -> bool:
    same_kind = outer.version == inner.version and outer.prefixlen <= inner.prefixlen
    return same_kind and inner.network_address in outer


def address_refusal(scheme: str, address: Address, plain_http_to: tuple[Network, ...]) -> str | None:
    """Why `address` must not be spoken to over `scheme`, or None where it may (S4, the table of T-tests)."""
    address = getattr(address, "ipv4_mapped", None) or address
    if address.is_link_local or address.is_multicast or address.is_unspecified:
        return f"{address} is not an address of a site (link-local, multicast or unspecified)"
    if scheme == "https" or address.is_loopback or any(address in network for network in plain_http_to):
        return None
    return f"plain http to {address} is not allowed: use https, or allow its private range in plain_http_to"


def look_up(host: str, port: int, within_s: float) -> list[Address]:
    """The addresses of `host`. A resolver that hangs is left behind in its own thread (N12)."""
    with contextlib.suppress(ValueError):
        return [ipaddress.ip_address(host.strip("[]"))]
    found: list[Address] = []
    failed: list[OSError] = []

    def ask() -> None:
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            failed.append(error if isinstance(error, OSError) else OSError("not a host name"))
        else:
            found.extend(ipaddress.ip_address(str(answer[4][0]).partition("%")[0]) for answer in answers)

    thread = threading.Thread(target=ask, name="look-up", daemon=True)
    thread.start()
    thread.join(within_s)
    if failed:
        raise Unreachable(f"the name {host} is not known to the resolver")
    if not found:
        raise TooSlow(f"the resolver did not answer for {host} in time")
    return list(dict.fromkeys(found))


class Line:
    """The way to one source: opens its sockets and cuts the newest one when the request's deadline passes."""

    def __init__(self, scheme: str, plain_http_to: tuple[Network, ...]) -> None:
        self._scheme, self._plain_http_to = scheme, plain_http_to
        self._lock = threading.Lock()
        self._handle: socket.socket | None = None
        self._given_up = False  # the connection of the handle was closed by its owner
        self._deadline: Deadline | None = None
        self.cut = False  # the watchdog fired during this request
        self.dialled = False  # this request opened a new connection
        self.spoke = False  # a first byte of this request was handed to the network

    @contextlib.contextmanager
    def request(self, deadline: Deadline) -> Iterator[None]:
        """Hold the line for one request; past the deadline its socket is shut down, `cut` tells so."""
        timer = threading.Timer(deadline.remaining_s(), self._shut, (deadline,))
        timer.daemon = True
        with self._lock:
            self._deadline, self.cut, self.dialled, self.spoke = deadline, False, False, False
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            with self._lock:
                self._deadline = None
                if self._given_up:
                    self._drop()

    def dial(self, host: str, port: int) -> socket.socket:
        """A connected socket; raises Unreachable (plain words) or TooSlow, each address getting its share of time."""
        deadline = self._deadline
        if deadline is None:
            raise Unreachable("no request is under way on this line")
        self.dialled = True
        allowed, refusals = self._split(look_up(host, port, deadline.remaining_s()))
        if not allowed:
            raise Unreachable(refusals[0])
        sock = _connect_first(allowed, host, port, deadline.remaining_s)
        with self._lock:
            self._drop()
            self._handle, self._given_up = sock.dup(), False
            if self.cut:
                self._handle.shutdown(socket.SHUT_RDWR)
        return sock

    def _split(self, addresses: list[Address]) -> tuple[list[Address], list[str]]:
        refusals = {address: address_refusal(self._scheme, address, self._plain_http_to) for address in addresses}
        return [a for a in addresses if refusals[a] is None], [text for text in refusals.values() if text]

    def _shut(self, deadline: Deadline) -> None:
        with self._lock:
            if self._deadline is not deadline:
                return  # that request is over: the socket now serves another one, or none
            self.cut = True
            if self._handle is not None:
                with contextlib.suppress(OSError):
                    self._handle.shutdown(socket.SHUT_RDWR)

    def hang_up(self) -> None:
        """Say that the connection was closed. Its body may still be on the way, so the handle lasts out the request;
        longer it must not, or the source would never see the end of the connection."""
        with self._lock:
            self._given_up = True
            if self._deadline is None:
                self._drop()

    def _drop(self) -> None:
        if self._handle is not None:
            self._handle.close()
        self._handle = None

    def close(self) -> None:
        """Free the second handle."""
        with self._lock:
            self._drop()


def _connect_first(addresses: list[Address], host: str, port: int, left_s: Callable[[], float]) -> socket.socket:
    """The first address that accepts; the last failure, in plain words, where none does."""
    trouble: OSError = OSError("no address")
    for tried, address in enumerate(addresses):
        share_s = left_s() / (len(addresses) - tried)
        try:
            sock = socket.create_connection((str(address), port), share_s)
        except OSError as error:
            trouble = error
            continue
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return sock
    if isinstance(trouble, TimeoutError):
        raise TooSlow(f"{host}:{port} did not accept a connection in time")
    if isinstance(trouble, ConnectionRefusedError):
        raise Unreachable(f"{host}:{port} refused the connection: nothing listens there")
    reason = trouble.strerror or type(trouble).__name__
    raise Unreachable(f"no connection to {host}:{port}: {reason.lower()}")

"""Knows what is kept of a person who may sign in, and how a credential is proved without being kept.

scrypt as of RFC 7914 through the standard library; the parameters stand beside each digest, so that they can grow.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

import msgspec

from console.domain.access import Role

COST_N, BLOCK_R, LANES_P = 2**15, 8, 1  # 32 MiB and about 60 ms a try: OWASP's floor for interactive sign-in
SALT_BYTES, DIGEST_BYTES = 16, 32
MOST_MEMORY_BYTES = 256 * 1024**2
SHORTEST_SECRET, LONGEST_SECRET, LONGEST_NAME = 8, 256, 64


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """One person: name as shown, role, and the credential's salted digest with its parameters."""

    name: str
    role: Role
    salt: bytes
    digest: bytes
    cost_n: int = COST_N
    block_r: int = BLOCK_R
    lanes_p: int = LANES_P
    made_ms: int = 0
    disabled: bool = False

    @property
    def key(self) -> str:
        """What makes a person unique: the name without case and outer spaces."""
        return key_of(self.name)


def key_of(name: str) -> str:
    """`Ada ` and `ada` are one person."""
    return name.strip().casefold()


def new_account(name: str, role: Role, secret: str, at_ms: int) -> Account:
    """An account with a fresh salt; raises ValueError, in words, for a name or a secret that breaks the rules."""
    problem = why_not(name, secret)
    if problem:
        raise ValueError(problem)
    salt = secrets.token_bytes(SALT_BYTES)
    digest = _digest(secret, salt, COST_N, BLOCK_R, LANES_P)
    return Account(name=name.strip(), role=role, salt=salt, digest=digest, made_ms=at_ms)


def why_not(name: str, secret: str) -> str:
    """What is wrong with a name and a secret; empty where nothing is."""
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        return f"a name has 1 to {LONGEST_NAME} printable characters"
    if not SHORTEST_SECRET <= len(secret) <= LONGEST_SECRET:
        return f"a password has {SHORTEST_SECRET} to {LONGEST_SECRET} characters"
    return ""


def proves(account: Account | None, secret: str) -> bool:
    """Whether this secret is the account's. Nobody's account costs the same time as somebody's."""
    known = account or _NOBODY
    given = _digest(secret[:LONGEST_SECRET], known.salt, known.cost_n, known.block_r, known.lanes_p)
    return hmac.compare_digest(given, known.digest) and account is not None and not account.disabled


def _digest(secret: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(secret.encode(), salt=salt, n=n, r=r, p=p, maxmem=MOST_MEMORY_BYTES, dklen=DIGEST_BYTES)


_NOBODY = Account(name="", role=Role.VIEWER, salt=bytes(SALT_BYTES), digest=bytes(DIGEST_BYTES))

"""People over a real store, with a clock that the test turns and a cheap hash: its cost is not what is tested here."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import pytest

from console.domain import account
from console.domain.access import Role
from console.domain.audit import AuditRow
from console.domain.errors import StoreError
from console.link.messages import FromCollector
from console.link.orders import Done, PutAccount, SignedIn, SignIn
from console.operate.people.book import People
from console.store import open_reader, open_writer

LOCK_AFTER_S = 900.0
CHIEF, SECRET = "Ada", "correct horse 1"


def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """scrypt itself, with the least cost there is."""

    def digest(secret: str, salt: bytes, *_cost: int) -> bytes:
        return hashlib.scrypt(secret.encode(), salt=salt, n=2, r=1, p=1, dklen=account.DIGEST_BYTES)

    monkeypatch.setattr(account, "_digest", digest)


class House:
    """One collector's people, their store, and a desktop that hears."""

    def __init__(self, folder: Path) -> None:
        self.now_s = 1000.0
        self.path = folder / "store.db"
        self.writer = open_writer(self.path)
        self.reader = open_reader(self.path)
        self.heard: list[FromCollector] = []
        self.troubles: list[StoreError] = []
        self.people = self.started()

    def started(self) -> People:
        """The people as a collector that starts now finds them."""
        self.people = People(
            self.reader.accounts(), self.writer, LOCK_AFTER_S, lambda: int(self.now_s * 1000), lambda: self.now_s,
            self.troubles.append,
        )  # fmt: skip
        return self.people

    def hear(self, message: FromCollector) -> bool:
        self.heard.append(message)
        return True

    def sign_in(self, name: str = CHIEF, secret: str = SECRET, desk: str = "desk 1") -> SignedIn:
        return self.people.sign_in(SignIn(request="r", name=name, secret=secret, desk=desk), self.hear)

    def put(self, session: str, name: str, role: int, secret: str = "", disabled: bool = False) -> Done:
        wish = PutAccount(
            request="r", session=session, name=name, role=role, secret=secret, disabled=disabled, desk="d"
        )
        return self.people.put_account(wish)

    def found(self) -> str:
        """The first account, and a session of it."""
        assert self.put("", CHIEF, Role.ADMINISTRATOR, SECRET) == Done("r")
        return self.sign_in().session

    def audit(self) -> Sequence[AuditRow]:
        return self.reader.audit(most=100_000)

    def close(self) -> None:
        self.reader.close()
        self.writer.close()

"""Looks up a credential by name: in the environment, then in the keyring of the operating system; keeps none.

Only keyrings that the system itself encrypts are spoken to. Others (a plain-text file, a chain with one in it) are
refused by their class name, for a secret that lies open would look as well kept as any other. A keyring may wait for
somebody to unlock it, so it is asked in a thread of its own and for ten seconds at most.
"""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable, Mapping
from typing import Protocol

from console.domain.errors import AuthRefused

SERVICE = "meridian"
VARIABLE = "MERIDIAN_CREDENTIAL_"
LIMIT_S = 10.0
CHAINER = "keyring.backends.chainer.ChainerBackend"
ABSENT = frozenset({"keyring.backends.fail.Keyring", "keyring.backends.null.Keyring"})
ALLOWED = frozenset(
    {
        "keyring.backends.SecretService.Keyring",
        "keyring.backends.kwallet.DBusKeyring",
        "keyring.backends.macOS.Keyring",
        "keyring.backends.Windows.WinVaultKeyring",
    }
)


class Keyring(Protocol):
    """What is used of a keyring back end."""

    def get_password(self, service: str, username: str, /) -> str | None:
        """The secret, or None where there is none; may block on an unlock prompt."""
        ...


def system_keyring() -> Keyring:
    """The back end that the keyring package picks for this session. Looking for one may block, too."""
    import keyring  # it looks for D-Bus: only who asks for a secret pays for that

    return keyring.get_keyring()


def variable_name(name: str) -> str:
    """The environment variable of a credential: `ga-read` is `MERIDIAN_CREDENTIAL_GA_READ`."""
    return VARIABLE + name.upper().replace("-", "_")


def back_end_name(back_end: object) -> str:
    """The full class name by which a back end is allowed or refused."""
    kind = type(back_end)
    return f"{kind.__module__}.{kind.__qualname__}"


def back_end_fault(back_end: object) -> str:
    """Why a back end is not spoken to, in plain words; nothing where it is allowed.

    A chain is judged link by link: it would hand a secret to whichever of them answers.
    """
    name = back_end_name(back_end)
    if name in ALLOWED:
        return ""
    if name in ABSENT:
        return "this session has no keyring"
    if name == CHAINER:
        refused = sorted({back_end_name(link) for link in getattr(back_end, "backends", ())} - ALLOWED)
        return f"the keyring is a chain with {', '.join(refused)}, which is not allowed" if refused else ""
    return f"the keyring {name} is not allowed"


class Credentials:
    """Looks secrets up, from any thread; an instance is the `Secrets` that adapters are given.

    `learn` is told every secret before it is handed out, so that logs can hide it. One thread at most waits for the
    keyring: while it is stuck, every other question is answered at once.
    """

    def __init__(
        self,
        environment: Mapping[str, str] | None = None,
        keyring: Callable[[], Keyring] = system_keyring,
        limit_s: float = LIMIT_S,
        learn: Callable[[str], None] | None = None,
    ) -> None:
        self._environment = os.environ if environment is None else environment
        self._keyring = keyring
        self._limit_s = limit_s
        self._learn = learn
        self._free = threading.Lock()  # held while a thread asks the keyring, however long that takes

    def __call__(self, name: str) -> str:
        """The secret of that name; raises AuthRefused, which names the credential and never its value."""
        secret = self._environment.get(variable_name(name), "") or self._from_keyring(name)
        secret = secret.strip("\r\n")
        if not secret.isprintable():
            raise AuthRefused(f"the credential {name} holds control characters, so it cannot be sent")
        if self._learn is not None:
            self._learn(secret)
        return secret

    def _from_keyring(self, name: str) -> str:
        if not self._free.acquire(timeout=self._limit_s):
            raise AuthRefused(_missing(name, "the keyring is still waiting, perhaps to be unlocked"))
        answers: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()
        threading.Thread(target=self._ask, args=(name, answers), name="keyring", daemon=True).start()
        try:
            secret, fault = answers.get(timeout=self._limit_s)
        except queue.Empty:
            fault = f"the keyring did not answer within {self._limit_s:g} s, perhaps it waits to be unlocked"
            raise AuthRefused(_missing(name, fault)) from None
        if not secret:
            raise AuthRefused(_missing(name, fault or "the keyring holds none of that name"))
        return secret

    def _ask(self, name: str, answers: queue.SimpleQueue[tuple[str, str]]) -> None:
        """The whole life of the keyring's thread; answers (secret, fault)."""
        try:
            back_end = self._keyring()
            fault = back_end_fault(back_end)
            answers.put(("" if fault else back_end.get_password(SERVICE, name) or "", fault))
        except Exception as error:  # noqa: BLE001 - back ends raise what their system raises; its text may quote anything
            answers.put(("", f"the keyring failed ({type(error).__name__})"))
        finally:
            self._free.release()


def _missing(name: str, fault: str) -> str:
    return (
        f"no secret for the credential {name}: {fault}; put it there with `keyring set {SERVICE} {name}` "
        f"or set {variable_name(name)}"
    )

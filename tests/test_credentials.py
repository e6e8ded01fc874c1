"""Credentials (T20, S5): allow-listed keyrings only, never a wait without end, never a value in a message."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from keyring.backends import chainer, fail, null

from console import credentials
from console.credentials import Credentials, back_end_fault, variable_name
from console.domain.errors import AuthRefused, StoreError
from console.fleet import load_fleet
from console.settings import Profile
from console.store import open_reader
from tests.kill.processes import ROOT, end, simulated_fleet, until

CANARY = "canary-5e7d-hunter2"


def named(full_name: str, answer: str | None = CANARY, error: Exception | None = None) -> object:
    """A back end that carries another's full class name."""
    module, _, kind = full_name.rpartition(".")

    def get_password(self: object, service: str, username: str) -> str | None:
        if error is not None:
            raise error
        return answer if (service, username) == ("meridian", "ga-read") else None

    return type(kind, (), {"__module__": module, "get_password": get_password})()


SAFE = "keyring.backends.SecretService.Keyring"


def secrets(back_end: object, **options: object) -> Credentials:
    return Credentials(environment=options.pop("environment", {}), keyring=lambda: back_end, **options)


@pytest.mark.parametrize("name", sorted(credentials.ALLOWED))
def test_t20_the_systems_own_keyrings_are_asked(name: str) -> None:
    assert secrets(named(name))("ga-read") == CANARY


@pytest.mark.parametrize(
    "name", ["keyrings.alt.file.PlaintextKeyring", "keyrings.alt.file.EncryptedKeyring", "keyring.backends.x.Keyring"]
)
def test_t20_every_other_keyring_is_refused_by_its_class_name(name: str) -> None:
    with pytest.raises(AuthRefused, match="is not allowed") as refused:
        secrets(named(name))("ga-read")
    assert name in str(refused.value)


def test_t20_a_chain_with_a_plain_text_link_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    chain = chainer.ChainerBackend()
    links = [named(SAFE), named("keyrings.alt.file.PlaintextKeyring")]
    monkeypatch.setattr(chainer.ChainerBackend, "backends", links)
    with pytest.raises(AuthRefused, match=r"a chain with keyrings\.alt\.file\.PlaintextKeyring"):
        secrets(chain)("ga-read")
    monkeypatch.setattr(chainer.ChainerBackend, "backends", links[:1])
    assert secrets(chain)("ga-read") == CANARY


@pytest.mark.parametrize("back_end", [fail.Keyring(), null.Keyring()])
def test_t20_without_a_keyring_it_says_where_the_secret_may_be_put(back_end: object) -> None:
    with pytest.raises(AuthRefused) as refused:
        secrets(back_end)("ga-read")
    assert "this session has no keyring" in str(refused.value)
    assert "MERIDIAN_CREDENTIAL_GA_READ" in str(refused.value)
    assert "keyring set meridian ga-read" in str(refused.value)


def test_t20_no_plain_text_backend_is_installed() -> None:
    assert importlib.util.find_spec("keyrings") is None or importlib.util.find_spec("keyrings.alt") is None


def test_t20_the_real_keyring_of_this_machine_answers_or_is_refused_in_time() -> None:
    began = time.monotonic()
    with pytest.raises(AuthRefused, match="no secret for the credential surely-not-there"):
        Credentials(environment={})("surely-not-there")
    assert credentials.LIMIT_S == 10.0
    assert time.monotonic() - began < credentials.LIMIT_S + 5


COLLECTS = """
import sys, threading
from functools import partial
from console import credentials
from console.__main__ import main
class Keyring:
    def get_password(self, service, username):
        threading.Event().wait(60)  # somebody ought to unlock it
Keyring.__module__ = "keyring.backends.SecretService"
credentials.Credentials = partial(credentials.Credentials, environment={}, keyring=Keyring)
sys.exit(main(["collect", "--fleet", sys.argv[1], "--profile", sys.argv[2], "--parent-pid", sys.argv[3]]))
"""


@pytest.mark.slow
def test_t20_a_collector_starts_within_ten_seconds_while_the_keyring_is_locked(tmp_path: Path) -> None:
    """One site of two needs a secret that never comes: the other is watched, and that one says why it is not."""
    profile = Profile(tmp_path / "profile").create()
    with simulated_fleet(tmp_path, sites=2, miners=20, period_s=30) as fleet:
        text = fleet.read_text(encoding="utf-8")
        fleet.write_text(text.replace("base_url =", 'credential = "ga-read"\nbase_url =', 1), encoding="utf-8")
        locked, other = (site.id for site in load_fleet(fleet).sites)
        began_s = time.monotonic()
        child = subprocess.Popen([sys.executable, "-c", COLLECTS, fleet, profile.folder, str(os.getpid())], cwd=ROOT)
        try:
            until(lambda: profile.log.exists() and '"started"' in profile.log.read_text("utf-8"), 10)
            assert time.monotonic() - began_s < 10
            until(lambda: other in stored(profile)[0])
            until(lambda: "to be unlocked" in stored(profile)[1].get(locked, ""), 30)
            assert locked not in stored(profile)[0]
        finally:
            end(child)


def stored(profile: Profile) -> tuple[set[str], dict[str, str]]:
    """Sites that were read, and by site what is wrong with its link."""
    try:
        reader = open_reader(profile.store)
    except StoreError:  # not begun yet
        return set(), {}
    try:
        return set(reader.rollups()), {link.site_id: link.error for link in reader.links().values()}
    finally:
        reader.close()


def test_t20_a_locked_keyring_costs_its_limit_once_and_a_second_question_no_more_threads() -> None:
    unlocked = threading.Event()

    class Locked:
        def get_password(self, service: str, username: str) -> str:
            unlocked.wait(30)
            return CANARY

    Locked.__module__, Locked.__qualname__ = SAFE.rsplit(".", 1)
    asked = secrets(Locked(), limit_s=0.2)
    with pytest.raises(AuthRefused, match=r"did not answer within 0\.2 s"):
        asked("ga-read")
    with pytest.raises(AuthRefused, match="still waiting"):
        asked("ga-read")
    assert sum(thread.name == "keyring" for thread in threading.enumerate()) == 1
    unlocked.set()
    for _ in range(200):
        if not any(thread.name == "keyring" for thread in threading.enumerate()):
            break
        time.sleep(0.01)
    assert asked("ga-read") == CANARY


def test_the_environment_comes_first_and_needs_no_keyring() -> None:
    assert variable_name("ga-read") == "MERIDIAN_CREDENTIAL_GA_READ"
    asked = secrets(fail.Keyring(), environment={"MERIDIAN_CREDENTIAL_GA_READ": "from-env\n"})
    assert asked("ga-read") == "from-env"
    with pytest.raises(AuthRefused):
        secrets(fail.Keyring(), environment={"MERIDIAN_CREDENTIAL_GA_READ": ""})("ga-read")


def test_s5_no_message_ever_holds_the_value() -> None:
    for back_end in (
        named("keyrings.alt.file.PlaintextKeyring"),
        named(SAFE, error=RuntimeError(f"cannot decrypt {CANARY}")),
        named(SAFE, answer=f"{CANARY}\x00"),
        named(SAFE, answer=f"{CANARY}\r\nX-Other: header"),
    ):
        with pytest.raises(AuthRefused) as refused:
            secrets(back_end)("ga-read")
        assert CANARY not in str(refused.value)
        assert CANARY not in repr(refused.value.__cause__)


def test_s5_logs_learn_a_secret_before_it_is_handed_out() -> None:
    learnt: list[str] = []
    assert secrets(named(SAFE), learn=learnt.append)("ga-read") == CANARY
    assert learnt == [CANARY]


def test_a_back_end_that_breaks_is_named_by_its_error_only() -> None:
    with pytest.raises(AuthRefused, match=r"the keyring failed \(OSError\)"):
        secrets(named(SAFE, error=OSError("boom")))("ga-read")


def test_an_allowed_name_has_no_fault() -> None:
    assert [back_end_fault(named(name)) for name in credentials.ALLOWED] == [""] * len(credentials.ALLOWED)


def test_importing_the_module_does_not_look_for_a_keyring() -> None:
    code = "import console.credentials, sys; sys.exit('keyring' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

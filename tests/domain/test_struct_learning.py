"""Threads that meet a struct first at the same time: in processes of their own, for where it goes wrong they die."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RACE = """
import sys, threading
import msgspec
from console.domain.struct_learning import learn, learn_all
from console.domain.access import Role
sys.setswitchinterval(1e-6)
HOW = {{"one by one": learn, "all": lambda kind: learn_all(), "never": lambda kind: None}}[sys.argv[1]]
class Inner(msgspec.Struct):
    a: int = 0
    b: Role = Role.VIEWER
KINDS = (int, str, dict[str, int], tuple[int, ...], Role, Inner | None)
VALUES = (1, "x", {{"k": 1}}, [1, 2], 2, {{"a": 1, "b": 1}})
body = msgspec.json.encode({{f"f{{place}}": VALUES[place % 6] for place in range(30)}})
for number in range({trials}):
    kind = msgspec.defstruct(f"S{{number}}", [(f"f{{place}}", KINDS[place % 6]) for place in range(30)])
    gate = threading.Barrier(4)
    def first(kind=kind, gate=gate):
        gate.wait()
        HOW(kind)
        msgspec.json.decode(body, type=kind)
    threads = [threading.Thread(target=first) for _ in range(4)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
print("alive")
"""
LISTEN = """
import sys
from pathlib import Path
import console.domain.struct_learning as learning
learned = []
def decoder(kind, known=learning.msgspec.json.Decoder):
    learned.append(kind)
    return known(kind)
stand_in = type("json", (), {"Decoder": decoder})
learning.msgspec = type("msgspec", (), {"Struct": learning.msgspec.Struct, "json": stand_in})
"""
OPENED = """
from console import store
{"reader": store.open_reader, "writer": store.open_writer}[sys.argv[2]](Path(sys.argv[1])).close()
"""
TELL = """
print(*sorted({f"{kind.__module__}.{kind.__qualname__}" for kind in learned}))
"""


def run(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize(("how", "trials"), [("one by one", 1_500), ("all", 60)])
def test_t26_threads_that_meet_a_struct_first_together_live(how: str, trials: int) -> None:
    done = run(RACE.format(trials=trials), how)
    assert (done.returncode, done.stdout, done.stderr) == (0, "alive\n", "")


@pytest.mark.parametrize("side", ["writer", "reader"])
def test_t26_a_store_that_is_open_knows_every_struct_that_it_reads(tmp_path: Path, side: str) -> None:
    path = tmp_path / "store.db"
    assert run(LISTEN + OPENED, path, "writer").returncode == 0
    done = run(LISTEN + OPENED + TELL, path, side)
    assert done.stderr == ""
    learned = set(done.stdout.split())
    for kind in ("alarm.Alarm", "alarm_change.AlarmChange", "command.Command", "command.Preview", "account.Account",
                 "command_journal.CommandRecord", "command_journal.Batch", "audit.AuditRow", "audit.ChainState",
                 "link_state.LinkState", "roster.Miner", "site.Fleet"):  # fmt: skip
        assert f"console.domain.{kind}" in learned, kind


LOADED = """
from console.adapters.registry import Registry
assert not Registry().entry("siteapi").error
"""


def test_t26_an_adapter_that_is_loaded_has_its_structs_known_before_its_sites_are_polled() -> None:
    done = run(LISTEN + LOADED + TELL)
    assert done.stderr == ""
    assert "console.adapters.siteapi.parse.TelemetryWire" in done.stdout.split()


STRANGER = """
import msgspec
from console.adapters import registry
class Strange(msgspec.Struct):
    both: "dict[str, Nobody]"
known = registry.Registry()
print(known.entry("siteapi").error, known.entry("lan").error)
"""


def test_a_struct_that_cannot_be_decoded_keeps_no_adapter_from_loading() -> None:
    done = run(STRANGER)
    assert (done.stdout, done.stderr) == (" \n", "")

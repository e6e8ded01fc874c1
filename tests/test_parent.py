"""Whether a process is still there, and what a child learns of the one that started it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from console.parent import Parent, alive


def test_a_process_is_alive_while_it_is() -> None:
    assert alive(os.getpid())
    child = subprocess.Popen(["sleep", "0"])
    child.wait(10)
    assert not alive(child.pid)


def test_a_parent_is_gone_once_it_ended() -> None:
    child = subprocess.Popen(["sleep", "60"])
    parent = Parent(child.pid)
    assert not parent.gone
    child.kill()
    child.wait(10)
    assert parent.gone


@pytest.mark.skipif(sys.platform == "win32", reason="a child keeps the number of its parent there")
def test_the_own_parent_is_gone_when_another_took_its_place(monkeypatch) -> None:
    parent = Parent(os.getppid())
    assert not parent.gone
    monkeypatch.setattr(os, "getppid", lambda: 1)
    assert parent.gone, "its number may be another process's by now"

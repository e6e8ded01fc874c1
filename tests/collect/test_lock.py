"""One collector a profile: the lock, who holds it, and that it falls with its process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from console.collect.lock import AlreadyRunning, ProfileLock

HOLD = "import sys, time; from pathlib import Path; from console.collect.lock import ProfileLock\n" \
       "with ProfileLock(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"  # fmt: skip


def test_the_second_is_refused_and_told_who_has_it(tmp_path: Path) -> None:
    path = tmp_path / "collector.lock"
    with ProfileLock(path), pytest.raises(AlreadyRunning, match=f"process {os.getpid()}"), ProfileLock(path):
        pytest.fail("two hold one lock")
    with ProfileLock(path):
        pass
    assert path.stat().st_mode & 0o077 == 0


def test_t26_two_hundred_races_have_one_winner_each(tmp_path: Path) -> None:
    for race in range(200):
        path, wins, start = tmp_path / f"{race % 5}.lock", [], threading.Barrier(4)
        decided = threading.Barrier(4)

        def racer(path=path, wins=wins, start=start, decided=decided) -> None:
            start.wait(10)
            try:
                with ProfileLock(path):
                    wins.append(1)
                    decided.wait(10)
            except AlreadyRunning:
                decided.wait(10)

        threads = [threading.Thread(target=racer) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert wins == [1]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")
def test_a_killed_holder_leaves_the_lock_free_at_once(tmp_path: Path) -> None:
    path = tmp_path / "collector.lock"
    child = subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE)
    assert child.stdout is not None
    assert child.stdout.readline() == b"held\n"
    with pytest.raises(AlreadyRunning, match=f"process {child.pid}"), ProfileLock(path):
        pass
    child.send_signal(signal.SIGKILL)
    child.wait(10)
    child.stdout.close()
    with ProfileLock(path):
        pass


def test_a_child_of_the_holder_does_not_keep_it_alive(tmp_path: Path) -> None:
    path = tmp_path / "collector.lock"
    with ProfileLock(path):
        child = subprocess.Popen(["sleep", "30"], close_fds=False)
    try:
        with ProfileLock(path):
            pass
    finally:
        child.kill()
        child.wait(10)

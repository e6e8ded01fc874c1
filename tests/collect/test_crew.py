"""Threads are used again, and work never waits for one."""

from __future__ import annotations

import threading
import time

from console.collect.crew import MOST_IDLE, Crew


def test_work_never_waits_for_a_thread() -> None:
    crew, release, running = Crew("t"), threading.Event(), threading.Semaphore(0)

    def hang() -> None:
        running.release()
        release.wait(30)

    for _ in range(50):
        crew.give(hang)
    for _ in range(50):
        assert running.acquire(timeout=10)
    release.set()
    ends = time.monotonic() + 30
    while sum(thread.name == "t" for thread in threading.enumerate()) > MOST_IDLE:
        assert time.monotonic() < ends, "after a burst all but a few end"
        time.sleep(0.01)
    crew.close()


def test_an_idle_thread_is_used_again_and_few_are_kept() -> None:
    crew, seen, done = Crew("reused"), [], threading.Semaphore(0)

    def work() -> None:
        seen.append(threading.get_ident())
        done.release()

    for _ in range(20):
        crew.give(work)
        assert done.acquire(timeout=10)
        time.sleep(0.02)  # `done` is set inside the work: the thread must be back among the idle ones
    assert len(set(seen)) <= 3
    ends = time.monotonic() + 30
    while sum(thread.name == "reused" for thread in threading.enumerate()) > MOST_IDLE:
        assert time.monotonic() < ends
        time.sleep(0.01)
    crew.close()
    while any(thread.name == "reused" for thread in threading.enumerate()):
        assert time.monotonic() < ends
        time.sleep(0.01)

"""What is kept in the profile is written beside the GUI thread: in order, the newest of each, whole."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from console.ui import scribe
from console.ui.scribe import Scribe


@pytest.fixture
def slow_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[threading.Event, threading.Event, list[str]]]:
    """A disk that has been asked (1) and answers once it may (2), and what was written to it (3)."""
    asked, may, written = threading.Event(), threading.Event(), []
    whole = scribe.whole

    @contextmanager
    def slowly(path: Path) -> Iterator[Path]:
        asked.set()
        may.wait()
        with whole(path) as draft:
            yield draft
        written.append(path.name)

    monkeypatch.setattr(scribe, "whole", slowly)
    yield asked, may, written
    may.set()


def test_t11_a_disk_that_is_slow_holds_up_nobody_who_asks(tmp_path: Path, slow_disk) -> None:
    asked, may, written = slow_disk
    made = Scribe()
    made.write(tmp_path / "first.json", b"1", "a choice")
    asked.wait()
    for newer in (b"2", b"3", b"4"):
        made.write(tmp_path / "second.json", newer, "a choice")
    assert list(tmp_path.iterdir()) == []
    may.set()
    made.settle()
    assert written == ["first.json", "second.json"], "the newest of the three"
    assert (tmp_path / "second.json").read_bytes() == b"4"


def test_its_thread_ends_with_its_work_and_begins_anew(tmp_path: Path) -> None:
    made = Scribe()
    for number in range(50):
        made.write(tmp_path / "kept.json", str(number).encode(), "a choice")
        made.settle()
        assert (tmp_path / "kept.json").read_text() == str(number)
    for thread in [each for each in threading.enumerate() if each.name == "scribe"]:
        thread.join(5)
        assert not thread.is_alive()


def test_a_disk_that_refuses_is_a_line_in_the_log_and_the_next_file_is_written(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    made = Scribe()
    made.write(tmp_path / "no" / "folder.json", b"1", "the view and span")
    made.write(tmp_path / "kept.json", b"2", "a choice")
    made.settle()
    assert (tmp_path / "kept.json").read_bytes() == b"2"
    assert [record.getMessage() for record in caplog.records if record.name == "console.ui.scribe"] == [
        f"{tmp_path / 'no' / 'folder.json'}: the view and span cannot be kept (No such file or directory)"
    ]


def test_whatever_a_write_raises_nobody_waits_for_ever(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    made = Scribe()
    made.write(Path("no\0name"), b"1", "a choice")
    made.write(tmp_path / "kept.json", b"2", "a choice")
    made.settle()
    assert (tmp_path / "kept.json").read_bytes() == b"2"
    assert "embedded null byte" in caplog.text


def test_a_program_that_ends_waits_for_what_was_asked(tmp_path: Path) -> None:
    asks = "import sys; from pathlib import Path; from console.ui.scribe import SCRIBE; "
    asks += "SCRIBE.write(Path(sys.argv[1]), b'1', 'a choice')"
    subprocess.run([sys.executable, "-c", asks, str(tmp_path / "kept")], check=True, timeout=60)
    assert (tmp_path / "kept").read_bytes() == b"1"

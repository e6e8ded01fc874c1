"""A file is written whole or not at all."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from console.ui.whole_file import whole


def test_what_was_written_takes_the_files_place(tmp_path: Path) -> None:
    path = tmp_path / "kept.json"
    path.write_text("before")
    with whole(path) as draft:
        draft.write_text("after")
        assert path.read_text() == "before"
    assert path.read_text() == "after"
    assert list(tmp_path.iterdir()) == [path]


def test_a_write_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "kept.json"
    path.write_text("before")

    def half() -> None:
        with whole(path) as draft:
            draft.write_text("af")
            raise OSError("full")

    with pytest.raises(OSError, match="full"):
        half()
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path], "no half file beside it"


@pytest.mark.skipif(sys.platform == "win32", reason="there is no mkfifo on Windows")
def test_a_pipe_or_a_folder_is_never_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()

    def write(path: Path) -> None:
        with whole(path) as draft:
            draft.write_text("after")

    for name in ("pipe", "folder"):
        with pytest.raises(OSError, match="it is no regular file"):
            write(tmp_path / name)
    assert (tmp_path / "pipe").is_fifo()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "pipe"]

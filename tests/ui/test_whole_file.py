"""A file is written whole or not at all."""

from __future__ import annotations

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

"""The command line refuses to write a picture where it would destroy something or be no picture."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from console.__main__ import main


@pytest.mark.skipif(sys.platform == "win32", reason="there is no mkfifo on Windows")
@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("bad.jpg", "expected a file that ends in .png, .svg or .pdf"),
        ("bad", "expected a file that ends in .png, .svg or .pdf"),
        ("nodir/x.png", "expected a folder that is there"),
        ("folder.png", "it is no regular file"),
        ("pipe.svg", "it is no regular file"),
        ("link.PDF", "it is no regular file"),
    ],
)
@pytest.mark.parametrize("command", [["capture", "world", "--out"], ["--offline", "--after", "1", "--capture"]])
def test_a_picture_goes_to_a_file_and_nowhere_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: list[str], name: str, says: str
) -> None:
    (tmp_path / "folder.png").mkdir()
    os.mkfifo(tmp_path / "pipe.svg")
    (tmp_path / "link.PDF").symlink_to(tmp_path / "pipe.svg")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(SystemExit) as left:
        main([*command, str(tmp_path / name), "--profile", str(tmp_path)])
    assert left.value.code == 2
    told = capsys.readouterr().err
    assert says in told
    assert name in told
    assert sorted(tmp_path.iterdir()) == before
    assert stat.S_ISFIFO((tmp_path / "pipe.svg").stat().st_mode)

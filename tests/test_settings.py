"""Where things lie: every profile apart from every other, on every system."""

from __future__ import annotations

import shutil
import socket
import stat
import sys
import tempfile
from pathlib import Path

import pytest

from console import settings
from console.domain.errors import ConfigError


def test_a_profile_keeps_all_its_files_in_one_folder(tmp_path: Path) -> None:
    here = settings.profile(tmp_path / "p").create()
    files = (here.fleet, here.store, here.lock, here.link_key, here.log, here.desktop_log, here.captures)
    assert {file.parent for file in files} == {tmp_path / "p"}
    assert len(set(files)) == len(files)


@pytest.mark.skipif(sys.platform == "win32", reason="modes are a matter of POSIX")
def test_a_new_profile_is_private(tmp_path: Path) -> None:
    here = settings.profile(tmp_path / "p").create()
    assert stat.S_IMODE(here.folder.stat().st_mode) == 0o700
    assert here.create() == here


def test_the_demo_fleet_never_mixes_with_the_real_one() -> None:
    assert settings.profile().folder != settings.profile(demo=True).folder


@pytest.mark.skipif(sys.platform == "win32", reason="a named pipe has no such limit")
def test_a_long_path_still_gives_a_socket_that_binds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings.tempfile, "tempdir", tempfile.mkdtemp(prefix="m", dir="/tmp"))
    deep = settings.profile(tmp_path / ("deep" * 30))
    other = settings.profile(tmp_path / ("deeq" * 30))
    assert deep.link_address != other.link_address
    deep.create()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(deep.link_address)
    shutil.rmtree(settings.tempfile.gettempdir())


def test_windows_gets_a_pipe_of_its_own_for_each_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings.sys, "platform", "win32")
    first, second = (settings.profile(tmp_path / name).link_address for name in "ab")
    assert first.startswith("\\\\.\\pipe\\meridian-")
    assert first != second


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="expected a writable profile directory"):
        settings.profile(tmp_path / "file" / "p").create()


def test_resources_come_from_the_bundle_when_frozen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.resources() == Path(settings.__file__).resolve().parents[1] / "resources"
    (tmp_path / "resources").mkdir()
    monkeypatch.setattr(settings.sys, "_MEIPASS", str(tmp_path), raising=False)
    assert settings.resources() == tmp_path / "resources"


def test_no_resources_at_all_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "__file__", str(tmp_path / "console" / "settings.py"))
    monkeypatch.setattr(settings.sys, "prefix", str(tmp_path))
    with pytest.raises(ConfigError, match="no resources folder"):
        settings.resources()

"""Where the chain's head is kept besides: a file that is there already, a real syslog socket, and how both are read."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from console.domain.audit import Anchor
from console.domain.errors import ConfigError
from console.operate.audit.anchors import FilePlace, SyslogPlace, kept_anchors, read_places

ANCHOR = Anchor(7, "ab" * 32, 1234)


def test_a_file_gets_a_line_an_anchor_and_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "anchors.jsonl"
    path.touch()
    place = FilePlace(path)
    place.keep(ANCHOR)
    place.keep(Anchor(8, "cd" * 32, 1235))
    assert place.kept() == (ANCHOR, Anchor(8, "cd" * 32, 1235))
    assert path.read_text(encoding="utf-8").count("\n") == 2


def test_a_file_that_is_not_there_is_never_made_for_the_share_may_not_be_mounted(tmp_path: Path) -> None:
    place = FilePlace(tmp_path / "anchors.jsonl")
    with pytest.raises(FileNotFoundError):
        place.keep(ANCHOR)
    with pytest.raises(ConfigError, match="cannot be read"):
        place.kept()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("family", ["udp", "unix"])
def test_syslog_gets_a_line_that_can_be_read_back_from_its_file(tmp_path: Path, family: str) -> None:
    with socket.socket(socket.AF_INET if family == "udp" else socket.AF_UNIX, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0) if family == "udp" else str(tmp_path / "log"))
        server.settimeout(10)
        address = f"udp://127.0.0.1:{server.getsockname()[1]}" if family == "udp" else f"unix:{tmp_path / 'log'}"
        SyslogPlace(address).keep(ANCHOR)
        body = server.recv(2000)
    assert body.startswith(b"<86>meridian: audit anchor seq=7 ")  # authpriv, info
    log = tmp_path / "syslog"
    log.write_bytes(b"Jan  1 00:00:00 host other: hello\nJan  1 00:00:01 host " + body.rstrip(b"\0")[4:] + b"\n")
    assert kept_anchors(log) == (ANCHOR,)


def test_a_syslog_socket_that_is_gone_is_an_error_and_not_a_line_on_the_terminal(tmp_path: Path, capfd) -> None:
    with pytest.raises(FileNotFoundError):
        SyslogPlace(f"unix:{tmp_path / 'none'}").keep(ANCHOR)
    assert capfd.readouterr().err == ""


def test_a_line_that_is_cut_off_is_told(tmp_path: Path) -> None:
    path = tmp_path / "anchors.jsonl"
    path.write_text('{"seq":1,"digest":"a","at_ms":1}\n{"seq":2,"dig', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"anchors\.jsonl:2: found no anchor"):
        kept_anchors(path)


def test_the_file_of_places(tmp_path: Path) -> None:
    path = tmp_path / "audit.toml"
    assert read_places(path) == ()
    path.write_text('[anchor]\nfile = "/mnt/share/a.jsonl"\nsyslog = "udp://10.0.0.5:514"\n', encoding="utf-8")
    assert [place.name for place in read_places(path)] == ["file /mnt/share/a.jsonl", "syslog udp://10.0.0.5:514"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('[anchor]\nfile = "a.jsonl"', 'audit.toml:2: anchor.file: found "a.jsonl", expected a path from the root'),
        ('[anchor]\nsyslog = "tcp://x:1"', 'anchor.syslog: found "tcp://x:1", expected "udp://HOST:PORT"'),
        ("[anchor]\nfiles = 1", "anchor.files: unknown key, did you mean file"),
        ("anchor = 3", "anchor: found 3, expected an [anchor] table"),
        ("[other]\n", "other: unknown key (known: anchor)"),
        ("[anchor", "not valid TOML"),
    ],
)
def test_what_is_wrong_with_it_is_told_with_line_and_key(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "audit.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        read_places(path)
    assert problem in str(raised.value)

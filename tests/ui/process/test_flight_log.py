"""What the desktop records, and what it never does."""

from __future__ import annotations

import json
import logging
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import qInstallMessageHandler, qWarning

from console.ui.process import flight_log

CANARY = "c4n4ry-s3cr3t-v4lu3"


@pytest.fixture
def log(tmp_path: Path):
    import faulthandler

    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    crash = flight_log.start_log(tmp_path / "desktop.log")
    yield tmp_path / "desktop.log"
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    qInstallMessageHandler(None)
    faulthandler.disable()
    crash.close()
    for handler in set(root.handlers) - set(before):
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


def lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_s6_a_message_stays_on_one_line(log: Path) -> None:
    logging.getLogger("x").warning("site %s", 'A"\r\n{"level": "INFO"}\x1b[31m')
    assert len(lines(log)) == 2
    assert "\x1b" not in log.read_text()


@pytest.mark.parametrize(
    "message",
    [
        f"Authorization: Bearer {CANARY}",
        f"https://user:{CANARY}@host/path",
        f"GET /v1?api_key={CANARY}&from=1",
        f'{{"password": "{CANARY}"}}',
        f"token={CANARY}",
    ],
)
def test_s5_no_secret_is_written(log: Path, message: str) -> None:
    logging.getLogger("x").warning("asked %s", message)
    logging.getLogger("x").error("failed", exc_info=ValueError(message))
    assert CANARY not in log.read_text()


def test_every_kind_of_crash_is_recorded(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sys.excepthook(ValueError, ValueError(f"token={CANARY}"), None)
    assert CANARY not in capsys.readouterr().err
    threading.excepthook(threading.ExceptHookArgs((KeyError, KeyError("k"), None, None)))
    messages = [line["message"] for line in lines(log)]
    assert "unexpected ValueError" in messages
    assert "unexpected KeyError" in messages


def test_qt_speaks_into_the_same_log(log: Path) -> None:
    qWarning("something about a pixmap")
    qWarning("This plugin does not support propagateSizeHints()")
    told = [line for line in lines(log) if line["logger"] == "qt"]
    assert [line["message"] for line in told] == ["something about a pixmap"]

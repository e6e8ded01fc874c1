"""The desktop's own record: JSON lines, crashes of every kind, Qt's messages; no secret gets into it (S5, S6)."""

from __future__ import annotations

import faulthandler
import json
import logging
import re
import sys
import threading
import traceback
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from console import __version__

LOG = logging.getLogger("console.desktop")
LARGEST, KEPT = 2_000_000, 3
REDACTED = "[redacted]"
SECRETS = (
    re.compile(r"(?i)(bearer|basic|token)\s+[A-Za-z0-9._~+/=-]{6,}"),
    re.compile(
        r"(?i)((?:api[_-]?key|token|password|passwd|secret|authorization|x-api-key)[\"']?\s*[=:]\s*[\"']?)[^\s,;&\"']+"
    ),
    re.compile(r"(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"),
)
NOISE = "propagateSizeHints"  # the offscreen platform says so of every window
QT_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def redact(text: str) -> str:
    """`text` without what looks like a credential."""
    for pattern in SECRETS:
        text = pattern.sub(lambda match: (match.group(1) + " " if match.groups() else "") + REDACTED, text)
    return text


class JsonLines(logging.Formatter):
    """One JSON object a line: a line break in a message can start no line of its own."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, where, what."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": redact(record.getMessage()),
        }
        if record.exc_info:
            line["trace"] = redact(self.formatException(record.exc_info))
        return json.dumps(line)


def start_log(path: Path) -> TextIOWrapper:
    """Record into `path` from now on; returns the open crash file, which must live as long as the process."""
    handler = RotatingFileHandler(path, maxBytes=LARGEST, backupCount=KEPT, encoding="utf-8")
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    crash = path.with_suffix(".crash").open("a", encoding="utf-8")
    faulthandler.enable(crash)
    sys.excepthook = _excepthook
    threading.excepthook = lambda args: _record(args.exc_type, args.exc_value, args.exc_traceback)
    sys.unraisablehook = lambda args: _record(args.exc_type, args.exc_value, args.exc_traceback)
    qInstallMessageHandler(_qt_message)
    LOG.info("Meridian %s, Python %s on %s", __version__, sys.version.split()[0], sys.platform)
    return crash


def _excepthook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    _record(kind, error, trace)
    sys.stderr.write(redact("".join(traceback.format_exception(kind, error, trace))))


def _record(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    LOG.critical("unexpected %s", kind.__name__, exc_info=(kind, error or kind(), trace))


def _qt_message(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    if NOISE in message:
        return
    logging.getLogger("qt").log(QT_LEVELS.get(kind, logging.WARNING), "%s", message)

"""Writes what is on the screen as SVG or PDF: lines stay lines and words stay words, with the same stamp (R46, R47)."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMarginsF, QRect, QSizeF
from PySide6.QtGui import QPagedPaintDevice, QPageSize, QPaintDevice, QPainter, QPdfWriter
from PySide6.QtWidgets import QWidget

from console.ui.export.capture import CaptureError, draw, stamped_size
from console.ui.export.stamp import Stamp
from console.ui.plain import safe_text
from console.ui.theme import Theme
from console.ui.whole_file import whole

VECTOR_FORMS = ("svg", "pdf")
DOTS_PER_INCH = 96  # one logical px; a PDF counts in points, 72 an inch


def save_vector(path: Path, widget: QWidget, stamp: Stamp, theme: Theme, *, framed: bool) -> None:
    """Write `path` as its suffix says, whole or not at all."""
    make = _svg if path.suffix.lower() == ".svg" else _pdf
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole(path) as draft:
            device = make(draft, widget, stamp)
            painter = QPainter()
            if not painter.begin(device):
                raise CaptureError(f"{path}: the picture cannot be written")
            try:
                draw(painter, widget, stamp, theme, framed=framed)
            finally:
                painter.end()
    except OSError as error:
        raise CaptureError(f"{path}: the picture cannot be written ({error.strerror})") from error


def _svg(path: Path, widget: QWidget, stamp: Stamp) -> QPaintDevice:
    from PySide6.QtSvg import QSvgGenerator  # only here: the first paint need not wait for it

    size = stamped_size(widget)
    device = QSvgGenerator()
    device.setFileName(str(path))
    device.setSize(size)
    device.setViewBox(QRect(0, 0, size.width(), size.height()))
    device.setResolution(DOTS_PER_INCH)
    device.setTitle(safe_text(stamp.title))
    device.setDescription("\n".join(_facts(stamp)))
    return device


def _pdf(path: Path, widget: QWidget, stamp: Stamp) -> QPagedPaintDevice:
    size = stamped_size(widget)
    device = QPdfWriter(str(path))
    device.setResolution(DOTS_PER_INCH)
    points = QSizeF(size.width(), size.height()) * 72 / DOTS_PER_INCH
    device.setPageSize(QPageSize(points, QPageSize.Unit.Point, "screen", QPageSize.SizeMatchPolicy.ExactMatch))
    device.setPageMargins(QMarginsF(0, 0, 0, 0))
    device.setTitle(
        " · ".join([safe_text(stamp.title), *_facts(stamp)])
    )  # the one free field of a PDF that every reader shows
    device.setCreator(stamp.version)
    return device


def _facts(stamp: Stamp) -> list[str]:
    return [f"{name}: {safe_text(fact)}" for name, fact in stamp.facts().items()]

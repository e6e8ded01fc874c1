"""Bakes the land of the first paint: what the console draws before it has loaded anything that can compute a map.

Run from the root of a checkout: `python3 resources/map/bake_first_light.py`. It writes `first-light.bin`: Qt's data
stream (6.5, single precision) of the footprint's left, top, right and bottom, then of one polygon for each ring, all in
earth radii, y downwards, Equal Earth about the footprint's meridian.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PySide6.QtCore import QByteArray, QDataStream, QIODevice, QPointF, QRectF
from PySide6.QtGui import QPolygonF

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from console.ui.map.land import land  # noqa: E402 - the checkout comes first
from console.ui.map.outlines import SMALL_SCALE  # noqa: E402
from console.ui.map.viewport import FOOTPRINT, FOOTPRINT_MERIDIAN_DEG, showing  # noqa: E402

SQUARE = 1000.0


def main() -> int:
    """Write the file and say how large it is."""
    wide, high = (showing(FOOTPRINT, FOOTPRINT_MERIDIAN_DEG, *size) for size in ((SQUARE, 1e9), (1e9, SQUARE)))
    width, height = SQUARE / wide.scale, SQUARE / high.scale
    data = QByteArray()
    stream = QDataStream(data, QIODevice.OpenModeFlag.WriteOnly)
    stream.setVersion(QDataStream.Version.Qt_6_5)
    stream.setFloatingPointPrecision(QDataStream.FloatingPointPrecision.SinglePrecision)
    stream << QRectF(wide.x - width / 2, -high.y - height / 2, width, height)
    rings = land(SMALL_SCALE, FOOTPRINT_MERIDIAN_DEG).lines
    stream.writeInt32(len(rings))
    for ring in rings:
        stream << QPolygonF([QPointF(float(x), float(y)) for x, y in np.asarray(ring)])
    target = HERE / "first-light.bin"
    target.write_bytes(bytes(data))
    sys.stdout.write(f"{target.name}: {len(rings)} rings, {data.size()} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

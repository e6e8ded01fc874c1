"""Bakes the land of the first paint: what the console draws before it has loaded anything that can compute a map.

Run from the root of a checkout: `python3 resources/map/bake_first_light.py`. It writes `first-light-dark.pic` and
`first-light-print.pic`, recorded paint commands of Qt (QPicture) in the footprint's own units: WIDTH wide, its left
upper corner at the origin, Equal Earth about the footprint's meridian. Recorded, because a pen or a brush that is made
in Python loads the `Qt` namespace, which costs as much as a seventh of a bare window.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QGuiApplication, QPainter, QPen, QPicture, QPolygonF

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from console.ui.first_light import HEIGHT, WIDTH  # noqa: E402 - the checkout comes first
from console.ui.map.land import land  # noqa: E402 - the checkout comes first
from console.ui.map.outlines import SMALL_SCALE  # noqa: E402
from console.ui.map.viewport import FOOTPRINT, FOOTPRINT_MERIDIAN_DEG, showing  # noqa: E402
from console.ui.theme import THEMES, Theme  # noqa: E402

COAST_PX = 0.8


def main() -> int:
    """Write both files and say how large they are."""
    app = QGuiApplication([])
    for theme in THEMES.values():
        picture = recorded(theme)
        target = HERE / f"first-light-{theme.name}.pic"
        picture.save(str(target))
        sys.stdout.write(f"{target.name}: {target.stat().st_size} bytes, {picture.boundingRect().width()} wide\n")
    app.quit()
    return 0


def recorded(theme: Theme) -> QPicture:
    """The rings that the footprint shows, as paint commands."""
    view = showing(FOOTPRINT, FOOTPRINT_MERIDIAN_DEG, WIDTH, HEIGHT)
    picture = QPicture()
    with QPainter(picture) as painter:
        pen = QPen(theme.bg0, COAST_PX)
        pen.setCosmetic(True)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(pen)
        painter.setBrush(theme.land)
        around = QRectF(-WIDTH, -HEIGHT, 3 * WIDTH, 3 * HEIGHT)
        for ring in land(SMALL_SCALE, FOOTPRINT_MERIDIAN_DEG).lines:
            points = (ring - (view.x, -view.y)) * view.scale + (WIDTH / 2, HEIGHT / 2)
            polygon = QPolygonF([QPointF(float(x), float(y)) for x, y in points])
            if around.intersects(polygon.boundingRect()):
                painter.drawPolygon(polygon)
    return picture


if __name__ == "__main__":
    sys.exit(main())

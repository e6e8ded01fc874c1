"""P4: panning the map under 60 labelled sites, beside a bare blit; painting it anew, beside its bare paths."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from console.domain.fleet_state import FleetNow, judge
from console.domain.link_state import Link, LinkState
from console.domain.site import Fleet
from console.ui.fonts import load_fonts
from console.ui.map import outlines
from console.ui.map.land import graticule, land, sheet_for
from console.ui.map.picture import SPARE
from console.ui.map.viewport import Viewport
from console.ui.map.world_map import WorldMap
from console.ui.theme import DARK
from tests.bench.harness import Measurement, side_by_side
from tests.ui import fakes

ID, TITLE, TARGET, UNIT = "P4", "map pan with 60 labelled sites; map painted anew", 1.5, "ms"
RENDER_TARGET = 1.2
WIDTH, HEIGHT = 1920, 1080
COLUMNS, ROWS = 10, 6


def sixty_labelled() -> FleetNow:
    """Sixty sites far apart, every one in trouble of one of four kinds, so that each has its name beside it."""
    template = fakes.fleet().sites[0]
    sites = tuple(
        _site(template, number, -110.0 + 17.0 * (number % COLUMNS), -34.0 + 15.0 * (number // COLUMNS))
        for number in range(COLUMNS * ROWS)
    )
    minutes = (12 * 60_000, 94 * 60_000, 5_000)
    rollups = {
        site.id: fakes.rollup(site, fakes.NOW_MS - minutes[index % 4], curtailed=0.8 if index % 4 == 2 else 0.0)
        for index, site in enumerate(sites)
        if index % 4 < 3
    }
    links = {site.id: dark_link(site.id) for site in sites[1::4]}
    return judge(Fleet(name="sixty", sites=sites), rollups, links, fakes.NOW_MS)


def dark_link(site_id: str) -> LinkState:
    return LinkState(site_id=site_id, adapter="siteapi", link=Link.DOWN, error="no connection")


def _site(template, number: int, longitude_deg: float, latitude_deg: float):
    values = {name: getattr(template, name) for name in template.__struct_fields__}
    values |= {"id": f"s{number}", "name": f"Site {number}"}
    return type(template)(**values | {"longitude_deg": longitude_deg, "latitude_deg": latitude_deg})


class Blit(QWidget):
    """A widget that does nothing but draw one pixmap at another place each time."""

    def __init__(self, pixmap: QPixmap) -> None:
        super().__init__()
        self.pixmap, self.at = pixmap, QPointF()
        self.resize(WIDTH, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """One blit."""
        with QPainter(self) as painter:
            painter.drawPixmap(self.at, self.pixmap)


class Bench:
    """Both sides over one image and one land."""

    def __init__(self) -> None:
        self.image = QImage(WIDTH, HEIGHT, QImage.Format.Format_ARGB32_Premultiplied)
        self.map = WorldMap(DARK)
        self.map.resize(WIDTH, HEIGHT)
        self.map.show()
        self.map.set_fleet(sixty_labelled())
        self.size = (round(WIDTH * SPARE), round(HEIGHT * SPARE))
        self.pixmap = QPixmap(*self.size)
        self.pixmap.fill(DARK.bg1)  # pages that nobody wrote are one page of noughts, which the cache holds
        self.blit = Blit(self.pixmap)
        self.view: Viewport = self.map.scene.view
        self.wide = self.view.resized(*self.size)
        self.paths = (*graticule(self.view.projection.meridian_deg), self._land())
        self.turn = 0

    def _land(self):
        return land(sheet_for(self.view.scale), self.view.projection.meridian_deg).path(self.wide)

    def pan(self) -> None:
        """As a drag: 7 px further, painted at once from what is there."""
        self.turn = (self.turn + 1) % 12
        self.map.show_view(self.view.panned(7.0 * self.turn, 3.0 * self.turn))
        QWidget.render(self.map, self.image, QPoint())

    def bare_blit(self) -> None:
        """The least that a pan can cost."""
        self.turn = (self.turn + 1) % 12
        self.blit.at = QPointF(7.0 * self.turn - 200, 3.0 * self.turn - 100)
        QWidget.render(self.blit, self.image, QPoint())

    def paint_anew(self) -> None:
        """Ground, marks, labels, lenses: everything after the hand has come to rest."""
        self.map.paint_anew()

    def bare_paths(self) -> None:
        """The same land and graticule into the same pixmap, nothing else."""
        self.pixmap.fill(DARK.bg1)
        with QPainter(self.pixmap) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.translate(self.wide.width / 2, self.wide.height / 2)
            painter.scale(self.wide.scale, self.wide.scale)
            painter.translate(-self.wide.x, self.wide.y)
            pen = QPen(DARK.bg0, 0.8)
            pen.setCosmetic(True)
            painter.setPen(pen)
            for path in self.paths[:2]:
                painter.drawPath(path)
            painter.setBrush(DARK.land)
            painter.drawPath(self.paths[2])


def measure() -> list[Measurement]:
    """Pan against blit, anew against paths."""
    app = QApplication.instance() or QApplication([])
    load_fonts()
    outlines.outlines.cache_clear()
    bench = Bench()
    app.processEvents()
    labels = len(bench.map.scene.labels)
    pan, blit = side_by_side(bench.pan, bench.bare_blit, rounds=60)
    bench.map.show_view(bench.view)
    anew, paths = side_by_side(bench.paint_anew, bench.bare_paths, rounds=15)
    bench.map.close()
    return [
        Measurement(pan, blit, UNIT, TARGET, note=f"{labels} labels at {WIDTH}x{HEIGHT}"),
        Measurement(anew, paths, UNIT, RENDER_TARGET, part="anew", note="ground, marks, labels, lenses"),
    ]

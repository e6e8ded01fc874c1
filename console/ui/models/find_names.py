"""The names of the whole fleet, read site by site once a roster version, and searched: both off the GUI thread.

Views, sites and what is read already can be found while the rest is still on its way. A search takes 20 ms, but in some
hundred steps of numpy, each of which may have to wait for the interpreter that a thread reading names holds: on the
GUI thread that came to 281 ms at 480,000 machines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, Signal

from console.domain.find import FindIndex, Findings, SiteNames
from console.domain.fleet_state import SiteNow
from console.domain.metric import METRICS
from console.store.face import TelemetryReader
from console.ui.models.live import LiveFleet

BATCH = 6  # sites a read: short enough that others' reads come between


class FindNames(QObject):
    """`prepare` before searching. `changed` is emitted when more can be found than before.

    `found` carries a text that was searched and its Findings.
    """

    changed = Signal()
    found = Signal(str, object)

    def __init__(self, live: LiveFleet, views: Mapping[str, str], parent: QObject | None = None) -> None:
        """`views`: the name of each view by its address."""
        super().__init__(parent)
        self._live, self.views = live, dict(views)
        self._names: dict[str, SiteNames] = {}
        self._left: list[str] = []
        self._reading = self._searching = False
        self._wish: str | None = None
        self._here = ""
        self._index = FindIndex((), (), views.values())
        self._rebuild()

    @property
    def waiting(self) -> int:
        """How many sites are still to be read."""
        return len(self._left)

    @property
    def sites(self) -> int:
        """How many sites there are."""
        return len(self._live.now.sites)

    @property
    def live_sites(self) -> tuple[SiteNow, ...]:
        """The sites as of now."""
        return self._live.now.sites

    def prepare(self, here: str = "") -> None:
        """Read what is new: the sites whose roster is not the one read last.

        Of equal finds those of the site `here` come first.
        """
        self._here = here
        self._left = sorted((now.site.id for now in self._live.now.sites), key=lambda site_id: site_id != here)
        self._rebuild()
        self._next()

    def search(self, text: str) -> None:
        """In what is read so far; of several texts that wait for a worker only the last is searched."""
        self._wish = text
        self._search()

    def _search(self) -> None:
        if self._searching or self._wish is None:
            return
        index, text, here, self._wish = self._index, self._wish, self._here, None
        self._searching = True
        self._live.reads.run(lambda: (text, index.find(text, here=here)), self._answer, self._not_searched)

    def _answer(self, answer: tuple[str, Findings]) -> None:
        self._searching = False
        self.found.emit(*answer)
        self._search()

    def _not_searched(self, _error: Exception) -> None:
        """Logged already; the next letter asks again."""
        self._searching = False
        self._search()

    def _next(self) -> None:
        if self._reading or not self._left:
            return
        batch, known = self._left[:BATCH], dict(self._names)
        telemetry = self._live.telemetry
        self._reading = True
        self._live.reads.run(lambda: read_names(telemetry, batch, known), self._take, self._failed)

    def _take(self, found: Mapping[str, SiteNames | None]) -> None:
        self._reading = False
        for site_id, names in found.items():
            if names is None:
                self._names.pop(site_id, None)
            else:
                self._names[site_id] = names
        self._left = [site_id for site_id in self._left if site_id not in found]
        self._rebuild()
        self.changed.emit()
        self._next()

    def _failed(self, _error: Exception) -> None:
        """The store did not answer: what is known can be found, and the next opening asks again."""
        self._reading, self._left = False, []
        self.changed.emit()

    def _rebuild(self) -> None:
        sites = [now.site for now in self._live.now.sites]
        names = [self._names[site.id] for site in sites if site.id in self._names]
        self._index = FindIndex(sites, names, self.views.values())


def read_names(
    telemetry: TelemetryReader, site_ids: Sequence[str], known: Mapping[str, SiteNames]
) -> dict[str, SiteNames | None]:
    """The names of some sites; those whose frames still follow a known roster are not read again. Worker thread."""
    found: dict[str, SiteNames | None] = {}
    for site_id in site_ids:
        held = known.get(site_id)
        newest = telemetry.column(site_id, METRICS[0].name)
        if held is not None and newest is not None and newest.roster_version == held.version:
            found[site_id] = held
            continue
        roster = telemetry.roster(site_id)
        found[site_id] = None if roster is None else SiteNames.of(roster)
    return found

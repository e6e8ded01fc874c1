"""A collector's half and a desk's half, joined by the real link: engine, store and server; bridge and banner."""

from __future__ import annotations

import os
from pathlib import Path

from console.domain.access import Person, Role
from console.domain.alarm import Priority
from console.domain.place import site_key
from console.link.client import LinkClient
from console.link.messages import Hello
from console.link.server import LinkServer
from console.operate.alarms.desk import AlarmDesk
from console.operate.alarms.engine import AlarmEngine
from console.operate.alarms.rules import load_rules
from console.settings import Profile, resources
from console.store import open_reader, open_writer
from console.ui.bridge import Arrived, Bridge
from console.ui.models.alarms.live import LiveAlarms
from console.ui.models.live import LiveFleet
from console.ui.widgets.alarms.banner import AlarmBanner
from tests.ui.fakes import NOW_MS, FakeStore


class Linked:
    """`heat` lets the engine raise an alarm as ingest does; `banner` is what an operator sees of it."""

    def __init__(self, folder: Path) -> None:
        self.fake, self.troubles = FakeStore(), []
        profile = Profile(folder).create()
        self._writer = open_writer(profile.store)
        self.reader = open_reader(profile.store)
        self._server = LinkServer(profile, Hello("test", os.getpid(), NOW_MS, True), self._asked)
        rules = load_rules(None, resources()).rules
        self.engine = AlarmEngine(self.fake.of, rules)
        self.desk = AlarmDesk(self.engine, self._writer, self._server.tell, self.troubles.append, lambda: NOW_MS)
        self.desk.start()
        self.live = LiveFleet(self.fake, self.reader, self.fake.of, clock=lambda: NOW_MS)
        self.live.load()
        self.alarms, self.bridge = LiveAlarms.of(self.live), Bridge()
        self._client = LinkClient(profile, self.bridge.heard, self.bridge.on_attached)
        self.bridge.use(self._client)
        self.bridge.arrived.connect(self._heard)
        self.alarms.use(self.bridge.ask, Person("ada", Role.OPERATOR), "desk 2")
        self.banner = AlarmBanner(self.alarms)
        self._client.start()

    def _asked(self, request: object, _reply: object) -> None:
        self.desk.answer(request)

    def _heard(self, arrived: Arrived) -> None:
        """As the desktop does."""
        if arrived.alarms_moved:
            self.alarms.read()
        for answer in arrived.answers:
            self.alarms.heard(answer)

    @property
    def attached(self) -> bool:
        """Whether the halves have found each other."""
        return self._server.desktops() > 0

    def heat(self, site: int) -> str:
        """One more site has hot inlet air; its name."""
        of = self.fake.of.sites[site]
        self.engine.book.begin("site-inlet-hot", site_key(of.id), NOW_MS, 43.0, 40.0)
        self.desk.sampled([])
        return of.name

    def new(self) -> int:
        """How many low alarms the banner counts as new."""
        return self.alarms.now.counts[Priority.LOW][0]

    def close(self) -> None:
        self._client.stop()
        self._server.close()
        self.live.close()
        self.reader.close()
        self._writer.close()

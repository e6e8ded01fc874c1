"""How a site in alarm shows on the map, in its region and in the list of what needs a look."""

from __future__ import annotations

from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from console.domain.alarm import AlarmState, Priority
from console.ui.map.alarm_ring import paint_ring
from console.ui.map.pins import pins_of
from console.ui.models.alarms.now import AlarmsNow
from console.ui.models.alarms.sites import SiteAlarm, site_alarms
from console.ui.models.attention import attention_rows, headline
from console.ui.models.regions import branches_of
from console.ui.theme import DARK
from tests.ui.alarms.made import store_of_a_day


def test_sites_in_alarm_lead_the_list_worst_first_and_name_what_it_is() -> None:
    store = store_of_a_day()
    now = AlarmsNow(tuple(store.alarm_list), {rule.id: rule for rule in store.rule_list})
    alarms = site_alarms(now)
    rows = attention_rows(store.now(), alarms)
    assert [row.alarm.priority for row in rows[:3]] == [Priority.CRITICAL, Priority.HIGH, Priority.LOW]
    assert rows[1].name == "South America 1"
    assert "43.4 °C, limit 42.0 °C" in rows[1].reason
    assert rows[1].state == "unack"
    assert headline(store.now(), alarms) == "4 sites: 4 in alarm"


def test_what_is_shelved_suppressed_or_returned_asks_for_no_look() -> None:
    store = store_of_a_day()
    asked = site_alarms(AlarmsNow(tuple(store.alarm_list)))
    parked = {store.of.sites[number].id for number in (3, 4, 6, 8)}
    assert not parked & set(asked)


def test_a_region_and_a_pin_wear_the_worst_alarm() -> None:
    store = store_of_a_day()
    alarms = site_alarms(AlarmsNow(tuple(store.alarm_list)))
    worn = {branch.region.name: branch.region.alarm for branch in branches_of(store.now(), "", alarms)}
    assert worn["East Africa"].priority is Priority.CRITICAL
    assert worn["Canada"] is None
    pins = {pin.site_id: pin for pin in pins_of(store.now(), alarms)}
    assert pins["south-america-1"].alarm.priority is Priority.HIGH


def test_r6_the_ring_has_a_symbol_so_that_no_colour_is_needed(qtbot: QtBot) -> None:
    def drawn(priority: Priority) -> QImage:
        image = QImage(80, 80, QImage.Format.Format_RGB32)
        image.fill(DARK.bg1)
        with QPainter(image) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            middle = image.rect().toRectF().center()
            paint_ring(painter, middle, 10, SiteAlarm(priority, AlarmState.UNACKNOWLEDGED, "", None, 1), DARK)
        grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
        for x in range(80):
            for y in range(80):
                bright = QColor(grey.pixel(x, y)).lightness() > 60
                image.setPixelColor(x, y, DARK.t1 if bright else DARK.bg0)
        return image

    shapes = {bytes(drawn(priority).constBits()) for priority in Priority}
    assert len(shapes) == 4

"""Keys of places and what they name."""

from __future__ import annotations

from console.domain.place import FLEET, container_key, container_of, region_key, site_key


def test_a_container_is_found_in_its_key() -> None:
    assert container_of(container_key("us-ga-1", "C07")) == ("us-ga-1", "C07")
    assert container_of(container_key("us-ga-1", "hall/2: east")) == ("us-ga-1", "hall/2: east")


def test_other_places_are_no_containers() -> None:
    for place in (FLEET, region_key("East Africa"), site_key("us-ga-1")):
        assert container_of(place) is None

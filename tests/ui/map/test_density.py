"""No two lenses of a map are called the same."""

from __future__ import annotations

from console.ui.map.density import DenseArea, told_apart


def area(longitude_deg: float, latitude_deg: float) -> DenseArea:
    return DenseArea((0, 1, 2), longitude_deg, latitude_deg)


def test_areas_of_one_name_say_on_which_side_they_lie() -> None:
    areas = [area(-83, 40), area(-99, 31), area(-96, 41)]
    assert told_apart(["US Midwest", "Texas", "US Midwest"], areas) == ("US Midwest E", "Texas", "US Midwest W")


def test_the_side_is_that_of_the_larger_distance() -> None:
    assert told_apart(["Gulf", "Gulf"], [area(54, 30), area(55, 22)]) == ("Gulf N", "Gulf S")


def test_of_many_those_between_are_counted() -> None:
    names = told_apart(["Plains"] * 4, [area(-90 - 3 * number, 40) for number in range(4)])
    assert names == ("Plains E", "Plains 3 of 4", "Plains 2 of 4", "Plains W")

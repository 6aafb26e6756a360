"""Which places came back in a period, for the morning brief."""

from __future__ import annotations

from datetime import timedelta

from tests.kernel.spots.making import NOW, Seen, days, make, sweep
from tests.kernel.spots.test_services import at
from tests.town import Town
from wangge.kernel.spots.queries.returns import came_back

HOURS = timedelta(hours=12)


def test_a_file_that_a_case_of_the_night_joined_is_named_with_its_count(town: Town) -> None:
    make(town, Seen(80), Seen(75), Seen(70))
    assert sweep(69).opened == 1
    make(town, Seen(0.3, closed=False))
    sweep(0)
    leader = at(town, "leader")
    [one] = came_back(leader, NOW - HOURS, NOW)
    assert (one.cases, one.class_name, one.path, one.remedy) == (4, "占道经营", town.paths["G11"], None)
    assert one.last_at - one.first_at > days(79)
    assert came_back(leader, NOW - days(3), NOW - days(2)) == []
    assert came_back(at(town, "secretary2"), NOW - HOURS, NOW) == []

"""Who sees which findings, the worklists, and what is overdue to the minute."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.inspections.making import HOUR, NOW, at, check, contest, done, found, order
from tests.town import Town
from wangge.assessment.services import amend_finding, merge_findings
from wangge.base.errors import InvalidInput, NotFound
from wangge.inspections import queries
from wangge.inspections.queries import BOXES, Filters

MINUTE = timedelta(minutes=1)


def refs(town: Town, who: str, box: str = "all", moment: float = 1, **more: object) -> list[str]:
    page = queries.listing(town.by(who), Filters(box, **more), now=NOW + moment * HOUR)  # type: ignore[arg-type]
    return [row.it.ref for row in page.rows]


def test_a_duty_sees_its_ground_and_a_unit_what_it_is_to_put_right(town: Town) -> None:
    one, _other = found(town), found(town, "2", area_code="T-G21")
    assert refs(town, "inspector") == ["2", "1"]
    assert refs(town, "worker") == ["1"]
    assert refs(town, "secretary2") == ["2"]
    assert refs(town, "clerk") == []
    order(town, one, post=None, organisation=town.unit)
    assert refs(town, "clerk") == refs(town, "clerk", "mine") == ["1"]
    assert queries.waiting(town.by("clerk"), NOW + HOUR) == {"open": 1, "overdue": 0, "mine": 1}
    assert refs(town, "worker", "mine") == []
    with pytest.raises(NotFound):
        queries.finding(one.id, town.by("secretary2"))
    with pytest.raises(NotFound):
        queries.by_number("subdistrict", "9", town.by("inspector"))


def test_it_is_overdue_a_minute_after_its_deadline_until_it_is_reported(town: Town) -> None:
    one = found(town)
    row = order(town, one)
    hours = (row.due_at - NOW) / HOUR
    for minutes, late in ((-1, False), (0, False), (1, True)):
        moment = hours + minutes / 60
        assert refs(town, "inspector", "overdue", moment) == (["1"] if late else [])
        assert queries.waiting(town.by("inspector"), NOW + moment * HOUR)["overdue"] == late
    done(town, row, hours=hours + 2)
    assert refs(town, "inspector", "overdue", hours + 3) == []
    assert refs(town, "inspector", "open", hours + 3) == ["1"]


def test_the_worklists_follow_what_happens(town: Town) -> None:
    one = found(town)
    contest(town, one)
    row = order(town, one)
    assert {box: refs(town, "inspector", box) for box in BOXES} == {
        "all": ["1"], "mine": [], "open": ["1"], "overdue": [], "contested": ["1"]}
    assert refs(town, "worker", "mine") == ["1"]
    check(town, done(town, row))
    assert refs(town, "inspector", "open") == refs(town, "worker", "mine") == []


@pytest.mark.parametrize("way", ["void", "merged"])
def test_what_counts_no_more_waits_for_nobody(town: Town, way: str) -> None:
    one, other = found(town), found(town, "2")
    order(town, one)
    leader = at(town, "leader", 2)
    if way == "void":
        amend_finding(finding=one.id, points=Decimal(0), ground="source", expected_version=1, by=leader)
    else:
        merge_findings(finding=one.id, into=other.id, expected_version=1, by=leader)
    assert refs(town, "inspector", "open") == refs(town, "worker", "mine") == []
    assert queries.waiting(town.by("inspector"), NOW + HOUR * 900)["overdue"] == 0


def test_a_list_goes_on_where_the_page_before_ended(town: Town) -> None:
    for number in range(5):
        found(town, str(number), discovered_at=NOW - HOUR if number < 3 else NOW - 2 * HOUR)
    shown: list[str] = []
    cursor: str | None = None
    for _ in range(3):
        page = queries.listing(town.by("inspector"), Filters(), now=NOW, cursor=cursor, limit=2)
        shown += [row.it.ref for row in page.rows]
        cursor = page.next_cursor
    assert (sorted(shown), cursor) == (["0", "1", "2", "3", "4"], "")
    for wrong in ("x", "2026-06-08~x", f"2026-06-08T00:00:00~{town.areas['C1']}"):
        with pytest.raises(InvalidInput):
            queries.listing(town.by("inspector"), Filters(), now=NOW, cursor=wrong)
    with pytest.raises(InvalidInput):
        queries.listing(town.by("inspector"), Filters("moon"), now=NOW)

"""Who sees which files and which of their cases; lists, pages, before and after; the figures for indicators."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from tests.kernel.spots.making import NOW, Seen, days, glance, make, opened, sweep
from tests.kernel.spots.test_services import do, remedied
from tests.town import Town
from wangge.base.errors import InvalidInput, NotFound
from wangge.base.mandate import Mandate
from wangge.kernel.cases.models import Case, CaseClass
from wangge.kernel.duties import mandates
from wangge.kernel.spots.access import may_see, visible_sql
from wangge.kernel.spots.loading import owners_of
from wangge.kernel.spots.models import Spot
from wangge.kernel.spots.queries import Figures, Filters, by_state, listing, recurrence, spot_detail, spot_of_case
from wangge.kernel.spots.recurrence import Rate
from wangge.kernel.spots.services import Command, act
from wangge.kernel.spots.sweeping import Done

WHO = ("operator", "leader", "secretary", "secretary2", "worker", "worker2", "auditor", "admin", "clerk", "officer")


def three(town: Town) -> list[Spot]:
    """Files in three grids: vending in the west, covers in the south-east, vending north-east."""
    for grid, code in (("G11", "E0417"), ("G21", "P0101"), ("G22", "E0417")):
        make(town, *(Seen(ago, code=code, grid=grid) for ago in (20, 10, 1)))
    assert sweep() == Done(opened=3)
    return list(Spot.objects.order_by("path"))


def test_the_two_forms_of_who_may_see_agree(town: Town) -> None:
    spots = three(town)
    owner = Command("set_remedy", kind="works", organisation=town.unit, planned_on=NOW.date() + days(900))
    act(spot_id=spots[1].id, command=owner, expected_version=1, by=town.by("operator"))
    post = owner._replace(organisation=None, post="grid_worker")
    act(spot_id=spots[2].id, command=post._replace(post="secretary"), expected_version=1, by=town.by("operator"))
    seen: dict[str, set[str]] = {}
    asked: list[tuple[str, Mandate]] = [(who, town.by(who)) for who in WHO]
    asked += [("public", town.public()), ("console", mandates.console())]
    for who, by in asked:
        sql, values = visible_sql(by)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT s.number FROM spots_spot s WHERE {sql}", values)
            seen[who] = {row[0] for row in cursor.fetchall()}
        assert seen[who] == {one.number for one in spots if may_see(one.path, owners_of(one.id), by)}, who
        assert seen[who] == {row.number for row in listing(by, Filters()).rows}
    west, covers, north = (one.number for one in spots)
    assert seen["operator"] == seen["console"] == {west, covers, north}
    assert (seen["secretary"], seen["worker"], seen["worker2"]) == ({west}, {west}, {covers})
    assert seen["clerk"] == {covers}  # who owns the remedy
    assert seen["public"] == seen["admin"] == set()


def test_cases_that_the_reader_does_not_see_are_only_counted(town: Town) -> None:
    spot = opened(town)
    do(town, "set_remedy")
    clerk = spot_detail(spot.number, town.by("clerk"), now=NOW)
    Case.objects.filter(reported_at__lt=NOW - days(15)).update(organisation=None)
    less = spot_detail(spot.number, town.by("clerk"), now=NOW)
    assert (len(clerk.cases), clerk.hidden) == (3, 0)
    assert (len(less.cases), less.hidden, less.spot.cases) == (2, 1, 3)
    assert less.allowed == ()
    for who in ("secretary2", "admin"):
        with pytest.raises(NotFound):
            spot_detail(spot.number, town.by(who), now=NOW)


def test_the_words_of_a_class_that_is_not_public_are_read_by_its_circle_only(town: Town) -> None:
    spot = opened(town)
    for level, readers in (("public", {"leader", "secretary", "officer"}), ("restricted", {"leader", "secretary"}),
                           ("confidential", {"leader"})):
        CaseClass.objects.filter(code="E0417").update(confidentiality=level)
        told = {who: spot_detail(spot.id, town.by(who), now=NOW).cases for who in ("leader", "secretary", "officer")}
        assert {who for who, cases in told.items() if {one.description for one in cases} == {"样例"}} == readers
        assert all(one.description is None for who, cases in told.items() if who not in readers for one in cases)
        assert {len(cases) for cases in told.values()} == {3}


def test_a_list_is_narrowed_by_state_class_and_place(town: Town) -> None:
    west, covers, north = (one.number for one in three(town))
    by = town.by("leader")
    act(spot_id=west, command=Command("close_spot", reason="好了"), expected_version=1, by=by)

    def found(**given: object) -> set[str]:
        return {row.number for row in listing(by, Filters(**given)).rows}  # type: ignore[arg-type]

    assert found(states=("open",)) == {covers, north}
    assert found(class_prefix="E04") == {west, north}
    assert found(class_prefix="P0101", area_path=town.paths["C1"]) == set()
    assert found(area_path=town.paths["C2"]) == {covers, north}
    assert by_state(by, Filters(states=("open",))) == {
        "open": 2, "resolved": 1, "under_remedy": 0, "watching": 0, "reopened": 0,
    }
    with pytest.raises(InvalidInput, match="no such state"):
        listing(by, Filters(states=("closed",)))


def test_pages_follow_one_another(town: Town) -> None:
    numbers = {one.number for one in three(town)}
    by, cursor, seen = town.by("operator"), None, []
    for _ in range(3):
        page = listing(by, Filters(), cursor=cursor, limit=1)
        seen += [row.number for row in page.rows]
        cursor = page.next_cursor
    assert (set(seen), len(seen), cursor) == (numbers, 3, None)
    with pytest.raises(InvalidInput, match="cursor"):
        listing(by, Filters(), cursor="x")


def test_before_and_after_are_computed_from_the_cases(town: Town) -> None:
    spot = remedied(town, 40)
    make(town, Seen(11, closed=False))
    glance(10)
    found = spot_detail(spot.id, town.by("operator"), now=NOW)
    [remedy] = found.remedies
    assert remedy.change is not None
    assert (remedy.change.before, remedy.change.after, remedy.change.back_after) == (Rate(3, 40), Rate(1, 40), 29)
    assert (remedy.it.outcome, remedy.it.kind, remedy.it.organisation_name) == ("rebounded", "relief_point", "市政养护")
    [campaign] = found.campaigns
    assert (campaign.change.before.cases, campaign.change.after, campaign.change.back_after) == (3, Rate(0, 28), None)
    assert [one.verb for one in found.story] == [
        "open_spot", "campaign", "set_remedy", "finish_remedy", "join_spot", "rebound",
    ]
    assert found.allowed == ("campaign", "set_remedy", "close_spot")
    assert (found.spot.cases, found.spot.remedy, found.spot.outcome) == (4, "relief_point", "rebounded")
    # a case that is voided later is shown, and counts no more
    Case.objects.filter(reported_at__gt=NOW - days(12)).update(state="void")
    again = spot_detail(spot.id, town.by("operator"), now=NOW)
    assert again.remedies[0].change is not None
    assert again.remedies[0].change.after == Rate(0, 40)
    assert ([one.counts for one in again.cases], again.spot.cases) == ([True, True, True, False], 3)


def test_a_case_knows_the_how_manieth_of_its_place_it_is(town: Town) -> None:
    first, second, third, stray = make(town, Seen(20), Seen(10), Seen(1), Seen(1, 300))
    sweep()
    by = town.by("operator")
    number = Spot.objects.get().number
    told = [spot_of_case(case, by) for case in (first, second, third)]
    assert [(one.number, one.nth, one.cases) for one in told if one] == [(number, n, 3) for n in (1, 2, 3)]
    assert spot_of_case(stray, by) is None
    assert spot_of_case(first, town.by("secretary2")) is None


def test_the_figures_have_numerator_and_denominator_by_area_and_class(town: Town) -> None:
    three(town)
    Spot.objects.update(opened_at=NOW)
    period = (NOW - days(30), NOW + timedelta(seconds=1))
    found = recurrence(town.root, period)
    assert found.total == Figures(opened=3, open=3)
    assert [(line.path, line.class_code) for line in found.lines] == [
        (town.paths["G11"], "E0417"), (town.paths["G21"], "P0101"), (town.paths["G22"], "E0417"),
    ]
    assert recurrence(town.paths["C2"], period).total.open == 2
    assert recurrence("", period).total == found.total
    assert recurrence(town.root, (NOW - days(60), NOW - days(30))).total == Figures()


def test_the_share_of_remedies_that_held_counts_only_judged_ones(town: Town) -> None:
    remedied(town, 65)
    make(town, Seen(60))
    assert glance(59).rebounded == 1
    do(town, "set_remedy", before=50)
    do(town, "finish_remedy", before=45)
    whole = (NOW - days(100), NOW)
    assert recurrence(town.root, whole).total == Figures(opened=1, open=1, held=0, rebounded=1)
    assert sweep(10) == Done(held=1)
    found = recurrence(town.root, whole).total
    assert (found.held, found.judged, found.open) == (1, 2, 0)
    # a past period keeps its figure, though the file is resolved by now
    assert recurrence(town.root, (NOW - days(100), NOW - days(40))).total.open == 1
    assert recurrence(town.root, (NOW - days(50), NOW)).total == Figures(held=1)

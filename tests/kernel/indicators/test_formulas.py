"""Each formula on small made cases: what counts above, what below, and what is left out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from tests.kernel.indicators.making import at, case, cases, closed, due, figure, table
from tests.town import Town
from wangge.kernel.cases.clocks import on_time
from wangge.kernel.cases.loading import read_many
from wangge.kernel.indicators.bases import DONE_AT
from wangge.kernel.indicators.queries import Figure
from wangge.kernel.indicators.table import INDICATORS


def accepted(**more: Any) -> dict[str, Any]:
    return {"state": "verifying", "accepted_at": at(2, 10), "stage_due_at": at(3, 10), **more}


def verified(**more: Any) -> dict[str, Any]:
    """Verified on the 3rd at 9; the limit of that stage ended at 10."""
    return accepted(
        state="registered", verified_at=at(3), registered_at=at(3), register_due_at=at(3, 10), stage_due_at=at(4),
            **more
    )


def dispatched(**more: Any) -> dict[str, Any]:
    return {"state": "dispatched", "registered_at": at(3), "dispatched_at": at(3, 9.5), "dispatch_due_at": at(3, 10),
        **more}


def handled(**more: Any) -> dict[str, Any]:
    return dispatched(state="handled", handled_at=at(9), stage_due_at=at(9, 11), **more)


LATE = {"handled_at": at(10, 10)}
"""Handed back an hour after the due time."""

#: code → (cases above and below, cases below only, cases that are not counted)
CASES: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]] = {
    "disposal": (
        [due(state="handled", handled_at=at(9)), closed(), closed(**LATE),
         closed(origin="imported", handled_at=None, inspected_at=None)],
        [due(), closed(forced=True, handled_at=None)],
        [due(state="void"), due(state="suspended", suspended_at=at(9), suspended_until=at(30)), due(due_at=at(1,
            month=7)),
         due(state="registered", due_at=None), closed(self_disposed=True), due(timeout_exempt=True),
         due(state="verifying")],
    ),
    "disposal_on_time": (
        [due(state="handled", handled_at=at(9)), closed(handled_at=at(10))],
        [due(), closed(**LATE), due(state="handled", **LATE)],
        [closed(timeout_exempt=True, **LATE)],
    ),
    "closing": ([closed(), closed(**LATE)], [due(state="handled", handled_at=at(9)), closed(forced=True), due()],
                [closed(timeout_exempt=True), closed(due_at=at(31, month=5))]),
    "closing_on_time": (
        [closed(), closed(closed_at=at(5, month=7)), closed(origin="imported", handled_at=None, closed_at=at(9))],
        [closed(**LATE), closed(forced=True), due(), closed(origin="imported", handled_at=None, closed_at=at(11))],
        [closed(due_at=None), closed(timeout_exempt=True, **LATE)],
    ),
    "closing_late": ([closed(**LATE)], [closed(), closed(forced=True, **LATE), due()], [closed(timeout_exempt=True,
        **LATE)]),
    "extension": ([due(extensions=1), closed(extensions=2)], [due(), closed()], [due(extensions=1, state="void")]),
    "unclosed": ([{}, due(), due(state="suspended", suspended_at=at(9), suspended_until=at(30))],
                 [closed(), {"state": "void"}], [{"reported_at": at(31, month=5)}]),
    "first_answer_on_time": (
        [{"first_answer_at": at(2, 9.5)}],
        [{"first_answer_at": at(2, 9.6)}, {}],
        [{"first_answer_at": at(2), "origin": "imported"}, {"self_disposed": True}],
    ),
    "valid_report": ([{}, closed()], [{"state": "void"}], []),
    "acceptance_accurate": ([accepted(), verified()], [accepted(state="void")], [{"state": "void"}, {}]),
    "registering": ([verified(), closed(accepted_at=at(2))], [accepted()], [accepted(state="void"), {}]),
    "verifying_on_time": (
        [verified(), accepted(verified_at=at(3))],
        [verified() | {"verified_at": at(3, 11)}, accepted()],
        [accepted(stage_due_at=at(20, month=7)), accepted(source="patrol"), accepted(state="void", verified_at=at(3))],
    ),
    "registering_on_time": (
        [verified()], [verified() | {"registered_at": at(3, 11)}],
        [verified(self_disposed=True), verified() | {"register_due_at": None}, verified(origin="imported")],
    ),
    "registering_accurate": ([verified(), due()], [verified() | {"state": "void"}], [due(origin="imported"),
        accepted()]),
    "dispatch_on_time": (
        [dispatched(), closed(dispatch_due_at=at(3, 10))],
        [dispatched() | {"dispatched_at": at(3, 10.5)}, {"state": "registered", "registered_at": at(3),
            "stage_due_at": at(4)},
         dispatched(stage_due_at=at(4)) | {"state": "registered"}],
        [{"state": "registered", "registered_at": at(3), "stage_due_at": at(20, month=7)},
         dispatched() | {"dispatched_at": at(2)}, dispatched(origin="imported"), dispatched() | {"state": "void"}],
    ),
    "dispatch_accurate": ([dispatched()], [dispatched(returns=1)], [{"state": "registered", "registered_at": at(3)}]),
    "returned": ([dispatched(returns=2)], [dispatched()], [{"state": "registered", "registered_at": at(3),
        "returns": 1}]),
    "rework": ([handled(reworks=2), closed(reworks=1)], [handled(), closed()],
               [dispatched(reworks=1), handled(self_disposed=True)]),
    "inspecting_on_time": (
        [handled(inspected_at=at(9, 10), inspect_due_at=at(9, 11)), closed(inspect_due_at=at(10))],
        [handled(inspected_at=at(9, 12), inspect_due_at=at(9, 11)), handled()],
        [closed(), handled() | {"stage_due_at": at(20, month=7)}],
    ),
    "ended_in_grid": ([closed()], [closed(tier="community"), closed(tier="subdistrict")], [closed(origin="imported"),
        due()]),
    "ended_in_community": ([closed(tier="community")], [closed(), closed(tier="subdistrict")], []),
    "ended_in_subdistrict": ([closed(tier="subdistrict")], [closed(), closed(tier="community")], []),
    "satisfaction": ([closed(satisfaction=3), closed(satisfaction=2)], [closed(satisfaction=1)], [closed()]),
    "forced": ([closed(forced=True)], [closed()], [due()]),
    "exempt": ([closed(timeout_exempt=True, **LATE)],
               [closed(), due(state="suspended", suspended_at=at(9), suspended_until=at(30))], [due(state="void")]),
    "suspended": ([due(state="suspended", suspended_at=at(9), suspended_until=at(30))], [closed(timeout_exempt=True)],
        []),
    "self_disposed": ([{"self_disposed": True}], [{}, closed()], []),
    "self_disposed_closed": ([closed(self_disposed=True)], [{"self_disposed": True}], [closed()]),
    "self_disposed_void": ([{"self_disposed": True, "state": "void"}], [closed(self_disposed=True)],
        [{"state": "void"}]),
}  # fmt: skip
ELSEWHERE = {"recurrence", "first_answer_time"}


@pytest.mark.parametrize("code", CASES)
def test_a_formula_counts_what_it_says(town: Town, code: str) -> None:
    above, below, left_out = CASES[code]
    cases(town, above + below + left_out)
    joined = case(town)
    cases(town, [one | {"merged_into": joined, "reported_at": one.get("reported_at", at(2))} for one in above + below])
    extra = figure_of_a_lone_report(code)
    assert figure(town, code) == (len(above) + extra[0], len(above) + len(below) + extra[1])


def figure_of_a_lone_report(code: str) -> tuple[int, int]:
    """What the case that others joined adds: it is reported, and nothing else."""
    return {
        "unclosed": (1, 1), "valid_report": (1, 1), "first_answer_on_time": (0, 1), "self_disposed": (0, 1),
    }.get(code, (0, 0))  # fmt: skip


def test_every_indicator_is_tried() -> None:
    assert set(CASES) | ELSEWHERE == set(INDICATORS)


def test_without_cases_there_is_no_figure_rather_than_all_or_nothing(town: Town) -> None:
    total = table(town).total
    assert set(total) == set(INDICATORS)
    assert {one.value for one in total.values()} == {None}
    assert {one.denominator for one in total.values()} == {0}
    assert total["first_answer_time"].seconds is None


def test_ratios_are_decimals_of_four_places() -> None:
    assert Figure(3, 2).value == Decimal("0.6667")
    assert Figure(13_838, 13_704).value == Decimal("0.9903")  # a published month of a real city: 99.03 %
    assert Figure(5, 0).value == 0
    assert Figure(0, 0).value is None


def test_a_published_score_follows_from_these_figures(town: Town) -> None:
    """57 due, 55 closed, one of them late, one extended: the city's own formula gives 96.18 (domain reference, 1.6)."""
    cases(town, [closed()] * 53 + [closed(**LATE), closed(extensions=1), due(), due()])
    total = table(town).total
    value = {code: Decimal(one.numerator or 0) / 57 for code, one in total.items() if one.denominator == 57}
    on_time, late, extended = value["closing_on_time"], value["closing_late"], value["extension"]
    system = ((on_time + late * Decimal("0.4")) * 80 + (1 - extended) * 10 + 10).quantize(Decimal("0.01"))
    assert system == Decimal("96.18")


def test_the_time_to_the_first_answer_is_a_median_apart_from_the_limit(town: Town) -> None:
    answered = [{"first_answer_at": at(2, 9 + hours)} for hours in (0.1, 0.5, 4)]
    cases(town, [*answered, {}, {"first_answer_at": at(2), "origin": "imported"}])
    found = table(town).total["first_answer_time"]
    assert (found.seconds, found.denominator, found.numerator, found.value) == (1800, 3, None, None)


@pytest.mark.parametrize(
    ("later", "counted"),
    [
        ({"reported_at": at(20)}, True),
        ({"reported_at": at(11, month=7)}, True),
        ({"reported_at": at(12, month=7)}, False),  # more than 30 days after
        ({"reported_at": at(10)}, False),  # while it was open: the same matter, not its return
        ({"reported_at": at(20), "case_class": "P0101"}, False),
        ({"reported_at": at(20), "state": "void"}, False),
        ({"reported_at": at(20), "lat_e7": 310_100_000 + 4_400}, True),  # 49 m north
        ({"reported_at": at(20), "lat_e7": 310_100_000 + 4_600}, False),  # 51 m
        ({"reported_at": at(20), "lon_e7": 1_200_100_000 + 5_200}, True),  # 49.6 m east at 31°
        ({"reported_at": at(20), "lon_e7": 1_200_100_000 - 5_300}, False),  # 50.6 m west
        ({"reported_at": at(20), "where": "G22"}, False),
    ],
)
def test_what_comes_back_within_30_days_and_50_metres_is_a_recurrence(
    town: Town, later: dict[str, Any], counted: bool
) -> None:
    cases(town, [closed(), later, closed(lon_e7=None, lat_e7=None, crs=None)])
    assert figure(town, "recurrence") == (int(counted), 1)


def test_a_case_and_the_figures_agree_on_what_was_done_in_time(town: Town) -> None:
    ends = [{"handled_at": at(9)}, {"handled_at": at(10)}, LATE, {"handled_at": None}]
    made = [
        make | end | {"forced": forced} | ({"closed_at": closed_at} if make["state"] == "closed" else {})
        for make in (due(), due(state="handled"), closed(), closed(origin="imported"), closed(due_at=None))
        for end in ends for forced in (False, True) for closed_at in (at(10), at(11))
        if make["state"] == "closed" or not forced
    ]  # fmt: skip
    cases(town, made)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT c.id, ({DONE_AT}) <= c.due_at FROM cases_case c")
        figures = dict(cursor.fetchall())
    said = {one.id: on_time(one) for one in read_many("TRUE", ())}
    assert said == figures
    assert set(said.values()) == {True, False, None}


def test_a_forced_closing_before_its_due_time_is_neither_in_time_nor_late(town: Town) -> None:
    forced = case(town, **closed(forced=True, handled_at=None, inspected_at=None, closed_at=at(9)))
    assert [on_time(one) for one in read_many("c.id = %s", [forced])] == [None]
    for code in ("disposal_on_time", "closing_on_time", "closing_late"):
        assert figure(town, code) == (0, 1), code
    assert figure(town, "forced") == (1, 1)

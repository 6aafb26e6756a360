"""Rows: by area, unit, post, oneself, class, source and tier; conditions; and who sees which."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.interfaces.api.counting import statements
from tests.kernel.indicators.making import JUNE, NOW, at, case, cases, closed, due, figure, table
from tests.town import Town
from wangge.base.errors import Forbidden, InvalidInput, NotFound
from wangge.kernel.duties import mandates
from wangge.kernel.indicators.asking import GROUPINGS, Question
from wangge.kernel.indicators.queries import PARTS, Table, cases_behind, figures
from wangge.kernel.indicators.table import INDICATORS


def some(town: Town) -> None:
    """Eight cases that differ in everything that figures are grouped by."""
    worker, officer = town.people["worker"], town.people["officer"]
    on_foot = {"post": "grid_worker", "post_path": town.paths["G11"], "handler": worker}
    cases(town, [
        closed(**on_foot),
        due(**on_foot, reworks=1),
        closed(where="G12", handler=officer, tier="community", source="patrol", satisfaction=1),
        closed(where="G21", organisation=town.unit, case_class="P0101", tier="subdistrict"),
        due(where="G21", organisation=town.unit, case_class="P0101", source="hotline"),
        closed(where="outside", area=None, lon_e7=None, lat_e7=None, crs=None, case_class=None),
        {"where": "G22", "self_disposed": True},
        {"where": "G11", "reported_at": at(20), "first_answer_at": at(20, 10)},
    ])  # fmt: skip


def ratio(found: Table, code: str) -> dict[str, tuple[int | None, int]]:
    figures_of = {key: row[code] for key, row in found.rows.items()}
    return {key: (one.numerator, one.denominator) for key, one in figures_of.items() if one.denominator}


@pytest.mark.parametrize(
    ("by", "rows"),
    [
        ("area", {"T-C1": (2, 3), "T-C2": (1, 2), "": (1, 1)}),
        ("post", {"grid_worker": (1, 2), "": (3, 4)}),
        ("class", {"E0417": (2, 3), "P0101": (1, 2), "": (1, 1)}),
        ("major", {"E04": (2, 3), "P01": (1, 2), "": (1, 1)}),
        ("source", {"resident": (3, 4), "patrol": (1, 1), "hotline": (0, 1)}),
        ("tier", {"grid": (2, 4), "community": (1, 1), "subdistrict": (1, 1)}),
    ],
)
def test_rows_add_up_to_the_whole(town: Town, by: str, rows: dict[str, tuple[int, int]]) -> None:
    some(town)
    found = table(town, by)
    assert ratio(found, "closing") == rows
    assert found.total == table(town).total
    for code, one in INDICATORS.items():
        if one.numerator is not None:
            counted = ratio(found, code).values()
            whole = found.total[code]
            assert (sum(n or 0 for n, _ in counted), sum(d for _, d in counted)) == (whole.numerator, whole.denominator)


def test_units_are_named_by_their_ids(town: Town) -> None:
    some(town)
    assert ratio(table(town, "organisation"), "closing") == {str(town.unit): (1, 2), "": (3, 4)}


def test_areas_are_those_directly_below_the_one_that_is_asked_for(town: Town) -> None:
    some(town)
    assert ratio(table(town, "area", path=town.paths["C1"]), "closing") == {"T-G11": (1, 2), "T-G12": (1, 1)}
    assert ratio(table(town, "area", path=town.paths["G11"]), "closing") == {"": (1, 2)}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"class_prefix": "P"}, (1, 2)),
        ({"class_prefix": "P0102"}, (0, 0)),
        ({"source": "patrol"}, (1, 1)),
        ({"tier": "grid"}, (2, 4)),
        ({"post": "grid_worker"}, (1, 2)),
        ({"class_prefix": "E", "tier": "community"}, (1, 1)),
    ],
)
def test_conditions_narrow_every_figure(town: Town, condition: dict[str, Any], expected: tuple[int, int]) -> None:
    some(town)
    assert figure(town, "closing", **condition) == expected


def test_a_unit_answers_for_its_part_and_the_subdistrict_for_the_whole(town: Town) -> None:
    whole = case(town, **closed(parts=2))
    parts = [closed(organisation=town.unit), due(post="grid_worker", post_path=town.root)]
    cases(town, [{**part, "parent": whole} for part in parts])
    assert figure(town, "closing") == (1, 1)
    assert ratio(table(town, "organisation"), "closing") == {str(town.unit): (1, 1), "": (0, 1)}
    assert figure(town, "closing", organisation=town.unit) == (1, 1)


def test_figures_count_what_the_asker_sees(town: Town) -> None:
    some(town)
    assert figure(town, "closing", who="secretary", path=town.paths["C1"]) == (2, 3)
    assert figure(town, "closing", who="clerk") == (1, 2)  # what its unit holds
    with pytest.raises(Forbidden, match="answers for"):
        table(town, who="secretary")
    with pytest.raises(Forbidden, match="answers for"):
        table(town, who="secretary", path=town.paths["C2"])
    with pytest.raises(Forbidden, match="may not see"):
        table(town, who="admin")


def test_a_person_sees_their_own_row_and_nobody_elses(town: Town) -> None:
    some(town)
    rows = ratio(table(town, "person", who="officer", path=town.paths["C1"]), "closing")
    assert rows == {str(town.people["officer"]): (1, 1)}
    assert figure(town, "closing", who="officer", path=town.paths["C1"], mine=True) == (1, 1)
    assert table(town, "person", who="leader").rows == {}  # who handled nothing has no row, whoever they lead
    with pytest.raises(Forbidden, match="that person only"):
        figures(Question(area_path=town.root, by="person"), JUNE, by=mandates.console(), now=NOW)


def test_an_unknown_grouping_is_refused(town: Town) -> None:
    with pytest.raises(InvalidInput, match="not grouped by this"):
        table(town, "colour")


def test_a_table_takes_one_statement(town: Town) -> None:
    some(town)
    by = town.by("leader")
    for grouping in ("", *GROUPINGS):
        with statements() as sent:
            figures(Question(area_path=town.root, by=grouping), JUNE, by=by, now=NOW)
        assert len(sent) == 1, grouping


@pytest.mark.parametrize("by", ["", *GROUPINGS])
def test_the_list_behind_a_figure_is_as_long_as_the_figure(town: Town, by: str) -> None:
    some(town)
    cases(town, [{"reported_at": at(29)}, closed(returns=1, extensions=1, handled_at=at(12)), closed(forced=True)])
    who = "worker" if by == "person" else "leader"
    path = town.paths["G11"] if by == "person" else town.root
    found = table(town, by, who=who, path=path)
    question = Question(area_path=path, by=by)
    compared = 0
    for code in INDICATORS:
        for key in (None, *found.rows):
            row = found.total if key is None else found.rows[key]
            for part in PARTS:
                count = getattr(row[code], part)
                if count is None:
                    continue
                behind = cases_behind(code, part, question, JUNE, key=key, by=town.by(who), now=NOW)
                assert (behind.cases, len(behind.page.rows)) == (count, count), (code, key, part)
                compared += count
    assert compared > 20


def test_the_list_pages_by_key_and_loses_nothing(town: Town) -> None:
    made = cases(town, [due(reported_at=at(2) + timedelta(minutes=n)) for n in range(7)])
    question, by, seen, cursor = Question(area_path=town.root), town.by("leader"), [], None
    while True:
        behind = cases_behind("closing", "denominator", question, JUNE, by=by, now=NOW, cursor=cursor, limit=3)
        seen += [row.case.id for row in behind.page.rows]
        cursor = behind.page.next_cursor
        if cursor is None:
            break
    assert seen == made[::-1]


def test_a_list_that_there_is_not_is_refused(town: Town) -> None:
    question, by = Question(area_path=town.root), town.by("leader")
    with pytest.raises(NotFound):
        cases_behind("happiness", "numerator", question, JUNE, by=by, now=NOW)
    with pytest.raises(InvalidInput, match="no such part"):
        cases_behind("closing", "rest", question, JUNE, by=by, now=NOW)
    with pytest.raises(InvalidInput, match="no such part"):
        cases_behind("first_answer_time", "numerator", question, JUNE, by=by, now=NOW)
    with pytest.raises(Forbidden):
        cases_behind("closing", "numerator", question, JUNE, by=town.by("secretary"), now=NOW)

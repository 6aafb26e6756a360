"""What a wrong hand, a wrong file or two hands at once would do to a finding."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection

from tests.inspections.making import HOUR, NOW, at, contest, done, found, order
from tests.town import ROOT, SINCE, Town, build
from wangge.assessment.importing import Outcome, import_rows, rows_of
from wangge.assessment.models import FindingRow
from wangge.assessment.services import amend_finding, merge_findings
from wangge.base.clock import now
from wangge.base.errors import Conflict, InvalidInput, NotFound, WanggeError
from wangge.inspections import queries
from wangge.inspections.contesting import decide_contest
from wangge.inspections.rectifying import recheck
from wangge.kernel.cases import reference
from wangge.kernel.duties import mandates
from wangge.kernel.duties.services import assign
from wangge.kernel.journal.verifying import verify
from wangge.kernel.people.services import create_person
from wangge.kernel.places import queries as places

HEAD = "id,source,area_code,class_code,occurred_at,discovered_at,points,note\n"


def take(town: Town, **given: str) -> Outcome:
    row = {"id": "9", "source": "city", "class": "E0417", "at": "2026-06-01T10:00", "points": "0.1"} | given
    line = f"{row['id']},{row['source']},T-G11,{row['class']},,{row['at']},{row['points']},x\n"
    return import_rows(rows_of((HEAD + line).encode(), "x.csv"), by=at(town, "inspector"))


@pytest.mark.parametrize(("given", "field"), [
    ({"at": "9999-12-31T23:00"}, "discovered_at"), ({"at": "9999-12-31T23:59-12:00"}, "discovered_at"),
    ({"id": "a\0b"}, "id"), ({"source": "ci\0ty"}, "source"), ({"class": "E\0"}, "class_code"),
    ({"points": "-0.1"}, "points"), ({"points": "1e99999"}, "points"), ({"points": "sNaN"}, "points"),
    ({"points": "1e-99999"}, "points"), ({"points": "0.1000000000000000000000000000000001"}, "points"),
])
def test_a_row_that_cannot_be_is_named_and_nothing_is_kept(town: Town, given: dict[str, str], field: str) -> None:
    [fault] = take(town, **given).faults
    assert fault.field == field
    assert not FindingRow.objects.exists()


def test_what_lies_ahead_is_not_found_yet(town: Town) -> None:
    with pytest.raises(InvalidInput, match="lies ahead"):
        found(town, discovered_at=max(now(), NOW) + 25 * HOUR)


def test_nothing_repeats_what_is_void(town: Town) -> None:
    """Else a deduction of the city would be gone with one that was struck."""
    one, struck = found(town, "1", source="city"), found(town, "2", source="city")
    leader = at(town, "leader")
    amend_finding(finding=struck.id, points=Decimal(0), ground="source", expected_version=1, by=leader)
    for finding, into, version in ((one, struck, 1), (struck, one, 2)):
        with pytest.raises(InvalidInput, match="void"):
            merge_findings(finding=finding.id, into=into.id, expected_version=version, by=leader)
    assert verify().clean


def test_a_contest_of_what_was_voided_is_only_refused(town: Town) -> None:
    one = found(town)
    row = contest(town, one)
    amend_finding(finding=one.id, points=Decimal(0), ground="source", expected_version=1, by=at(town, "leader"))
    auditor = at(town, "auditor", 2)
    with pytest.raises(Conflict, match="counts no more"):
        decide_contest(contest=row.id, points=Decimal("0.1"), reason="x", expected_version=1, by=auditor)
    assert decide_contest(contest=row.id, points=None, reason="x", expected_version=1, by=auditor).state == "refused"
    assert verify().clean


def test_nobody_checks_what_their_own_unit_put_right(town: Town) -> None:
    row = done(town, order(town, found(town), post=None, organisation=town.unit), "clerk")
    console = mandates.console()
    mate = create_person(name="样例mate", by=console).id
    assign(post="unit_clerk", area=ROOT, valid_from=SINCE, person=mate, organisation=town.unit, by=console)
    assign(post="inspector", area=ROOT, valid_from=SINCE, person=mate, by=console)
    by = mandates.for_person(mate, channel="desk", verb="recheck")
    with pytest.raises(Conflict, match="answer for themselves"):
        recheck(rectification=row.id, passed=True, words="", expected_version=row.version, by=by)


@pytest.mark.parametrize(("source", "ref"), [("city", "a\0"), ("ci\0ty", "a"), ("nobody", "a")])
def test_a_number_that_cannot_be_is_not_there(town: Town, source: str, ref: str) -> None:
    with pytest.raises(NotFound):
        queries.by_number(source, ref, at(town, "leader"))


def test_two_that_are_merged_into_each_other_at_once(committed_db: str) -> None:
    """One is merged, the other refused; neither waits for the other for ever."""
    places._atlases.clear()
    reference._snapshots.clear()
    town = build()
    pairs = [(found(town, f"a{n}"), found(town, f"b{n}")) for n in range(12)]
    leader, start = at(town, "leader"), Barrier(2)

    def merge(side: int) -> list[bool]:
        went = []
        try:
            for pair in pairs:
                start.wait()
                try:
                    merge_findings(finding=pair[side].id, into=pair[1 - side].id, expected_version=1, by=leader)
                    went.append(True)
                except WanggeError:
                    went.append(False)
        finally:
            connection.close()
            start.abort()
        return went

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(merge, range(2))
    assert [one + other for one, other in zip(first, second, strict=True)] == [1] * 12
    assert FindingRow.objects.filter(merged_into__isnull=False).count() == 12

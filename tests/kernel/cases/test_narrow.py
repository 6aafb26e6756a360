"""Lists of small ground: the same cases in the same order as by the plain statement, and no reading of the table."""

from __future__ import annotations

import re
from itertools import product
from uuid import UUID

import pytest
from django.db import connection, transaction

from tests.kernel.cases.test_intake import a_report
from tests.town import POINTS, Town
from wangge.base.clock import now
from wangge.kernel.cases.intake import report_case
from wangge.kernel.cases.loading import COLUMNS
from wangge.kernel.cases.queries import Filters, narrow, queue
from wangge.kernel.cases.queries.queue import page_sql
from wangge.kernel.cases.rules import Command
from wangge.kernel.cases.services import act
from wangge.kernel.places.queries import atlas

FILTERS = (
    Filters(),
    Filters(states=("reported",)),
    Filters(states=("verifying", "void")),
    Filters(class_prefix="P"),
    Filters(source="resident"),
    Filters(overdue=True),
)


def _settle(town: Town) -> None:
    """Cases everywhere, by residents and by staff (also on others' ground), some taken up, some refused."""
    for number, (name, point) in enumerate(list(POINTS.items()) * 3):
        by = town.by("worker") if number % 4 == 0 else town.public()
        code = "P0101" if number % 3 == 0 else None
        made = report_case(report=a_report(point=point, case_class=code), by=by).case_id
        if name != "outside" and number % 2:
            command = Command(act="accept") if number % 3 else Command(act="reject", reason="不属实")
            act(case_id=made, command=command, expected_version=1, by=town.by("operator"))


def _ids(by, filters, *, places, cursor=None) -> tuple[list[UUID], str | None]:  # type: ignore[no-untyped-def]
    page = queue(by, filters, now=now(), places=places, cursor=cursor, limit=3)
    return [row.case.id for row in page.rows], page.next_cursor


def test_every_page_is_the_one_of_the_plain_statement(town: Town) -> None:
    _settle(town)
    places, seen = atlas(), 0
    for who, area, filters in product(("operator", "secretary", "worker", "clerk"), ("", "C1", "G11", "G22"), FILTERS):
        by = town.by(who)
        chosen = Filters(**{name: getattr(filters, name) for name in filters.__struct_fields__} | {
            "area_path": town.paths[area] if area else ""
        })
        cursor = None
        while True:
            here = _ids(by, chosen, places=places, cursor=cursor)
            assert here == _ids(by, chosen, places=None, cursor=cursor), (who, area, filters)
            seen += len(here[0])
            cursor = here[1]
            if cursor is None:
                break
    assert seen > 100


def test_only_small_ground_that_is_seen_whole_is_read_by_its_paths(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    places, operator, worker = atlas(), town.by("operator"), town.by("worker")
    assert narrow.ground_of(operator, "", places) is None
    assert narrow.ground_of(operator, town.root, places) is None
    assert narrow.ground_of(operator, town.paths["C1"], places) == (town.paths["C1"], None)
    assert narrow.ground_of(worker, town.paths["C1"], places) == (town.paths["G11"], town.paths["C1"])
    assert narrow.ground_of(worker, town.paths["G21"], places) is None
    assert narrow.ground_of(town.by("clerk"), town.paths["C1"], places) is None
    monkeypatch.setattr(narrow, "MOST_PLACES", 2)
    assert narrow.ground_of(operator, town.paths["C1"], places) is None
    assert narrow.ground_of(operator, town.paths["G11"], places) is not None


_MANY = """
INSERT INTO cases_case (id, version, number, origin, {same}, path, state, reporter, reported_at)
SELECT gen_random_uuid(), version, number || g, 'imported', {same}, CASE WHEN g > 19700 THEN %s ELSE path END,
  CASE WHEN g %% 50 = 0 THEN 'verifying' ELSE 'reported' END, CASE WHEN g %% 90 = 0 THEN %s::uuid END,
  reported_at - g * interval '1 minute'
FROM cases_case, generate_series(1, 20000) g WHERE id = %s
"""
_OWN = frozenset(
    ["id", "version", "number", "origin", "path", "state", "reporter", "reported_at", "external_source", "external_id"]
)


AREAS = ("G12", "G11", "G22", "C1")
"""Only old cases, many new ones, none at all, and the first two together."""


def test_no_list_of_small_ground_reads_the_table(town: Town) -> None:
    made = report_case(report=a_report(point=POINTS["G11"]), by=town.public()).case_id
    same = ", ".join(name for name in COLUMNS if name not in _OWN)
    with transaction.atomic(), connection.cursor() as cursor:
        # The rows have no entries; the key to the journal is checked at a commit, which never comes.
        cursor.execute(_MANY.format(same=same), [town.paths["G12"], town.people["worker"], made])
        cursor.execute("ANALYZE cases_case")
        for who, area, states in product(("operator", "worker"), AREAS, ((), ("verifying",))):
            chosen = Filters(area_path=town.paths[area], states=states)
            by, places = town.by(who), atlas()
            if narrow.ground_of(by, chosen.area_path, places) is None:
                assert (who, area) in {("worker", "G12"), ("worker", "G22")}, "what one only sees in part"
                continue
            sql, values = page_sql(by, chosen, now=now(), places=places, cursor=None, limit=50)
            cursor.execute("EXPLAIN (ANALYZE, BUFFERS) " + sql, values)
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert "Seq Scan on cases_case" not in plan, plan
            assert "using cases_case_newest" not in plan, plan
            touched = int(re.findall(r"Buffers: shared hit=(\d+)", plan)[0])
            assert touched < 4000, plan  # of some 20,000 rows
        transaction.set_rollback(True)

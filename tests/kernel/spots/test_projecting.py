"""Who rewrites a spot file behind the journal's back is found: subject, column, and both values are named."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from tests import databases
from tests import town as towns
from tests.kernel.duties.everything import rogue
from tests.kernel.spots.making import Seen, glance, make, sweep
from tests.kernel.spots.test_services import do, remedied
from tests.town import ROOT, Town
from wangge.kernel.cases import reference
from wangge.kernel.journal.verifying import verify_on
from wangge.kernel.places import queries as places
from wangge.kernel.spots.rules import Rule
from wangge.kernel.spots.ruling import set_rule


@pytest.fixture(scope="module")
def database(django_db_setup: None, template_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A database with a file to which everything happened; each test undoes what it did."""
    before = connection.settings_dict["NAME"]
    with databases.clone(template_database) as name, django_db_blocker.unblock():
        databases.point_at(name)
        places._atlases.clear()
        reference._snapshots.clear()
        try:
            everything(towns.build())
            yield name
        finally:
            databases.point_at(before)


def everything(town: Town) -> None:
    set_rule(area_code=ROOT, rule=Rule(), by=town.by("admin"))
    remedied(town, 40)
    make(town, Seen(11, closed=False))
    assert glance(10).rebounded == 1
    do(town, "set_remedy", before=9, organisation=None, post="grid_worker")
    do(town, "drop_remedy", before=8)
    do(town, "close_spot", before=7)
    make(town, Seen(1, closed=False))
    assert sweep().joined == 1


FLIPS = [
    ("UPDATE spots_spot SET number = 'S9'", "number = S0"),
    ("UPDATE spots_spot SET lon_e7 = 7", "lon_e7 = "),
    ("UPDATE spots_spot SET lat_e7 = 7", "lat_e7 = "),
    ("UPDATE spots_spot SET metres = 7", "metres = 50, the table 7"),
    ("UPDATE spots_spot SET hold_days = 7", "hold_days = 30, the table 7"),
    ("UPDATE spots_spot SET path = 'x/'", "path = 320499-T"),
    ("UPDATE spots_spot SET area = (SELECT id FROM places_area WHERE code = 'T-C2')", "area = "),
    ("UPDATE spots_spot SET case_class = (SELECT id FROM cases_class WHERE code = 'P0101')", "case_class = "),
    ("UPDATE spots_spot SET opened_at = '2020-01-01Z'", "2020-01-01T00:00:00+00:00"),
    ("UPDATE spots_spot SET resolved_at = '2020-01-01Z'", "resolved_at = 2026"),
    ("UPDATE spots_spot SET state = 'reopened', resolved_at = NULL", "state = resolved, the table reopened"),
    ("UPDATE spots_spot SET reopens = 9", "reopens = 1, the table 9"),
    ("UPDATE spots_spot SET rebounds = 0", "rebounds = 1, the table 0"),
    ("DELETE FROM spots_member WHERE seq > 1 AND seq = (SELECT max(seq) FROM spots_member)", "cases = ["),
    ("UPDATE spots_campaign SET at = '2020-01-01Z'", "campaigns = ["),
    ("UPDATE spots_campaign SET organisation_id = (SELECT id FROM people_organisation LIMIT 1)", "campaigns = ["),
    ("DELETE FROM spots_campaign", "campaigns = ["),
    ("UPDATE spots_remedy SET outcome = 'held' WHERE outcome = 'rebounded'", "'rebounded'"),
    ("UPDATE spots_remedy SET finished_at = '2020-01-01Z' WHERE outcome = 'rebounded'", "remedies = ["),
    ("UPDATE spots_remedy SET planned_on = '2020-01-01' WHERE outcome = 'rebounded'", "'2020-01-01'"),
    ("UPDATE spots_remedy SET kind = 'works' WHERE outcome = 'rebounded'", "'works'"),
    ("DELETE FROM spots_remedy WHERE outcome = 'dropped'", "remedies = ["),
    ("UPDATE spots_rule SET metres = 500", "metres = 50, the table 500"),
    ("UPDATE spots_rule SET active = FALSE", "active = True, the table False"),
]


def test_what_was_left_alone_verifies(database: str) -> None:
    with rogue(database) as owner:
        report = verify_on(owner)
    assert report.clean
    assert (report.states["spot"], report.states["spot_rule"]) == (1, 1)
    assert not {name for name in report.untold if name.startswith("spot")}


@pytest.mark.parametrize(("sql", "words"), FLIPS)
def test_a_row_changed_behind_the_journals_back_is_found(database: str, sql: str, words: str) -> None:
    with rogue(database) as owner:
        assert owner.execute(sql).rowcount == 1
        found = verify_on(owner)
    assert {fault.kind for fault in found.faults} == {"state-differs"}, found.faults
    assert any(words in fault.detail for fault in found.faults), found.faults

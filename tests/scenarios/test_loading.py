"""Loading: the same again from the same seed, whole or not at all, and the command that does it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests import databases
from tests.scenarios.conftest import NOW, SEED, Loaded, load
from wangge.kernel.duties import mandates
from wangge.kernel.journal.models import Entry
from wangge.kernel.people.models import Account
from wangge.kernel.places.models import Area
from wangge.scenarios import registry
from wangge.scenarios.nanxiashu import load as load_nanxiashu

_WHAT = {
    "cases": """
        SELECT c.number, c.state, c.source, k.code, c.condition, c.born_path, c.path, c.tier, c.lon_e7, c.lat_e7,
          c.reported_at, c.registered_at, c.dispatched_at, c.signed_at, c.handled_at, c.closed_at, c.stage_since,
          c.stage_due_at, c.due_at, o.code, c.post, c.post_path, r.name, h.name, i.name, c.returns, c.reworks, c.reopens
        FROM cases_case c LEFT JOIN cases_class k ON k.id = c.case_class
        LEFT JOIN people_organisation o ON o.id = c.organisation LEFT JOIN people_person r ON r.id = c.reporter
        LEFT JOIN people_person h ON h.id = c.handler LEFT JOIN people_person i ON i.id = c.inspector
        ORDER BY c.number""",
    "acts": """
        SELECT c.number, e.seq, e.verb, e.at, e.channel, p.name, t.field, t.value FROM cases_case c
        JOIN journal_entry e ON e.subject_id = c.id LEFT JOIN people_person p ON p.id = e.actor
        LEFT JOIN journal_content t ON t.subject_id = e.subject_id AND t.seq = e.seq
        ORDER BY c.number, e.seq, t.field""",
    "areas": """
        SELECT a.code, a.name, a.name_en, a.kind, a.layer, a.path, b.geometry FROM places_area a
        LEFT JOIN places_boundary b ON b.area_id = a.id ORDER BY a.code""",
    "duties": """
        SELECT d.post_id, d.area_path, p.name, o.code, d.kind, d.valid FROM duties_assignment d
        LEFT JOIN people_person p ON p.id = d.person_id LEFT JOIN people_organisation o ON o.id = d.organisation_id
        ORDER BY 2, 1, 5, lower(d.valid), 3, 4""",
    "photos": """
        SELECT c.number, f.seq, f.id, f.digest_kept FROM cases_file f JOIN cases_case c ON c.id = f.case_id
        ORDER BY 1, 2, 3""",
    "spots": """
        SELECT s.number, s.state, s.path, k.code, s.lon_e7, s.lat_e7, s.opened_at, s.resolved_at, s.reopens, s.rebounds,
          (SELECT array_agg(c.number ORDER BY c.number) FROM spots_member m JOIN cases_case c ON c.id = m.case_id
           WHERE m.spot_id = s.id),
          (SELECT array_agg(r.kind || coalesce(r.outcome, '') || r.planned_on ORDER BY r.seq) FROM spots_remedy r
           WHERE r.spot_id = s.id)
        FROM spots_spot s JOIN cases_class k ON k.id = s.case_class ORDER BY s.number""",
    "rules": """
        SELECT a.code, r.class_prefix, r.post_id, o.code, r.fallback_post_id, r.valid_from FROM cases_routing_rule r
        JOIN places_area a ON a.id = r.area_id LEFT JOIN people_organisation o ON o.id = r.organisation_id
        ORDER BY 1, 2""",
}
"""Everything that was loaded, without random salts, ids and digests."""


def contents() -> dict[str, list[tuple[Any, ...]]]:
    """The present database by `_WHAT`."""
    found = {}
    with connection.cursor() as cursor:
        for name, sql in _WHAT.items():
            cursor.execute(sql)
            found[name] = [
                tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)
                for row in cursor.fetchall()
            ]
    return found


def test_the_same_seed_and_hour_give_the_same_world(loaded: Loaded, template_database: str) -> None:
    once = contents()
    with databases.clone(template_database) as other:
        databases.point_at(other)
        try:
            load(SEED, NOW.replace(minute=41))
            again = contents()
        finally:
            databases.point_at(loaded.database)
    assert {name: len(rows) for name, rows in once.items() if not rows} == {}
    for name in _WHAT:
        assert once[name] == again[name], name


def test_a_load_that_fails_leaves_nothing(committed_db: str) -> None:
    def breaks(done: int, total: int) -> None:
        if done == 3:
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        load_nanxiashu(by=mandates.console(), seed=SEED, now=NOW, progress=breaks)
    assert not Area.objects.exists()
    assert not Account.objects.exists()
    assert not Entry.objects.exists()


def test_the_command_ends_with_one_line_of_json(loaded: Loaded) -> None:
    out = StringIO()
    call_command("load_scenario", "nanxiashu", "--json", stdout=out, stderr=StringIO())
    facts = json.loads(out.getvalue().splitlines()[-1])
    assert set(facts) == {"scenario", "areas", "grids", "communities", "people", "assignments", "vacancies", "cases",
                          "parts", "by_state", "unchanged", "seconds"}
    assert facts["unchanged"] == facts["cases"] == loaded.facts["cases"]


@pytest.mark.django_db
def test_an_unknown_scenario_is_refused_by_name() -> None:
    with pytest.raises(CommandError, match=r"nowhere.*nanxiashu, baltimore"):
        call_command("load_scenario", "nowhere", stdout=StringIO(), stderr=StringIO())


@pytest.mark.django_db
def test_a_loader_asks_for_the_power_to_make_places() -> None:
    from wangge.base.errors import Forbidden

    with pytest.raises(Forbidden):
        registry.loader("nanxiashu")(by=mandates.job("sweep"), seed=1, progress=lambda done, total: None)


@pytest.mark.django_db
def test_a_secretary_who_stands_in_does_not_endorse_what_he_handled() -> None:
    before_dawn = datetime(2026, 11, 30, 21, tzinfo=UTC)
    assert load(now=before_dawn)["cases"] > 0

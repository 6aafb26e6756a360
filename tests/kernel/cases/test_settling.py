"""Routing rules, limits and controls: dated, replaced, ended; on record, and compared with the record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests import databases
from tests.town import SINCE, Town
from wangge.base.clock import now
from wangge.base.errors import Forbidden, InvalidInput, NotFound
from wangge.base.ids import new_id
from wangge.base.units import Limit, LimitUnit
from wangge.interfaces.commands import grants
from wangge.kernel.cases.controls import end_control, set_control
from wangge.kernel.cases.models import Control, RoutingRule, StageLimit
from wangge.kernel.cases.reference import reference
from wangge.kernel.cases.settling import RuleRow, end_rule, set_routing, set_stage_limit
from wangge.kernel.duties import mandates
from wangge.kernel.journal.models import Entry
from wangge.kernel.journal.services import Act, append
from wangge.kernel.journal.verifying import Report, verify, verify_on
from wangge.kernel.places.reorganising import reparent_area

HOURS = Limit(3, LimitUnit.WORKING_HOUR)
DAY = timedelta(days=1)


def route(town: Town, post: str, valid_from: datetime, prefix: str = "E04", area: str = "C1") -> None:
    set_routing(area_id=town.areas[area], area_path=town.paths[area], rules=[RuleRow(prefix, post=post)],
                valid_from=valid_from, by=town.by("admin"))  # fmt: skip


def post_at(town: Town, at: datetime, area: str = "G11") -> str | None:
    return next(iter(reference().rules_for(town.paths[area], "E0417", at))).post


def test_a_rule_begins_and_ends_at_its_moments(town: Town) -> None:
    soon = now() + 5 * DAY
    route(town, "officer", soon)
    assert (post_at(town, now()), post_at(town, soon)) == ("grid_worker", "officer")
    one = RoutingRule.objects.get(post="officer")
    end_rule(rule_id=one.id, at=soon + DAY, by=town.by("admin"))
    assert (post_at(town, soon), post_at(town, soon + DAY)) == ("officer", "grid_worker")
    entries = Entry.objects.filter(subject_id=one.id).order_by("seq").values_list("subject_type", "verb")
    assert list(entries) == [("routing_rule", "set"), ("routing_rule", "end")]


def test_what_is_set_for_an_earlier_moment_takes_the_place_of_what_was_to_come(town: Town) -> None:
    route(town, "officer", now() + 9 * DAY)
    route(town, "secretary", now() + 4 * DAY)
    assert [post_at(town, now() + n * DAY) for n in (1, 5, 20)] == ["grid_worker", "secretary", "secretary"]
    assert verify().clean


def test_a_rule_that_has_not_begun_is_called_off(town: Town) -> None:
    route(town, "officer", now() + 9 * DAY)
    one = RoutingRule.objects.get(post="officer")
    end_rule(rule_id=one.id, by=town.by("admin"))
    assert post_at(town, now() + 10 * DAY) == "grid_worker"
    with pytest.raises(InvalidInput, match="ends before"):
        end_rule(rule_id=one.id, at=now() + 10 * DAY, by=town.by("admin"))


def test_the_past_is_not_rewritten_and_others_change_nothing(town: Town) -> None:
    one = RoutingRule.objects.get(class_prefix="E")
    with pytest.raises(InvalidInput, match="has passed"):
        end_rule(rule_id=one.id, at=now() - DAY, by=town.by("admin"))
    with pytest.raises(NotFound):
        end_rule(rule_id=new_id(), at=now(), by=town.by("admin"))
    with pytest.raises(Forbidden):
        end_rule(rule_id=one.id, at=now() + DAY, by=town.by("operator"))


def test_a_limit_is_set_changed_and_taken_back(town: Town) -> None:
    def put(limit: Limit | None, state: str = "verifying") -> None:
        set_stage_limit(area_id=town.areas["C1"], area_path=town.paths["C1"], state=state, limit=limit,
                        by=town.by("admin"))  # fmt: skip

    put(HOURS)
    assert reference().stage_limits(town.paths["G11"])["verifying"] == HOURS
    assert "verifying" not in reference().stage_limits(town.paths["G21"])
    put(Limit(1, LimitUnit.CALENDAR_DAY))
    put(None)
    assert "verifying" not in reference().stage_limits(town.paths["G11"])
    with pytest.raises(InvalidInput, match="sets no such limit"):
        put(None)
    with pytest.raises(InvalidInput, match="No such stage"):
        put(HOURS, "closed")
    put(HOURS)
    held = StageLimit.objects.get()
    assert (held.active, held.version) == (True, 4)
    told = Entry.objects.filter(subject_id=held.id).order_by("seq").values_list("data", flat=True)
    assert [sorted(data["set"]) for data in told][1:3] == [["limit_amount", "limit_unit"], ["active"]]


def test_what_an_area_worked_by_goes_to_its_successor_on_record(town: Town) -> None:
    route(town, "officer", SINCE)
    set_stage_limit(area_id=town.areas["C1"], area_path=town.paths["C1"], state="tier.grid", limit=HOURS,
                    by=town.by("admin"))  # fmt: skip
    one = set_control(area_code="T-C1", class_prefix="E04", valid_from=now(), valid_to=now() + DAY, text="改造",
                      by=town.by("admin"))  # fmt: skip
    moved = reparent_area(area="T-C1", parent="320499-T", at=now(), by=mandates.console())
    for row in (RoutingRule.objects.get(post="officer"), StageLimit.objects.get(), Control.objects.get(id=one.id)):
        assert (row.area_id, row.version) == (moved.id, 2), row
    assert verify().clean


TABLES = ("cases_routing_rule", "cases_stage_limit", "cases_control")


@contextmanager
def rogue(name: str) -> Iterator[psycopg.Connection[Any]]:
    """The owner with triggers and constraints off; all is undone at the end."""
    with databases.connect("owner", name) as owner, owner.transaction(force_rollback=True):
        for table in TABLES:
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for table, key in owner.execute(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype IN ('f', 'c', 'x')"
            " AND conrelid = ANY(%s::regclass[])", [list(TABLES)],
        ).fetchall():  # fmt: skip
            owner.execute(f"ALTER TABLE {table} DROP CONSTRAINT {key}")
        yield owner


FLIPS = [
    ("cases_routing_rule", "organisation_id = '{stranger}', post_id = NULL", "organisation = None"),
    ("cases_routing_rule", "post_id = 'leader'", "post = officer"),
    ("cases_routing_rule", "class_prefix = ''", "class_prefix = E04"),
    ("cases_routing_rule", "area_id = '{G11}'", "area = {C1}"),
    ("cases_routing_rule", "fallback_post_id = 'leader'", "fallback_post = None"),
    ("cases_routing_rule", "fallback_organisation_id = '{stranger}'", "fallback_organisation = None"),
    ("cases_routing_rule", "valid_from = '2019-01-01Z'", "valid_from = 20"),
    ("cases_routing_rule", "valid_to = '2030-01-01Z'", "valid_to = None"),
    ("cases_routing_rule", "precedent = '{stranger}'", "precedent = None"),
    ("cases_routing_rule", "passed_over = '{{{stranger}}}'", "passed_over = []"),
    ("cases_stage_limit", "limit_amount = 4", "limit_amount = 3"),
    ("cases_stage_limit", "limit_unit = 'working_day'", "limit_unit = working_hour"),
    ("cases_stage_limit", "state = 'handling'", "state = verifying"),
    ("cases_stage_limit", "area_id = '{G11}'", "area = {C1}"),
    ("cases_stage_limit", "active = false", "active = True"),
    ("cases_control", "valid_to = '2030-01-01Z'", "valid_to = 20"),
    ("cases_control", "valid_from = '2019-01-01Z'", "valid_from = 20"),
    ("cases_control", "class_prefix = ''", "class_prefix = E04"),
    ("cases_control", "area_id = '{G11}'", "area = {C1}"),
    ("cases_control", "requested_by_id = '{stranger}'", "requested_by = None"),
    ("cases_control", "text = '不收'", "text = the text of entry 1"),
    ("cases_control", "text_en = 'No.'", "text_en = none"),
]


def settled(town: Town) -> dict[str, UUID]:
    """A rule, a limit and a control of one community; by table, the row's id."""
    route(town, "officer", SINCE)
    set_stage_limit(area_id=town.areas["C1"], area_path=town.paths["C1"], state="verifying", limit=HOURS,
                    by=town.by("admin"))  # fmt: skip
    one = set_control(area_code="T-C1", class_prefix="E04", valid_from=now(), valid_to=now() + DAY, text="改造",
                      by=town.by("admin"))  # fmt: skip
    return {"cases_control": one.id, "cases_routing_rule": RoutingRule.objects.get(post="officer").id,
            "cases_stage_limit": StageLimit.objects.get().id}  # fmt: skip


def test_a_row_rewritten_deleted_or_put_there_behind_the_journal_is_named(committed_town: Town) -> None:
    town, name = committed_town, str(connection.settings_dict["NAME"])
    held = settled(town)
    report = verify()
    assert report.clean, report.faults
    assert (report.states["routing_rule"], report.states["limit"], report.states["control"]) == (3, 1, 1)
    words = {"stranger": new_id(), **{short: town.areas[short] for short in ("C1", "G11")}}
    with rogue(name) as owner:
        for table, change, said in FLIPS:
            with owner.transaction(force_rollback=True):
                done = owner.execute(
                    f"UPDATE {table} SET {change.format(**words)} WHERE id = '{held[table]}'"
                )
                assert done.rowcount == 1, change
                found = _about(verify_on(owner), held[table])
                assert {fault.kind for fault in found} == {"state-differs"}, change
                assert any(said.format(**words) in fault.detail for fault in found), (change, found)
                assert not any("不收" in fault.detail or "No." in fault.detail for fault in found)
        for table in TABLES:
            with owner.transaction(force_rollback=True):
                owner.execute(f"DELETE FROM {table} WHERE id = '{held[table]}'")
                [fault] = _about(verify_on(owner), held[table])
                assert (fault.kind, table in fault.detail) == ("state-missing", True)
            fresh = new_id()
            with owner.transaction(force_rollback=True):
                owner.execute("DROP INDEX IF EXISTS cases_rule_once")
                owner.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS cases_stage_limit_once")
                owner.execute(f"CREATE TEMP TABLE fresh ON COMMIT DROP AS TABLE {table}")
                owner.execute("UPDATE fresh SET id = %s WHERE id = %s", [fresh, held[table]])
                owner.execute(f"INSERT INTO {table} SELECT * FROM fresh WHERE id = %s", [fresh])
                assert {fault.kind for fault in _about(verify_on(owner), fresh)} == {"state-missing", "head-cut"}


def _about(report: Report, subject: UUID) -> list[Any]:
    return [fault for fault in report.faults if fault.subject_id == subject]


def test_older_rows_and_entries_are_taken_over(committed_town: Town) -> None:
    town, by, name = committed_town, mandates.console(), str(connection.settings_dict["NAME"])
    ids = {table: new_id() for table in TABLES}
    databases.point_at(name, "owner")
    MigrationExecutor(connection).migrate([("cases", "0010_settings_have_versions")])
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    told = {"prefix": "E04", "from": start.isoformat(), "to": end.isoformat()}
    append([Act(ids["cases_control"], "control", "set", town.areas["C1"], told, {"text": "改造"}),
            Act(new_id(), "routing", "set", town.areas["C1"], {"rules": [["E04", "officer", None, None, None]]})],
           by=by)  # fmt: skip
    append([Act(ids["cases_control"], "control", "end", town.areas["C1"], {"to": now().isoformat()}, version=1)], by=by)
    until = datetime.fromisoformat(Entry.objects.get(subject_id=ids["cases_control"], seq=2).data["to"])
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO cases_control (id, area_id, class_prefix, valid_from, valid_to, text, text_en)"
                       " VALUES (%s, %s, 'E04', %s, %s, '改造', 'Works')",
                       [ids["cases_control"], town.areas["C1"], start, until])  # fmt: skip
        cursor.execute("INSERT INTO cases_routing_rule (id, area_id, class_prefix, post_id, valid_from)"
                       " VALUES (%s, %s, 'E04', 'officer', %s)",
                       [ids["cases_routing_rule"], town.areas["C1"], start])  # fmt: skip
        cursor.execute("INSERT INTO cases_stage_limit (id, area_id, state, limit_amount, limit_unit)"
                       " VALUES (%s, %s, 'handling', 2, 'working_hour')",
                       [ids["cases_stage_limit"], town.areas["C1"]])  # fmt: skip
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    grants.apply()
    databases.point_at(name)
    report = verify()
    assert report.clean, report.faults
    assert (report.states["routing_rule"], report.states["limit"], report.states["control"]) == (3, 1, 1)
    assert report.untold == {"control.requested_by": 1, "control.text_en": 1}
    one = RoutingRule.objects.get(id=ids["cases_routing_rule"])
    end_rule(rule_id=one.id, by=town.by("admin"))
    with pytest.raises(InvalidInput):
        end_control(control_id=ids["cases_control"], at=now(), by=town.by("admin"))
    assert verify().clean

"""Who rewrites a state table behind the journal's back is found: subject, column, and both values are named.

Of duties, and of the places and people that duties stand on.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from tests import databases
from tests.kernel.duties.everything import Town, build, rogue
from wangge.kernel.duties import mandates
from wangge.kernel.journal.verifying import Report, verify, verify_on


@pytest.fixture(scope="module")
def town(django_db_setup: None, template_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Town]:
    """The world in a database that this module's tests share: each undoes what it did."""
    before = connection.settings_dict["NAME"]
    with databases.clone(template_database) as name, django_db_blocker.unblock():
        databases.point_at(name)
        try:
            yield Town(build(mandates.console()), name)
        finally:
            databases.point_at(before)


def after(town: Town, sql: str) -> Report:
    """What verifying finds after the owner ran this; `{wang}` and the like are ids of the world."""
    with rogue(town.database) as owner:
        changed = owner.execute(sql.format(**town.ids))
        assert changed.rowcount == 1
        return verify_on(owner)


FLIPS = [
    ("UPDATE duties_assignment SET valid = tstzrange(lower(valid), '2030-01-01Z') WHERE id = '{duty}'", "duty",
     "valid_to = ", "2030-01-01T00:00:00+00:00"),
    ("UPDATE duties_assignment SET valid = tstzrange('2020-01-01Z', upper(valid)) WHERE id = '{duty}'", "duty",
     "valid_from = 2024-01-01T00:00:00+00:00", "2020-01-01T00:00:00+00:00"),
    ("UPDATE duties_assignment SET valid = 'empty' WHERE id = '{duty}'", "duty", "valid_from = 2024", "None"),
    ("UPDATE duties_assignment SET person_id = '{zhang}' WHERE id = '{duty}'", "duty", "person = {wang}", "{zhang}"),
    ("UPDATE duties_assignment SET organisation_id = '{unit}' WHERE id = '{duty}'", "duty", "organisation = None",
     "{unit}"),
    ("UPDATE duties_assignment SET post_id = 'leader' WHERE id = '{duty}'", "duty", "post = grid_leader", "leader"),
    ("UPDATE duties_assignment SET area_id = '{A}' WHERE id = '{duty}'", "duty", "area = {G1}", "{A}"),
    ("UPDATE duties_assignment SET area_path = 'S/' WHERE id = '{duty}'", "duty", "path = S/A/G1/", "S/"),
    ("UPDATE duties_assignment SET kind = 'acting' WHERE id = '{duty}'", "duty", "kind = regular", "acting"),
    ("UPDATE duties_assignment SET single_seat = NOT single_seat WHERE id = '{duty}'", "duty", "single_seat = ", ""),
    ("UPDATE duties_assignment SET recorded = tstzrange(lower(recorded), NULL) WHERE id = '{wrong}'", "wrong",
     "recorded_to = 2", "None"),
    ("UPDATE duties_assignment SET recorded = tstzrange('2020-01-01Z', NULL) WHERE id = '{right}'", "right",
     "recorded_from = 2", "2020-01-01T00:00:00+00:00"),
    ("UPDATE duties_calendar SET windows = '[[0, 1440]]' WHERE id = '{calendar}'", "calendar", "windows = [[540, 720]]",
     "[[0, 1440]]"),
    ("UPDATE duties_calendar SET timezone = 'Asia/Urumqi' WHERE id = '{calendar}'", "calendar",
     "timezone = Asia/Shanghai", "Asia/Urumqi"),
    ("UPDATE duties_calendar_day SET kind = 'workday' WHERE calendar_id = '{calendar}' AND day = '2026-03-03'",
     "calendar", "days = [['2026-03-03', 'holiday']]", "[['2026-03-03', 'workday']]"),
    ("DELETE FROM duties_calendar_day WHERE calendar_id = '{calendar}' AND day = '2026-03-03'", "calendar",
     "days = [['2026-03-03', 'holiday']]", "[]"),
    ("UPDATE places_area SET path = 'S/G1/' WHERE id = '{G1}'", "G1", "area G1: the entries say path = S/A/G1/",
     "S/G1/"),
    ("UPDATE places_area SET parent_id = '{S}' WHERE id = '{G1}'", "G1", "parent = A", "S"),
    ("UPDATE places_area SET kind = 'village' WHERE id = '{G1}'", "G1", "kind = grid", "village"),
    ("UPDATE places_area SET layer = 'police' WHERE id = '{G1}'", "G1", "layer = administrative", "police"),
    ("UPDATE places_area SET code = 'G9' WHERE id = '{G1}'", "G1", "code = G1", "G9"),
    ("UPDATE places_area SET valid_from = '2019-01-01Z' WHERE id = '{G1}'", "G1", "valid_from = 2024-01-01T",
     "2019-01-01T00:00:00+00:00"),
    ("UPDATE places_area SET valid_to = NULL WHERE id = '{G1}'", "G1", "valid_to = 2", "None"),
    ("UPDATE places_area SET valid_to = 'infinity' WHERE id = '{G1}'", "G1", "valid_to = 2", ""),
    ("UPDATE places_area SET successor_id = '{A}' WHERE id = '{G1}'", "G1", "successor = None", "{A}"),
    ("UPDATE places_area SET timezone = 'Asia/Urumqi' WHERE id = '{S}'", "S", "timezone = Asia/Shanghai",
     "Asia/Urumqi"),
    ("UPDATE places_area SET region = '110000' WHERE id = '{S}'", "S", "region = 320412", "110000"),
    ("UPDATE places_area SET residents = 7 WHERE id = '{A}'", "A", "residents = 3200", "7"),
    ("UPDATE duties_interest SET kind = 'former' WHERE id = '{interest}'", "interest", "kind = kin", "former"),
    ("UPDATE duties_interest SET until = '2030-01-01Z' WHERE id = '{interest}'", "interest", "until = None",
     "2030-01-01T00:00:00+00:00"),
    ("UPDATE places_area SET name = '别名' WHERE id = '{G1}'", "G1", "name = the text of entry 2", "another text"),
    ("UPDATE places_area SET name_en = '' WHERE id = '{G1}'", "G1", "name_en = the text of entry 2", "none"),
    ("UPDATE places_boundary SET geometry = set_byte(geometry, 20, get_byte(geometry, 20) # 1) WHERE area_id = '{A}'",
     "A", "boundaries = [[1704153600000000, None, '", "', False]]"),
    ("UPDATE places_boundary SET valid_from = '-infinity' WHERE area_id = '{A}'", "A", "boundaries = [[17041536",
     "[['-Infinity', None"),
    ("DELETE FROM places_boundary WHERE area_id = '{A}'", "A", "boundaries = [[17041536", "[]"),
    (("INSERT INTO places_boundary (id, area_id, geometry, valid_from, repaired)"
     " SELECT '00000000-0000-7000-8000-000000000001', '{S}', geometry, valid_from, '' FROM places_boundary"
     " WHERE area_id = '{A}'"), "S", "boundaries = []", "[[17041536"),
    ("UPDATE people_account SET is_active = false WHERE id = '{account}'", "account", "is_active = True", "False"),
    ("UPDATE people_account SET is_active = true WHERE id = '{closed}'", "closed", "is_active = False", "True"),
    ("UPDATE people_account SET is_superuser = true WHERE id = '{account}'", "account", "is_superuser = False", "True"),
    ("UPDATE people_account SET person_id = '{zhang}' WHERE id = '{account}'", "account", "person = {wang}", "{zhang}"),
    ("UPDATE people_account SET username = 'somebody' WHERE id = '{account}'", "account",
     "username = the text of entry 1", "another text"),
    ("UPDATE people_account SET email = 'c@d.example' WHERE id = '{account}'", "account", "email = the text of entry 1",
     "another text"),
    ("UPDATE people_account SET language = 'en' WHERE id = '{account}'", "account", "language = ", "en"),
    ("UPDATE people_api_token SET digest = sha256('mine') WHERE id = '{token}'", "account", "token_digests = ['", "']"),
    ("UPDATE people_api_token SET expires_at = '2099-01-01Z' WHERE id = '{token}'", "account", "tokens = [['{token}', ",
     "[['{token}', 4070908800000000, False]]"),
    ("UPDATE people_api_token SET revoked_at = NULL WHERE account_id = '{closed}'", "closed", "True]]", "False]]"),
    ("UPDATE people_person SET name = '王假' WHERE id = '{wang}'", "wang", "name = the text of entry 1",
     "another text"),
    ("UPDATE people_person SET contact = '1' WHERE id = '{li}'", "li", "contact = none", "another text"),
    ("UPDATE people_person SET name = '赵测试' WHERE id = '{zhao}'", "zhao", "name = none", "another text"),
    ("UPDATE people_organisation SET kind = 'police' WHERE id = '{unit}'", "unit", "kind = contractor", "police"),
    ("UPDATE people_organisation SET area = '{A}' WHERE id = '{unit}'", "unit", "area = None", "{A}"),
    ("UPDATE people_organisation SET name = '另一' WHERE id = '{unit}'", "unit", "name = the text of entry 1",
     "another text"),
]


def test_what_the_services_did_adds_up(town: Town) -> None:
    report = verify()
    assert report.clean, report.faults
    assert report.untold == {}
    assert report.states == {"case": 0, "part": 0, "class_list": 0, "publication": 0, "spot": 0, "spot_rule": 0,
                             "display": 0, "clearance": 0,
                             "routing_rule": 0, "limit": 0, "control": 0,
                             "task": 0,
                             "finding": 0, "inspection": 0, "policy": 0, "run": 0, "appeal": 0, "pledge": 0,
                             "patrol": 0, "observation": 0, "switch": 0,
                             "basis": 0, "employment": 0, "invoice": 0,
                             "ledger_account": 0, "posting": 0,
                                 "redrawing": 0, "interest": 1, "kept": 0, "shift": 0, "contest": 0,
                                 "rectification": 0, "signal": 0, "signal_threshold": 0,
                             "area": 5, "person": 4, "organisation": 1, "account": 2, "duty": 4, "calendar": 1}


@pytest.mark.parametrize(("sql", "who", "said", "held"), FLIPS)
def test_a_column_changed_behind_the_journal_is_named(
    town: Town, sql: str, who: str, said: str, held: str
) -> None:
    ids = town.ids
    found = [fault for fault in after(town, sql).faults if fault.subject_id == ids[who]]
    assert {fault.kind for fault in found} == {"state-differs"}
    told, _, there = next(fault.detail for fault in found if said.format(**ids) in fault.detail).partition(", the")
    assert "the entries say " in told
    assert held.format(**ids) in there
    assert not any(text in fault.detail for fault in found for text in ("王假", "赵测试", "别名", "somebody", "c@d"))


DELETIONS = {
    "duty": "duties_assignment", "calendar": "duties_calendar", "G1": "places_area", "account": "people_account",
    "wang": "people_person", "unit": "people_organisation",
}


@pytest.mark.parametrize("who", DELETIONS)
def test_a_row_deleted_behind_the_journal_is_named(town: Town, who: str) -> None:
    found = after(town, f"DELETE FROM {DELETIONS[who]} WHERE id = '{{{who}}}'").faults
    [fault] = [fault for fault in found if fault.subject_id == town.ids[who]]
    assert (fault.kind, DELETIONS[who] in fault.detail) == ("state-missing", True)


@pytest.mark.parametrize("who", DELETIONS)
def test_a_row_without_an_entry_is_named(town: Town, who: str) -> None:
    table, fresh = DELETIONS[who], UUID("ffffffff-0000-7000-8000-000000000001")
    other = {"username": "'second'", "code": "'ZZ'", "path": "'ZZ/'", "area_id": f"'{town.ids['A']}'"}
    with rogue(town.database) as owner:
        columns = [str(row[0]) for row in owner.execute(
            "SELECT column_name::text FROM information_schema.columns WHERE table_name = %s AND column_name <> 'id'",
            [table],
        )]
        values = ", ".join(other.get(column, column) for column in columns)
        owner.execute(
            f"INSERT INTO {table} (id, {', '.join(columns)}) SELECT %s, {values} FROM {table} WHERE id = %s",
            [fresh, town.ids[who]],
        )
        found = {fault.kind for fault in verify_on(owner).faults if fault.subject_id == fresh}
    assert found == {"state-missing", "head-cut"}


def test_one_subject_is_compared_alone(town: Town) -> None:
    with rogue(town.database) as owner:
        owner.execute("UPDATE people_person SET name = 'x'")
        report = verify_on(owner, subject=town.ids["duty"])
        assert report.clean
        assert {kind: count for kind, count in report.states.items() if count} == {"duty": 1}
        assert not verify_on(owner, subject=town.ids["wang"]).clean


def test_entries_that_add_up_to_nothing_are_a_fault_and_no_crash(town: Town) -> None:
    found = after(town, "UPDATE places_area SET version = 1 WHERE id = '{A}'")
    assert {fault.kind for fault in found.faults} == {"head-behind"}
    with rogue(town.database) as owner:
        owner.execute("ALTER TABLE journal_entry DISABLE TRIGGER USER")
        owner.execute("UPDATE journal_entry SET data = '{\"path\": 7}' WHERE subject_id = %s", [town.ids["A"]])
        details = [fault.detail for fault in verify_on(owner).faults if fault.kind == "state-differs"]
    assert details == ["the entries of area A add up to nothing (AttributeError)"]


OLDER = [
    ("duty", "correct", "recorded_to", "duty.recorded_to"),
    ("duty", "assign", "recorded_from", "duty.recorded_from"),
    ("account", "create", "language", "account.language"),
    ("account", "create", "language", "account.email"),
    ("account", "issue_token", "digest", "account.token_digests"),
    ("calendar", "fill", "added", "calendar.days"),
    ("person", "correct", "emptied", "person.contact"),
]


@pytest.mark.parametrize(("kind", "verb", "field", "column"), OLDER)
def test_what_older_entries_do_not_tell_is_counted_and_no_fault(
    town: Town, kind: str, verb: str, field: str, column: str
) -> None:
    with rogue(town.database) as owner:
        owner.execute("ALTER TABLE journal_entry DISABLE TRIGGER USER")
        owner.execute("UPDATE journal_entry SET data = data - %s WHERE subject_type = %s AND verb = %s",
                      [field, kind, verb])
        report = verify_on(owner)
    assert "state-differs" not in {fault.kind for fault in report.faults}
    assert report.untold[column] >= 1

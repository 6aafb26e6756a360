"""Something of everything that a state table tells, and the owner who rewrites it behind the journal's back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
import shapely
from django.db import connection

from tests import databases
from tests.kernel.duties.conftest import START, areas, four
from wangge.base.mandate import Mandate
from wangge.kernel.duties.interests import declare
from wangge.kernel.duties.services import (
    assign,
    correct_assignment,
    create_calendar,
    end_assignment,
    fill_calendar,
    set_day,
    set_hours,
    void_assignment,
)
from wangge.kernel.people.services import (
    close_account,
    correct_person,
    create_account,
    create_organisation,
    erase_person,
    issue_token,
    revoke_token,
)
from wangge.kernel.places.reorganising import reparent_area
from wangge.kernel.places.services import count_residents, end_area, rename_area, set_boundary

GROUND = shapely.box(120, 31.7, 120.01, 31.71)
TABLES = (
    "places_area", "places_boundary", "people_person", "people_organisation", "people_account", "people_api_token",
    "duties_assignment", "duties_calendar", "duties_calendar_day", "duties_interest",
)


class Town(NamedTuple):
    """What was made: ids by short names, and the database that it stands in."""

    ids: dict[str, UUID]
    database: str


def build(by: Mandate) -> dict[str, UUID]:
    """Something of everything: renamed, moved, ended, corrected, voided, closed and erased."""
    areas(by)
    people = four(by)
    unit = create_organisation(code="CG-01", name="样例保洁公司", name_en="Sample Cleaning", kind="contractor", by=by)
    rename_area(area="G1", name="头网格", name_en="First", by=by)
    set_boundary(area="G1", boundary=GROUND, valid_from=START + timedelta(days=1), by=by)
    set_boundary(area="G1", boundary=GROUND.buffer(0.001), valid_from=START + timedelta(days=9), by=by)
    set_boundary(area="A", boundary=GROUND, valid_from=START + timedelta(days=1), by=by)
    account = create_account(username="operator", password=None, person=people.wang, email="a@b.example", by=by)
    token, _ = issue_token(account=account, label="屏幕", days=9, by=by)
    other, _ = issue_token(account=account, label="", days=1, by=by)
    revoke_token(token=other, by=by)
    calendar = create_calendar(area="S", by=by)
    fill_calendar(calendar=calendar, years=[2026], by=by)
    set_day(calendar=calendar, day=datetime(2026, 3, 3, tzinfo=UTC).date(), kind="holiday", by=by)
    set_day(calendar=calendar, day=datetime(2026, 1, 1, tzinfo=UTC).date(), kind=None, by=by)
    set_hours(calendar=calendar, windows=[(540, 720)], by=by)
    duty = assign(post="grid_leader", area="G1", valid_from=START, person=people.wang, by=by)
    wrong = assign(post="leader", area="S", valid_from=START, person=people.zhang, by=by)
    right = correct_assignment(assignment=wrong.id, person=people.li, by=by)
    end_assignment(assignment=right.id, at=datetime.now(UTC) + timedelta(days=1), by=by)
    mistaken = assign(post="leader", area="S", valid_from=START, kind="acting", person=people.li, by=by)
    void_assignment(assignment=mistaken.id, by=by)
    correct_person(person_id=people.li, contact="13800000000", by=by)
    correct_person(person_id=people.li, contact="", by=by)
    closed = create_account(username="closed", password=None, person=people.zhao, by=by)
    issue_token(account=closed, label="", days=1, by=by)
    close_account(account=closed, by=by)
    reparent_area(area="G2", parent="S", at=datetime.now(UTC) + timedelta(days=2), by=by)
    end_area(area="G1", at=datetime.now(UTC) + timedelta(days=3), by=by)
    erase_person(people.zhao, by)
    count_residents(area="A", residents=3200, by=by)
    interest = declare(person=people.li, organisation=unit.id, kind="kin", by=by)
    [(parent,), (root,)] = _fetch("SELECT id FROM places_area WHERE code IN ('A', 'S') ORDER BY code")
    [(grid,)] = _fetch("SELECT id FROM places_area WHERE code = 'G1'")
    return {
        "wang": people.wang, "li": people.li, "zhang": people.zhang, "zhao": people.zhao, "unit": unit.id,
        "account": account.id, "closed": closed.id, "token": token.id, "calendar": calendar.id, "duty": duty.id,
        "right": right.id, "wrong": wrong.id, "A": parent, "S": root, "G1": grid,
        "interest": interest.id,
    }


def _fetch(sql: str) -> list[tuple[UUID]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


@contextmanager
def rogue(name: str) -> Iterator[psycopg.Connection[Any]]:
    """The owner with triggers and constraints off; all is undone at the end."""
    with databases.connect("owner", name) as owner, owner.transaction(force_rollback=True):
        for table in TABLES:
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for table, key in owner.execute(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype IN ('f', 'c', 'x')"
            " AND conrelid = ANY(%s::regclass[])", [list(TABLES)],
        ).fetchall():
            owner.execute(f"ALTER TABLE {table} DROP CONSTRAINT {key}")
        yield owner

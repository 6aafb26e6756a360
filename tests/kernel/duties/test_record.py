"""Everything that happens to places, people and duties stands in a journal that verifies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import shapely

from tests.kernel.duties.conftest import START, areas, four
from wangge.kernel.duties import mandates
from wangge.kernel.duties.services import (
    assign,
    correct_assignment,
    create_calendar,
    end_assignment,
    fill_calendar,
    void_assignment,
)
from wangge.kernel.journal.models import Entry
from wangge.kernel.journal.verifying import verify
from wangge.kernel.people.services import create_account, create_organisation, erase_person, issue_token
from wangge.kernel.places.reorganising import reparent_area
from wangge.kernel.places.services import end_area, rename_area, set_boundary


def test_the_journal_of_every_act_verifies(committed_db: str) -> None:
    by = mandates.console()
    areas(by)
    people = four(by)
    create_organisation(code="CG-01", name="样例保洁公司", kind="contractor", by=by)
    account = create_account(username="operator", password=None, person=people.wang, by=by)
    issue_token(account=account, label="", days=1, by=by)
    fill_calendar(calendar=create_calendar(area="S", by=by), years=[2026], by=by)
    set_boundary(area="G1", boundary=shapely.box(120, 31.7, 120.01, 31.71), valid_from=START + timedelta(days=1), by=by)
    rename_area(area="G1", name="头网格", by=by)
    first = assign(post="grid_leader", area="G1", valid_from=START, person=people.wang, by=by)
    right = correct_assignment(assignment=first.id, person=people.li, by=by)
    end_assignment(assignment=right.id, at=datetime.now(UTC) + timedelta(days=1), by=by)
    void_assignment(assignment=assign(post="leader", area="S", valid_from=START, person=people.zhao, by=by).id, by=by)
    reparent_area(area="G1", parent="S", at=datetime.now(UTC) + timedelta(days=2), by=by)
    end_area(area="G2", at=datetime.now(UTC), by=by)
    erase_person(people.wang, by)
    report = verify()
    assert report.clean, report
    written = set(Entry.objects.values_list("subject_type", "verb"))
    assert written >= {
        ("area", "create"), ("area", "rebound"), ("area", "rename"), ("area", "reparent"), ("area", "end"),
        ("person", "create"), ("person", "erase"), ("account", "create"), ("account", "erase"),
        ("account", "issue_token"), ("organisation", "create"), ("duty", "assign"), ("duty", "correct"),
        ("duty", "end_duty"), ("duty", "void"), ("calendar", "create"), ("calendar", "fill"),
    }
    text = str(list(Entry.objects.values_list("data", flat=True)))
    assert not any(name in text for name in ("样例", "王示范", "头网格", "operator"))

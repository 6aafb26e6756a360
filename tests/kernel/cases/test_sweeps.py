"""What the clock does to many cases: each once, whatever happens to the worker, and by an index."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from tests.kernel.cases.multiplying import multiply
from tests.kernel.cases.test_acts import new_case
from tests.kernel.cases.test_intake import a_report
from tests.town import Town
from wangge.base import clock, events
from wangge.kernel.cases import sweeps
from wangge.kernel.cases.bulk import batches, draw
from wangge.kernel.cases.events import CaseWarned
from wangge.kernel.cases.facts import Command, Facts
from wangge.kernel.cases.loading import due_sql, lock_due, lock_many
from wangge.kernel.cases.many import report_many
from wangge.kernel.cases.models import Case
from wangge.kernel.cases.recording import record
from wangge.kernel.cases.reference import reference
from wangge.kernel.cases.rules import decide
from wangge.kernel.duties import mandates
from wangge.kernel.duties.calendars import calendar_for
from wangge.kernel.journal.models import Entry
from wangge.kernel.journal.verifying import verify

LONG_AGO = datetime(2026, 9, 7, 1, tzinfo=UTC)


def registered(town: Town, count: int, time_machine: Any) -> None:
    """So many cases that were registered long ago and left alone."""
    time_machine.move_to(LONG_AGO, tick=False)
    by = town.by("officer")
    assert all(report_many([a_report(source="patrol", case_class="E0417") for _ in range(count)], by=by, batch=2500))
    info = reference().find_class("E0417", town.paths["G11"])
    job = mandates.job("test", at=LONG_AGO, recorded_at=LONG_AGO)
    facts = Facts(job, calendar_for(town.paths["G11"]), class_id=info.id, condition=1,
                  limit=info.conditions[1].limit, tier="grid")
    with transaction.atomic():
        for some in batches(lock_many("c.state = %s", ["reported"]), 2500):
            changes = [decide(state, Command(act="register"), facts, head) for state, head in some]
            record(changes, draw("journal_entry_ordinal", len(changes)), by=job)
    time_machine.move_to(LONG_AGO + timedelta(days=1, minutes=1), tick=False)


WORKER = """
import json, sys
import django
from django.conf import settings
given = json.load(sys.stdin)
settings.DATABASES["default"] |= given["database"]
django.setup()
from datetime import datetime
from wangge.kernel.cases import sweeps
sweeps.run("escalate", now=datetime.fromisoformat(given["now"]), progress=lambda count: print(count, flush=True))
"""


def start_a_worker(moment: datetime) -> subprocess.Popen[bytes]:
    """A process of its own that escalates what is due in this test's database, and tells of each batch."""
    database = {name: connection.settings_dict[name] for name in ("NAME", "HOST", "PORT", "USER", "PASSWORD")}
    worker = subprocess.Popen([sys.executable, "-c", WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert worker.stdin is not None
    worker.stdin.write(json.dumps({"database": database, "now": moment.isoformat()}).encode())
    worker.stdin.close()
    return worker


def wait_until_alone() -> None:
    """The dead worker's backend may still commit, or hold its rows, for a moment."""
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(others)
            if cursor.fetchone() == (0,):
                return
        time.sleep(0.05)
    raise AssertionError("the worker's backend is still there")


def test_a_worker_killed_while_it_escalates_ten_thousand_leaves_each_to_go_up_once(
    committed_town: Town, time_machine: Any
) -> None:
    registered(committed_town, 10_000, time_machine)
    with start_a_worker(clock.now()) as worker:
        assert worker.stdout is not None
        for _ in range(2):
            assert worker.stdout.readline() == b"500\n"
        worker.kill()
    wait_until_alone()
    before = Case.objects.filter(tier="community").count()
    assert 0 < before < 10_000
    assert sweeps.run("escalate") == 10_000 - before
    assert Counter(Case.objects.values_list("tier", flat=True)) == {"community": 10_000}
    entries = Entry.objects.filter(verb="escalate")
    assert entries.count() == entries.values("subject_id").distinct().count() == 10_000
    assert verify().clean


def test_what_one_worker_holds_another_passes_by(committed_town: Town, time_machine: Any) -> None:
    registered(committed_town, 40, time_machine)
    seen: list[int] = []

    def another() -> None:
        seen.append(sweeps.run("escalate"))
        connection.close()

    with transaction.atomic():
        assert len(lock_due("tier_due_at", "TRUE", clock.now(), 30)) == 30
        thread = threading.Thread(target=another)
        thread.start()
        thread.join()
    assert seen == [10]
    assert sweeps.run("escalate") == 30


DUE = "now() + make_interval(mins => n - 4000)"
WAITING = (
    f"CASE WHEN mod(n, 2) = 0 THEN jsonb_build_object('state', 'suspended', 'suspended_at', now() - interval '9 days',"
    f" 'suspended_until', {DUE})"
    f" ELSE jsonb_build_object('state', 'handling', 'tier_due_at', {DUE}, 'warn_at', {DUE}) END"
)
"""Half of the cases are suspended, half are being handled; one in five of either is due."""

INDEXES = {"resume": "cases_case_resumes", "escalate": "cases_case_tier_due", "warn": "cases_case_warning"}


def test_due_rows_are_found_by_the_index_in_its_order(
    committed_town: Town, owner_connection: psycopg.Connection[Any]
) -> None:
    multiply(new_case(committed_town), 20_000, WAITING)
    owner_connection.execute("ANALYZE cases_case")
    with connection.cursor() as cursor:
        for name, sweep in sweeps.SWEEPS.items():
            cursor.execute("EXPLAIN (FORMAT JSON) " + due_sql(sweep.column, sweep.also, sweeps.BATCH), [clock.now()])
            [plan] = cursor.fetchone()[0]
            nodes = list(nodes_of(plan["Plan"]))
            assert [node["Node Type"] for node in nodes] == ["Limit", "LockRows", "Index Scan"], plan
            assert nodes[-1]["Index Name"] == INDEXES[name]
    with transaction.atomic():
        assert len(lock_due("tier_due_at", sweeps.SWEEPS["escalate"].also, clock.now(), 20_000)) == 2000


def nodes_of(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes_of(below)


def test_a_receiver_that_fails_leaves_its_batch_due(
    committed_town: Town, time_machine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    registered(committed_town, 3, time_machine)

    def fails(event: CaseWarned) -> None:
        raise RuntimeError("the gateway is down")

    with monkeypatch.context() as patched:
        patched.setitem(events._receivers, CaseWarned, [fails])
        with pytest.raises(RuntimeError, match="gateway"):
            sweeps.run("warn")
    assert set(Case.objects.values_list("warned", flat=True)) == {0}
    assert sweeps.run("warn") == 3

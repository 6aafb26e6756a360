"""The sweep that sends cases up a tier: a million open cases, ten thousand of them due (limit: 30 s, by an index).

Beside it stands what the database alone needs for the very same rows: one UPDATE and one INSERT.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from bench.bulk_import import Owner, reports
from bench.cpu import Meter
from bench.stage import Stage

DUE = 10_000
LIMIT_SECONDS = 30
OTHERS = (
    "jsonb_build_object('tier_due_at', now() + make_interval(days => 60, secs => n),"
    " 'warn_at', now() + make_interval(days => 60, secs => n), 'due_at', now() + make_interval(days => 61, secs => n),"
    " 'state', (ARRAY['registered', 'dispatched', 'handling'])[1 + mod(n, 3)],"
    " 'reported_at', now() - make_interval(secs => n))"
)
"""The cases that are not due, in the three states in which a tier holds a case."""


def run(stage: Stage, cases: int) -> dict[str, Any]:
    """Fill, sweep, and compare; prints seconds, statements, plan and ratio."""
    from wangge.base.clock import now
    from wangge.kernel.cases import sweeps

    owner, moment = Owner(stage), now() + timedelta(days=30)
    _fill(stage, cases)
    owner.sql("VACUUM ANALYZE cases_case, journal_entry")
    owner.sql("CHECKPOINT")
    plan = _plan(moment)
    owner.sql("CREATE TABLE bench_before AS SELECT * FROM cases_case WHERE tier_due_at < now() + interval '30 days'")
    meter = Meter(server=None, database=stage.database_pid)
    meter.start()
    began, own = time.perf_counter(), time.process_time()
    with counting() as count:
        moved = sweeps.run("escalate", now=moment)
    seconds, own = time.perf_counter() - began, time.process_time() - own
    spent = meter.stop()
    assert moved == DUE, moved
    bare = _bare(owner)
    print(f"Escalation sweep over {cases:,} open cases, {DUE:,} of them due")
    print(f"  seconds             {seconds:.1f}   (limit {LIMIT_SECONDS})")
    print(f"  CPU                 {own:.1f} s deciding and sending, {spent.database:.1f} s in the database")
    print(f"  statements          {count[0]:,} in {DUE // sweeps.BATCH:,} transactions")
    print(f"  due rows found by   {plan}")
    print(f"  bare UPDATE+INSERT  {bare:.1f} s of the same rows: ratio {seconds / bare:.1f}\n")
    return {"seconds": seconds, "statements": count[0], "plan": plan, "bare_seconds": bare, "ratio": seconds / bare}


def _fill(stage: Stage, cases: int) -> None:
    """The due ones by the real path, registered now; the others as copies of one of them that are due much later."""
    from django.db import transaction

    from tests.kernel.cases.multiplying import multiply
    from wangge.base.clock import now
    from wangge.kernel.cases.bulk import batches, draw, without_collector
    from wangge.kernel.cases.facts import Command, Facts
    from wangge.kernel.cases.intake import Receipt
    from wangge.kernel.cases.loading import lock_many
    from wangge.kernel.cases.many import report_many
    from wangge.kernel.cases.models import Case
    from wangge.kernel.cases.recording import record
    from wangge.kernel.cases.reference import reference
    from wangge.kernel.cases.rules import decide
    from wangge.kernel.duties import mandates
    from wangge.kernel.duties.calendars import calendar_for

    found = report_many(_seen(reports(stage, DUE)), by=stage.town.by("officer"), batch=2500)
    results = [result for result in found if isinstance(result, Receipt)]
    assert len(results) == DUE
    job = mandates.job("bench", at=now(), recorded_at=now())
    info = reference().find_class("E0417", stage.town.root)
    facts = Facts(job, calendar_for(stage.town.root), class_id=info.id, condition=1, limit=info.conditions[1].limit,
                  tier="grid")
    for state_batch in batches([result.case_id for result in results], 2500):
        with without_collector(), transaction.atomic():
            pairs = lock_many("c.id = ANY(%s)", [state_batch])
            changes = [decide(state, Command(act="register"), facts, head) for state, head in pairs]
            record(changes, draw("journal_entry_ordinal", len(changes)), by=job)
    template = Case.objects.filter(tier_due_at__isnull=False).values_list("id", flat=True)[0]
    left, step = cases - DUE, 100_000
    for number, begun in enumerate(range(0, left, step)):
        changes_sql = OTHERS + f" || jsonb_build_object('number', '{number:02d}' || lpad(n::text, 18, '0'))"
        multiply(template, min(step, left - begun), changes_sql)


def _seen(rows: list[Any]) -> list[Any]:
    """The same reports from a patrol, which need no verifying."""
    import msgspec

    return [msgspec.structs.replace(row, source="patrol", case_class="E0417") for row in rows]


def _plan(moment: datetime) -> str:
    """The node that finds due rows."""
    from django.db import connection

    from wangge.kernel.cases.loading import due_sql
    from wangge.kernel.cases.sweeps import BATCH, SWEEPS

    sweep = SWEEPS["escalate"]
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (FORMAT JSON) " + due_sql(sweep.column, sweep.also, BATCH), [moment])
        node = cursor.fetchone()[0][0]["Plan"]
    while "Plans" in node:
        node = node["Plans"][0]
    if "Index Name" not in node:
        raise SystemExit(f"due rows are not found by an index: {node}")
    return f"{node['Node Type']} using {node['Index Name']}"


@contextmanager
def counting() -> Iterator[list[int]]:
    """How many statements psycopg sends within the block, Django's among them."""
    import psycopg

    count, execute = [0], psycopg.Cursor.execute

    def counted(self: Any, *arguments: Any, **named: Any) -> Any:
        count[0] += 1
        return execute(self, *arguments, **named)

    psycopg.Cursor.execute = counted  # type: ignore[method-assign]
    try:
        yield count
    finally:
        psycopg.Cursor.execute = execute  # type: ignore[method-assign]


def _bare(owner: Owner) -> float:
    """The rows as the sweep left them, taken back and written again by one UPDATE and one INSERT; seconds of these."""
    from wangge.kernel.cases.state import COLUMNS

    columns = [name for name in COLUMNS if name != "id"]
    names, after = ", ".join(columns), ", ".join(f"b.{name}" for name in columns)
    update = f"UPDATE cases_case c SET ({names}) = ROW({after}) FROM {{table}} b WHERE c.id = b.id;"
    owner.sql(
        "CREATE TABLE bench_after AS SELECT c.* FROM cases_case c JOIN bench_before b ON b.id = c.id;"
        "CREATE TABLE bench_entries AS SELECT e.* FROM journal_entry e WHERE e.verb = 'escalate';"
        "SET session_replication_role = replica;"
        "DELETE FROM journal_entry WHERE verb = 'escalate';" + update.format(table="bench_before")
    )
    owner.sql("VACUUM ANALYZE cases_case, journal_entry, bench_after, bench_entries")
    owner.sql("CHECKPOINT")
    began = time.perf_counter()
    owner.sql("BEGIN;" + update.format(table="bench_after")
              + "INSERT INTO journal_entry SELECT * FROM bench_entries; COMMIT;")
    seconds = time.perf_counter() - began
    owner.sql("DROP TABLE bench_before, bench_after, bench_entries")
    return seconds

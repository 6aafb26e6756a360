"""What the cases say of a remedy: that it held (no case within its days), or that the place rebounded (反弹).

Nobody types either. A case that was reported within the days but found true only later turns "held" into "rebounded";
a file that somebody closed early is opened again by such a case all the same.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from wangge.base.clock import to_us
from wangge.base.mandate import Mandate
from wangge.kernel.cases.recording import hot_cursor
from wangge.kernel.spots.filing import one_at_a_time
from wangge.kernel.spots.lifecycle import transition
from wangge.kernel.spots.loading import Step, advance_many, entering, moment_of
from wangge.kernel.spots.models import Remedy, Spot
from wangge.kernel.spots.rules import comes_back
from wangge.kernel.spots.ruling import rules
from wangge.kernel.spots.sighting import counted_sql

BATCH = 200

DUE = f"""
SELECT DISTINCT ON (r.spot_id) r.spot_id, r.id, b.case_id, b.reported_at
FROM spots_remedy r JOIN spots_spot s ON s.id = r.spot_id
LEFT JOIN LATERAL (
  SELECT m.case_id, c.reported_at FROM spots_member m JOIN cases_case c ON c.id = m.case_id
  WHERE m.spot_id = s.id AND c.case_class = s.case_class AND {counted_sql("c")} AND c.reported_at <= %(now)s
    AND c.reported_at > r.finished_at AND c.reported_at <= r.finished_at + make_interval(days => s.hold_days)
  ORDER BY c.reported_at, c.id LIMIT 1
) b ON TRUE
WHERE r.finished_at IS NOT NULL AND (
    r.outcome IS NULL AND (b.case_id IS NOT NULL OR r.finished_at + make_interval(days => s.hold_days) < %(now)s)
    OR r.outcome = 'held' AND b.case_id IS NOT NULL AND r.judged_at > %(now)s - interval '90 days'
  )
ORDER BY r.spot_id, r.finished_at LIMIT {BATCH}
"""
"""Remedies that can be judged, one of a file at a time, with the first case that came back, if one did."""

RETURNS = f"""
SELECT s.id, s.path, array_agg(c.reported_at) FROM spots_spot s
JOIN spots_member m ON m.spot_id = s.id JOIN cases_case c ON c.id = m.case_id
WHERE s.state = 'resolved' AND c.reported_at > s.resolved_at AND c.reported_at <= %(now)s
  AND c.case_class = s.case_class AND {counted_sql("c")}
GROUP BY s.id HAVING count(*) > 1
"""


def judge(by: Mandate) -> dict[str, int]:
    """Everything that can be judged at the mandate's moment: remedies that rebounded or held, files that reopened."""
    done = {"rebounded": 0, "held": 0, "reopened": 0}
    while part := _judge_some(by):
        for name, count in part.items():
            done[name] += count
    done["reopened"] += _recur(by)
    return done


def _judge_some(by: Mandate) -> dict[str, int] | None:
    now = moment_of(by)
    with transaction.atomic():
        one_at_a_time()
        with hot_cursor() as cursor:
            due = cursor.execute(DUE, {"now": now}).fetchall()
        if not due:
            return None
        locked = _locked([row[0] for row in due])
        steps: list[Step] = []
        outcomes: list[tuple[UUID, str]] = []
        for spot_id, remedy, case, _ in due:
            spot = locked[spot_id]
            act = "hold" if case is None else "rebound"
            steps.append((spot, act, _updates(spot, act, now, by), _data(remedy, now, case)))
            outcomes.append((remedy, "held" if case is None else "rebounded"))
        reopened = sum(step[2].get("state") == "reopened" for step in steps)
        advance_many(steps, by=by)
        for name in ("held", "rebounded"):
            Remedy.objects.filter(id__in=[one for one, outcome in outcomes if outcome == name]).update(
                outcome=name, judged_at=now
            )
    counted = {name: sum(outcome == name for _, outcome in outcomes) for name in ("held", "rebounded")}
    return {**counted, "reopened": reopened}


def _recur(by: Mandate) -> int:
    """Resolved files whose place meets the rule again by cases since then."""
    now, known = moment_of(by), rules()
    with transaction.atomic():
        one_at_a_time()
        with hot_cursor() as cursor:
            rows = cursor.execute(RETURNS, {"now": now}).fetchall()
        found = [spot for spot, path, times in rows if comes_back(times, known.at(path))]
        locked = [spot for spot in _locked(found).values() if spot.state == "resolved"]
        advance_many([(spot, "recur", _updates(spot, "recur", now, by), {}) for spot in locked], by=by)
    return len(locked)


def _locked(ids: list[UUID]) -> dict[UUID, Spot]:
    return {one.id: one for one in Spot.objects.select_for_update(of=("self",)).filter(id__in=ids).order_by("id")}


def _updates(spot: Spot, act: str, now: datetime, by: Mandate) -> dict[str, Any]:
    by.require(act, spot.path)
    row = transition(act, spot.state)
    assert row is not None, "the job's acts are possible in every state that it finds"
    more = {"rebounds": spot.rebounds + 1} if act == "rebound" else {}
    return {**entering(spot, row, now), **more}


def _data(remedy: UUID, now: datetime, case: UUID | None) -> dict[str, Any]:
    found = {"remedy": str(remedy), "at": to_us(now)}
    return found if case is None else {**found, "case": str(case)}

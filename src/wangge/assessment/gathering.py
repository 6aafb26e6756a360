"""The inputs of a run, read from the platform in a handful of statements, whatever their number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from wangge.assessment.core.attributing import holder_of
from wangge.assessment.core.clauses import Exemption
from wangge.assessment.core.inputs import Checks, Earlier, Figures, Finding, Inputs, Month, Place
from wangge.assessment.core.periods import Period, month_of, parse_period
from wangge.assessment.core.policy import Policy
from wangge.assessment.figures import known
from wangge.base.errors import InvalidInput, NotFound
from wangge.base.geometry import Point, distance_m
from wangge.base.mandate import Mandate
from wangge.kernel.duties.queries import Holding, duties_during
from wangge.kernel.places.queries import atlas

VERB = "assess"
_E7_PER_M = 10_000_000 / 111_320


class Gathered(NamedTuple):
    """Inputs, and the names of holders by id, which are no part of them."""

    inputs: Inputs
    names: dict[str, str]


def gather(
    policy: Policy, period: str, *, by: Mandate, area: str = "", checks: Sequence[Checks] = (),
    figures: Sequence[Figures] = (), kept: bool = False,
) -> Gathered:
    """What a policy reads for a period of an area (default: the policy's, else everything).

    `figures` come from a table, beside what the platform knows; `kept` ones stand as they were frozen, alone.

    Needs `assess` there. Raises `InvalidInput` for a period that the policy does not assess, `NotFound` for an area.
    """
    places = atlas()
    scope = ""
    if code := area or policy.area:
        found = places.by_code(code)
        if found is None:
            raise NotFound("There is no area with this code.", field="area", value=code,
                           expected="the code of an area")
        scope = found.path
    by.require(VERB, scope)
    span = parse_period(period, places.timezone(scope or places.default_root))
    if span.kind != policy.period:
        form = {"quarter": "2019Q1", "month": "2019-03"}[policy.period]
        raise InvalidInput(f"This policy assesses a {policy.period}.", field="period", value=period,
                           expected=f"such as {form}")
    counted = list(figures) if kept else known(policy, scope, span, by=by, typed=figures)
    findings = _findings(policy, span.starts, span.ends, scope)
    duties = duties_during(scope, span.starts, span.ends)
    exemption = policy.one(Exemption)
    inputs = Inputs(
        span, scope, tuple(
            Place(one.code, one.name, one.kind, one.path) for one in places.below("")
            if one.valid_from < span.ends and (one.valid_to is None or one.valid_to > span.starts)
        ),
        findings, tuple(duties), _together(_inspections(span, scope), checks),
        _earlier(exemption, policy, span.starts, span.ends, scope) if exemption else (),
        tuple(counted), _months(policy, span, scope),
    )
    return Gathered(inputs, _names(duties))


def gather_day(policy: Policy, day: date, timezone: str, scope: str) -> Gathered:
    """What the daily limit reads for one day below a scope: its findings, reports near them, and duties then.

    The caller has seen that the reader works there.
    """
    span = parse_period(f"{day.year:04d}Q{(day.month + 2) // 3}", timezone)
    begins = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(timezone))
    ends = begins + timedelta(days=1)
    duties = duties_during(scope, begins, ends)
    exemption = policy.one(Exemption)
    inputs = Inputs(
        span, scope, tuple(Place(one.code, one.name, one.kind, one.path) for one in atlas().below("")),
        _findings(policy, begins, ends, scope), tuple(duties), (),
        _earlier(exemption, policy, begins, ends, scope) if exemption else (),
    )
    return Gathered(inputs, _names(duties))


def _names(duties: Sequence[Holding]) -> dict[str, str]:
    return {holder_of(duty): duty.name for duty in duties if duty.name}


def _rows(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values))
        return list(cursor.fetchall())


def _column(policy: Policy) -> str:
    return {"occurred": "f.occurred_at", "discovered": "f.discovered_at"}[policy.moment]


def _findings(policy: Policy, begins: datetime, ends: datetime, scope: str) -> tuple[Finding, ...]:
    column = _column(policy)
    rows = _rows(
        "SELECT f.source, f.ref, f.area_path, f.class_code, f.occurred_at, f.discovered_at, f.points, f.found_points,"
        " coalesce(o.source || '/' || o.ref, ''), f.void FROM assessment_finding f"
        " LEFT JOIN assessment_finding o ON o.id = f.merged_into"
        f" WHERE {column} >= %s AND {column} < %s AND f.area_path LIKE %s",
        [begins, ends, scope + "%"],
    )
    return tuple(Finding(*row) for row in rows)


def _inspections(span: Period, scope: str) -> list[Checks]:
    """The inspections on record."""
    return [Checks(*row) for row in _rows(
        "SELECT i.source, i.area_path, i.inspected_at, i.checks FROM assessment_inspection i"
        " WHERE i.inspected_at >= %s AND i.inspected_at < %s AND i.area_path LIKE %s",
        [span.starts, span.ends, scope + "%"],
    )]


def _together(recorded: Sequence[Checks], brought: Sequence[Checks]) -> tuple[Checks, ...]:
    """What is on record, and what was brought along beside it; the same inspection counts once."""
    return tuple((Counter(recorded) | Counter(brought)).elements())


def _months(policy: Policy, span: Period, scope: str) -> tuple[Month, ...]:
    """The months before the period in which the city checked, found anything or not, with what it took off."""
    column = _column(policy)
    rows = _rows(
        f"SELECT date_trunc('month', c.at AT TIME ZONE %s)::date AS month, sum(c.points) FROM (SELECT {column} AS at,"
        f" f.points FROM assessment_finding f WHERE f.source = 'city' AND f.merged_into IS NULL AND {column} < %s"
        " AND f.area_path LIKE %s UNION ALL SELECT i.inspected_at, 0 FROM assessment_inspection i"
        " WHERE i.source = 'city' AND i.inspected_at < %s AND i.area_path LIKE %s) c GROUP BY month",
        [span.timezone, span.starts, scope + "%", span.starts, scope + "%"],
    )
    return tuple(Month(month_of(day), True, int(lost)) for day, lost in rows)


_REPORTS = """
SELECT f.source || '/' || f.ref, c.number, k.code, f.lon_e7, f.lat_e7, c.lon_e7, c.lat_e7, c.reported_at,
  least(c.closed_at, c.due_at)
FROM assessment_finding f
JOIN cases_case c ON point(c.lon_e7, c.lat_e7) <@ box(
    point(f.lon_e7 - %s / greatest(0.01, cosd(f.lat_e7 / 1e7)), f.lat_e7 - %s),
    point(f.lon_e7 + %s / greatest(0.01, cosd(f.lat_e7 / 1e7)), f.lat_e7 + %s))
  AND c.lon_e7 IS NOT NULL AND c.state <> 'void'
  AND c.reported_at < f.discovered_at AND c.reported_at >= f.discovered_at - %s
  AND coalesce(f.discovered_at < least(c.closed_at, c.due_at), TRUE)
LEFT JOIN cases_class k ON k.id = c.case_class
WHERE f.lon_e7 IS NOT NULL AND {which}
  AND (NOT %s OR coalesce(k.code, '') = f.class_code)
"""
"""A report that was closed or out of time, or of another class where the same one is asked for, is none."""


def _earlier(clause: Exemption, policy: Policy, begins: datetime, ends: datetime, scope: str) -> tuple[Earlier, ...]:
    """Reports near findings that have a point; without a point nothing is near, which is never guessed."""
    column = _column(policy)
    return _near(clause, f"{column} >= %s AND {column} < %s AND f.area_path LIKE %s", [begins, ends, scope + "%"])


def earlier_of(clause: Exemption, findings: Collection[UUID]) -> tuple[Earlier, ...]:
    """Reports near these findings before them. One statement."""
    return _near(clause, "f.id = ANY(%s)", [list(findings)])


def _near(clause: Exemption, which: str, values: Sequence[Any]) -> tuple[Earlier, ...]:
    reach = round((clause.within_m + 1) * _E7_PER_M)
    given = [reach, reach, reach, reach, timedelta(days=clause.oldest_days), *values, clause.same_class]
    rows = _rows(_REPORTS.format(which=which), given)
    return tuple(
        Earlier(key, number, code or "", _metres(Point(lon, lat), Point(far, up)), reported, until)
        for key, number, code, lon, lat, far, up, reported, until in rows
    )


def _metres(one: Point, other: Point) -> int:
    """Whole metres, a fraction counted as one more."""
    return -int(-distance_m(one, other) // 1)

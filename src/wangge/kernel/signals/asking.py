"""Each signal as SQL over what the rooms below hold. A statement gives `key`, `path`, `latest` (when its newest
evidence came), `organisation`, `post` and `data`; `reading` joins what was settled and counts.

Named values: `start`, `end` of the period, `now`, `area` and `after_area`, and the thresholds by `fast_seconds`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from wangge.base.mandate import Mandate
from wangge.kernel.cases import access as cases
from wangge.kernel.indicators.asking import named
from wangge.kernel.indicators.bases import COUNTED
from wangge.kernel.indicators.periods import Period
from wangge.kernel.signals.kinds import Thresholds
from wangge.kernel.signals.rules import MonthEnd
from wangge.kernel.spots import access as spots

RETURNED_LATE = "92 days"
"""A case counts among refused ones so long after its report."""


class Ground(NamedTuple):
    """What a reader sees of cases and of spot files, as conditions on `c` and `s`."""

    cases: str
    spots: str


def ground(by: Mandate, values: dict[str, Any]) -> Ground:
    """The conditions; their values are added."""
    visible, seen = cases.visible_sql(by)
    files, known = spots.visible_sql(by)
    return Ground(
        f"{named(visible, seen, 'seen', values)} AND {COUNTED}"
        " AND c.path >= %(area)s AND c.path < %(after_area)s",
        f"{named(files, known, 'files', values)} AND s.path >= %(area)s AND s.path < %(after_area)s",
    )


def values_of(
    period: Period, now: Any, path: str, thresholds: Thresholds, ends: list[MonthEnd]
) -> dict[str, Any]:
    """The named values of all statements."""
    columns = [list(one) for one in zip(*ends, strict=True)] if ends else [[] for _ in MonthEnd._fields]
    return {
        "start": period.start, "end": period.end, "now": now, "area": path, "after_area": cases.after(path),
        "period": period.text,
        **{name.replace(".", "_"): value for name, value in thresholds.values.items()},
        **{f"month_{name}": column for name, column in zip(MonthEnd._fields, columns, strict=True)},
    }  # fmt: skip


def _photo(on: Ground) -> str:
    return f"""
SELECT f.digest_kept AS key, (array_agg(c.path ORDER BY f.stored_at DESC, c.id))[1] AS path,
  max(f.stored_at) AS latest, NULL::uuid AS organisation, NULL::text AS post,
  jsonb_build_object('cases', jsonb_agg(DISTINCT c.number), 'uses', count(*)) AS data
FROM cases_file f JOIN cases_case c ON c.id = f.case_id
WHERE f.digest_kept IN (
    SELECT n.digest_kept FROM cases_file n
    WHERE n.stored_at >= %(start)s AND n.stored_at < %(end)s AND n.case_id IS NOT NULL AND n.erased_at IS NULL
  ) AND f.erased_at IS NULL AND f.stored_at < %(end)s AND {on.cases}
GROUP BY f.digest_kept HAVING count(DISTINCT (f.case_id, f.role)) >= %(photo_uses)s AND max(f.stored_at) >= %(start)s"""


def _fast(on: Ground) -> str:
    return f"""
SELECT c.id::text AS key, c.path, c.handled_at AS latest, c.organisation, c.post,
  jsonb_build_object('number', c.number, 'seconds', floor(extract(epoch FROM c.handled_at - c.reported_at))) AS data
FROM cases_case c
WHERE {on.cases} AND c.reported_at >= %(start)s AND c.reported_at < %(end)s AND c.state IN ('handled', 'closed')
  AND c.handled_at <= c.reported_at + make_interval(secs => %(fast_seconds)s) AND NOT c.self_disposed
  AND c.origin <> 'imported' AND c.parts = 0"""


def _month_end(on: Ground) -> str:
    return f"""
SELECT g.month || ':' || coalesce(g.organisation::text || ':' || %(area)s::text, g.path) AS key,
  coalesce(g.path, %(area)s::text) AS path, g.latest, g.organisation, NULL::text AS post,
  jsonb_build_object('month', g.month, 'late', g.late, 'rest', g.rest, 'days', g.days, 'others', g.others) AS data
FROM (
  SELECT w.month, w.days, w.others, c.path, c.organisation, grouping(c.path) AS units,
    count(*) FILTER (WHERE c.closed_at >= w.late) AS late, count(*) FILTER (WHERE c.closed_at < w.late) AS rest,
    max(c.closed_at) AS latest
  FROM unnest(%(month_text)s::text[], %(month_begins)s::timestamptz[], %(month_late)s::timestamptz[],
    %(month_ends)s::timestamptz[], %(month_days)s::int[], %(month_others)s::int[])
    w(month, begins, late, ends, days, others)
  JOIN cases_case c ON c.closed_at >= w.begins AND c.closed_at < w.ends
  WHERE {on.cases} AND c.state = 'closed' AND c.parts = 0
  GROUP BY GROUPING SETS ((w.month, w.days, w.others, c.path), (w.month, w.days, w.others, c.organisation))
) g
WHERE (g.units = 0 OR g.organisation IS NOT NULL) AND g.late >= %(month_end_closings)s
  AND g.late::bigint * g.others >= %(month_end_times)s::bigint * g.rest * g.days"""


def _few(on: Ground) -> str:
    return f"""
SELECT %(period)s::text || ':' || r.path AS key, r.path, %(start)s::timestamptz AS latest, NULL::uuid AS organisation,
  NULL::text AS post,
  jsonb_build_object('reports', sum(r.n),
    'percent', floor(10 * sum(r.n) FILTER (WHERE r.known AND r.place <= %(few_reporters)s) / sum(r.n)) * 10) AS data
FROM (
  SELECT c.path, c.reporter IS NOT NULL AS known, count(*) AS n,
    row_number() OVER (PARTITION BY c.path, c.reporter IS NOT NULL ORDER BY count(*) DESC) AS place
  FROM cases_case c
  WHERE {on.cases} AND c.reported_at >= %(start)s AND c.reported_at < %(end)s AND c.state <> 'void'
    AND c.parent IS NULL GROUP BY c.path, c.reporter
) r
GROUP BY r.path HAVING sum(r.n) >= %(few_reports)s
  AND 100 * sum(r.n) FILTER (WHERE r.known AND r.place <= %(few_reporters)s) >= %(few_percent)s * sum(r.n)"""


def _rebound(on: Ground) -> str:
    return f"""
SELECT s.number AS key, s.path, max(e.at) AS latest, NULL::uuid AS organisation, NULL::text AS post,
  jsonb_build_object('spot', s.number, 'rebounds', s.rebounds, 'reopens', s.reopens, 'days', s.hold_days) AS data
FROM spots_spot s JOIN journal_entry e ON e.subject_id = s.id AND e.verb IN ('open_spot', 'rebound', 'recur')
WHERE {on.spots} AND e.at >= %(start)s AND e.at < %(end)s GROUP BY s.id"""


def _refusal(on: Ground) -> str:
    return f"""
SELECT c.id::text AS key, c.path, e.latest, c.organisation, c.post,
  jsonb_build_object('number', c.number, 'refusals', c.refusals, 'meeting', c.meeting) AS data
FROM cases_case c CROSS JOIN LATERAL (
  SELECT max(e.at) AS latest FROM journal_entry e WHERE e.subject_id = c.id AND e.verb = 'return') e
WHERE {on.cases} AND c.refusals >= %(refusal_refusals)s AND e.latest >= %(start)s AND e.latest < %(end)s
  AND c.reported_at >= %(start)s::timestamptz - interval '{RETURNED_LATE}' AND c.reported_at < %(end)s"""


STATEMENTS: dict[str, Callable[[Ground], str]] = {
    "photo": _photo, "fast": _fast, "month_end": _month_end, "few": _few, "rebound": _rebound, "refusal": _refusal,
}
"""By the code of the signal; `silent` is asked by `indicators.quiet`."""

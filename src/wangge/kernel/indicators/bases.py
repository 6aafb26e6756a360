"""Which cases a figure counts in a period: each base has the moment that places a case in it, and who is left out.

SQL over `cases_case c` with named values: `start`, `end` of the period, `now`, `reached` (the earlier of `end` and
`now`), `target` of a first answer. Every base leaves out cases that were joined to another (`merged_into`): what they
joined is counted.
"""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from wangge.kernel.cases.guards import SEEN_SOURCES

FIRST_ANSWER_TARGET = timedelta(minutes=30)
"""By when a person should have answered first (第一时间), in calendar time: ours, as for a called department."""
BACK_WITHIN = timedelta(days=30)
BACK_WITHIN_M = 50
"""A case of the same class so near and so soon after closing is a recurrence (domain reference, 1.6)."""


class Base(NamedTuple):
    """A base: what it is in both languages, and the condition."""

    name: str
    name_en: str
    sql: str


def _within(column: str, end: str = "end") -> str:
    return f"c.{column} >= %(start)s AND c.{column} < %({end})s"


_DUE = f"{_within('due_at', 'reached')} AND c.state NOT IN ('reported', 'verifying', 'void') AND NOT c.self_disposed"

BASES: dict[str, Base] = {
    "reported": Base("本期上报", "reported in the period", _within("reported_at")),
    "accepted": Base(
        "本期受理（不含自行处置）", "accepted in the period, not self-disposed",
        f"{_within('accepted_at')} AND NOT c.self_disposed",
    ),
    "registered": Base(
        "本期立案（不含自行处置、导入案件）", "registered in the period, neither self-disposed nor imported",
        f"{_within('registered_at')} AND NOT c.self_disposed AND c.origin <> 'imported'",
    ),
    "due": Base(
        "时限在本期内且已到（不含作废、挂账、自行处置、申诉免责）",
        "due in the period and by now; neither void, suspended, self-disposed nor exempt by appeal",
        f"{_DUE} AND c.state <> 'suspended' AND NOT c.timeout_exempt",
    ),
    "due_all": Base(
        "时限在本期内且已到（含挂账、申诉免责；不含作废、自行处置）",
        "due in the period and by now, suspended and exempt ones included; neither void nor self-disposed", _DUE,
    ),
    "handled": Base(
        "本期处置完毕（不含自行处置、导入案件）",
        "handed back in the period, neither self-disposed nor imported",
        f"{_within('handled_at')} AND NOT c.self_disposed AND c.origin <> 'imported'",
    ),
    "closed": Base("本期结案", "closed in the period", f"c.state = 'closed' AND {_within('closed_at')}"),
}  # fmt: skip

COUNTED = "c.merged_into IS NULL"

DONE_AT = (
    "CASE WHEN c.handled_at IS NOT NULL THEN c.handled_at"
    " WHEN c.state = 'closed' AND NOT c.forced THEN c.closed_at END"
)
"""When the work was handed back; of imported cases, whose source does not say it, when they were closed."""

_PUBLIC = "c.source NOT IN (" + ", ".join(f"'{source}'" for source in sorted(SEEN_SOURCES)) + ")"
_VERIFY_DUE = "(CASE WHEN c.state = 'verifying' THEN c.stage_due_at ELSE c.register_due_at END)"

CLOSED = "c.state = 'closed' AND NOT c.forced"
REGISTERED_NOW = "c.registered_at IS NOT NULL AND c.state NOT IN ('reported', 'verifying', 'void')"
TO_VERIFY = (
    f"{_PUBLIC} AND ((c.verified_at IS NOT NULL AND {_VERIFY_DUE} IS NOT NULL)"
    " OR (c.verified_at IS NULL AND c.state = 'verifying' AND c.stage_due_at < %(now)s))"
)
VERIFIED_IN_TIME = f"c.verified_at <= {_VERIFY_DUE}"
TO_DISPATCH = (
    "c.state NOT IN ('reported', 'verifying', 'void') AND (CASE WHEN c.state = 'registered'"
    " THEN c.stage_due_at < %(now)s ELSE c.dispatched_at >= c.registered_at AND c.dispatch_due_at IS NOT NULL END)"
)
DISPATCHED_IN_TIME = "c.state <> 'registered' AND c.dispatched_at <= c.dispatch_due_at"
TO_INSPECT = (
    "((c.inspected_at IS NOT NULL AND c.inspect_due_at IS NOT NULL)"
    " OR (c.state = 'handled' AND c.inspected_at IS NULL AND c.stage_due_at < %(now)s))"
)
INSPECTED_IN_TIME = "c.inspected_at <= c.inspect_due_at"
TO_ANSWER = (
    "c.origin <> 'imported' AND NOT c.self_disposed AND c.parent IS NULL"
    " AND (c.first_answer_at IS NOT NULL OR c.reported_at + %(target)s::interval < %(now)s)"
)
ANSWERED_IN_TIME = "c.first_answer_at <= c.reported_at + %(target)s::interval"
ANSWERED = "c.origin <> 'imported' AND NOT c.self_disposed AND c.parent IS NULL AND c.first_answer_at IS NOT NULL"
ANSWER_SECONDS = "floor(extract(epoch FROM c.first_answer_at - c.reported_at))::bigint"
WATCHED = "c.case_class IS NOT NULL AND c.lon_e7 IS NOT NULL"
CAME_BACK = "c.id IN (SELECT came_back.id FROM came_back)"

_HIGH_E7 = -(-BACK_WITHIN_M * 10_000_000 // 111_320)
_WIDE_E7 = round(_HIGH_E7 * 3.8637)
_LONG_S = int(BACK_WITHIN.total_seconds())
"""The cells that are searched: 50 m high, wide enough to hold 50 m up to 75° of latitude, 30 days long."""
_CELL = (
    f"(({{0}}.lon_e7::bigint + 1800000000) / {_WIDE_E7} << 31)"
    f" + (({{0}}.lat_e7::bigint + 900000000) / {_HIGH_E7} << 12)"
    f" + extract(epoch FROM {{0}}.{{1}})::bigint / {_LONG_S}"
)
_STEPS = (-1, 0, 1)
_AROUND = ", ".join(
    f"({(east << 31) + (north << 12) + later})" for east in _STEPS for north in _STEPS for later in (0, 1)
)
_NEAR = (
    "power((r.lon_e7 - e.lon_e7) * cos(radians(e.lat_e7 / 1e7)), 2) + power((r.lat_e7 - e.lat_e7)::float8, 2)"
    f" <= power({BACK_WITHIN_M} / {111_320 / 10_000_000}, 2)"
)


def came_back() -> str:
    """CTEs up to `came_back`: the cases closed in the period to whose spot one of their class came back.

    A cell of place and time makes neighbours an equality, so that rows are joined by hashes, however many there are;
    metres and moments decide.
    """
    return f"""
ended AS (
  SELECT c.id, c.case_class, c.closed_at, c.lon_e7, c.lat_e7, {_CELL.format("c", "closed_at")} AS cell
  FROM cases_case c WHERE {BASES["closed"].sql} AND {COUNTED} AND {WATCHED}
    AND c.path >= %(area)s AND c.path < %(after_area)s
), again AS (
  SELECT r.id, r.case_class, r.reported_at, r.lon_e7, r.lat_e7, {_CELL.format("r", "reported_at")} AS cell
  FROM cases_case r WHERE r.reported_at >= %(start)s AND r.reported_at < %(end)s + %(back)s::interval
    AND r.state <> 'void' AND r.merged_into IS NULL AND r.parent IS NULL AND r.case_class IS NOT NULL
    AND r.lon_e7 IS NOT NULL AND r.path >= %(root)s AND r.path < %(after_root)s
), came_back AS MATERIALIZED (
  SELECT DISTINCT e.id FROM ended e CROSS JOIN (VALUES {_AROUND}) o(step)
  JOIN again r ON r.case_class = e.case_class AND r.cell = e.cell + o.step AND r.id <> e.id
    AND r.reported_at > e.closed_at AND r.reported_at <= e.closed_at + %(back)s::interval AND {_NEAR}
)"""

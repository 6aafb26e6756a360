"""How many open cases each place and state holds, by one scan of an index that holds nothing else.

Lists count the same open cases again and again: by state, by place, late, due soon. One pass over `cases_case_open`
answers all of these; what asks for more is counted by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from wangge.base.mandate import Mandate
from wangge.kernel.cases.access import after, visible_sql
from wangge.kernel.cases.lifecycle import OPEN
from wangge.kernel.cases.queries.conditions import Filters

STATES = frozenset(state.value for state in OPEN)
_PLAIN = {field: getattr(Filters(), field) for field in Filters.__struct_fields__}
_ASKS = frozenset({"states", "area_path", "overdue", "due_before", "joined", "order"})
_SCAN = """tally AS MATERIALIZED (SELECT c.path, c.state, count(*) AS n,
  count(*) FILTER (WHERE c.stage_due_at < %s) AS late,
  count(*) FILTER (WHERE c.stage_due_at >= %s AND c.stage_due_at < %s) AS soon
  FROM cases_case c WHERE {visible} AND c.state IN ({states}) AND c.merged_into IS NULL GROUP BY c.path, c.state)"""


class Tally(NamedTuple):
    """Tables for a WITH clause with their values, and for each view that they answer an expression over `told`."""

    tables: list[str]
    values: list[Any]
    counts: dict[str, str]


def tally_of(by: Mandate, views: Mapping[str, Filters], *, now: datetime) -> Tally:
    """What one pass answers of these views; nothing where it answers none."""
    horizon = next((one.due_before for one in views.values() if one.due_before is not None), now)
    told = {name: filters for name, filters in views.items() if _answers(filters, horizon)}
    if not told:
        return Tally([], [], {})
    visible, seen = visible_sql(by)
    parts: list[str] = []
    given: list[Any] = []
    for number, filters in enumerate(told.values()):
        condition = f"t.state IN ({_named(filters.states)})"
        if filters.area_path:
            condition += " AND t.path >= %s AND t.path < %s"
            given += [filters.area_path, after(filters.area_path)]
        parts.append(f"coalesce(sum({_amount(filters)}) FILTER (WHERE {condition}), 0)::bigint AS n{number}")
    scan = _SCAN.format(visible=visible, states=_named(STATES))
    tables = [scan, f"told AS MATERIALIZED (SELECT {', '.join(parts)} FROM tally t)"]
    values = [now, now, horizon, *seen, *given]
    return Tally(tables, values, {name: f"(SELECT n{number} FROM told)" for number, name in enumerate(told)})


def _answers(filters: Filters, horizon: datetime) -> bool:
    if filters.joined or not filters.states or not STATES.issuperset(filters.states):
        return False
    if filters.due_before is not None and (filters.overdue is not None or filters.due_before != horizon):
        return False
    return all(value == _PLAIN[name] for name, value in msgspec.structs.asdict(filters).items() if name not in _ASKS)


def _amount(filters: Filters) -> str:
    if filters.due_before is not None:
        return "t.soon"
    return {None: "t.n", True: "t.late", False: "t.n - t.late"}[filters.overdue]


def _named(states: Collection[str]) -> str:
    return ", ".join(f"'{state}'" for state in sorted(STATES) if state in states)

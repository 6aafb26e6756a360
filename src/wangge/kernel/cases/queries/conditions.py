"""What a list is narrowed to: the filters and the mandate's view as SQL conditions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from wangge.base.errors import InvalidInput
from wangge.base.mandate import Mandate
from wangge.base.masking import bigrams
from wangge.kernel.cases.access import after, readable_sql, visible_sql
from wangge.kernel.cases.lifecycle import LIVE, State

_LIVE = ", ".join(f"'{state.value}'" for state in LIVE)
WAITING: Mapping[str, str] = {
    "request": "c.request IS NOT NULL",  # an extension, a suspension or an appeal waits for its answer
    "order": "c.supervision_due_at IS NOT NULL",  # a supervision order waits for its answer
    "call": "c.called IS NOT NULL",  # a department was called and has not arrived
    "late": (  # a department that was called or an order's answer is overdue; %s is now
        "((c.called IS NOT NULL AND c.call_due_at < %s)"
        " OR (c.supervision_due_at IS NOT NULL AND c.supervision_due_at < %s))"
    ),
    "meeting": "c.meeting = 'called'",  # two units refused it
    "risen": (  # it is above the tier at which its class starts
        "c.tier <> 'grid' AND k.tier IS NOT NULL AND k.tier <> c.tier AND (k.tier = 'grid' OR c.tier = 'subdistrict')"
        " AND c.state = ANY(ARRAY['registered', 'dispatched', 'handling'])"
    ),
    "reminded": f"c.reminders > 0 AND c.state = ANY(ARRAY[{_LIVE}])",  # somebody asked for it (催办)
    "joined": "c.merged_into IS NOT NULL",  # it ends with the case that it joined
}
"""What a case may wait for beside its stage; most have a partial index."""

KNOWN_STATES = frozenset(state.value for state in State)


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """What to list. `area_path` is a path prefix, `bbox` west, south, east, north in degrees × 1e7.

    `class_prefix` matches a class code and all below it. `order` is newest (by report time), due (by the
    end of the present stage, soonest first; cases whose clock has stopped are left out) or longest (open cases only, by
    how long they stand at their stage). `due_before` leaves what is due from now to then; `mine` what was sent to the
    mandate's own organisation or post. `waiting` is a key of
    `WAITING`; `joined` false leaves out what was merged into another case.
    """

    states: tuple[str, ...] = ()
    class_prefix: str = ""
    area_path: str = ""
    tier: str = ""
    source: str = ""
    organisation: UUID | None = None
    bbox: tuple[int, int, int, int] | None = None
    overdue: bool | None = None
    due_before: datetime | None = None
    mine: bool = False
    reported_after: datetime | None = None
    reported_before: datetime | None = None
    q: str = ""
    order: str = "newest"
    waiting: str = ""
    joined: bool = True


_FOUND = (
    "EXISTS (SELECT 1 FROM cases_search s WHERE s.case_id = c.id AND s.terms @> %s)"
    " AND EXISTS (SELECT 1 FROM journal_content t WHERE t.subject_id = c.id AND t.seq = 1"
    " AND t.field IN ('description', 'address') AND t.value ILIKE %s)"
)


def conditions_of(by: Mandate, filters: Filters, now: datetime) -> tuple[list[str], list[Any]]:
    """The filters and the mandate's view as SQL conditions on `cases_case c` (and `cases_class k`)."""
    visible, values = visible_sql(by)
    conditions = [visible]
    if filters.states:
        known_states(filters.states)
        several = len(filters.states) > 1
        conditions.append("c.state = ANY(%s)" if several else "c.state = %s")
        values.append(list(filters.states) if several else filters.states[0])
    if filters.area_path:
        conditions.append("c.path >= %s AND c.path < %s")
        values += [filters.area_path, after(filters.area_path)]
    rest, given = rest_of(by, filters, now)
    if filters.q.strip() and not _is_number(filters.q.strip()):  # words that one does not read are not searched
        readable, seen = readable_sql(by)
        conditions.append(readable)
        values += seen
    return [*conditions, *rest], [*values, *given]


def known_states(states: Sequence[str]) -> None:
    """Raise `InvalidInput` for a state that is none."""
    for state in states:
        if state not in KNOWN_STATES:
            raise InvalidInput(
                "There is no such state.", field="state", value=state, expected="one of " + ", ".join(State)
            )


def rest_of(by: Mandate, filters: Filters, now: datetime) -> tuple[list[str], list[Any]]:
    """The conditions beside state and ground."""
    conditions: list[str] = []
    values: list[Any] = []

    def add(sql: str, *given: Any) -> None:
        conditions.append(sql)
        values.extend(given)

    if filters.class_prefix:
        add("k.code >= %s AND k.code < %s", filters.class_prefix, after(filters.class_prefix))
    for column in ("tier", "source", "organisation"):
        if value := getattr(filters, column):
            add(f"c.{column} = %s", value)
    if filters.bbox:
        west, south, east, north = filters.bbox
        add("c.lon_e7 BETWEEN %s AND %s AND c.lat_e7 BETWEEN %s AND %s", west, east, south, north)
    if filters.overdue is not None:
        add(
            "c.stage_due_at < %s" if filters.overdue else "(c.stage_due_at >= %s OR c.stage_due_at IS NULL)",
            now,
        )
    if filters.due_before is not None:
        add("c.stage_due_at >= %s AND c.stage_due_at < %s", now, filters.due_before)
    if filters.mine:
        add(
            "(c.organisation = %s OR (c.post = %s AND c.post_path >= %s AND c.post_path < %s))",
            by.organisation, by.post, by.scope_path, after(by.scope_path),
        )  # fmt: skip
    if filters.waiting:
        if filters.waiting not in WAITING:
            raise InvalidInput(
                "Nothing of this kind is waited for.",
                field="waiting",
                value=filters.waiting,
                expected="one of " + ", ".join(WAITING),
            )
        sql = WAITING[filters.waiting]
        add(sql, *[now] * sql.count("%s"))
    if not filters.joined:
        add("c.merged_into IS NULL")
    if filters.reported_after:
        add("c.reported_at >= %s", filters.reported_after)
    if filters.reported_before:
        add("c.reported_at < %s", filters.reported_before)
    if filters.q.strip():
        sql, given = _words(filters.q.strip())
        add(sql, *given)
    return conditions, values


def _is_number(text: str) -> bool:
    return text.isdigit() and len(text) >= 6


def _words(text: str) -> tuple[str, Sequence[Any]]:
    """Search: the index of bigrams finds candidates, the text itself decides."""
    like = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    if _is_number(text):
        return "c.number LIKE %s", [like]
    terms = bigrams(text)
    if not terms:
        raise InvalidInput(
            "Search for at least two characters.", field="q", value=text, expected="two characters or more"
        )
    return _FOUND, [terms, like]

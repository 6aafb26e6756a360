"""What a list is narrowed to: the filters and the mandate's view as SQL conditions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from wangge.base.errors import InvalidInput
from wangge.base.mandate import Mandate
from wangge.kernel.cases.access import after, readable_sql, visible_sql
from wangge.kernel.cases.lifecycle import LIVE, OPEN, State
from wangge.kernel.cases.queries.words import NUMBER_DIGITS, SCAN, digits_of, like_of, searched, terms_for

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
    "decision": "(c.request IS NOT NULL OR c.meeting = 'called' OR c.supervision_due_at IS NOT NULL)",  # a yes
}
"""What a case may wait for beside its stage; most have a partial index."""

_OPEN = frozenset(state.value for state in OPEN)
STANDING = "c.state IN (" + ", ".join(f"'{state.value}'" for state in OPEN) + ")"
"""What the indexes of open cases hold."""
NEAR = 200_000
"""A box narrower than this (degrees × 1e7, some 2 km) is a street or two."""
KNOWN_STATES = frozenset(state.value for state in State)


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """What to list. `area_path` is a path prefix, `bbox` west, south, east, north in degrees × 1e7.

    `class_prefix` matches a class code and all below it. `order` is newest (by report time), due (by the
    end of the present stage, soonest first; cases whose clock has stopped are left out) or longest (open cases only, by
    how long they stand at their stage). `due_before` leaves what is due from now to then; `mine` what was sent to the
    mandate's own organisation or post. `waiting` is a key of
    `WAITING`; `joined` false leaves out what was merged into another case. `due_after`
    keeps the present stages that end since then, `reopened_…` cases that were closed and are registered anew, `forced`
    those closed by force. `held_by` is a post with the path of its area: what was dispatched to it there.
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
    closed_after: datetime | None = None
    closed_before: datetime | None = None
    reopened_after: datetime | None = None
    reopened_before: datetime | None = None
    due_after: datetime | None = None
    forced: bool = False
    held_by: tuple[str, str] | None = None


def conditions_of(
    by: Mandate, filters: Filters, now: datetime, *, words: bool = True
) -> tuple[list[str], list[Any]]:
    """The filters and the mandate's view as SQL conditions on `cases_case c` (and `cases_class k`). Without `words` the
    search itself is left out, for who puts it in (`words_of`)."""
    visible, values = visible_sql(by)
    conditions = [visible]
    if filters.states:
        known_states(filters.states)  # known words in the text: a value hides which index holds them
        conditions.append(f"c.state IN ({', '.join(repr(str(state)) for state in sorted(filters.states))})")
    if filters.area_path:
        conditions.append("c.path >= %s AND c.path < %s")
        values += [filters.area_path, after(filters.area_path)]
    rest, given = rest_of(by, filters, now, words=words)
    if searched(filters.q):  # words that one does not read are not searched
        readable, seen = readable_sql(by)
        conditions.append(readable)
        values += seen
    return [*conditions, *rest], [*values, *given]


def near(bbox: tuple[int, int, int, int]) -> bool:
    """Whether a box is so small that what lies in it is found by its points."""
    west, south, east, north = bbox
    return east - west < NEAR and north - south < NEAR


def standing(states: Sequence[str]) -> list[str]:
    """The condition that a case is open, where these states do not say so: said twice, the planner would think that
    hardly any case is."""
    return [] if states and _OPEN.issuperset(states) else [STANDING]


def known_states(states: Sequence[str]) -> None:
    """Raise `InvalidInput` for a state that is none."""
    for state in states:
        if state not in KNOWN_STATES:
            raise InvalidInput(
                "There is no such state.", field="state", value=state, expected="one of " + ", ".join(State)
            )


def rest_of(by: Mandate, filters: Filters, now: datetime, *, words: bool = True) -> tuple[list[str], list[Any]]:
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
        if near(filters.bbox):  # few lie there: the index of points finds them
            add("point(c.lon_e7, c.lat_e7) <@ box(point(%s, %s), point(%s, %s))", west, south, east, north)
    if filters.overdue or filters.due_before is not None:
        conditions += standing(filters.states)
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
    if filters.held_by is not None:
        add("c.post = %s AND c.post_path = %s", *filters.held_by)
    if not filters.joined:
        add("c.merged_into IS NULL")
    if filters.reported_after:
        add("c.reported_at >= %s", filters.reported_after)
    if filters.reported_before:
        add("c.reported_at < %s", filters.reported_before)
    for name, sql in _MOMENTS.items():
        if moment := getattr(filters, name):
            add(sql, moment)
    if filters.forced:
        add("c.forced")
    if digits := digits_of(filters.q):
        if len(digits) >= NUMBER_DIGITS:
            add("c.number = %s", digits)
        else:
            add("c.number LIKE %s", f"%{digits}%")
    elif words and searched(filters.q):
        add(SCAN, terms_for(filters.q.strip()), like_of(filters.q.strip()))
    return conditions, values


_MOMENTS: Mapping[str, str] = {
    "closed_after": "c.closed_at >= %s",
    "closed_before": "c.closed_at < %s",
    "reopened_after": "c.reopens > 0 AND c.registered_at >= %s",
    "reopened_before": "c.reopens > 0 AND c.registered_at < %s",
    "due_after": "c.stage_due_at >= %s",
}

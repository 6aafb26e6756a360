"""The newest cases of a small ground, read from the newest of each path and state on it.

Reading the newest cases of all and leaving out those elsewhere is quick where the ground holds many of them, and
reads the whole table where it is quiet. Here the index (path, state, reported_at) is asked for the paths that occur
on the ground, hopping from one to the next, and then for the newest few of each path and state. What that costs
depends on how many places the ground has, neither on how many cases there are nor on how old those here are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from wangge.base.mandate import Mandate
from wangge.kernel.cases.access import after
from wangge.kernel.cases.lifecycle import State
from wangge.kernel.places.models import TERRITORY
from wangge.kernel.places.queries import Atlas

MOST_PLACES = 60
"""On ground with more places than this the newest of all are read."""
EVERY_STATE = tuple(state.value for state in State)

BEGINS = "WITH RECURSIVE path(p) AS ("
"""The statement is worth preparing: its plan is the same for every ground."""
_PATHS = (
    "(SELECT c.path FROM cases_case c WHERE c.path >= %s AND c.path < %s ORDER BY c.path LIMIT 1) UNION ALL"
    " SELECT (SELECT c.path FROM cases_case c WHERE c.path > path.p AND c.path < %s ORDER BY c.path LIMIT 1)"
    " FROM path WHERE path.p IS NOT NULL"
)
_BELOW = (
    "SELECT f.id, f.reported_at FROM path CROSS JOIN unnest({states}) s(state) CROSS JOIN LATERAL ("
    "SELECT c.id, c.reported_at FROM cases_case c {join}"
    " WHERE c.path = path.p AND c.state = s.state{more} {last}) f"
)
_OWN = (
    "(SELECT c.id, c.reported_at FROM cases_case c {join} WHERE c.reporter = %s AND c.state = ANY({states})"
    " AND c.path >= %s AND c.path < %s{more} {last})"
)


class Ground(NamedTuple):
    """What is seen: everything below a path, and elsewhere on `also` (a path) what the reader reported."""

    path: str
    also: str | None


def ground_of(by: Mandate, area_path: str, places: Atlas) -> Ground | None:
    """The small ground that a list is about, None where it is a root, too large, or seen only in part."""
    scope = by.scope_path
    if "see" not in by.may:
        return None
    if area_path.startswith(scope):  # what one reported there is seen anyway
        found = Ground(area_path, None)
    elif scope.startswith(area_path):
        found = Ground(scope, area_path if by.actor is not None else None)
    else:
        return None
    if found.path.count("/") < 2:
        return None
    held = sum(area.kind in TERRITORY for area in places.below(found.path))
    return found if held <= MOST_PLACES else None


def newest(
    ground: Ground, by: Mandate, states: Sequence[str], rest: Sequence[str], values: Sequence[Any], *, limit: int
) -> tuple[str, list[Any]]:
    """The beginning of a statement, up to the CTE `newest` with the ids of the newest cases, and its values.

    `rest` are conditions on `cases_case c` and `cases_class k` beside ground and state.
    """
    more = "".join(f" AND {one}" for one in rest)
    join = "LEFT JOIN cases_class k ON k.id = c.case_class" if "k." in more else ""
    last = f"ORDER BY c.reported_at DESC, c.id DESC LIMIT {limit}"
    low, high = ground.path, after(ground.path)
    # Known words in the text: as a value they would be reckoned a hundred, and the general plan never be taken.
    named = "ARRAY[" + ", ".join(f"'{state}'" for state in EVERY_STATE if not states or state in states) + "]"
    found = _BELOW.format(join=join, more=more, last=last, states=named)
    given: list[Any] = [low, high, high, *values]
    if ground.also is not None:
        found += " UNION " + _OWN.format(join=join, more=more, last=last, states=named)
        given += [by.actor, ground.also, after(ground.also), *values]
    return f"{BEGINS} {_PATHS}), newest AS (SELECT c.id FROM ({found}) c {last})", given

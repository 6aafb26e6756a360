"""Whom the rules name for each of many cases that wait to be dispatched, by one statement for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from wangge.kernel.cases import routing
from wangge.kernel.cases.lifecycle import State
from wangge.kernel.cases.reference import reference
from wangge.kernel.cases.state import CaseState
from wangge.kernel.duties.queries import roster_over


def suggestions(cases: Sequence[CaseState], now: datetime) -> Mapping[UUID, routing.Suggestion]:
    """By the id of the case; none for a case at another stage or joined to another."""
    waiting = [case for case in cases if case.state == State.REGISTERED and case.merged_into is None]
    if not waiting:
        return {}
    known, held = reference(), roster_over({case.path for case in waiting}, now)
    found = {}
    for case in waiting:
        info = known.classes.get(case.case_class) if case.case_class else None
        found[case.id] = routing.suggest(
            known,
            lambda path, post: held.holders(path, post, now),
            path=case.path,
            code=info.code if info else None,
            at=now,
            risen=routing.risen(case.tier, info.tier if info else None),
            keeper=known.keeper_of(case.part),
        )
    return found

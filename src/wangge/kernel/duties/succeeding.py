"""Duties follow their area: where it ends they end, and go on at what takes its place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from wangge.base.clock import to_us
from wangge.base.mandate import Mandate
from wangge.kernel.duties.catalogue import POSTS
from wangge.kernel.duties.models import Assignment
from wangge.kernel.duties.services import NewDuty, advance, begins_at, insert_duties, learned, supersede
from wangge.kernel.places.models import Area

Seat = tuple[object, ...]


def succeed(moves: Sequence[tuple[UUID, Area | None]], *, at: datetime, by: Mandate) -> int:
    """The areas with these ids end at `at`: duties on them end, and go on where a successor is given.

    Where the successor's single seat is taken, or the person holds the same post there, a duty ends for good.
    """
    followers = dict(moves)
    with transaction.atomic():
        held = list(
            Assignment.objects.select_for_update(of=("self",))
            .filter(area_id__in=list(followers), recorded__upper_inf=True).exclude(valid__fully_lt=(at, None))
        )
        taken = _taken([area for area in followers.values() if area is not None], at)
        going: list[tuple[NewDuty, Assignment | None]] = []
        for one in sorted(held, key=lambda one: (begins_at(one), one.id)):
            if one.valid.upper is not None and one.valid.upper <= at:
                continue
            follower = followers[one.area_id]
            if follower is not None and not taken & (seats := _seats(one, follower.id)):
                taken |= seats
                going.append((NewDuty(one.post_id, follower.code, max(at, begins_at(one)), one.person_id,
                                      one.organisation_id, one.kind, one.valid.upper), None))
            if begins_at(one) >= at or one.valid.upper is not None or at < learned(by):
                supersede(one, "correct", by=by)
                if begins_at(one) < at:
                    insert_duties([(NewDuty(one.post_id, one.area.code, begins_at(one), one.person_id,
                                            one.organisation_id, one.kind, at), one)], by=by)
                continue
            one.valid = DateTimeTZRange(begins_at(one), at, "[)")
            advance(one, "end_duty", {"valid_to": to_us(at)}, by=by)
        insert_duties(going, by=by)
    return len(held)


def _taken(areas: Sequence[Area], at: datetime) -> set[Seat]:
    """What is held on these areas at `at` or later."""
    rows = Assignment.objects.filter(area__in=areas, recorded__upper_inf=True).exclude(valid__fully_lt=(at, None))
    return {seat for one in rows for seat in _seats(one, one.area_id)}


def _seats(one: Assignment, area: UUID) -> set[Seat]:
    """What a duty takes up on an area: a single seat if it is one, and the person in that post."""
    person: set[Seat] = {(area, one.post_id, one.kind, one.person_id)} if one.person_id else set()
    single = one.kind == "regular" and POSTS[one.post_id].single_seat if one.post_id in POSTS else False
    return person | ({(area, one.post_id)} if single else set())

"""Writes of duties. Each is one transaction; every row that begins, ends or is superseded has its entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from wangge.base import events
from wangge.base.clock import to_us
from wangge.base.errors import Conflict, InvalidInput, NotFound
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.duties.catalogue import POSTS
from wangge.kernel.duties.events import DutiesChanged
from wangge.kernel.duties.filling import require_fill
from wangge.kernel.duties.hours import confirm_year, create_calendar, fill_calendar, set_day, set_hours
from wangge.kernel.duties.models import DUTY_KINDS, Assignment
from wangge.kernel.journal.services import Act, append
from wangge.kernel.people.models import Organisation, Person
from wangge.kernel.places.models import Area

__all__ = [
    "NewDuty", "assign", "assign_many", "confirm_year", "correct_assignment", "create_calendar", "end_assignment",
    "fill_calendar", "lock_duty", "set_day", "set_hours", "void_assignment",
]

_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class NewDuty:
    """A duty to be assigned, by the code of its area; `valid_to` None is open-ended.

    Of a handover: the duty that it takes over from, the open cases that go along, and a note (erasable content).
    """

    post: str
    area: str
    valid_from: datetime
    person: UUID | None = None
    organisation: UUID | None = None
    kind: str = "regular"
    valid_to: datetime | None = None
    takes_over: UUID | None = None
    cases: tuple[UUID, ...] = ()
    note: str = ""


def assign(
    *, post: str, area: str, valid_from: datetime, by: Mandate, person: UUID | Person | None = None,
    organisation: UUID | Organisation | None = None, kind: str = "regular", valid_to: datetime | None = None,
) -> Assignment:
    """A person, or only an organisation, holds `post` on the area with this code from `valid_from` on.

    Raises `InvalidInput`, `Forbidden`, and `Conflict` where a single seat is taken at that time.
    """
    row = NewDuty(
        post, area, valid_from, person.id if isinstance(person, Person) else person,
        organisation.id if isinstance(organisation, Organisation) else organisation, kind, valid_to,
    )
    return assign_many([row], by=by)[0]


def assign_many(rows: Sequence[NewDuty], *, by: Mandate) -> list[Assignment]:
    """Many duties, set-wise; all or none."""
    with transaction.atomic():
        made = insert_duties([(row, None) for row in rows], by=by)
        events.publish(DutiesChanged(tuple(one.id for one in made), by.at))
    return made


def end_assignment(*, assignment: UUID, at: datetime, by: Mandate) -> Assignment:
    """The duty ends at `at` (exclusive). An end that lies before its recording is a correction and makes a new row."""
    with transaction.atomic():
        held = lock_duty(assignment, by=by)
        if not begins_at(held) < at or (held.valid.upper is not None and held.valid.upper <= at):
            raise InvalidInput("The duty is not held until then.", field="at", value=at.isoformat(),
                               expected=f"after {begins_at(held).isoformat()} and before its end")
        if held.valid.upper is not None or at < learned(by):
            return correct_assignment(assignment=assignment, by=by, valid_to=at)
        held.valid = DateTimeTZRange(begins_at(held), at, "[)")
        advance(held, "end_duty", {"valid_to": to_us(at)}, by=by)
        events.publish(DutiesChanged((held.id,), by.at))
    return held


_UNCHANGED: Any = object()


def correct_assignment(
    *, assignment: UUID, by: Mandate, person: UUID | None = _UNCHANGED, organisation: UUID | None = _UNCHANGED,
    kind: str = _UNCHANGED, valid_from: datetime = _UNCHANGED, valid_to: datetime | None = _UNCHANGED,
) -> Assignment:
    """The record was wrong: its recorded range is closed and a new row says what is right. Returns the new row.

    Post and area cannot be corrected: void the duty (`void_assignment`) and assign the right one.
    """
    given: dict[str, Any] = {"person": person, "organisation": organisation, "kind": kind, "valid_from": valid_from,
             "valid_to": valid_to}
    changes = {name: value for name, value in given.items() if value is not _UNCHANGED}
    if not changes:
        raise InvalidInput("Nothing is to be corrected.", field="assignment", value=assignment)
    with transaction.atomic():
        wrong = lock_duty(assignment, by=by)
        before = NewDuty(wrong.post_id, wrong.area.code, begins_at(wrong), wrong.person_id, wrong.organisation_id,
                         wrong.kind, wrong.valid.upper)
        supersede(wrong, "correct", by=by)
        [right] = insert_duties([(replace(before, **changes), wrong)], by=by)
        events.publish(DutiesChanged((wrong.id, right.id), by.at))
    return right


def void_assignment(*, assignment: UUID, by: Mandate) -> Assignment:
    """The duty was recorded by mistake: it counts no more, and stays on record as what was believed."""
    with transaction.atomic():
        wrong = lock_duty(assignment, by=by)
        supersede(wrong, "void", by=by)
        events.publish(DutiesChanged((wrong.id,), by.at))
    return wrong


def insert_duties(rows: Sequence[tuple[NewDuty, Assignment | None]], *, by: Mandate) -> list[Assignment]:
    """Rows and their entries; with each the superseded row that it corrects."""
    # One after the other on an area: two inserts that meet in an exclusion constraint may wait for each other for ever.
    places = Area.objects.select_for_update(of=("self",), no_key=True).order_by("id")
    areas = {area.code: area for area in places.filter(code__in={row.area for row, _ in rows})}
    _check_holders([row for row, _ in rows])
    made = [_made(row, areas, by) for row, _ in rows]
    for one, (_, wrong) in zip(made, rows, strict=True):
        if wrong is not None:
            one.recorded = DateTimeTZRange(wrong.recorded.upper, None, "[)")
    acts = [
        Act(one.id, "duty", "assign", one.area_id, _facts(one, corrects) | _taken_over(row),
            {"note": row.note} if row.note else {})
        for one, (row, corrects) in zip(made, rows, strict=True)
    ]
    append(acts, by=by)
    try:
        with transaction.atomic():
            return Assignment.objects.bulk_create(made, batch_size=2000)
    except IntegrityError as error:
        raise _refusal(error, rows) from error


def _check_holders(rows: Sequence[NewDuty]) -> None:
    for field, model in (("person", Person), ("organisation", Organisation)):
        wanted = {getattr(row, field) for row in rows} - {None}
        unknown = wanted - set(model.objects.filter(id__in=wanted).values_list("id", flat=True)) if wanted else None
        if unknown:
            raise NotFound(f"There is no such {field}.", field=field, value=min(unknown))


def _made(row: NewDuty, areas: dict[str, Area], by: Mandate) -> Assignment:
    area = areas.get(row.area)
    if area is None:
        raise NotFound("There is no area with this code.", field="area", value=row.area,
                       expected="the code of an area")
    post = POSTS.get(row.post)
    if post is None:
        raise InvalidInput("There is no such post.", field="post", value=row.post,
                           expected="one of " + ", ".join(POSTS))
    require_fill(by, post.code, area.path)
    if row.kind not in DUTY_KINDS:
        raise InvalidInput("There is no such kind of duty.", field="kind", value=row.kind,
                           expected="one of " + ", ".join(DUTY_KINDS))
    if row.person is None and (row.organisation is None or row.kind == "leave"):
        raise InvalidInput("A duty needs a holder.", field="person", expected="a person or an organisation")
    for field, moment in (("valid_from", row.valid_from), ("valid_to", row.valid_to)):
        if moment is not None and moment.tzinfo is None:
            raise InvalidInput("A time needs its zone.", field=field, value=moment, expected="an aware time")
    if row.valid_to is not None and row.valid_to <= row.valid_from:
        raise InvalidInput("The duty ends before it begins.", field="valid_to", value=row.valid_to.isoformat(),
                           expected=f"after {row.valid_from.isoformat()}")
    ended = area.valid_to is not None and (row.valid_to is None or row.valid_to > area.valid_to)
    if row.valid_from < area.valid_from or ended:
        until = f" until {area.valid_to.isoformat()}" if area.valid_to else " on"
        raise InvalidInput("The area does not exist all that time.", field="valid_from",
                           value=row.valid_from.isoformat(), expected=f"from {area.valid_from.isoformat()}{until}")
    return Assignment(
        id=new_id(), version=1, post_id=post.code, person_id=row.person, organisation_id=row.organisation,
        area=area, area_path=area.path, single_seat=post.single_seat, kind=row.kind,
        valid=DateTimeTZRange(row.valid_from, row.valid_to, "[)"),
        recorded=DateTimeTZRange(by.recorded_at, None, "[)"),
    )


def _facts(one: Assignment, corrects: Assignment | None) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "post": one.post_id, "path": one.area_path, "kind": one.kind,
        "person": str(one.person_id) if one.person_id else None,
        "organisation": str(one.organisation_id) if one.organisation_id else None,
        "valid_from": to_us(begins_at(one)), "valid_to": to_us(one.valid.upper) if one.valid.upper else None,
    }
    if corrects:
        facts |= {"corrects": str(corrects.id), "recorded_from": to_us(_known_since(one))}
    return facts


def _taken_over(row: NewDuty) -> dict[str, Any]:
    if row.takes_over is None:
        return {}
    return {"takes_over": str(row.takes_over), "cases": [str(one) for one in row.cases]}


def lock_duty(assignment: UUID, *, by: Mandate) -> Assignment:
    """A duty locked until the transaction ends. Raises `NotFound`, `Forbidden`, `Conflict` for a superseded row."""
    known = Assignment.objects.filter(id=assignment)
    # The area before its duties, as everybody who locks both does.
    list(Area.objects.select_for_update(of=("self",), no_key=True).filter(id__in=known.values("area_id")))
    held = known.select_for_update(of=("self",)).select_related("area").first()
    if held is None:
        raise NotFound("There is no such duty.", field="assignment", value=assignment)
    require_fill(by, held.post_id, held.area_path)
    if held.recorded.upper is not None:
        raise Conflict("This duty was corrected meanwhile.", field="assignment", value=assignment,
                       expected="the row that corrects it")
    return held


def supersede(wrong: Assignment, verb: str, *, by: Mandate) -> None:
    """Close the record of a locked duty: it was believed until now."""
    begun = _known_since(wrong)
    # By one mandate or two clocks the correction may seem no later than the record: it was believed for a tick.
    until = max(by.recorded_at, begun + _TICK)
    wrong.recorded = DateTimeTZRange(begun, until, "[)")
    advance(wrong, verb, {"recorded_to": to_us(until)}, by=by)


def learned(by: Mandate) -> datetime:
    """Up to when facts are taken to be known: what ends before is a correction, not an ending."""
    return by.at if by.clock_from_at else by.recorded_at


def advance(held: Assignment, verb: str, data: dict[str, Any], *, by: Mandate) -> None:
    """Write the entry of an act upon a locked duty and save it with the new version."""
    [written] = append([Act(held.id, "duty", verb, held.area_id, data, version=held.version)], by=by)
    held.version = written.seq
    held.save(force_update=True)


def begins_at(held: Assignment) -> datetime:
    """Since when the duty is held."""
    begins: datetime | None = held.valid.lower
    assert begins is not None  # held by a constraint
    return begins


def _known_since(held: Assignment) -> datetime:
    begins: datetime | None = held.recorded.lower
    assert begins is not None  # held by a constraint
    return begins


def _refusal(error: IntegrityError, rows: Sequence[tuple[NewDuty, Assignment | None]]) -> Exception:
    what = ", ".join(sorted({f"{row.post} {row.area}" for row, _ in rows})[:3])
    if "duties_assignment_single_seat" in str(error):
        return Conflict("This seat is taken at that time: one regular holder at most.", field="post", value=what,
                        expected="end the present duty first, or assign an acting holder")
    if "duties_assignment_held_once" in str(error):
        return Conflict("This person holds this duty at that time already.", field="person", value=what)
    return error

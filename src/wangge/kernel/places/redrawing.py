"""Redrawing the grids of a community: on a day their grounds change, new ones open, others end.

Areas, boundaries and duties are dated when it is decided, also for a day ahead, so that posts of new grids can be
filled before. What is open moves when the day has come (`carry_out`): at once where that is now, else by the job.
One redrawing at a time waits on a community; the next is drawn on what that one leaves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

import shapely
from django.db import IntegrityError, transaction
from shapely.geometry.base import BaseGeometry

from wangge.base import events
from wangge.base.clock import to_us
from wangge.base.errors import Conflict, InvalidInput, Moved
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.journal.services import Act, append
from wangge.kernel.places.drawing import Drawn, Plan, plan, shared
from wangge.kernel.places.events import AreasEnded, AreasEnding, GroundRedrawn, Move
from wangge.kernel.places.models import Area, Boundary, Redrawing
from wangge.kernel.places.queries import atlas
from wangge.kernel.places.rules import NewArea, check_area, shape_of
from wangge.kernel.places.services import create_checked, end_locked, found, locked, rename_area, set_boundary
from wangge.kernel.places.tiling import Fault, faults, worse

KINDS = ("community", "village")
SUBJECT = "redrawing"
MOST_GRIDS = 300
_NUMBERED = re.compile(r"(-?)(\d{1,6})")


class Present(NamedTuple):
    """A community with its grids as they stand (or will, after what waits): ground, grids by code, what is wrong now.

    `basis` changes with every act on any of them; a drawing that was begun on another one is refused.
    """

    area: Area
    ground: BaseGeometry
    grids: dict[str, Drawn]
    faults: list[Fault]
    basis: str
    waiting: Redrawing | None


def present(community: str, *, by: Mandate, lock: bool = False) -> Present:
    """The grids of the community with this code. Raises `NotFound`, `Forbidden`, `InvalidInput` without a ground."""
    area = locked(community, by=by) if lock else found(community, by=by)
    if area.kind not in KINDS or area.valid_to is not None:
        raise InvalidInput("Only a community or village that stands is divided into grids.", field="area",
                           value=community, expected="the code of a community or village")
    rows = Area.objects.filter(parent=area, kind="grid", layer="administrative", valid_to__isnull=True).order_by("code")
    grids = list(rows.select_for_update(of=("self",)) if lock else rows)
    shapes = {row.area_id: shapely.from_wkb(bytes(row.geometry))
              for row in Boundary.objects.filter(area__in=[area, *grids], valid_to__isnull=True)}
    if area.id not in shapes:
        raise InvalidInput("The community has no boundary to divide.", field="area", value=community,
                           expected="a community with a boundary")
    drawn = shared([Drawn(one.code, one.name, one.name_en, shapes[one.id]) for one in grids if one.id in shapes])
    text = ",".join(f"{one.code}:{one.version}" for one in (area, *grids))
    return Present(
        area, shapes[area.id], {one.code: one for one in drawn},
        faults(shapes[area.id], {one.code: one.shape for one in drawn}),
        sha256(text.encode()).hexdigest()[:16],
        Redrawing.objects.filter(community=area, carried_out_at__isnull=True).first(),
    )


def new_faults(now: Present, drawn: Sequence[Drawn]) -> list[Fault]:
    """Where the drawn grids leave gaps, overlap or reach outside, beyond what is wrong already."""
    shapes = {one.code or f"+{number}": one.shape for number, one in enumerate(drawn, 1)}
    return worse(faults(now.ground, shapes), now.faults)


def planned(now: Present, drawn: Sequence[Drawn]) -> Plan:
    """What the drawing changes, with codes for the new grids. Raises `InvalidInput` for a grid that may not be."""
    if not 0 < len(drawn) <= MOST_GRIDS:
        raise InvalidInput("This is no number of grids.", field="grids", value=len(drawn),
                           expected=f"1 to {MOST_GRIDS}")
    codes = [one.code for one in drawn if one.code]
    if len(set(codes)) != len(codes):
        raise InvalidInput("A code appears twice.", field="code", expected="each code once")
    if strange := sorted(set(codes) - set(now.grids)):
        used = set(Area.objects.filter(code__in=strange).values_list("code", flat=True))
        if used:
            raise InvalidInput("This code is used already; a code is used once, for ever.", field="code",
                               value=min(used), expected="no code: the next free one is given")
    numbers = _fresh(now.area, set(codes))
    made = plan(now.grids, drawn, lambda: next(numbers))
    for one in (*made.rebound, *(grid for grid, _ in made.created), *made.renamed):
        check_area(NewArea(one.code, one.name, "grid", now.area.valid_from, now.area.code, name_en=one.name_en))
        shape_of(one.shape, "grid")
    return made


def redraw(*, community: str, drawn: Sequence[Drawn], at: datetime, basis: str, by: Mandate) -> Redrawing:
    """From `at` on the community is divided like this. Raises `InvalidInput` (faults, nothing changes, what stands
    below an ending grid), `Moved` where the grids changed meanwhile, `Conflict` while another redrawing waits."""
    with transaction.atomic():
        now = present(community, by=by, lock=True)
        if basis != now.basis:
            raise Moved("The grids of this community have changed meanwhile.", field="basis", value=basis,
                        expected="a drawing of the present grids")
        if now.waiting is not None:
            raise Conflict("Another redrawing of this community waits for its day.", field="at",
                           value=now.waiting.at.isoformat(), expected="a drawing after that day")
        if at < by.at:
            raise InvalidInput("Grids are redrawn now or on a day ahead.", field="at", value=at.isoformat(),
                               expected=f"{by.at.isoformat()} or later")
        if wrong := new_faults(now, drawn):
            first = wrong[0]
            raise InvalidInput("The grids do not tile their community.", field="grids",
                               value=f"{first.kind} {first.square_metres} m² {' '.join(first.codes)}",
                               expected="no gap and no overlap beyond 1 m²")
        told = planned(now, drawn)
        if told.empty:
            raise InvalidInput("Nothing changes by this drawing.", field="grids", expected="another drawing")
        return _date(now, told, at, by)


def carry_out(*, redrawing: UUID, by: Mandate) -> Redrawing:
    """The day has come: what is open on the grids moves to where it lies now. Doing it twice changes nothing."""
    with transaction.atomic():
        row = Redrawing.objects.select_for_update(of=("self",)).get(id=redrawing)
        if row.carried_out_at is None:
            by.require("carry_out", row.community.path)
            _carry_out(row, by)
    return row


def due(moment: datetime) -> list[UUID]:
    """The redrawings whose day has come, the oldest first."""
    rows = Redrawing.objects.filter(carried_out_at__isnull=True, at__lte=moment).order_by("at", "id")
    return list(rows.values_list("id", flat=True))


def _date(now: Present, told: Plan, at: datetime, by: Mandate) -> Redrawing:
    areas = {area.code: area for area in Area.objects.filter(parent=now.area, kind="grid")}
    rows = [check_area(NewArea(one.code, one.name, "grid", at, now.area.code, name_en=one.name_en, boundary=one.shape))
            for one, _ in told.created]
    before = {one.code: areas[origin].id for one, origin in told.created if origin in areas}
    for area in create_checked(rows, by=by, predecessors=before) if rows else ():
        areas[area.code] = area
    for one in told.rebound:
        set_boundary(area=one.code, boundary=one.shape, valid_from=at, by=by)
    for one in told.renamed:
        rename_area(area=one.code, name=one.name, name_en=one.name_en, by=by)
    moves = []
    for code, into in told.ended:
        old = locked(code, by=by)
        if standing := Area.objects.filter(parent=old, valid_to__isnull=True).count():
            raise InvalidInput("Other areas stand in a grid that would end; keep its code for the merged grid.",
                               field="grids", value=f"{code}: {standing}", expected="another grid to keep")
        new = areas[into] if into else None
        end_locked(old, at=at, successor=new, by=by)
        moves.append(Move(old.id, old.path, new.id if new else None, new.path if new else None))
    touched = {*(one.code for one in told.rebound), *(code for code, _ in told.ended),
               *(into for _, into in told.ended if into), *(one.code for one, _ in told.created)}
    row = Redrawing(
        id=new_id(), version=1, community=now.area, at=at, touched=sorted(str(areas[code].id) for code in touched),
        ended=[[str(move.old_id), str(move.new_id) if move.new_id else None] for move in moves],
    )
    data = {"at": to_us(at), "touched": row.touched, "ended": row.ended}
    append([Act(row.id, SUBJECT, "redraw", now.area.id, data)], by=by)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict("Another redrawing of this community waits for its day.", field="at",
                       value=at.isoformat()) from error
    if moves:
        events.publish(AreasEnding(tuple(moves), at, by))
    if at <= by.at:
        _carry_out(row, by)
    return row


def _carry_out(row: Redrawing, by: Mandate) -> None:
    areas = Area.objects.in_bulk([UUID(one) for pair in row.ended for one in pair if one])
    moves = []
    for old_id, new_id_ in row.ended:
        old, new = areas[UUID(old_id)], areas[UUID(new_id_)] if new_id_ else None
        moves.append(Move(old.id, old.path, new.id if new else None, new.path if new else None))
    row.carried_out_at = by.recorded_at
    data = {"carried_out_at": to_us(by.recorded_at)}
    [written] = append([Act(row.id, SUBJECT, "carry_out", row.community_id, data, version=row.version)], by=by)
    row.version = written.seq
    row.save(force_update=True)
    if moves:
        events.publish(AreasEnded(tuple(moves), row.at, by))
    events.publish(GroundRedrawn(row.community.path, tuple(UUID(one) for one in row.touched), row.at, by))


def _fresh(community: Area, taken: set[str]) -> Iterator[str]:
    """Codes of new grids, one after the other: the community's code and the next number that no grid ever had.

    The form is the one declared above, else that of the grids which are or were there.
    """
    used = set(Area.objects.filter(code__startswith=community.code).values_list("code", flat=True)) | taken
    numbers = [form.groups() for code in used if (form := _NUMBERED.fullmatch(code.removeprefix(community.code)))]
    dash = "-" if any(one for one, _ in numbers) or not (numbers or community.code.isdigit()) else ""
    width = max((len(number) for _, number in numbers), default=3 if community.code.isdigit() else 2)
    width = atlas().code_form(community.path, "grid") or width
    last = max((int(number) for _, number in numbers), default=0)
    while len(str(last := last + 1)) <= width:
        yield f"{community.code}{dash}{last:0{width}d}"
    raise InvalidInput("There is no free number for another grid here.", field="grids", value=last,
                       expected="a longer form of codes")

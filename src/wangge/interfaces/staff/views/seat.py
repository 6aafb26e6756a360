"""One seat (a post on an area): who holds it, who did, its open cases; and filling it, handing it over, leave, ending.

What was typed comes back where it is refused. A newcomer is put on record by name, without an account.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wangge.base.clock import now
from wangge.base.errors import InvalidInput, NotFound, WanggeError
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import dates, rows, seating, standing
from wangge.interfaces.staff.filters import OPEN
from wangge.interfaces.staff.rows import english
from wangge.interfaces.staff.views.posts import SEES
from wangge.interfaces.web import refusals
from wangge.kernel.cases import queries
from wangge.kernel.duties.board import Past, Seat, candidates, lay, past_of
from wangge.kernel.duties.catalogue import POSTS
from wangge.kernel.duties.filling import FILLS, may_fill
from wangge.kernel.duties.handing import hand_over, take_leave
from wangge.kernel.duties.interests import declare, end, interests_at
from wangge.kernel.duties.models import INTERESTS, Assignment
from wangge.kernel.duties.roster import Holding
from wangge.kernel.duties.services import assign, end_assignment
from wangge.kernel.people.queries import organisations
from wangge.kernel.people.services import create_person
from wangge.kernel.places.queries import AreaInfo, atlas

RELATIONS: dict[str, Promise] = {
    "kin": gettext_lazy("has kin there"),
    "stake": gettext_lazy("has a stake in it"),
    "former": gettext_lazy("came from there"),
}
assert tuple(RELATIONS) == INTERESTS
STATES = (*OPEN, "suspended")
SHOWN = 20


@standing.at_desk(*SEES, writes=tuple(FILLS))
def seat(request: HttpRequest, by: Mandate, code: str, post: str) -> HttpResponse:
    """The page; a POST changes who holds the post."""
    area = _area(code, by)
    if post not in POSTS:
        raise NotFound("There is no such post.", field="post", value=post, expected="one of " + ", ".join(POSTS))
    if request.method != "POST":
        return _page(request, by, area, post)
    try:
        act = _DOES.get(request.POST.get("do", ""))
        if act is None:
            raise InvalidInput("There is no such action.", field="do", value=request.POST.get("do"),
                               expected="one of " + ", ".join(_DOES))
        with transaction.atomic():
            done = act(request, by, area, post)
    except WanggeError as error:
        return _page(request, by, area, post, error)
    messages.success(request, done, extra_tags="done")
    return redirect("staff:seat", code=code, post=post)


def _page(
    request: HttpRequest, by: Mandate, area: AreaInfo, post: str, error: WanggeError | None = None
) -> HttpResponse:
    moment, places = now(), atlas()
    told = past_of(area.path, post)
    present = lay(area, post, [one.held for one in told if one.recorded and _holds(one.held, moment)])
    in_hand = queries.Filters(states=STATES, area_path=area.path, held_by=(post, area.path))
    found = queries.queue(by, in_hand, now=moment, places=places, limit=SHOWN)
    may = may_fill(by, post, area.path) and area.holds(moment)
    units = {one.id: (one.name_en if english() else one.name) or one.name for one in organisations()} if may else {}
    context = {
        "room": "posts",
        "area": area,
        "area_name": standing.area_name(places, area.path),
        "ground": standing.ground_name(places, area.path),
        "post": post,
        "post_name": standing.post_name(post),
        "single": POSTS[post].single_seat,
        "present": [_holder(row) for row in (*present.holders, *present.away, *present.acting,
                                                     *present.deputies)],
        "vacant": not (present.holders or present.acting),
        "coming": [_past(one) for one in told if one.recorded and one.held.valid_from > moment],
        "past": [_past(one) for one in told if one.held.valid_from <= moment],
        "cases": [rows.row(one, now=moment, say=standing.speaker(places)) for one in found.rows],
        "more": found.next_cursor is not None,
        "may": may,
        "kinds": [(kind, seating.KINDS[kind]) for kind in ("regular", "acting", "deputy")],
        "relations": _relations(present, moment, units) if may else [],
        "kinds_of_relation": list(RELATIONS.items()),
        "units": list(units.items()),
        "people": _people(places.root(area.path).path, moment) if may else [],
        "tried": request.POST if error else {},
        "error": refusals.said(error) if error else "",
    }
    return standing.page(request, "staff/seat.html", context, by=by, status=error.status if error else 200)


def _area(code: str, by: Mandate) -> AreaInfo:
    area = atlas().by_code(code)
    if area is None or not area.path.startswith(by.scope_path):
        raise NotFound("There is no such place on your ground.", field="area", value=code,
                       expected="the code of an area")
    return area


def _holder(row: Holding) -> dict[str, Any]:
    return {
        "id": row.assignment_id, "name": row.name or _("(erased)"), "kind": row.kind,
        "how": seating.KINDS[row.kind], "from": row.valid_from,
        "until": seating.last_day(row.valid_to) if row.valid_to else None, "person": row.person_id,
    }


def _past(one: Past) -> dict[str, Any]:
    return {**_holder(one.held), "superseded": not one.recorded, "note": one.note}


def _holds(row: Holding, at: datetime) -> bool:
    return row.valid_from <= at and (row.valid_to is None or at < row.valid_to)


def _relations(present: Seat, at: datetime, units: dict[UUID, str]) -> list[dict[str, Any]]:
    """The declared relations of who holds the post now."""
    names = {row.person_id: row.name for row in (*present.holders, *present.away, *present.acting, *present.deputies)}
    found = [one for one in interests_at(at) if one.person_id in names]
    return [{"id": one.id, "name": names[one.person_id], "unit": units.get(one.organisation_id, ""),
             "kind": RELATIONS[one.kind]} for one in found]


def _people(root: str, at: datetime) -> list[tuple[UUID, str]]:
    """Who may be chosen: name, and what they do now so that namesakes can be told apart."""
    places = atlas()
    return [
        (one.person_id, " · ".join(filter(None, (
            one.name, standing.post_name(one.post) if one.post else "", standing.area_name(places, one.area_path)))))
        for one in candidates(root, at)
    ]


def _hand(request: HttpRequest, by: Mandate, area: AreaInfo, post: str) -> str:
    given = request.POST
    duty, at = _duty(given.get("duty", ""), area, post), dates.begins(given.get("on", ""), "on", by.at)
    in_hand = queries.Filters(states=STATES, area_path=area.path, held_by=(post, area.path))
    open_cases = [row.case.id for row in queries.queue(by, in_hand, now=now(), limit=200).rows]
    hand_over(duty=duty, to=_who(request, by), at=at, by=by, note=given.get("note", ""),
              cases=open_cases)
    return _("Handed over from {day} on; {n} open cases go along.").format(
        day=given.get("on", ""), n=len(open_cases)
    )


def _assign(request: HttpRequest, by: Mandate, area: AreaInfo, post: str) -> str:
    given = request.POST
    kind = given.get("kind", "regular")
    if kind == "leave":
        raise InvalidInput("Choose one of the kinds.", field="kind", value=kind, expected="regular, acting or deputy")
    since = dates.begins(given.get("on", ""), "on", by.at, past="manage_duties" in by.may)
    assign(post=post, area=area.code, valid_from=since, person=_who(request, by), kind=kind,
           valid_to=dates.ends(given.get("until", ""), "until"), by=by)
    return _("It is on record from {day} on.").format(day=given.get("on", ""))


def _leave(request: HttpRequest, by: Mandate, area: AreaInfo, post: str) -> str:
    given = request.POST
    until = dates.ends(given.get("until", ""), "until")
    if until is None:
        raise InvalidInput("A leave has an end.", field="until", value="", expected="its last day")
    stand_in = _who(request, by) if given.get("to") or given.get("newcomer", "").strip() else None
    take_leave(duty=_duty(given.get("duty", ""), area, post), since=dates.begins(given.get("on", ""), "on", by.at),
               until=until, stand_in=stand_in, note=given.get("note", ""), by=by)
    return _("The leave is on record.")


def _end(request: HttpRequest, by: Mandate, area: AreaInfo, post: str) -> str:
    given = request.POST
    at = dates.begins(given.get("on", ""), "on", by.at)
    end_assignment(assignment=_duty(given.get("duty", ""), area, post), at=at, by=by)
    return _("The duty ends; from {day} on the post is vacant unless somebody else holds it.").format(
        day=given.get("on", "")
    )


def _declare(request: HttpRequest, by: Mandate, area: AreaInfo, post: str) -> str:
    given = request.POST
    declare(person=_id(given.get("person", ""), "person"), organisation=_id(given.get("unit", ""), "unit"),
            kind=given.get("relation", ""), by=by)
    return _("The relation is on record; where the organisation works, the post is marked.")


def _undeclare(request: HttpRequest, by: Mandate, area: AreaInfo, post: str) -> str:
    end(interest=_id(request.POST.get("interest", ""), "relation"), by=by)
    return _("The relation has ended.")


_DOES: dict[str, Callable[[HttpRequest, Mandate, AreaInfo, str], str]] = {
    "hand": _hand, "assign": _assign, "leave": _leave, "end": _end,
    "declare": _declare, "undeclare": _undeclare,
}


def _duty(text: str, area: AreaInfo, post: str) -> UUID:
    """The duty of the form, which must be one of this seat."""
    found = _id(text, "duty")
    if not Assignment.objects.filter(id=found, area_id=area.id, post_id=post, recorded__upper_inf=True).exists():
        raise NotFound("There is no such duty.", field="duty", value=text, expected="one of the list")
    return found


def _who(request: HttpRequest, by: Mandate) -> UUID:
    """The chosen person; or a newcomer, put on record by name."""
    chosen, newcomer = request.POST.get("to", ""), request.POST.get("newcomer", "").strip()
    if chosen and newcomer:
        raise InvalidInput("Choose a person or name a newcomer, not both.", field="to", value=newcomer,
                           expected="one of the two")
    if newcomer:
        return create_person(name=newcomer, by=by).id
    if not chosen:
        raise InvalidInput("Say who it is.", field="to", value="", expected="a person of the list, or a name")
    return _id(chosen, "to")


def _id(text: str, field: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise InvalidInput("This is not an id.", field=field, value=text, expected="one of the list") from error

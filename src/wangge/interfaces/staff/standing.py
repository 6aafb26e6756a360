"""Who works at the desk: the signed-in person acts under one duty at a time, chosen on their own page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from functools import wraps
from typing import Any, NamedTuple, overload
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from wangge.base.clock import now
from wangge.base.errors import InvalidInput
from wangge.base.mandate import Mandate
from wangge.interfaces.staff.rows import Speaker, english
from wangge.interfaces.web import refusals
from wangge.interfaces.web.access import Access, Who
from wangge.kernel.cases import reference
from wangge.kernel.duties.catalogue import POSTS
from wangge.kernel.duties.mandates import DUTY_COLUMNS, DUTY_HELD, DutyRow, Standing
from wangge.kernel.people.queries import organisation_names
from wangge.kernel.places import queries as places_of
from wangge.kernel.places.queries import Atlas, atlas

CHANNEL = "desk"
View = Callable[..., HttpResponseBase]
Working = Callable[..., HttpResponseBase]


_SQL = f"""
SELECT v.n, r.n, {DUTY_COLUMNS} FROM places_version v CROSS JOIN cases_reference_version r
LEFT JOIN duties_assignment d ON d.person_id = %(person)s AND {DUTY_HELD.format(at="%(now)s")}
"""


class Present(NamedTuple):
    """Who asks, and the versions of places and of reference data, read by one statement."""

    standing: Standing
    places: int
    reference: int


def present(request: HttpRequest) -> Present:
    """The duties of whoever is signed in as they are now, with what a page's snapshots must be."""
    person, moment = getattr(request.user, "person_id", None), now()
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"person": person, "now": moment})
        rows = cursor.fetchall()
    duties = tuple(DutyRow(*row[2:]) for row in rows if row[2] is not None)
    return Present(Standing(person, duties, CHANNEL, moment, moment), *rows[0][:2])


def standing(request: HttpRequest) -> Standing:
    """The duties of whoever is signed in, now."""
    return present(request).standing


def mandate_of(request: HttpRequest, held: Standing | None = None) -> Mandate:
    """The mandate of the chosen duty, else of the broadest one. Raises `Forbidden` without any duty."""
    held = held or standing(request)
    chosen = request.session.get("duty")
    if chosen in {str(row.duty) for row in held.rows}:
        return held.mandate(duty=UUID(chosen))
    return held.mandate()


def account(request: HttpRequest) -> UUID:
    """The account that is signed in."""
    assert request.user.pk is not None, "behind login_required"
    return UUID(str(request.user.pk))


@overload
def at_desk(view: Working, /) -> View:
    """Open to every duty."""


@overload
def at_desk(*verbs: str, writes: Iterable[str] | None = None, whole: str = "see") -> Callable[[Working], View]:
    """Open to a duty that has one of the verbs."""


def at_desk(*given: Any, writes: Iterable[str] | None = None, whole: str = "see") -> Any:
    """A view for staff: `view(request, by, …)`, in the time zone of the duty's ground.

    `@at_desk` is open to every duty; `@at_desk("see", "see_own")` to one that has any of these verbs, and
    `writes=("manage_classes",)` asks for others where the request changes something. Who has none of them is refused
    before the view runs. What the verbs reach, the view's one domain call decides; `whole` is the verb by which a post
    sees every such thing of its ground, so that the table of access can say who sees only their own.

    What only reads sees places and reference data as they were when it was asked who asks. A form that holds NUL,
    which no text of the database may hold, is refused whole.
    """
    if len(given) == 1 and callable(given[0]):
        return _at_desk(given[0], Access(Who.DUTY))
    access = Access(Who.DUTY, frozenset(given), None if writes is None else frozenset(writes), whole)
    return lambda view: _at_desk(view, access)


def _at_desk(view: Working, access: Access) -> View:
    @wraps(view)
    def working(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = present(request)
        by = mandate_of(request, found.standing)
        access.check(str(request.method), by)
        _refuse_nul(request)
        with ExitStack() as stack:
            if request.method in ("GET", "HEAD"):
                stack.enter_context(places_of.PRESENT.fixed(found.places))
                stack.enter_context(reference.PRESENT.fixed(found.reference))
            stack.enter_context(timezone.override(ZoneInfo(atlas().timezone(by.scope_path))))
            return view(request, by, *args, **kwargs)

    done: View = login_required(working)
    done.access = access  # type: ignore[attr-defined]
    return done


def _refuse_nul(request: HttpRequest) -> None:
    """Raise `InvalidInput` naming the first field of a form that holds the character NUL."""
    for name, values in request.POST.lists():
        if any("\0" in text for text in (name, *values)):
            field = name.replace("\0", "")
            raise InvalidInput("A field holds the character NUL.", field=field, expected="text without NUL")


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, by: Mandate, status: int = 200
) -> HttpResponse:
    """A page of the desk with its frame: which duty one works under, and the pages that it opens."""
    return render(request, template, {"by": by, "duty": duty_words(by, atlas()), **context}, status=status)


def duty_words(by: Mandate, places: Atlas) -> str:
    """“Dispatch operator · Zhili Subdistrict”; a unit's clerk with the unit in front."""
    return " · ".join(part for part in (holder_words([by])[0], area_name(places, by.scope_path)) if part)


def holder_words(duties: Sequence[Mandate]) -> list[str]:
    """The posts of duties, each behind its organisation's name if it has one."""
    units = organisation_names({by.organisation for by in duties if by.organisation})
    return [f"{_unit(units, by.organisation)} {post_name(by.post)}".strip() for by in duties]


def _unit(units: Mapping[UUID, tuple[str, str]], organisation: UUID | None) -> str:
    name, name_en = units.get(organisation, ("", "")) if organisation else ("", "")
    return (name_en if english() else name) or name


def speaker(places: Atlas) -> Speaker:
    """How areas and posts are called in the page's language."""
    return Speaker(lambda path: area_name(places, path), post_name)


def post_name(code: str) -> str:
    """A post's name in the page's language."""
    info = POSTS.get(code)
    if info is None:
        return code
    return info.name_en if english() else info.name


def area_name(places: Atlas, path: str) -> str:
    """An area's name in the page's language, '' for none."""
    area = places.by_path.get(path)
    if area is None:
        return ""
    return (area.name_en if english() else area.name) or area.name


def ground_name(places: Atlas, path: str) -> str:
    """The names from the community down: “Qinghe Community, Grid 2”."""
    shown = [area for area in places.above(path) if area.kind not in ("district", "subdistrict")] or places.above(path)
    names = [area_name(places, area.path) for area in shown[:2]]
    return (", " if english() else " ").join(names)


def usable(
    request: HttpRequest, names: tuple[str, ...], page: Callable[[dict[str, str], str | None], dict[str, Any]]
) -> tuple[dict[str, Any], int]:
    """What a list shows, and its status: a condition that cannot be used is named and left out, not the end of it."""
    params = {name: text for name in names if (text := request.GET.get(name, "").strip())}
    try:
        return page(params, request.GET.get("cursor")), 200
    except InvalidInput as error:
        messages.error(request, refusals.said(error), extra_tags="late")
        params = {name: text for name, text in params.items() if name != error.field}
        return page(params if error.field in (*names, "cursor") else {}, None), error.status

"""Who works at the desk: the signed-in person acts under one duty at a time, chosen on their own page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from wangge.base.mandate import Mandate
from wangge.interfaces.staff.rows import Speaker, english
from wangge.kernel.duties.catalogue import POSTS
from wangge.kernel.duties.mandates import Standing, standing_of
from wangge.kernel.people.queries import organisation_names
from wangge.kernel.places.queries import Atlas, atlas

CHANNEL = "desk"
View = Callable[..., HttpResponseBase]
Working = Callable[..., HttpResponseBase]


def standing(request: HttpRequest) -> Standing:
    """The duties of whoever is signed in, now."""
    return standing_of(getattr(request.user, "person_id", None), channel=CHANNEL)


def mandate_of(request: HttpRequest) -> Mandate:
    """The mandate of the chosen duty, else of the broadest one. Raises `Forbidden` without any duty."""
    held = standing(request)
    chosen = request.session.get("duty")
    if chosen in {str(row.duty) for row in held.rows}:
        return held.mandate(duty=UUID(chosen))
    return held.mandate()


def at_desk(view: Working) -> View:
    """A view for staff: `view(request, by, …)`, in the time zone of the duty's ground."""

    @wraps(view)
    def working(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        by = mandate_of(request)
        with timezone.override(ZoneInfo(atlas().timezone(by.scope_path))):
            return view(request, by, *args, **kwargs)

    return login_required(working)


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, by: Mandate, status: int = 200
) -> HttpResponse:
    """A page of the desk with its frame: which duty one works under."""
    return render(request, template, {"duty": duty_words(by, atlas()), **context}, status=status)


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

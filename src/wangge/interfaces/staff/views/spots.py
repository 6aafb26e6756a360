"""Spot files at the desk: the list, one file, its pins on the map, and acts upon it."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext
from django.views.decorators.http import require_POST

from wangge.base.clock import now
from wangge.base.errors import InvalidInput, WanggeError
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import filters as bar
from wangge.interfaces.staff import lists, rows, ruleswords, spotpage, spotwords, standing
from wangge.interfaces.web import refusals
from wangge.kernel.cases.reference import reference
from wangge.kernel.duties.catalogue import SPOT_VERBS
from wangge.kernel.places.queries import atlas
from wangge.kernel.spots import queries, services
from wangge.kernel.spots.lifecycle import ACTIVE

PAGE = 50
PARAMS = ("state", "class", "area")
NOTHING: dict[str, Any] = {"act": "", "words": "", "kind": "", "owner": "", "unit": "", "planned_on": "", "at": ""}


@standing.at_desk("see", "see_own")
def spots(request: HttpRequest, by: Mandate) -> HttpResponse:
    """One page of the list. An unusable condition is named and left out, not the end of the page."""
    context, status = standing.usable(request, PARAMS, partial(_page, by))
    return standing.page(request, "staff/spots.html", context, by=by, status=status)


def _page(by: Mandate, params: dict[str, str], cursor: str | None) -> dict[str, Any]:
    places, known, moment = atlas(), reference(), now()
    names = bar.names_of(places, known, by)
    for name, text in params.items():
        if "\0" in text:
            raise InvalidInput("This holds the character NUL.", field=name, expected="text without NUL")
    state = params.get("state", "")
    every: tuple[str, ...] = () if state == lists.ANY else (state,)
    states = every if state else tuple(one.value for one in ACTIVE)
    chosen = queries.Filters(
        states=states, class_prefix=params.get("class", ""),
        area_path=names.area_path(params["area"]) if "area" in params else "",
    )  # fmt: skip
    page = queries.listing(by, chosen, cursor=cursor, limit=PAGE)
    counted = queries.by_state(by, chosen)
    active = sum(counted[one.value] for one in ACTIVE)
    return {
        "room": "spots",
        "params": params,
        "rows": [_row(row, places) for row in page.rows],
        "states": [
            ("", _("All that are open"), active),
            *((code, name, counted[code]) for code, name in spotwords.STATES.items()),
            (lists.ANY, _("All files"), sum(counted.values())),
        ],
        "classes": ruleswords.class_choices(by),
        "places": ruleswords.area_choices(by, moment),
        "total": ngettext("{n} open file", "{n} open files", active).format(n=active),
        "next": "?" + urlencode({**params, "cursor": page.next_cursor}) if page.next_cursor else "",
    }


def _row(row: queries.SpotRow, places: Any) -> dict[str, Any]:
    remedy, sub = spotwords.remedy(row)
    return {
        "it": row,
        "title": spotwords.title(row),
        "place": standing.ground_name(places, row.path),
        "cases": npgettext("spot", "{n} case", "{n} cases", row.cases).format(n=row.cases),
        "remedy": remedy,
        "remedy_sub": sub,
        "state": spotwords.STATES[row.state],
        "pie": spotwords.PIES[row.state],
    }


@standing.at_desk("see", "see_own")
def spot(request: HttpRequest, by: Mandate, number: str) -> HttpResponse:
    """The page of one file."""
    return shown(request, by, number)


def shown(
    request: HttpRequest, by: Mandate, number: str, *, tried: dict[str, Any] = NOTHING,
    error: WanggeError | None = None,
) -> HttpResponse:
    """The page; after a refused act with what was tried and why it was refused."""
    moment = now()
    detail = queries.spot_detail(number, by, now=moment)
    context = {
        "room": "spots",
        "page": spotpage.build(detail, by=by, places=atlas(), now=moment),
        "tried": tried,
        "today": timezone.localtime(moment).date(),
        "error": refusals.said(error) if error else "",
    }
    return standing.page(request, "staff/spot.html", context, by=by, status=error.status if error else 200)


@standing.at_desk("see", "see_own")
def pins(request: HttpRequest, by: Mandate, number: str) -> HttpResponse:
    """The cases of a file that the reader sees, for its map."""
    detail = queries.spot_detail(number, by, now=now())
    name = spotwords.title(detail.spot)
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [one.lon_e7 / 1e7, one.lat_e7 / 1e7]},
            "properties": {"number": one.number, "title": rows.title(one.description, name), "due": ""},
        }
        for one in detail.cases
        if one.lon_e7 is not None and one.lat_e7 is not None
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features})


@require_POST
@standing.at_desk(*SPOT_VERBS)
def act(request: HttpRequest, by: Mandate, number: str) -> HttpResponse:
    """Do it and show the file; a refusal shows the file as it is now, with everything that was typed."""
    given = request.POST
    tried = {name: given.get(name, "") for name in NOTHING} | {
        "words": given.get("note") or given.get("reason") or ""
    }
    version = given.get("expected_version", "")
    try:
        organisation, post = _owner(tried["owner"] or tried["unit"])
        command = services.Command(
            act=tried["act"], note=given.get("note", ""), reason=given.get("reason", ""), at=_time(tried["at"]),
            kind=tried["kind"] or None, organisation=organisation, post=post, planned_on=_day(tried["planned_on"]),
        )  # fmt: skip
        seen = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else None
        after = services.act(spot_id=number, command=command, expected_version=seen, by=by)
    except WanggeError as error:
        return shown(request, by, number, tried=tried, error=error)
    messages.success(
        request,
        _("{act}. {number} is now: {state}").format(
            act=spotwords.DONE[command.act], number=after.number, state=spotwords.STATES[after.state]
        ),
        extra_tags="done",
    )
    return redirect("staff:spot", number)


def _owner(value: str) -> tuple[UUID | None, str | None]:
    kind, _sep, rest = value.partition(":")
    if kind == "post" and rest:
        return None, rest
    if kind == "unit":
        try:
            return UUID(rest), None
        except ValueError as error:
            raise InvalidInput("There is no such organisation.", field="organisation", value=rest,
                               expected="one of the list") from error
    return None, None


def _time(text: str) -> datetime | None:
    """A time as the browser's field gives it, on the wall clock of the page."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput("This is not a time.", field="at", value=text,
                           expected="such as 2026-12-01T18:00") from error
    return found if found.tzinfo else found.replace(tzinfo=timezone.get_current_timezone())


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput("This is not a date.", field="planned_on", value=text,
                           expected="year-month-day") from error

"""The case page, its preview beside the list, and a look at the reporter's contact."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wangge.base.clock import now
from wangge.base.errors import Moved, WanggeError
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import casepage, rows, standing
from wangge.interfaces.staff import filters as bar
from wangge.interfaces.staff.actions import offered
from wangge.interfaces.web import refusals, sending, words
from wangge.kernel.cases import contacts, files, queries
from wangge.kernel.desk.queries import replies_for
from wangge.kernel.places.queries import atlas
from wangge.kernel.spots.queries import OF_CASE, of_place

PARTS = 4
"""How many parts the form of sharing offers; more go by the API."""

NOTHING: dict[str, Any] = {"act": "", "words": "", "kept": [], "condition": "", "target": "", "unit": "",
           "other": "", "until": "", "parts": [("", "")] * PARTS}


@standing.at_desk("see", "see_own")
def case(request: HttpRequest, by: Mandate, number: str) -> HttpResponse:
    """The page of one case."""
    return shown(request, by, number)


def shown(
    request: HttpRequest,
    by: Mandate,
    number: str,
    *,
    tried: dict[str, Any] = NOTHING,
    error: WanggeError | None = None,
    reporter: str = "",
) -> HttpResponse:
    """The page; after a refused act with what was tried and why it was refused; after a look with the contact."""
    moment = now()
    beside = ((OF_CASE, ()), of_place(by), replies_for(standing.account(request), by))
    detail = queries.case_detail(number, by, now=moment, beside=beside)
    story = queries.trace(detail.case, now=moment, words=not detail.withheld)
    page = casepage.build(detail, story, by=by, places=atlas(), now=moment)
    conflict = None
    if isinstance(error, Moved):
        seen = next((one for one in story.moments if one.seq == tried.get("version")), None)
        conflict = {"seen_version": tried.get("version"), "seen_state": _state_at(story, seen.seq if seen else 1)}
    context = {
        "room": "queue",
        "page": page,
        "back": _back(request),
        "tried": tried,
        "error": refusals.said(error) if error and not conflict else "",
        "apart": tried["act"] not in {action.act for action in (page.next, *page.others) if action},
        "conflict": conflict,
        "reporter": reporter,
    }
    return standing.page(request, "staff/case.html", context, by=by, status=error.status if error else 200)


def _back(request: HttpRequest) -> str:
    """The list as it was left: by the address that one comes from, which alone knows the words searched for."""
    queue = reverse("staff:queue")
    came = urlsplit(request.headers.get("Referer", ""))
    if came.netloc == request.get_host() and came.path == queue:
        return queue + bar.address(bar.params_of(QueryDict(came.query)))
    return queue + bar.address(bar.query(request.COOKIES.get("list", "")))


def _state_at(story: queries.Trace, seq: int) -> str:
    """The state that the case had at a version."""
    state = "reported"
    for moment in story.moments:
        if moment.seq <= seq:
            state = moment.data.get("set", {}).get("state", state)
    return str(state)


@standing.at_desk("see", "see_own")
def preview(request: HttpRequest, by: Mandate, number: str) -> HttpResponse:
    """A case beside the list."""
    moment, places = now(), atlas()
    detail = queries.case_detail(number, by, now=moment)
    found = detail.case
    class_name = casepage.class_words(detail)
    row = rows.row(
        queries.QueueRow(
            found,
            None,
            class_name,
            class_name,
            detail.names.get(found.organisation) if found.organisation else None,
            detail.names_en.get(found.organisation) if found.organisation else None,
            detail.names.get(found.handler) if found.handler else None,
            detail.description,
            detail.address,
        ),
        now=moment,
        say=standing.speaker(places),
    )
    first, _others = offered(found, detail.allowed, by)
    context = {
        "row": row,
        "case": found,
        "address": detail.address,
        "area": standing.ground_name(places, found.path),
        "source": words.SOURCES.get(found.source, found.source),
        "photos": casepage.photos_of(detail, ()),
        "action": first.label if first else "",
    }
    return render(request, "staff/preview.html", context)


@standing.at_desk("see", "see_own")
def photo(request: HttpRequest, by: Mandate, file_id: UUID) -> HttpResponse:
    """A photo, or its thumbnail with `?size=small`, for who may see its case."""
    return sending.photo(request, files.read_file(file_id, thumb=request.GET.get("size") == "small", by=by))


@require_POST
@standing.at_desk("read_contact")
def contact(request: HttpRequest, by: Mandate, number: str) -> HttpResponse:
    """The case with the reporter's contact, after the look was written down. Only this answer ever holds it."""
    try:
        found = contacts.read_contact(case_id=number, reason=request.POST.get("reason", ""), by=by)
    except WanggeError as error:
        return shown(request, by, number, error=error)
    said = " · ".join(found.values()) or _("nothing was left")
    answer = shown(request, by, number, reporter=_("Reporter: {contact}. This look is on record.").format(contact=said))
    answer["Cache-Control"] = "no-store"
    return answer

"""The list of cases with its views, filter, tree of places and pages."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from wangge.base.clock import now
from wangge.base.errors import InvalidInput
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import filters as bar
from wangge.interfaces.staff import queuepage, standing, tabs
from wangge.interfaces.staff import told as told_of
from wangge.interfaces.web import refusals
from wangge.kernel.cases import queries
from wangge.kernel.cases.reference import reference
from wangge.kernel.desk.queries import kept_for
from wangge.kernel.duties.catalogue import ELEVEN
from wangge.kernel.places.queries import atlas

LEFT = "list"
"""The cookie with the conditions of the list as it was left, for the way back from a case."""


@standing.at_desk
def queue(request: HttpRequest, by: Mandate) -> HttpResponse:
    """One page of the list; a post that sees no cases is led to where it begins."""
    if by.may.isdisjoint({"see", "see_own"}):
        return redirect("staff:start")
    return shown(request, by, bar.params_of(request.GET), cursor=request.GET.get("cursor"))


def shown(
    request: HttpRequest,
    by: Mandate,
    params: dict[str, str],
    *,
    cursor: str | None = None,
    told: told_of.Told | None = None,
    status: int = 200,
) -> HttpResponse:
    """A page of the list, with the results of what was just done to many. An unusable condition is named and left out,
    not the end of the page."""
    account = standing.account(request)
    try:
        context = queuepage.page_of(account, by, params, cursor)
    except InvalidInput as error:
        status = error.status
        messages.error(request, refusals.said(error), extra_tags="late")
        params = {name: value for name, value in params.items() if name != error.field}
        context = queuepage.page_of(account, by, params if error.field in (*bar.PLAIN, "state", "cursor") else {}, None)
    context["told"] = told
    context["daily"] = by.post in ELEVEN
    # What was searched for may be a name: it stays in the address and is kept nowhere.
    left = bar.address(bar.params_of(QueryDict(context["here"].lstrip("?"))), q=None)
    answer = standing.page(request, "staff/queue.html", context, by=by, status=status)
    if request.COOKIES.get(LEFT) != left:
        answer.set_cookie(
            LEFT, left, path=reverse("staff:queue"), httponly=True, samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )  # fmt: skip
    return answer


@standing.at_desk("see", "see_own")
def views(request: HttpRequest, by: Mandate) -> HttpResponse:
    """The views with their present counts, polled by the page."""
    params, moment = bar.params_of(request.GET), now()
    kept = kept_for(standing.account(request), by)
    wanted = tabs.wanted_by(by, params, kept, bar.names_of(atlas(), reference(), by), moment)
    shown, more = tabs.tabs_of(by, params, kept, queries.counts(by, wanted, now=moment))
    return render(request, "staff/views.html", {"views": shown, "more_views": more, "here": bar.address(params)})

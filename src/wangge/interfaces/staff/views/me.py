"""One's own page: the duty to act under, the language, tokens for programs."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wangge.base.clock import now
from wangge.base.errors import WanggeError
from wangge.interfaces.staff import standing
from wangge.interfaces.web import refusals
from wangge.interfaces.web.access import Who, open_to
from wangge.kernel.duties.mandates import Standing
from wangge.kernel.people import queries as people
from wangge.kernel.people import services
from wangge.kernel.people.models import Account
from wangge.kernel.places.queries import atlas

DAYS = 90


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Who.ACCOUNT)
@login_required
def me(request: HttpRequest) -> HttpResponse:
    """The page; a POST chooses a duty, makes a token or revokes one."""
    held = standing.standing(request)
    return _do(request, held) if request.method == "POST" else _page(request, held)


def _page(request: HttpRequest, held: Standing, fresh: str = "") -> HttpResponse:
    """The page; `fresh` is the plain text of a token just made, which only this answer ever holds."""
    places = atlas()
    current = standing.mandate_of(request) if held.rows else None
    mandates = held.mandates()
    duties = [
        {
            "id": by.duty,
            "post": post,
            "kind": "",
            "area": standing.area_name(places, by.scope_path),
            "current": current is not None and by.duty == current.duty,
        }
        for by, post in zip(mandates, standing.holder_words(mandates), strict=True)
    ]
    context: dict[str, Any] = {
        "room": "me",
        "by": current,
        "duties": duties,
        "name": (people.person_names([held.person]).get(held.person) if held.person else "")
        or request.user.get_username(),
        "tokens": people.tokens_of(_account(request).id, at=now()),
        "may_issue": current is not None and services.VERB in current.may,
        "fresh": fresh,
        "duty": standing.duty_words(current, places) if current else "",
    }
    answer = render(request, "staff/me.html", context)
    if fresh:
        answer["Cache-Control"] = "no-store"
    return answer


def _do(request: HttpRequest, held: Standing) -> HttpResponse:
    wanted = request.POST.get("do")
    try:
        if wanted == "duty":
            chosen = request.POST.get("duty", "")
            if chosen in {str(row.duty) for row in held.rows}:
                request.session["duty"] = chosen
                messages.success(request, _("You act under this duty now."), extra_tags="done")
        elif wanted == "issue":
            _token, plain = services.issue_token(
                account=_account(request),
                label=request.POST.get("label", ""),
                days=DAYS,
                by=standing.mandate_of(request),
            )
            return _page(request, held, plain)
        elif wanted == "revoke":
            known = {str(token.id): token for token in people.tokens_of(_account(request).id, at=now())}
            if token := known.get(request.POST.get("token", "")):
                services.revoke_token(token=token, by=standing.mandate_of(request))
                messages.success(request, _("The token is revoked."), extra_tags="done")
    except WanggeError as error:
        messages.error(request, refusals.said(error), extra_tags="late")
    answer = redirect("staff:me")
    if wanted == "duty":  # the list that was left may lie on other ground
        answer.delete_cookie("list", path=reverse("staff:queue"))
    return answer


def _account(request: HttpRequest) -> Account:
    """The signed-in account."""
    assert isinstance(request.user, Account)
    return request.user

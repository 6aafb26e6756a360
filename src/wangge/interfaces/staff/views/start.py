"""Where one begins after signing in: the first page that the duty opens."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from wangge.interfaces.staff import standing
from wangge.interfaces.web.access import Who, open_to
from wangge.interfaces.web.navigation import navigation


@open_to(Who.ACCOUNT)
@login_required
def start(request: HttpRequest) -> HttpResponse:
    """To the page that ranks first for the duty; without a duty to one's own page, which says what is missing."""
    held = standing.standing(request)
    if not held.rows:
        return redirect("staff:me")
    pages = navigation("", standing.mandate_of(request, held).may)
    return redirect(pages.phone[0].address if pages.phone else pages.first)

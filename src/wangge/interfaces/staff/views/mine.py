"""A person's own statement, another's where one answers for them, and filing an appeal."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wangge.assessment.running import queries
from wangge.assessment.running.appeals import file_appeal
from wangge.base.clock import now
from wangge.base.errors import WanggeError
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import standing
from wangge.interfaces.staff.assessing import statement, words
from wangge.interfaces.web import refusals
from wangge.kernel.places.queries import atlas


@standing.at_desk
def mine(request: HttpRequest, by: Mandate) -> HttpResponse:
    """What one's own statement says, the newest period first."""
    runs = queries.own_runs(by)
    run = statement.own_run(runs, request.GET.get("period", ""))
    holder = by.organisation if by.organisation and "see_own_accounts" in by.may else by.actor
    context = {
        "room": "mine",
        "own": True,
        "periods": [
            {"name": words.period_name(one.period), "address": f"?period={one.period}", "current": one == run}
            for one in runs
        ],
        "page": statement.build(queries.own_statement(run, holder), holder, by=by, places=atlas(), now=now())
        if run and holder else None,
    }
    return standing.page(request, "staff/mine.html", context, by=by)


@standing.at_desk(whole="see_accounts")
def person(request: HttpRequest, by: Mandate, run_id: UUID, holder: UUID) -> HttpResponse:
    """Another's statement: whoever answers above reads it, and the look is on record."""
    found = queries.statement_of(run_id, holder, by)
    name = found.name or _("(name erased)")
    context = {
        "room": "runs", "own": False, "periods": [], "name": name,
        "back": reverse("staff:run", args=[run_id]),
        "page": statement.build(found, holder, by=by, places=atlas(), now=now()),
    }
    return standing.page(request, "staff/mine.html", context, by=by)


@require_POST
@standing.at_desk
def appeal(request: HttpRequest, by: Mandate, run_id: UUID) -> HttpResponse:
    """File an appeal against a finding of one's own line."""
    given = {name: request.POST.get(name, "").replace("\0", "") for name in ("line", "finding", "words")}
    try:
        made = file_appeal(run=run_id, line=given["line"], finding=given["finding"], words=given["words"], by=by)
        messages.success(request, _(
            "The appeal is filed. Two people who have no part in it look at it; they answer within five working days."
        ), extra_tags="done")
        period = made.run.period
    except WanggeError as error:
        messages.error(request, refusals.said(error), extra_tags="late")
        period = request.POST.get("period", "")[:10]
    return redirect(reverse("staff:mine") + (f"?period={period}" if period.isascii() and period else ""))

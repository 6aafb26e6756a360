"""Findings at the desk: the list, and one with who answered for the place, its lines, its story, what may be done."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from wangge.base.clock import now
from wangge.base.errors import WanggeError
from wangge.base.mandate import Mandate
from wangge.inspections import queries
from wangge.interfaces.staff import standing
from wangge.interfaces.staff.finding import listing, page
from wangge.interfaces.web import refusals
from wangge.kernel.places.queries import atlas

SEES = ("see", "see_own", "record_finding")
"""Who sees findings; which of them, `inspections.queries` says."""


@require_safe
@standing.at_desk(*SEES)
def findings(request: HttpRequest, by: Mandate) -> HttpResponse:
    """One page of the list. A condition that cannot be used is named and left out."""
    context, status = standing.usable(request, listing.PARAMS, partial(listing.build, by, now()))
    return standing.page(request, "staff/findings.html", context, by=by, status=status)


@require_safe
@standing.at_desk(*SEES)
def finding(request: HttpRequest, by: Mandate, finding_id: UUID) -> HttpResponse:
    """The page of one finding."""
    return shown(request, by, finding_id)


@require_safe
@standing.at_desk(*SEES)
def by_number(request: HttpRequest, by: Mandate, source: str, ref: str) -> HttpResponse:
    """Leads to a finding by its source's own number."""
    return redirect("staff:finding", queries.by_number(source, ref, by))


@require_safe
@standing.at_desk("direct")
def beside(request: HttpRequest, by: Mandate) -> HttpResponse:
    """A line of the morning brief: how many findings were not put right in time; nothing where there is none."""
    return render(request, "staff/findingsbeside.html", {"overdue": queries.waiting(by, now())["overdue"]})


def shown(
    request: HttpRequest, by: Mandate, finding_id: UUID, *, tried: dict[str, str] | None = None,
    error: WanggeError | None = None,
) -> HttpResponse:
    """The page; after a refused act with what was typed and why it was refused."""
    context = {
        "room": "findings", "page": page.build(finding_id, by, places=atlas(), now=now()), "tried": tried or {},
        "error": refusals.said(error) if error else "",
    }
    return standing.page(request, "staff/finding.html", context, by=by, status=error.status if error else 200)

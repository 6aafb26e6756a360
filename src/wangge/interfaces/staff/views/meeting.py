"""The review meeting: its board, the printable booklet, and a secretary's statement for the file."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wangge.assessment.meeting import services
from wangge.assessment.meeting.booklet import render
from wangge.assessment.running import queries
from wangge.base.clock import now
from wangge.base.errors import WanggeError
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import standing
from wangge.interfaces.staff.assessing import board as boards
from wangge.interfaces.web import refusals
from wangge.kernel.places.queries import atlas


@standing.at_desk
def board(request: HttpRequest, by: Mandate, run_id: UUID) -> HttpResponse:
    """Standing, flags and statements, to be shown in the room."""
    one = queries.run(run_id, by)
    context = {"room": "runs", "page": boards.build(one, by=by, places=atlas(), now=now())}
    return standing.page(request, "staff/board.html", context, by=by)


@standing.at_desk
def booklet(request: HttpRequest, by: Mandate, run_id: UUID) -> HttpResponse:
    """The same as a PDF to print."""
    one, places = queries.run(run_id, by), atlas()
    page = boards.build(one, by=by, places=places, now=now())
    content = render(boards.booklet(page, places=places), font=settings.BOOKLET_FONT)
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{one.period}.pdf"'
    return answer


@require_POST
@standing.at_desk(services.VERB)
def pledge(request: HttpRequest, by: Mandate, run_id: UUID) -> HttpResponse:
    """A secretary's statement goes on file."""
    try:
        services.give_pledge(run_id=run_id, area=request.POST.get("area", "").replace("\0", ""),
                             words=request.POST.get("words", "").replace("\0", ""), by=by)
        messages.success(request, _("The statement is on file."), extra_tags="done")
    except WanggeError as error:
        messages.error(request, refusals.said(error), extra_tags="late")
    return redirect("staff:board", run_id)

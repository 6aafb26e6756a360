"""Handing a shift over (交接班): the sheet as it stands now, closing it, taking it over, and those on record."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wangge.base.clock import now
from wangge.base.errors import WanggeError
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import shiftpage, standing
from wangge.interfaces.web import refusals
from wangge.kernel.desk import shifts
from wangge.kernel.desk.sheets import sheet


@require_safe
@standing.at_desk(shifts.CLOSE)
def present(request: HttpRequest, by: Mandate) -> HttpResponse:
    """What the sheet would say now, with the form that closes the shift, and the last ones."""
    return _page(request, by)


def _page(request: HttpRequest, by: Mandate, *, note: str = "", error: WanggeError | None = None) -> HttpResponse:
    moment, past = now(), shifts.shifts_of(by)
    latest = past[0] if past else None
    found = sheet(by, begins=shifts.begin_of(latest, moment), ends=moment)
    context: dict[str, Any] = {
        "room": "shift",
        "sheet": shiftpage.drawn(found, moment),
        "past": past,
        "to_take": latest if latest and latest.taken_at is None and latest.giver != by.actor else None,
        "note": note,
        "error": refusals.said(error) if error else "",
    }
    return standing.page(request, "staff/shift.html", context, by=by, status=error.status if error else 200)


@require_POST
@standing.at_desk(shifts.CLOSE)
def close(request: HttpRequest, by: Mandate) -> HttpResponse:
    """End the shift with a note."""
    note = request.POST.get("note", "")
    try:
        made = shifts.close_shift(note=note, by=by)
    except WanggeError as error:
        return _page(request, by, note=note, error=error)
    messages.success(request, _("The shift is handed over. Whoever comes on takes it here."), extra_tags="done")
    return redirect("staff:shift-record", made.id)


@require_POST
@standing.at_desk(shifts.TAKE)
def take(request: HttpRequest, by: Mandate, key: UUID) -> HttpResponse:
    """Take the shift over."""
    try:
        shifts.take_shift(key, by=by)
        messages.success(request, _("You have taken the shift over."), extra_tags="done")
    except WanggeError as error:
        messages.error(request, refusals.said(error), extra_tags="late")
    return redirect("staff:shift-record", key)


@require_safe
@standing.at_desk(shifts.CLOSE)
def record(request: HttpRequest, by: Mandate, key: UUID) -> HttpResponse:
    """A shift on record, as it was closed; for the printer too."""
    found = shifts.shift(key, by)
    context = {
        "room": "shift",
        "shift": found,
        "post": standing.post_name(found.post),
        "sheet": shiftpage.stored(found),
        "may_take": found.taken_at is None and found.giver != by.actor,
    }
    return standing.page(request, "staff/shiftrecord.html", context, by=by)

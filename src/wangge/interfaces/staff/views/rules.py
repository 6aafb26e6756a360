"""The rules of a ground that people set by hand: working days, and where classes are not to be reported."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wangge.base.clock import now
from wangge.base.errors import InvalidInput, NotFound, WanggeError
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import ruleswords, standing
from wangge.interfaces.web import refusals
from wangge.kernel.cases.controls import end_control, set_control
from wangge.kernel.duties.models import Calendar
from wangge.kernel.duties.services import confirm_year, fill_calendar, set_day


@require_http_methods(["GET", "HEAD", "POST"])
@standing.at_desk(writes=("manage_classes", "manage_duties"))
def rules(request: HttpRequest, by: Mandate) -> HttpResponse:
    """The page; a POST changes one thing. What was typed comes back when it is refused."""
    if request.method != "POST":
        return _page(request, by)
    try:
        done = _DOES.get(request.POST.get("do", ""), _unknown)(request, by)
    except WanggeError as error:
        return _page(request, by, error=error)
    messages.success(request, done, extra_tags="done")
    return redirect("staff:rules")


def _page(request: HttpRequest, by: Mandate, error: WanggeError | None = None) -> HttpResponse:
    moment, may = now(), by.allows("manage_classes", by.scope_path)
    context = {
        "room": "rules",
        "calendars": ruleswords.calendars(by, moment),
        "controls": ruleswords.controls(by, moment),
        "may_control": may,
        "classes": ruleswords.class_choices(by) if may else [],
        "areas": ruleswords.area_choices(by, moment) if may else [],
        "tried": request.POST if error else {},
        "error": refusals.said(error) if error else "",
    }
    return standing.page(request, "staff/rules.html", context, by=by, status=error.status if error else 200)


def _control(request: HttpRequest, by: Mandate) -> str:
    given = request.POST
    since = given.get("from", "")
    set_control(
        area_code=given.get("area", ""),
        class_prefix=given.get("class", ""),
        valid_from=_time("from", since) if since else now(),
        valid_to=_time("until", given.get("until", "")),
        text=given.get("text", ""),
        text_en=given.get("text_en", ""),
        by=by,
    )
    return _("It is under control; whoever reports it there is told why.")


def _end(request: HttpRequest, by: Mandate) -> str:
    end_control(control_id=_id(request, "control"), at=now(), by=by)
    return _("The control has ended.")


def _fill(request: HttpRequest, by: Mandate) -> str:
    year = now().year
    added = fill_calendar(calendar=_calendar(request), years=(year, year + 1), by=by)
    return _("{n} days were added; days set by hand stay as they are.").format(n=added)


def _set_day(request: HttpRequest, by: Mandate) -> str:
    given = request.POST.get("day", "")
    try:
        day = date.fromisoformat(given)
    except ValueError as error:
        raise InvalidInput("This is not a day.", field="day", value=given, expected="such as 2026-10-10") from error
    kind = request.POST.get("kind", "") or None
    set_day(calendar=_calendar(request), day=day, kind=kind, name=request.POST.get("name", "").strip(), by=by)
    return _("The day is set; deadlines that are decided from now on follow it.")


def _confirm(request: HttpRequest, by: Mandate) -> str:
    given = request.POST.get("year", "")
    if not (given.isascii() and given.isdigit() and len(given) == 4):
        raise InvalidInput("This is not a year.", field="year", value=given, expected="four digits")
    confirm_year(calendar=_calendar(request), year=int(given), by=by)
    return _("The plan of {year} is complete; that is on record.").format(year=given)


def _unknown(request: HttpRequest, by: Mandate) -> str:
    raise InvalidInput("There is no such action.", field="do", value=request.POST.get("do"),
                       expected="one of " + ", ".join(_DOES))


_DOES: dict[str, Callable[[HttpRequest, Mandate], str]] = {
    "control": _control, "end": _end, "fill": _fill, "day": _set_day, "confirm": _confirm,
}


def _calendar(request: HttpRequest) -> Calendar:
    known = Calendar.objects.filter(id=_id(request, "calendar")).first()
    if known is None:
        raise NotFound("There is no such calendar.", field="calendar", value=request.POST.get("calendar"))
    return known


def _id(request: HttpRequest, field: str) -> UUID:
    given = request.POST.get(field, "")
    try:
        return UUID(given)
    except ValueError as error:
        raise InvalidInput("This is not an id.", field=field, value=given, expected="one of the list") from error


def _time(field: str, text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(
            "This is not a time.", field=field, value=text, expected="a date and a time such as 2026-12-01T18:00"
        ) from error
    return found if found.tzinfo else found.replace(tzinfo=timezone.get_current_timezone())

"""Signals at the desk: worklists for who checks, settling a row, and the thresholds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wangge.base.clock import now
from wangge.base.errors import InvalidInput, WanggeError
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import figuring, signalpage, standing
from wangge.interfaces.web import refusals
from wangge.kernel.places.queries import atlas
from wangge.kernel.signals.kinds import THRESHOLDS
from wangge.kernel.signals.reading import VERB
from wangge.kernel.signals.settling import VERB as SETTLE
from wangge.kernel.signals.settling import Settling, settle
from wangge.kernel.signals.tuning import VERB as TUNE
from wangge.kernel.signals.tuning import set_thresholds


@require_http_methods(["GET", "HEAD", "POST"])
@standing.at_desk(VERB, writes=(SETTLE, TUNE))
def signals(request: HttpRequest, by: Mandate) -> HttpResponse:
    """The page. A POST settles one row, or sets the thresholds of the signal that is shown."""
    given = {
        name: text for name in signalpage.PARAMS if (text := request.GET.get(name, "").replace("\0", "").strip())
    }
    try:
        if request.method == "POST":
            said = _DOES.get(request.POST.get("do", ""), _unknown)(request, by, given)
            messages.success(request, said, extra_tags="done")
            return redirect(figuring.address(given, signalpage.HERE))
        return _page(request, by, given)
    except WanggeError as error:
        if request.method != "POST" and not isinstance(error, InvalidInput):
            raise
        messages.error(request, refusals.said(error), extra_tags="late")
        kept = {} if isinstance(error, InvalidInput) and error.field in signalpage.PARAMS else given
        return _page(request, by, kept, error.status)


def _page(request: HttpRequest, by: Mandate, given: dict[str, str], status: int = 200) -> HttpResponse:
    tried = (request.POST.get("key", ""), request.POST.get("note", ""))
    context: dict[str, Any] = signalpage.build(given, by, atlas(), now(), tried)
    return standing.page(request, "staff/signals.html", context, by=by, status=status)


def _settle(request: HttpRequest, by: Mandate, given: dict[str, str]) -> str:
    area, period, _params = signalpage.asked(given, by, atlas(), now())
    form = request.POST
    what = Settling(
        form.get("kind", ""), form.get("key", ""), form.get("outcome", ""), _number(form.get("version", ""), "version"),
        _moment(form.get("latest", "")), form.get("note", ""), _number(form.get("days", "3"), "days"),
    )  # fmt: skip
    row = settle(given=what, area_path=area.path, period=period, places=atlas(), by=by, now=now())
    if row.task_id:
        return _("Passed on as a task. The signal comes back only with later evidence.")
    return _("On record. The signal comes back only with later evidence.")


def _tune(request: HttpRequest, by: Mandate, given: dict[str, str]) -> str:
    area, _period, params = signalpage.asked(given, by, atlas(), now())
    wanted, seen = {}, {}
    for name in THRESHOLDS:
        if name.startswith(f"{params['signal']}.") and name in request.POST:
            wanted[name] = _number(request.POST[name], name)
            seen[name] = _number(request.POST.get(f"was.{name}", ""), name)
    changed = set_thresholds(area=area.code, given=wanted, seen=seen, by=by)
    return _("The thresholds hold from now on.") if changed else _("Nothing was changed.")


def _unknown(request: HttpRequest, by: Mandate, given: dict[str, str]) -> str:
    raise InvalidInput("There is no such action.", field="do", value=request.POST.get("do"),
                       expected="one of " + ", ".join(_DOES))


_DOES: dict[str, Callable[[HttpRequest, Mandate, dict[str, str]], str]] = {"settle": _settle, "tune": _tune}


def _number(given: str, field: str) -> int:
    if not (given.isascii() and given.isdigit() and len(given) < 7):
        raise InvalidInput("This is not a number.", field=field, value=given, expected="a whole number")
    return int(given)


def _moment(given: str) -> datetime:
    try:
        found = datetime.fromisoformat(given)
    except ValueError as error:
        raise InvalidInput("This is no time.", field="latest", value=given, expected="the time of the row") from error
    if found.tzinfo is None:
        raise InvalidInput("This is no time.", field="latest", value=given, expected="the time of the row")
    return found

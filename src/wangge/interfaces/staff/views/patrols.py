"""Patrols at the desk: start and end one's own, record and contest spot checks, decide them, the switchboard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wangge.base.clock import now
from wangge.base.errors import InvalidInput, WanggeError
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import patrolpage, standing
from wangge.interfaces.web import refusals
from wangge.kernel.places.queries import atlas
from wangge.patrols.observing import NewObservation, contest_observation, decide_observation, observe
from wangge.patrols.services import NewPatrol, drop_patrol, end_patrol, plan_patrol, start_patrol, visit_stop
from wangge.patrols.switchboard import NewSwitch, approve_switch, ask_switch, end_switch, refuse_switch


@require_http_methods(["GET", "HEAD", "POST"])
@standing.at_desk
def patrols(request: HttpRequest, by: Mandate) -> HttpResponse:
    """The page, open to every duty: whoever was observed reads it here. A POST does one thing."""
    error: WanggeError | None = None
    if request.method == "POST":
        try:
            messages.success(request, _DOES.get(request.POST.get("do", ""), _unknown)(request, by), extra_tags="done")
        except WanggeError as refused:
            error = refused
        else:
            return redirect("staff:patrols")
    context = {"room": "patrols", "error": refusals.said(error) if error else "",
               **patrolpage.build(by, atlas(), now())}
    return standing.page(request, "staff/patrols.html", context, by=by, status=error.status if error else 200)


def _start(request: HttpRequest, by: Mandate) -> str:
    moment = now()
    new = NewPatrol(request.POST.get("area", ""), moment, moment + timedelta(hours=min(_number(request, "hours"), 24)))
    row = plan_patrol(new=new, by=by)
    start_patrol(patrol=row.id, tracked=False, expected_version=row.version, by=by)
    return _("The patrol is under way. No track is kept of it.")


def _begin(request: HttpRequest, by: Mandate) -> str:
    start_patrol(patrol=_id(request, "patrol"), tracked=False, expected_version=_number(request, "version"), by=by)
    return _("The patrol is under way. No track is kept of it.")


def _end(request: HttpRequest, by: Mandate) -> str:
    end_patrol(patrol=_id(request, "patrol"), expected_version=_number(request, "version"),
               note=request.POST.get("note", ""), by=by)
    return _("The patrol has ended.")


def _visit(request: HttpRequest, by: Mandate) -> str:
    visit_stop(patrol=_id(request, "patrol"), stop=_number(request, "stop"),
               expected_version=_number(request, "version"), by=by)
    return _("Ticked.")


def _drop(request: HttpRequest, by: Mandate) -> str:
    drop_patrol(patrol=_id(request, "patrol"), expected_version=_number(request, "version"),
                reason=request.POST.get("reason", ""), by=by)
    return _("The patrol is dropped.")


def _observe(request: HttpRequest, by: Mandate) -> str:
    worker, _sep, rest = request.POST.get("worker", "").partition(":")
    path, _sep, post = rest.partition(":")
    place = atlas().by_path.get(path)
    if place is None:
        raise InvalidInput("There is no such place.", field="worker", value=path, expected="one of the list")
    new = NewObservation(_uuid("worker", worker), place.code, request.POST.get("outcome", ""), _id(request, "patrol"),
                         post=post, note=request.POST.get("note", ""))
    observe(new=new, by=by)
    return _("Recorded. The person reads it now and may contest it for three days.")


def _contest(request: HttpRequest, by: Mandate) -> str:
    contest_observation(observation=_id(request, "observation"), reason=request.POST.get("reason", ""),
                        expected_version=_number(request, "version"), by=by)
    return _("You contested it. Somebody who had no part in it decides.")


def _decide(request: HttpRequest, by: Mandate) -> str:
    decide_observation(observation=_id(request, "observation"), upheld=request.POST.get("upheld") == "1",
                       reason=request.POST.get("reason", ""), expected_version=_number(request, "version"), by=by)
    return _("Decided. Both read it with your reason.")


def _ask(request: HttpRequest, by: Mandate) -> str:
    function, area, scene, document, words = (
        request.POST.get(name, "") for name in ("function", "area", "scene", "document", "reason")
    )
    expires = now() + timedelta(days=min(_number(request, "days"), 366))
    ask_switch(new=NewSwitch(function, area, scene, document, expires, words=words), by=by)
    return _("Asked for. It stays off until another approves it.")


def _switch(act: Callable[..., object], said: Callable[[], str]) -> Callable[[HttpRequest, Mandate], str]:
    def done(request: HttpRequest, by: Mandate) -> str:
        act(switch=_id(request, "switch"), expected_version=_number(request, "version"), by=by)
        return said()

    return done


def _unknown(request: HttpRequest, by: Mandate) -> str:
    raise InvalidInput("There is no such action.", field="do", value=request.POST.get("do"),
                       expected="one of " + ", ".join(_DOES))


_DOES: dict[str, Callable[[HttpRequest, Mandate], str]] = {
    "start": _start, "begin": _begin, "end": _end, "visit": _visit, "drop": _drop, "observe": _observe,
    "contest": _contest, "decide": _decide, "ask": _ask,
    "approve": _switch(approve_switch, lambda: _("It is on until it expires; each use is on record.")),
    "refuse": _switch(refuse_switch, lambda: _("It stays off.")),
    "off": _switch(end_switch, lambda: _("It is off.")),
}


def _number(request: HttpRequest, field: str) -> int:
    given = request.POST.get(field, "")
    if not (given.isascii() and given.isdigit() and len(given) < 7):
        raise InvalidInput("This is not a number.", field=field, value=given, expected="a whole number")
    return int(given)


def _id(request: HttpRequest, field: str) -> UUID:
    return _uuid(field, request.POST.get(field, ""))


def _uuid(field: str, given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError as error:
        raise InvalidInput("This is not an id.", field=field, value=given, expected="one of the list") from error

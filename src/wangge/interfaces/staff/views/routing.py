"""Routing rules at the desk: the list by class and area, who would get a case, and forms to set and end a rule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wangge.base.clock import now
from wangge.base.errors import InvalidInput, WanggeError
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import filters as bar
from wangge.interfaces.staff import routewords, ruleswords, standing
from wangge.interfaces.staff.deeds import target_of
from wangge.interfaces.staff.formfields import id_of, time_of
from wangge.interfaces.web import refusals
from wangge.kernel.cases.parts.queries import part_with
from wangge.kernel.cases.reference import Reference, reference
from wangge.kernel.cases.rulebook import add_rule, area_of, who_gets
from wangge.kernel.cases.settling import VERB, RuleRow, end_rule
from wangge.kernel.duties.queries import roster_at
from wangge.kernel.places.queries import Atlas, atlas

FILTERS = ("area", "class", "ended")
TRY = ("try_class", "try_area", "try_part")
MOST = 50
"""So many rules are shown on a page."""


@require_http_methods(["GET", "HEAD", "POST"])
@standing.at_desk(writes=(VERB,))
def routing(request: HttpRequest, by: Mandate) -> HttpResponse:
    """The page; a POST sets or ends a rule. What was typed comes back when it is refused."""
    if request.method != "POST":
        return _page(request, by)
    try:
        act = _ACTS.get(request.POST.get("do", ""))
        if act is None:
            raise InvalidInput("There is no such act.", field="do", value=request.POST.get("do"),
                               expected=", ".join(_ACTS))  # fmt: skip
        messages.success(request, act(request.POST, by), extra_tags="done")
    except WanggeError as error:
        return _page(request, by, error=error)
    return redirect("staff:routing")


def _page(request: HttpRequest, by: Mandate, error: WanggeError | None = None) -> HttpResponse:
    moment, places, known = now(), atlas(), reference()
    params = {name: text for name in (*FILTERS, *TRY) if (text := request.GET.get(name, "").strip())}
    try:
        listed = _listed(params, by, known, places, moment)
        answer = _answer(params, by, known, places, moment)
    except WanggeError as refused:
        error = error or refused
        params = {name: text for name, text in params.items() if name not in TRY} if refused.field in TRY else {}
        listed, answer = _listed(params, by, known, places, moment), None
    keeper = answer.suggestion.target.organisation if answer and answer.suggestion.target else None
    skip = _skip(request)
    weighed = [one.rule for one in answer.considered] if answer else []
    named = routewords.Named.of([*listed[skip : skip + MOST], *weighed], keeper)
    may = by.allows(VERB, by.scope_path)
    context = {
        "room": "routing",
        "params": params,
        "lines": routewords.lines(listed[skip : skip + MOST], named, known, places, by, moment),
        "next": _page_at(params, skip + MOST) if len(listed) > skip + MOST else "",
        "first": _page_at(params, 0) if skip else "",
        "classes": ruleswords.class_choices(by),
        "reportable": ruleswords.reportable_choices(by),
        "areas": ruleswords.area_choices(by, moment),
        "answer": routewords.tried(answer, named, known, places) if answer else None,
        "may": may,
        "targets": routewords.addressees(by.scope_path or places.default_root) if may else [],
        "tried": request.POST if error and request.method == "POST" else {},
        "error": refusals.said(error) if error else "",
    }
    return standing.page(request, "staff/routing.html", context, by=by, status=error.status if error else 200)


def _skip(request: HttpRequest) -> int:
    """How many lines the address leaves out; what is no number leaves out none."""
    text = request.GET.get("skip", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _page_at(params: Mapping[str, str], skip: int) -> str:
    kept = {name: text for name, text in params.items() if name in FILTERS}
    return "?" + urlencode({**kept, "skip": skip} if skip else kept)


def _listed(params: Mapping[str, str], by: Mandate, known: Reference, places: Atlas, moment: datetime) -> list[Any]:
    area = bar.names_of(places, known, by).area_path(params["area"]) if "area" in params else ""
    return routewords.touching(
        known, by, area_path=area, prefix=params.get("class", ""), ended=params.get("ended") == "1", now=moment
    )


def _answer(params: Mapping[str, str], by: Mandate, known: Reference, places: Atlas, moment: datetime) -> Any:
    """Who would get the case that the address describes, None where it describes none."""
    if "try_class" not in params or "try_area" not in params:
        return None
    area = area_of(places, params["try_area"], field="try_area")
    if not area.path.startswith(by.scope_path):
        raise InvalidInput(
            "There is no such place on your ground.", field="try_area", value=area.code, expected="one of the list"
        )
    info = known.find_class(params["try_class"], area.path, field="try_class")
    keeper: UUID | None = None
    if "try_part" in params:
        part = part_with(params["try_part"], by.scope_path)
        if part is None:
            raise InvalidInput("There is no such part.", field="try_part", value=params["try_part"],
                               expected="the 16 digits of a part on your ground")  # fmt: skip
        keeper = part.keeper.id if part.keeper else None
    return who_gets(known, roster_at(area.path, moment), path=area.path, code=info.code, at=moment, keeper=keeper)


def _add(given: Mapping[str, Any], by: Mandate) -> str:
    unit, post = target_of(given.get("target", ""))
    fallback_unit, fallback_post = target_of(given.get("fallback", ""))
    since = given.get("from", "")
    add_rule(
        area_code=given.get("area", ""),
        rule=RuleRow(given.get("class", ""), post, unit, fallback_post, fallback_unit),
        valid_from=time_of("from", since) if since else None,
        by=by,
    )
    return _("The rule is set; what the same class had there before ends when it begins.")


def _end(given: Mapping[str, Any], by: Mandate) -> str:
    at = given.get("at", "")
    end_rule(rule_id=id_of("rule", given.get("rule", "")), at=time_of("at", at) if at else None, by=by)
    return _("The rule ends then; the journal keeps it.")


_ACTS = {"add": _add, "end": _end}

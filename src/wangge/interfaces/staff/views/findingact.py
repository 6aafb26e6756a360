"""Acts upon a finding: contest and decide, put right and check again, cut and merge; ordering has its own page."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from wangge.base.clock import now
from wangge.base.errors import InvalidInput, WanggeError
from wangge.base.mandate import Mandate
from wangge.inspections import amending, contesting, queries, rectifying, terms
from wangge.inspections.rectifying import ORDER, NewRectification
from wangge.interfaces.staff import standing
from wangge.interfaces.staff.finding import ordering, words
from wangge.interfaces.staff.formfields import id_of, time_of
from wangge.interfaces.staff.views.findings import SEES, shown
from wangge.interfaces.web import refusals
from wangge.kernel.cases.reference import reference
from wangge.kernel.duties.calendars import calendar_for
from wangge.kernel.places.queries import atlas


@require_POST
@standing.at_desk(*SEES)
def act(request: HttpRequest, by: Mandate, finding_id: UUID) -> HttpResponse:
    """Do it and show the finding; a refusal shows it as it is now, with what was typed."""
    queries.finding(finding_id, by)
    tried = {name: request.POST.get(name, "") for name in ("do", "words", "points", "view", "into")}
    try:
        said = _DOES.get(tried["do"], _unknown)(request, by, finding_id)
    except WanggeError as error:
        return shown(request, by, finding_id, tried=tried, error=error)
    messages.success(request, said, extra_tags="done")
    return redirect("staff:finding", finding_id)


@require_http_methods(["GET", "HEAD", "POST"])
@standing.at_desk(ORDER)
def order(request: HttpRequest, by: Mandate, finding_id: UUID) -> HttpResponse:
    """The order that a finding be put right: by whom, until when. A refusal keeps what was typed."""
    one, _versions = queries.finding(finding_id, by)
    form = {name: request.POST.get(name, "") for name in ("target", "due_at", "words")}
    error: WanggeError | None = None
    if request.method == "POST":
        try:
            post, unit = ordering.target_of(form["target"])
            due_at = time_of("due_at", form["due_at"]) if form["due_at"] else None
            new = NewRectification(finding_id, post, unit, due_at, form["words"])
            rectifying.order_rectification(new=new, expected_version=_version(request), by=by)
        except WanggeError as refused:
            error = refused
        else:
            messages.success(request, _("Ordered. Whom it is addressed to reads it now."), extra_tags="done")
            return redirect("staff:finding", finding_id)
    moment = now()
    context = {
        "room": "findings", "it": one, "form": form, "title": words.title(one, reference()),
        "place": standing.ground_name(atlas(), one.area_path),
        "default": terms.due(one.source, (one.rect_round or 0) + 1, moment, calendar_for(one.area_path)),
        "choices": ordering.choices(one.area_path, moment), "error": refusals.said(error) if error else "",
    }
    return standing.page(request, "staff/findingorder.html", context, by=by, status=error.status if error else 200)


def _contest(request: HttpRequest, by: Mandate, finding_id: UUID) -> str:
    contesting.contest_finding(finding=finding_id, reason=_words(request), expected_version=_version(request), by=by)
    return _("You contested it. Somebody who had no part in it decides.")


def _decide(request: HttpRequest, by: Mandate, finding_id: UUID) -> str:
    row = contesting.decide_contest(contest=_key(request), points=_left(request), reason=_words(request),
                                    expected_version=_version(request), by=by)
    return _("Decided: the finding stands.") if row.state == "refused" else _("Decided: granted, for everybody.")


def _rectify(request: HttpRequest, by: Mandate, finding_id: UUID) -> str:
    rectifying.rectify(rectification=_key(request), words=_words(request), expected_version=_version(request), by=by)
    return _("Reported as put right. Somebody else checks it.")


def _recheck(request: HttpRequest, by: Mandate, finding_id: UUID) -> str:
    passed = request.POST.get("passed", "")
    if passed not in ("0", "1"):
        raise InvalidInput("Say whether it is put right.", field="passed", value=passed[:9], expected="0 or 1")
    rectifying.recheck(rectification=_key(request), passed=passed == "1", words=_words(request),
                       expected_version=_version(request), by=by)
    return _("It is put right.") if passed == "1" else _("Not passed: the next round has begun.")


def _drop(request: HttpRequest, by: Mandate, finding_id: UUID) -> str:
    rectifying.drop_rectification(rectification=_key(request), words=_words(request),
                                  expected_version=_version(request), by=by)
    return _("The order is given up.")


def _amend(request: HttpRequest, by: Mandate, finding_id: UUID) -> str:
    points = _left(request)
    if points is None:
        raise InvalidInput("Say what it should cost.", field="view", expected="void, or so many points")
    amending.amend(finding=finding_id, points=points, reason=_words(request), expected_version=_version(request), by=by)
    return _("Cut. What was found stays beside it.")


def _merge(request: HttpRequest, by: Mandate, finding_id: UUID) -> str:
    source, _slash, ref = request.POST.get("into", "").strip().partition("/")
    into = queries.by_number(source, ref, by)
    amending.merge(finding=finding_id, into=into, expected_version=_version(request), by=by)
    return _("Merged: both count once.")


def _unknown(request: HttpRequest, by: Mandate, finding_id: UUID) -> str:
    raise InvalidInput("There is no such action.", field="do", value=request.POST.get("do", "")[:40],
                       expected="one of " + ", ".join(_DOES))


_DOES: dict[str, Callable[[HttpRequest, Mandate, UUID], str]] = {
    "contest": _contest, "decide": _decide, "rectify": _rectify, "recheck": _recheck, "drop": _drop, "amend": _amend,
    "merge": _merge,
}


def _words(request: HttpRequest) -> str:
    return request.POST.get("words", "").replace("\r\n", "\n")


def _key(request: HttpRequest) -> UUID:
    return id_of("key", request.POST.get("key", ""))


def _version(request: HttpRequest) -> int:
    text = request.POST.get("expected_version", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise InvalidInput("The version cannot be read.", field="expected_version", value=text[:40],
                           expected="the number on the page")
    return int(text)


def _left(request: HttpRequest) -> Decimal | None:
    """What the finding should cost: as it is (None), nothing, or so many points."""
    view, text = request.POST.get("view", ""), request.POST.get("points", "").strip()
    if view in ("keep", "void"):
        return None if view == "keep" else Decimal(0)
    try:
        return Decimal(text)
    except InvalidOperation:
        raise InvalidInput("This is no number of points.", field="points", value=text[:40],
                           expected="a number such as 0.10") from None


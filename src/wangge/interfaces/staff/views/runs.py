"""Runs at the desk: the list, one with its steps, an area's statement, acts upon it, appeals and their review."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wangge.assessment.models import Appeal
from wangge.assessment.running import daily, queries, services, tellingdays
from wangge.assessment.running.appeals import review_appeal
from wangge.assessment.running.correcting import correct_run
from wangge.assessment.running.posting import post_run
from wangge.base.clock import now
from wangge.base.errors import InvalidInput, NotFound, WanggeError
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import standing
from wangge.interfaces.staff.assessing import runpage, words
from wangge.interfaces.web import refusals
from wangge.kernel.places.queries import atlas

ACTS = {
    "notify": services.give_notice, "finish": services.finish_run, "drop": services.drop_run, "post": post_run,
}


@standing.at_desk("assess", "see_accounts", "settle_run", "see")
def runs(request: HttpRequest, by: Mandate) -> HttpResponse:
    """The periods that were assessed, and what may be assessed next."""
    places = atlas()
    found = list(queries.runs(by)[:100])
    context = {
        "room": "runs",
        "rows": [
            {"it": one, "period": words.period_name(one.period), "ground": standing.area_name(places, one.area_path),
             "stage": words.STAGES[one.stage], "kind": words.STAGE_KINDS[one.stage]}
            for one in found
        ],
        "may_assess": by.allows("assess", by.scope_path) and bool(by.scope_path),
        "last": daily.last_quarter(now(), places.timezone(by.scope_path)),
    }
    return standing.page(request, "staff/runs.html", context, by=by)


@require_POST
@standing.at_desk("assess")
def assess(request: HttpRequest, by: Mandate) -> HttpResponse:
    """Assess a period of one's own ground."""
    try:
        area = atlas().by_path[by.scope_path]
        made = services.assess_period(area=area.code, period=request.POST.get("period", "").strip(), by=by)
        said = _("The statement is on record as provisional.") if made.fresh else _(
            "The same facts give the same statement: nothing changed.")
        messages.success(request, said, extra_tags="done")
        return redirect("staff:run", made.run.id)
    except WanggeError as error:
        messages.error(request, refusals.said(error), extra_tags="late")
        return redirect("staff:runs")


@standing.at_desk
def run(request: HttpRequest, by: Mandate, run_id: UUID) -> HttpResponse:
    """One run."""
    one = queries.run(run_id, by)
    context = {"room": "runs", "page": runpage.build(one, by=by, places=atlas())}
    return standing.page(request, "staff/run.html", context, by=by)


@standing.at_desk
def area(request: HttpRequest, by: Mandate, run_id: UUID, code: str) -> HttpResponse:
    """What a run says of one area. Who works there, above it or below the run's ground reads it."""
    one = queries.run(run_id, by)
    context = {"room": "runs", "page": runpage.area(one, code, by=by, places=atlas())}
    return standing.page(request, "staff/runarea.html", context, by=by)


@require_POST
@standing.at_desk("assess", "give_notice", "settle_run")
def act(request: HttpRequest, by: Mandate, run_id: UUID) -> HttpResponse:
    """Bring a run one step on."""
    name = request.POST.get("act", "")
    try:
        if name == "correct":
            changed = len(correct_run(run=run_id, by=by).changes)
            said = _("{n} people are corrected by counter-entries.").format(n=changed) if changed else _(
                "The facts are the same: nothing to correct.")
        else:
            _step(name, run_id, request.POST.get("expected_version", ""), by)
            said = _("Done.")
        messages.success(request, said, extra_tags="done")
    except WanggeError as error:
        messages.error(request, refusals.said(error), extra_tags="late")
    return redirect("staff:run", run_id)


def _step(name: str, run_id: UUID, version: str, by: Mandate) -> None:
    if name not in ACTS:
        raise InvalidInput("There is no such act.", field="action", value=name, expected="one of " + ", ".join(ACTS))
    if not version.isdecimal() or len(version) > 9:
        raise InvalidInput("This is no version.", field="expected_version", value=version, expected="a whole number")
    ACTS[name](run=run_id, expected_version=int(version), by=by)


@standing.at_desk("review_charge")
def appeals(request: HttpRequest, by: Mandate) -> HttpResponse:
    """The appeals that wait for a reviewer, of the whole subdistrict: who reviews may come from another community."""
    return standing.page(request, "staff/appeals.html", {"room": "appeals", **_waiting(by)}, by=by)


def _waiting(by: Mandate) -> dict[str, Any]:
    visible = queries.runs(by).values("id")
    rows = Appeal.objects.filter(run__in=visible, state="open").select_related("finding", "run").order_by("due_at")
    if "review_charge" not in by.may:
        rows = rows.none()
    found = [runpage.appeal(one, by) for one in rows[:100]]
    said = queries.appeal_words([one["it"].id for one in found])
    places = atlas()
    return {"appeals": [
        {**one, "words": said.get(one["it"].id, ""), "period": words.period_name(one["it"].run.period),
         "place": standing.ground_name(places, one["it"].area_path)} for one in found
    ]}


@require_POST
@standing.at_desk("review_charge")
def review(request: HttpRequest, by: Mandate, appeal_id: UUID) -> HttpResponse:
    """One reviewer's view of an appeal."""
    try:
        version = request.POST.get("expected_version", "")
        if not version.isdecimal() or len(version) > 9:
            raise InvalidInput("This is no version.", field="expected_version", value=version, expected="a number")
        one = review_appeal(
            appeal=appeal_id, points=_left(request.POST.get("view", ""), request.POST.get("points", "")),
            words=request.POST.get("words", "").replace("\0", ""), expected_version=int(version), by=by,
        )
        said = _("Your view is on record. The second reviewer decides.") if one.state == "open" else _(
            "The appeal is decided.")
        messages.success(request, said, extra_tags="done")
    except WanggeError as error:
        messages.error(request, refusals.said(error), extra_tags="late")
    return redirect("staff:appeals")


def _left(view: str, text: str) -> Decimal | None:
    """What the finding should cost: as it is, nothing, or so many points."""
    if view in ("keep", "void"):
        return None if view == "keep" else Decimal(0)
    try:
        return Decimal(text.strip())
    except InvalidOperation:
        raise InvalidInput("This is no number of points.", field="points", value=text,
                           expected="a number such as 0.10") from None


@standing.at_desk
def day_told(request: HttpRequest, by: Mandate) -> HttpResponse:
    """What the reader's own area was told today of its daily limit; nothing where it was told nothing."""
    places, moment = atlas(), now()
    area = places.by_path.get(by.scope_path)
    found = tellingdays.told(area, places, moment) if area else None
    if area is None or found is None:
        return HttpResponse()
    context = {"told": found, "place": standing.ground_name(places, area.path), "opens": "see" in by.may}
    return render(request, "staff/daytold.html", context)


@standing.at_desk("see")
def today(request: HttpRequest, by: Mandate) -> HttpResponse:
    """The grids of the reader's ground that have more problems today than allowed, and those that are near it."""
    places, moment = atlas(), now()
    if not by.scope_path:
        raise NotFound("This duty has no ground.", field="area")
    found = daily.of_day(by.scope_path, moment, places)
    context = {
        "room": "daily", "day": found.day, "limit": found.limit, "policy": found.title, "rows": [
            {"name": standing.ground_name(places, one.path), "found": one.found, "above": one.above,
             "points": one.points, "findings": one.findings, "who": one.who} for one in found.rows
        ],
        "sources": words.SOURCES,
    }
    return standing.page(request, "staff/daily.html", context, by=by)

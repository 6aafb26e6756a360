"""Policies at the desk: the versions of one's ground, one with what differs, drafting and approving; the lab."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wangge.assessment import lab as laboratory
from wangge.assessment.core.amounts import points_text, units_text, yuan_text
from wangge.assessment.core.files import LONGEST, parse_policy, write_policy
from wangge.assessment.core.periods import periods_between
from wangge.assessment.core.policy import Policy
from wangge.assessment.models import PolicyVersion
from wangge.assessment.policies import queries, services
from wangge.assessment.policies.explaining import clauses_in_words
from wangge.assessment.running import daily
from wangge.assessment.running.queries import names_of
from wangge.assessment.trying import shipped
from wangge.base.clock import now
from wangge.base.errors import InvalidInput, WanggeError
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import standing
from wangge.interfaces.staff.assessing import runpage, words
from wangge.interfaces.staff.rows import english
from wangge.interfaces.web import refusals
from wangge.kernel.places.queries import atlas


@standing.at_desk("see")
def policies(request: HttpRequest, by: Mandate) -> HttpResponse:
    """The versions that hold on the reader's ground, and those of the places below."""
    return _list(request, by)


def _list(request: HttpRequest, by: Mandate, *, tried: str = "", error: WanggeError | None = None) -> HttpResponse:
    places = atlas()
    context = {
        "room": "policies",
        "rows": [
            {"it": one, "title": _title(queries.stated(one.body)), "ground": standing.area_name(places, one.area_path),
             "state": words.POLICY_STATES[one.state], "mode": words.MODES[one.mode]}
            for one in queries.versions(by)
        ],
        "shipped": _title(shipped()),
        "may_draft": bool(by.scope_path) and by.allows("draft_policy", by.scope_path),
        "tried": tried,
        "template": tried or write_policy(shipped()),
        "error": f"{error.detail} {error.field or ''}: {error.value or ''} — {error.expected or ''}" if error else "",
    }
    return standing.page(request, "staff/policies.html", context, by=by, status=error.status if error else 200)


@require_POST
@standing.at_desk("draft_policy")
def draft(request: HttpRequest, by: Mandate) -> HttpResponse:
    """Put a YAML text on record as a draft; what is wrong with it is said beside it."""
    text = request.POST.get("text", "").replace("\r\n", "\n")
    try:
        if len(text) > LONGEST:
            raise InvalidInput("This is no policy.", field="text", value=len(text), expected=f"at most {LONGEST}")
        area = atlas().by_path[by.scope_path]
        made = services.draft_policy(area=area.code, policy=parse_policy(text), by=by)
    except WanggeError as error:
        return _list(request, by, tried=text[:LONGEST], error=error)
    messages.success(request, _("The draft is on record. Somebody else approves it."), extra_tags="done")
    return redirect("staff:policy", made.id)


@standing.at_desk("see")
def policy(request: HttpRequest, by: Mandate, policy_id: UUID) -> HttpResponse:
    """One version: its clauses in words, what differs from the one before, and its file."""
    one = queries.version(policy_id, by)
    stated, before = queries.stated(one.body), queries.before(one)
    names = names_of([person for person in (one.author, one.approver) if person])
    context = {
        "room": "policies", "it": one, "title": _title(stated), "text": stated.text,
        "ground": standing.area_name(atlas(), one.area_path), "state": words.POLICY_STATES[one.state],
        "mode": words.MODES[one.mode], "before": before,
        "changes": [words.said(said) for said in queries.changes(before, one)] if before else [],
        "clauses": [(words.said(name), [(words.said(key), words.said(value)) for key, value in pairs])
                    for name, pairs in clauses_in_words(stated)],
        "yaml": write_policy(stated),
        "author": names.get(one.author, "") if one.author else "",
        "approver": names.get(one.approver, "") if one.approver else "",
        "may_approve": one.state == "draft" and by.allows("approve_policy", one.area_path) and by.actor != one.author,
        "may_drop": one.state == "draft" and by.allows("draft_policy", one.area_path),
        "may_try": by.allows("assess", one.area_path) or "assess" in by.may,
    }
    return standing.page(request, "staff/policy.html", context, by=by)


@standing.at_desk("see")
def policy_file(request: HttpRequest, by: Mandate, policy_id: UUID) -> HttpResponse:
    """The version as a YAML file."""
    one = queries.version(policy_id, by)
    answer = HttpResponse(write_policy(queries.stated(one.body)), content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="policy-{one.number}.yaml"'
    return answer


@require_POST
@standing.at_desk("approve_policy", "draft_policy")
def decide(request: HttpRequest, by: Mandate, policy_id: UUID) -> HttpResponse:
    """Approve a draft or give it up."""
    acts = {"approve": services.approve_policy, "drop": services.drop_policy}
    try:
        name, version = request.POST.get("act", ""), request.POST.get("expected_version", "")
        if name not in acts or not version.isdecimal() or len(version) > 9:
            raise InvalidInput("There is no such act.", field="action", value=name, expected="approve or drop")
        acts[name](version=policy_id, expected_version=int(version), by=by)
        messages.success(request, _("Done."), extra_tags="done")
    except WanggeError as error:
        messages.error(request, refusals.said(error), extra_tags="late")
    return redirect("staff:policy", policy_id)


@standing.at_desk("assess")
def lab(request: HttpRequest, by: Mandate) -> HttpResponse:
    """Any version over past periods, beside what held: who would gain and lose, by role and by area."""
    by.require("assess", by.scope_path)
    places = atlas()
    versions = queries.versions(by)
    last = daily.last_quarter(now(), places.timezone(by.scope_path))
    chosen, periods = request.GET.get("version", ""), request.GET.get("periods", "").replace("\0", "") or last
    context: dict[str, Any] = {
        "room": "lab", "chosen": chosen, "periods": periods,
        "versions": [(str(one.id), f"{_title(queries.stated(one.body))} {one.number}", words.POLICY_STATES[one.state])
                     for one in versions],
        "shipped": _title(shipped()),
    }
    status = 200
    if "version" in request.GET:
        try:
            found = laboratory.compare(_candidate(chosen, versions), area=places.by_path[by.scope_path].code,
                                       periods=periods_between(periods), by=by)
            context |= _told(found)
        except WanggeError as error:
            messages.error(request, refusals.said(error), extra_tags="late")
            status = error.status
    return standing.page(request, "staff/lab.html", context, by=by, status=status)


def _candidate(chosen: str, versions: list[PolicyVersion]) -> Policy:
    if not chosen:
        return shipped()
    for one in versions:
        if str(one.id) == chosen:
            return queries.stated(one.body)
    raise InvalidInput("There is no such policy.", field="version", value=chosen, expected="one of the list")


def _told(found: laboratory.Compared) -> dict[str, Any]:
    places = atlas()

    def rows(now_: dict[str, laboratory.Sums], tried: dict[str, laboratory.Sums], name: Any) -> list[dict[str, str]]:
        none = laboratory.Sums()
        return [{"name": name(key), **_pair(now_.get(key, none), tried.get(key, none))}
                for key in sorted(now_.keys() | tried.keys())]

    return {
        "told": True, "gain": found.gain, "lose": found.lose, "same": found.same,
        "total": _pair(found.now.total, found.tried.total),
        "posts": rows(found.now.by_post, found.tried.by_post, standing.post_name),
        "areas": rows(found.now.by_area, found.tried.by_area, lambda code: runpage.named(code, places)),
        "spans": [
            {"name": words.period_name(one.code), "held": one.held, "now": units_text(one.now.ticks),
             "tried": units_text(one.tried.ticks)} for one in found.periods
        ],
    }


def _pair(was: laboratory.Sums, becomes: laboratory.Sums) -> dict[str, str]:
    return {
        "points": points_text(was.points), "points_tried": points_text(becomes.points), "yuan": yuan_text(was.fen),
        "yuan_tried": yuan_text(becomes.fen),
        "kind": "late" if (becomes.points, becomes.fen) > (was.points, was.fen) else
                "done" if (becomes.points, becomes.fen) < (was.points, was.fen) else "",
    }


def _title(one: Policy) -> str:
    return one.title.english if english() else one.title.zh

"""Tracing back from a place, a day and a class, or from a case: the question, the report, and its proof to keep."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from wangge.base.clock import now
from wangge.base.errors import InvalidInput, WanggeError
from wangge.base.geometry import parse_point
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import answerwords, ruleswords, standing
from wangge.interfaces.web import refusals, tracing
from wangge.kernel.journal.checking import check
from wangge.kernel.journal.proofs import known_seal
from wangge.kernel.places.queries import atlas
from wangge.kernel.tracing.services import VERB, answer, package, question
from wangge.kernel.tracing.shapes import Answer

FIELDS = ("area", "day", "class", "case", "lon", "lat")
MOST_PROOF = 20 * 1024 * 1024


@require_safe
@standing.at_desk(VERB)
def page(request: HttpRequest, by: Mandate) -> HttpResponse:
    """The form, and below it the report of what was asked for; each report is on record before it is shown."""
    by.require(VERB, by.scope_path)
    given, error, report, places = _given(request), None, None, atlas()
    if given.get("day") or given.get("case"):
        try:
            report = answerwords.page(_asked(given, by), places)
        except WanggeError as refused:
            error = refused
    context = {
        "room": "answer",
        "given": given,
        "here": request.GET.urlencode(),
        "report": report,
        "reader": standing.duty_words(by, places),
        "read_at": now(),
        "may_prove": "prove" in by.may,
        "areas": ruleswords.area_choices(by, now()),
        "classes": ruleswords.class_choices(by),
        "today": timezone.localdate(),
        "error": refusals.said(error) if error else "",
    }
    answer_page = standing.page(request, "staff/answer.html", context, by=by, status=error.status if error else 200)
    answer_page["Cache-Control"] = "no-store"
    return answer_page


@require_safe
@standing.at_desk("prove")
def proof(request: HttpRequest, by: Mandate) -> HttpResponse:
    """The report with the journal proofs of its cases and of its reading, as a zip."""
    found = _asked(_given(request), by)
    data = package(found, tracing.told(found), by=by)
    sent = HttpResponse(data, content_type="application/zip")
    sent["Content-Disposition"] = f'attachment; filename="trace-{found.area.code}-{found.end:%Y%m%d}.zip"'
    sent["Cache-Control"] = "no-store"
    return sent


@require_http_methods(["GET", "HEAD", "POST"])
@standing.at_desk("prove")
def checking(request: HttpRequest, by: Mandate) -> HttpResponse:
    """A proof is given and said whether it holds; nothing of it is kept."""
    by.require("prove", by.scope_path)
    report: Any = None
    error: WanggeError | None = None
    if request.method == "POST":
        try:
            report = check(_file(request))
        except WanggeError as refused:
            error = refused
    context = {
        "room": "check",
        "checked": report,
        "ours": report is not None and known_seal(report.last_seal, report.last_digest),
        "error": error.detail if error else "",
    }
    return standing.page(request, "staff/check.html", context, by=by, status=error.status if error else 200)


def _given(request: HttpRequest) -> dict[str, str]:
    found = {name: request.GET.get(name, "").replace("\0", "").strip() for name in FIELDS}
    return {name: text for name, text in found.items() if text}


def _asked(given: dict[str, str], by: Mandate) -> Answer:
    point = parse_point(given.get("lon", ""), given.get("lat", "")) if "lon" in given or "lat" in given else None
    moment = now()
    asked = question(
        places=atlas(), by=by, now=moment, area=given.get("area", ""), point=point, day=given.get("day", ""),
        class_prefix=given.get("class", ""), case=given.get("case", ""),
    )  # fmt: skip
    return answer(asked, by=by, now=moment)


def _file(request: HttpRequest) -> bytes:
    sent = request.FILES.get("proof")
    if sent is None or not sent.size or sent.size > MOST_PROOF:
        raise InvalidInput("Choose a proof, at most 20 MB.", field="proof", expected="a file of `wangge prove`")
    return bytes(sent.read())

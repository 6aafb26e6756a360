"""How findings come in at the desk: typed in one by one, or from a sheet, with a workbook of what was refused."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from wangge.assessment.importing import COLUMNS, MORE, import_rows, rows_of
from wangge.assessment.services import RECORD, record_findings
from wangge.base.clock import now
from wangge.base.errors import InvalidInput, NotFound, WanggeError
from wangge.base.mandate import Mandate
from wangge.base.workbooks import Sheet
from wangge.interfaces.staff import ruleswords, standing
from wangge.interfaces.staff.finding import typing
from wangge.interfaces.web import refusals
from wangge.interfaces.web.downloads import workbook

MOST_BYTES = 5_000_000
KEPT = 500
"""So many refused rows are kept for the error workbook, in the session of who sent the file."""
SESSION = "refused_findings"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@standing.at_desk(RECORD)
def new(request: HttpRequest, by: Mandate) -> HttpResponse:
    """The form of a finding; a POST records it and leads to its page. A refusal keeps what was typed."""
    form, error = typing.read(request), None
    if request.method == "POST":
        try:
            one = record_findings([typing.finding_of(form, by)], by=by)[0]
        except WanggeError as refused:
            error = refused
        else:
            messages.success(request, _("Recorded. Who answers for the place reads it now."), extra_tags="done")
            return redirect("staff:finding", one.id)
    context = {
        "room": "findings", "form": form, "sources": typing.sources(), "classes": ruleswords.reportable_choices(by),
        "areas": ruleswords.area_choices(by, now()),
        "error": {"words": refusals.said(error), "field": error.field} if error else None,
    }
    return standing.page(request, "staff/findingnew.html", context, by=by, status=error.status if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@standing.at_desk(RECORD)
def take_in(request: HttpRequest, by: Mandate) -> HttpResponse:
    """A sheet of findings: good rows are kept, refused ones are named and can be mended in the error workbook."""
    error: WanggeError | None = None
    if request.method == "POST":
        try:
            said, kept = _taken(request, by)
        except WanggeError as refused:
            error = refused
        else:
            request.session[SESSION] = kept[:KEPT]
            messages.success(request, said, extra_tags="soon" if kept else "done")
            return redirect("staff:findings-import")
    kept = request.session.get(SESSION, [])
    context = {
        "room": "findings", "refused": kept[:50], "more": max(0, len(kept) - 50),
        "columns": ", ".join((*COLUMNS, *MORE)), "error": refusals.said(error) if error else "",
    }
    return standing.page(request, "staff/findingsimport.html", context, by=by, status=error.status if error else 200)


@require_safe
@standing.at_desk(RECORD)
def refused(request: HttpRequest, by: Mandate) -> HttpResponse:
    """What was refused of the last sheet: a list with what would be right, and the rows themselves to mend."""
    kept: list[dict[str, Any]] = request.session.get(SESSION, [])
    if not kept:
        raise NotFound("Nothing was refused of the last file.", field="file")
    header = [_("Row"), _("Column"), _("Value"), _("What is wrong"), _("What would be right")]
    columns, told = [*COLUMNS, *MORE], ("row", "column", "value", "why", "expected")
    return workbook("findings-errors", [
        Sheet("errors", header, [[one[name] for name in told] for one in kept]),
        Sheet("findings", columns, [[one["cells"].get(name, "") for name in columns] for one in kept]),
    ])


def _taken(request: HttpRequest, by: Mandate) -> tuple[str, list[dict[str, Any]]]:
    upload = request.FILES.get("file")
    if upload is None or not upload.name or not upload.size:
        raise InvalidInput("Choose a file.", field="file", expected="a .xlsx or .csv file")
    if upload.size > MOST_BYTES:
        raise InvalidInput("The file is too large.", field="file", value=upload.size, expected="at most 5 MB")
    rows = rows_of(upload.read(), upload.name)
    outcome, cells = import_rows(rows, by=by), dict(rows)
    said = _("{recorded} recorded, {unchanged} stood already").format(
        recorded=outcome.recorded, unchanged=outcome.unchanged)
    if outcome.faults:
        said += _("; ") + _("{n} rows were refused; the others are kept").format(n=len(outcome.faults))
    return said, [
        {"row": fault.line, "column": fault.field, "value": fault.value, "why": _why(outcome.errors[fault.line]),
         "expected": outcome.errors[fault.line].expected or "", "cells": cells[fault.line]}
        for fault in outcome.faults
    ]


def _why(error: WanggeError) -> str:
    """The refusal; the kernel's own words stand beside where they say more than the page's."""
    words = refusals.said(error)
    return words if words == error.detail or error.detail in refusals.OWN else f"{words} ({error.detail})"

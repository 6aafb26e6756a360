"""Areas, duties and people out and in: GeoJSON for grounds, a workbook for the rest, and one of what was refused.

Files are taken row by row: good rows are kept, bad ones are named and can be mended in the error workbook.
"""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wangge.base.clock import now
from wangge.base.errors import InvalidInput, NotFound, WanggeError
from wangge.base.mandate import Mandate
from wangge.base.workbooks import Sheet
from wangge.interfaces.staff import standing, takingin
from wangge.interfaces.staff.views.posts import SEES
from wangge.interfaces.web.downloads import attachment, workbook
from wangge.kernel.desk import imports
from wangge.kernel.duties import workbook as book
from wangge.kernel.places.exporting import collection
from wangge.kernel.places.queries import atlas

KEEPS = ("manage_areas", "manage_duties")
SENDS = (*KEEPS, imports.SEES_ALL)
"""Who may have sent a file, here or on the page of the public parts, or looks after those who do."""
MOST_BYTES = imports.MOST_BYTES
KEPT = 500
"""So many refused rows are kept for the error workbook, in the session of who sent the file."""


@standing.at_desk(*KEEPS, writes=KEEPS)
def exchange(request: HttpRequest, by: Mandate) -> HttpResponse:
    """The page; a POST takes in a file."""
    if request.method != "POST":
        return _page(request, by)
    try:
        name, content = _sent(request)
        kind = takingin.kind_of(name)
        if len(content) > takingin.AT_ONCE:
            one = takingin.send(kind=kind, name=name, content=content, account=standing.account(request), by=by,
                                options={})
            return redirect("staff:import", one.id)
        found = takingin.take(kind, content, by, {})
    except WanggeError as error:
        return _page(request, by, error)
    request.session["refused"] = found.refused[:KEPT]
    tag = "soon" if found.refused else "done"
    messages.success(request, told_words(found.told, len(found.refused)), extra_tags=tag)
    return redirect("staff:exchange")


@require_safe
@standing.at_desk(*SENDS)
def progress(request: HttpRequest, by: Mandate, key: UUID) -> HttpResponse:
    """How far an import is and what came of it, for who sent it; `?part=1` is the part that is asked for again."""
    one = imports.seen(key, standing.account(request), by)
    refused = len(one.refused) + one.more_refused
    context = {
        "room": "exchange", "one": one, "open": one.state in imports.OPEN, "again": one.begun > 1,
        "told": told_words(one.told, refused), "refused": one.refused[:50], "more": max(0, refused - 50),
        "error": _(one.error) if one.error in takingin.GIVEN_UP else one.error, "kept": imports.KEPT.days,
    }
    if request.GET.get("part"):
        return render(request, "staff/importpart.html", context)
    return standing.page(request, "staff/import.html", context, by=by)


@require_safe
@standing.at_desk(*SENDS)
def import_errors(request: HttpRequest, by: Mandate, key: UUID) -> HttpResponse:
    """The refused rows of an import as a workbook to mend."""
    one = imports.seen(key, standing.account(request), by)
    if not one.refused:
        raise NotFound("Nothing was refused of this file.", field="file")
    return _errors(one.refused)


@require_safe
@standing.at_desk(*SEES)
def areas(request: HttpRequest, by: Mandate) -> HttpResponse:
    """Every area of the ground that stands now, as GeoJSON that can be imported again."""
    found = collection(by.scope_path, now(), by=by)
    content = json.dumps(found, ensure_ascii=False).encode()
    return attachment(content, f"areas-{timezone.localdate().isoformat()}.geojson", "application/geo+json")


@require_safe
@standing.at_desk(*SEES)
def everything(request: HttpRequest, by: Mandate) -> HttpResponse:
    """Areas, people and duties as a workbook that can be imported again."""
    return workbook(f"places-{timezone.localdate().isoformat()}", book.exported(by.scope_path, now(), by=by))


@require_safe
@standing.at_desk(*KEEPS)
def refused(request: HttpRequest, by: Mandate) -> HttpResponse:
    """What was refused of the last file: a list with what would be right, and the rows themselves to mend."""
    kept: list[dict[str, Any]] = request.session.get("refused", [])
    if not kept:
        raise NotFound("Nothing was refused of the last file.", field="file")
    return _errors(kept)


def _errors(kept: list[dict[str, Any]]) -> HttpResponse:
    header = [_("Sheet"), _("Row"), _("Column"), _("Value"), _("What is wrong"), _("What would be right")]
    sheets = [Sheet("errors", header, [
        [one["sheet"], one["row"], one["column"], one["value"], one["why"], one["expected"]] for one in kept
    ])]
    for title, columns in book.SHEETS.items():
        rows = [[one["cells"].get(name, "") for name in columns] for one in kept if one["sheet"] == title]
        if rows:
            sheets.append(Sheet(title, columns, rows))
    return workbook("errors", sheets)


def _page(request: HttpRequest, by: Mandate, error: WanggeError | None = None) -> HttpResponse:
    kept = request.session.get("refused", [])
    context = {
        "room": "exchange",
        "ground": standing.area_name(atlas(), by.scope_path),
        "refused": kept[:50],
        "more": max(0, len(kept) - 50),
        "sheets": [(title, ", ".join(columns)) for title, columns in book.SHEETS.items()],
        "error": takingin.said(error) if error else "",
        "imports": [(one, told_words(one.told, one.more_refused)) for one in imports.recent(standing.account(request))],
    }
    return standing.page(request, "staff/exchange.html", context, by=by, status=error.status if error else 200)


def _sent(request: HttpRequest) -> tuple[str, bytes]:
    """The name of the file and what it holds. Raises `InvalidInput`."""
    upload = request.FILES.get("file")
    if upload is None or not upload.name or not upload.size:
        raise InvalidInput("Choose a file.", field="file", expected="a .xlsx or .geojson file")
    if upload.size > MOST_BYTES:
        raise InvalidInput("The file is too large.", field="file", value=upload.size, expected="at most 20 MB")
    return upload.name, upload.read()


def told_words(told: list[dict[str, Any]], refused_rows: int) -> str:
    """What came of a file in a sentence."""
    parts = [
        _("{sheet}: {created} new, {changed} changed, {unchanged} as they were").format(**one) for one in told
    ]
    if refused_rows:
        parts.append(_("{n} rows were refused; the others are kept").format(n=refused_rows))
    return _("; ").join(parts)

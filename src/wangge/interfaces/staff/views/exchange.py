"""Areas, duties and people out and in: GeoJSON for grounds, a workbook for the rest, and one of what was refused.

Files are taken row by row: good rows are kept, bad ones are named and can be mended in the error workbook.
"""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wangge.base.clock import now
from wangge.base.errors import InvalidInput, NotFound, WanggeError
from wangge.base.faults import Fault
from wangge.base.mandate import Mandate
from wangge.base.workbooks import Sheet
from wangge.interfaces.staff import standing
from wangge.interfaces.staff.views.posts import SEES
from wangge.interfaces.web import refusals
from wangge.interfaces.web.downloads import attachment, workbook
from wangge.kernel.duties import workbook as book
from wangge.kernel.places.exporting import collection
from wangge.kernel.places.importing import features_of, import_features
from wangge.kernel.places.queries import atlas

KEEPS = ("manage_areas", "manage_duties")
MOST_BYTES = 20_000_000
KEPT = 500
"""So many refused rows are kept for the error workbook, in the session of who sent the file."""


@standing.at_desk(*KEEPS, writes=KEEPS)
def exchange(request: HttpRequest, by: Mandate) -> HttpResponse:
    """The page; a POST takes in a file."""
    if request.method != "POST":
        return _page(request, by)
    try:
        told, refused = _taken(request, by)
    except WanggeError as error:
        return _page(request, by, error)
    request.session["refused"] = refused[:KEPT]
    messages.success(request, told, extra_tags="done" if not refused else "soon")
    return redirect("staff:exchange")


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
        "error": _said(error) if error else "",
    }
    return standing.page(request, "staff/exchange.html", context, by=by, status=error.status if error else 200)


def _taken(request: HttpRequest, by: Mandate) -> tuple[str, list[dict[str, Any]]]:
    """Take in the file: what came of it in words, and what was refused."""
    upload = request.FILES.get("file")
    if upload is None or not upload.name or not upload.size:
        raise InvalidInput("Choose a file.", field="file", expected="a .xlsx or .geojson file")
    if upload.size > MOST_BYTES:
        raise InvalidInput("The file is too large.", field="file", value=upload.size, expected="at most 20 MB")
    content = upload.read()
    if upload.name.lower().endswith((".geojson", ".json")):
        return _ground(content, by)
    found = book.imported(content, by=by)
    told = [
        _("{sheet}: {created} new, {changed} changed, {unchanged} as they were").format(
            sheet=sheet, created=found.created[sheet], changed=found.changed[sheet], unchanged=found.unchanged[sheet])
        for sheet in found.created
    ]
    return _told(told, len(found.refused)), [_kept(sheet, fault, cells) for sheet, fault, cells in found.refused]


def _ground(content: bytes, by: Mandate) -> tuple[str, list[dict[str, Any]]]:
    features = features_of(content, "file")
    found = import_features(list(enumerate(features, 1)), by=by)
    told = _("{sheet}: {created} new, {changed} changed, {unchanged} as they were").format(
        sheet="geojson", created=found.created, changed=found.changed, unchanged=found.unchanged)
    return _told([told], len(found.faults)), [_kept("geojson", fault, {}) for fault in found.faults]


def _told(parts: list[str], refused_rows: int) -> str:
    if refused_rows:
        parts.append(_("{n} rows were refused; the others are kept").format(n=refused_rows))
    return _("; ").join(parts)


def _kept(sheet: str, fault: Fault, cells: dict[str, str]) -> dict[str, Any]:
    return {
        "sheet": sheet, "row": fault.row, "label": fault.label, "column": fault.column, "value": fault.value,
        "why": _said(fault.error), "expected": fault.expected, "cells": cells,
    }


def _said(error: WanggeError) -> str:
    """The refusal; the kernel's own words stand beside where they say more than the page's."""
    words = refusals.said(error)
    return words if words == error.detail or error.detail in refusals.OWN else f"{words} ({error.detail})"

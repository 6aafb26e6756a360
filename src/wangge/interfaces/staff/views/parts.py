"""The register of public parts at the desk: the list, one part with its cases and its form, the import of a table."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wangge.base.clock import now
from wangge.base.errors import InvalidInput, NotFound, WanggeError
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import filters as bar
from wangge.interfaces.staff import partwords, ruleswords, standing, takingin
from wangge.interfaces.staff.formfields import id_of
from wangge.interfaces.staff.rows import english
from wangge.kernel.cases.importing.report import write_table
from wangge.kernel.cases.parts import queries
from wangge.kernel.cases.parts.importing import COLUMNS, Fault, Outcome, import_parts
from wangge.kernel.cases.parts.services import VERB, put_parts
from wangge.kernel.cases.queries import timeline
from wangge.kernel.cases.reference import reference
from wangge.kernel.cases.units import units_at
from wangge.kernel.desk import imports
from wangge.kernel.places.queries import atlas

PAGE = 50
PARAMS = ("class", "area", "state", "keeper", "q")
NOBODY = "none"
MOST_BYTES = imports.MOST_BYTES
"""The largest table over the desk; larger ones go in by `wangge import-parts`."""
MOST_FAULTS = 100


@require_safe
@standing.at_desk("see", "see_own", VERB)
def parts(request: HttpRequest, by: Mandate) -> HttpResponse:
    """One page of the list. An unusable condition is named and left out, not the end of the page."""
    status = 200
    params = {name: text for name in (*PARAMS, "after") if (text := request.GET.get(name, "").strip())}
    try:
        found = _found(params, by)
    except InvalidInput as error:
        status = error.status
        messages.error(request, partwords.said(error), extra_tags="late")
        params = {name: text for name, text in params.items() if name != error.field}
        found = _found(params if error.field in params else {}, by)
    return standing.page(request, "staff/parts.html", _listed(params, found, by), by=by, status=status)


def _found(params: dict[str, str], by: Mandate) -> list[queries.PartView]:
    places, state, keeper, begins = atlas(), params.get("state", ""), params.get("keeper", ""), params.get("q", "")
    if state and state not in partwords.STATES:
        raise InvalidInput("There is no such state.", field="state", value=state[:40], expected="one of the list")
    for name in ("q", "after"):
        text = params.get(name, "")
        if text and not (text.isascii() and text.isdigit() and len(text) <= 16):
            raise InvalidInput("A code has 16 digits.", field=name, value=text[:40], expected="how a code begins")
    area = bar.names_of(places, reference(), by).area_path(params["area"]) if "area" in params else by.scope_path
    return queries.parts_list(
        path=area, class_prefix=_plain(params.get("class", "")), state=state, begins=begins,
        keeper=id_of("keeper", keeper) if keeper and keeper != NOBODY else None, unkept=keeper == NOBODY,
        after_code=params.get("after", ""), limit=PAGE + 1,
    )  # fmt: skip


def _plain(code: str) -> str:
    if code and not (code.isascii() and code.isalnum()):
        raise InvalidInput("There is no such class.", field="class", value=code[:40], expected="one of the list")
    return code


def _listed(params: dict[str, str], found: list[queries.PartView], by: Mandate, **more: Any) -> dict[str, Any]:
    known, places = reference(), atlas()
    shown = found[:PAGE]
    rest = {name: text for name, text in params.items() if name != "after"}
    return {
        "room": "parts",
        "params": params,
        "lines": partwords.lines(shown, known, places),
        "classes": _classes(by),
        "areas": ruleswords.area_choices(by, now()),
        "states": list(partwords.STATES.items()),
        "units": _units(by),
        "next": "?" + urlencode({**rest, "after": shown[-1].code}) if len(found) > PAGE else "",
        "first": "?" + urlencode(rest) if "after" in params else "",
        "may": by.allows(VERB, by.scope_path),
        "crs": list(partwords.CRS.items()),
        "columns": ", ".join(COLUMNS),
        **more,
    }


def _classes(by: Mandate) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (major, parts) for major, choices in ruleswords.class_choices(by)
        if (parts := [one for one in choices if one[0].startswith("P")])
    ]  # fmt: skip


def _units(by: Mandate) -> list[tuple[str, str]]:
    path = by.scope_path or atlas().default_root
    return [(str(one.id), (one.name_en if english() else one.name) or one.name) for one in units_at(path)]


@require_http_methods(["GET", "HEAD", "POST"])
@standing.at_desk("see", "see_own", VERB, writes=(VERB,))
def part(request: HttpRequest, by: Mandate, code: str) -> HttpResponse:
    """One part with its cases and its story; a POST changes it. What was typed comes back when it is refused."""
    if request.method != "POST":
        return _shown(request, by, code)
    try:
        before = _held(code, by)
        put_parts(
            parts=[partwords.sent(request.POST, code, before)], expected={code: _version(request)}, by=by
        )
    except NotFound:
        raise
    except WanggeError as error:
        return _shown(request, by, code, error=error)
    messages.success(request, _("The part is as you wrote it; that is on record."), extra_tags="done")
    return redirect("staff:part", code)


def _held(code: str, by: Mandate) -> queries.PartView:
    found = queries.part_with(code, by.scope_path)
    if found is None:
        raise NotFound("There is no such part on your ground.", field="code", value=code)
    return found


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise InvalidInput("The version cannot be read.", field="expected_version", value=text[:40],
                           expected="the number on the page")  # fmt: skip
    return int(text)


def _shown(request: HttpRequest, by: Mandate, code: str, error: WanggeError | None = None) -> HttpResponse:
    moment, known, places = now(), reference(), atlas()
    held = _held(code, by)
    moments = timeline(held.id)
    lon, lat = partwords.degrees(held)
    may = by.allows(VERB, held.path)
    context = {
        "room": "parts",
        "line": partwords.line(held, known, places),
        "part": held,
        "owner": partwords.called(held.owner),
        "supervisor": partwords.called(held.supervisor),
        "note": partwords.note_of(moments),
        "at": f"{lon},{lat}",
        "cases": partwords.cases(queries.cases_of(held.id, by), known, moment),
        "story": partwords.story(moments),
        "may": may,
        "form": request.POST if error else partwords.form_of(held, partwords.note_of(moments)),
        "units": _units(by) if may else [],
        "states": list(partwords.STATES.items()),
        "crs": list(partwords.CRS.items()),
        "error": partwords.said(error) if error else "",
    }
    return standing.page(request, "staff/part.html", context, by=by, status=error.status if error else 200)


@require_POST
@standing.at_desk(VERB)
def add(request: HttpRequest, by: Mandate) -> HttpResponse:
    """Enter a part; the list with what was typed where that is refused."""
    code = request.POST.get("code", "").strip()
    try:
        put_parts(parts=[partwords.sent(request.POST, code, None)], expected={code: 0}, by=by)
    except WanggeError as error:
        context = _listed({}, _found({}, by), by, tried=request.POST, error=partwords.said(error))
        return standing.page(request, "staff/parts.html", context, by=by, status=error.status)
    messages.success(request, _("The part stands in the register."), extra_tags="done")
    return redirect("staff:part", code)


@require_POST
@standing.at_desk(VERB)
def take_in(request: HttpRequest, by: Mandate) -> HttpResponse:
    """Import a table; the page says what came of it, or the refused rows come back as a table."""
    by.require(VERB, by.scope_path)
    try:
        name, content, crs = _sent(request)
        if len(content) > takingin.AT_ONCE:
            one = takingin.send(kind="parts", name=name, content=content, account=standing.account(request), by=by,
                                options={"crs": crs})
            return redirect("staff:import", one.id)
        outcome = _imported(content, by, crs)
    except WanggeError as error:
        context = _listed({}, _found({}, by), by, error=partwords.said(error), importing=True)
        return standing.page(request, "staff/parts.html", context, by=by, status=error.status)
    if request.POST.get("as") == "table" and outcome.faults:
        return _table(outcome.faults)
    context = _listed(
        {}, _found({}, by), by, outcome=outcome, faults=outcome.faults[:MOST_FAULTS], importing=True,
        more=max(0, len(outcome.faults) - MOST_FAULTS),
    )  # fmt: skip
    return standing.page(request, "staff/parts.html", context, by=by)


def _sent(request: HttpRequest) -> tuple[str, bytes, str]:
    """The table's name, what it holds, and its coordinate system. Raises `InvalidInput`."""
    sent = request.FILES.get("table")
    if sent is None or not sent.size:
        raise InvalidInput("No table was sent.", field="table", expected="a CSV file with the columns named")
    if sent.size > MOST_BYTES:
        raise InvalidInput("This table is too large for the desk.", field="table", value=sent.size,
                           expected=f"at most {MOST_BYTES} bytes, or wangge import-parts")  # fmt: skip
    crs = request.POST.get("crs", "")
    if crs not in partwords.CRS:
        raise InvalidInput("This coordinate system is not known.", field="crs", value=crs[:40],
                           expected="one of " + ", ".join(partwords.CRS))  # fmt: skip
    return sent.name or "table.csv", sent.read(), crs


def _imported(content: bytes, by: Mandate, crs: str) -> Outcome:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "table.csv"
        file.write_bytes(content)
        return import_parts(file, by=by, crs=crs)


def _table(faults: list[Fault]) -> HttpResponse:
    """The refused rows as CSV, with the mark by which spreadsheets know UTF-8."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "faults.csv"
        write_table(file, Fault._fields, faults)
        answer = HttpResponse("\ufeff" + file.read_text(encoding="utf-8"), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="parts.errors.csv"'
    return answer


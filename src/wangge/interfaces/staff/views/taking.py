"""What is filtered, to take along: a workbook, and a list for the printer."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wangge.base.clock import now
from wangge.base.mandate import Mandate
from wangge.base.workbooks import Sheet, written
from wangge.interfaces.staff import columns, rows, standing
from wangge.interfaces.staff import filters as bar
from wangge.interfaces.staff.columns import Column
from wangge.kernel.cases.exporting import Exported, export
from wangge.kernel.cases.reference import reference
from wangge.kernel.desk.queries import kept_for
from wangge.kernel.places.queries import atlas

MOST_PRINTED = 500
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@standing.at_desk("see", "see_own")
def book(request: HttpRequest, by: Mandate) -> HttpResponse:
    """The cases of the filter as a workbook, with the chosen columns. Raises `InvalidInput`."""
    found, shown, _params = _taken(request, by, "xlsx")
    headings = [_("Number"), _("Problem"), _("Address or place"), *(str(column.label) for column in shown)]
    answer = HttpResponse(written([Sheet(_("Cases"), headings, _lines(found, shown))]), content_type=TYPE)
    name = _("cases {moment}").format(moment=f"{timezone.localtime():%Y-%m-%d %H%M}") + ".xlsx"
    answer["Content-Disposition"] = f"attachment; filename=\"cases.xlsx\"; filename*=UTF-8''{quote(name)}"
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
@standing.at_desk("see", "see_own")
def paper(request: HttpRequest, by: Mandate) -> HttpResponse:
    """The cases of the filter as a plain list that the printer takes."""
    found, shown, params = _taken(request, by, "print")
    names = bar.names_of(atlas(), reference(), by)
    context: dict[str, Any] = {
        "room": "queue",
        "here": bar.address(params),
        "chips": bar.chips_of(params, names),
        "headings": [_("Number"), _("Problem"), _("Address or place"), *(column.label for column in shown)],
        "lines": list(_lines(found, shown)),
        "cut": found.cut,
        "most": MOST_PRINTED,
        "sensitive": found.sensitive,
        "moment": now(),
    }
    return standing.page(request, "staff/print.html", context, by=by)


def _taken(request: HttpRequest, by: Mandate, kind: str) -> tuple[Exported, list[Column], dict[str, str]]:
    moment, places = now(), atlas()
    params = bar.params_of(request.GET)
    chosen = bar.filters_of(params, bar.names_of(places, reference(), by), moment)
    asked = {name: value for name, value in params.items() if name not in ("q", "show")}
    if "q" in params:
        asked["words"] = "1"
    most = {"most": MOST_PRINTED} if kind == "print" else {}
    found = export(by, chosen, now=moment, places=places, kind=kind, asked=asked, **most)
    return found, columns.chosen(kept_for(standing.account(request), by).columns), params


def _lines(found: Exported, shown: list[Column]) -> list[list[str]]:
    moment, say = now(), standing.speaker(atlas())
    lines = []
    for one in found.rows:
        row = rows.row(one, now=moment, say=say)
        cells = (columns.said(column.cell(one, row, say)) for column in shown)
        lines.append([row.number, row.title, row.place, *cells])
    return lines

"""The morning brief of who leads, and the list behind each of its figures."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from wangge.base.clock import now
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import approving, brief, rows, standing
from wangge.kernel.cases import queries
from wangge.kernel.cases.queries import night
from wangge.kernel.places.queries import atlas
from wangge.kernel.spots.queries.returns import came_back
from wangge.kernel.tasks.queries import pressing

PAGE = 50
TASKS = 5
DECISIONS = 3


@standing.at_desk("direct")
def shown(request: HttpRequest, by: Mandate) -> HttpResponse:
    """The brief of the last night on the reader's ground."""
    moment, places = now(), atlas()
    last = night.night_before(moment, brief.zone_of(by, places))
    areas = brief.branches(places, by, moment)
    counted, answered = brief.asked(last, areas)
    told = night.figures(by, counted, answered, now=moment)
    late = queries.queue(by, counted["overdue"], now=moment, places=places, limit=brief.OVERDUE)
    page = brief.build(
        by, told, places=places, last=last, late=late.rows, back=came_back(by, last.start, last.end),
        tasks=pressing(by, now=moment, limit=TASKS), areas=areas, now=moment,
    )  # fmt: skip
    decisions = approving.of_cases(by, now=moment)
    return standing.page(request, "staff/brief.html", {
        "room": "brief", "page": page, "decisions": decisions[:DECISIONS], "waiting": len(decisions),
        "may_direct": "direct" in by.may,
    }, by=by)  # fmt: skip


@standing.at_desk("direct")
def behind(request: HttpRequest, by: Mandate, key: str) -> HttpResponse:
    """The cases that a figure of the brief counted."""
    moment, places = now(), atlas()
    last = night.night_before(moment, brief.zone_of(by, places))
    filters = night.filters_of(last).get(key)
    if filters is None:
        raise Http404(key)
    found = queries.queue(by, filters, now=moment, places=places, cursor=request.GET.get("cursor"), limit=PAGE)
    say = standing.speaker(places)
    return standing.page(request, "staff/brieflist.html", {
        "room": "brief", "key": key, "heading": brief.HEADINGS[key], "night": last,
        "rows": [rows.row(row, now=moment, say=say) for row in found.rows], "order": filters.order,
        "next": found.next_cursor, "timed": key != "overdue",
    }, by=by)  # fmt: skip

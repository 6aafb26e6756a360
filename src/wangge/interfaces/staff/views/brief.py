"""The morning brief of who leads, and the list behind each of its figures."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from wangge.base.clock import now
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import approving, brief, briefmap, insighting, rows, standing
from wangge.kernel.cases import queries
from wangge.kernel.cases.queries import night
from wangge.kernel.indicators import quiet
from wangge.kernel.places.queries import atlas
from wangge.kernel.spots.queries import returns
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
    root = places.by_path[by.scope_path]
    beside = (
        returns.value_of(by, last.start, last.end), night.open_by_path(by, moment),
        quiet.lately(by, root.path, moment),
    )  # fmt: skip
    told = night.figures(by, counted, answered, now=moment, beside=beside)
    back, grids = returns.told(told.beside[0]), insighting.grids_at(root, places, moment)
    known, held = quiet.told(told.beside[2], {one.path for one in grids})
    silent = quiet.silent(grids, known, held, now=moment, days=briefmap.DAYS)
    late = queries.queue(by, counted["overdue"], now=moment, places=places, limit=brief.OVERDUE)
    page = brief.build(
        by, told, places=places, last=last, late=late.rows, back=back,
        tasks=pressing(by, now=moment, limit=TASKS), areas=areas, now=moment,
    )  # fmt: skip
    decisions = approving.of_cases(by, now=moment, reasons=True)
    return standing.page(request, "staff/brief.html", {
        "room": "brief", "page": page, "decisions": decisions[:DECISIONS], "waiting": len(decisions),
        "may_direct": "direct" in by.may, "width": briefmap.WIDTH, "height": briefmap.HEIGHT,
        "map": briefmap.drawn(dict(told.beside[1] or ()), back, root, places, moment),
        "quiet": briefmap.quiet(silent, places, moment), "silent": len(silent), "quiet_days": briefmap.DAYS,
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

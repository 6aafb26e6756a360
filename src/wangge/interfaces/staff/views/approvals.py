"""What waits for this person's yes, in one list; decided from the list, with a result for each."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from wangge.base.clock import now
from wangge.base.errors import InvalidInput
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import approving, deeds, standing
from wangge.interfaces.staff.approving import Result
from wangge.interfaces.staff.rows import english
from wangge.interfaces.web import refusals
from wangge.kernel.cases.units import units_at

FIELDS = ("reason", "note", "target", "kind")


@require_safe
@standing.at_desk("accept_reply")
def approvals(request: HttpRequest, by: Mandate) -> HttpResponse:
    """The list, the nearest deadline first."""
    return _shown(request, by)


@require_POST
@standing.at_desk("accept_reply")
def decide(request: HttpRequest, by: Mandate) -> HttpResponse:
    """Yes or no to the chosen, and the list as it then stands with what became of each."""
    given = {name: text for name in FIELDS if (text := request.POST.get(name, ""))}
    verdict = request.POST.get("verdict", "")
    try:
        results = approving.decide(deeds.picks_of(request.POST.getlist("case")), verdict, given, by=by)
    except InvalidInput as error:
        return _shown(request, by, error=refusals.said(error), status=error.status)
    return _shown(request, by, results=results)


def _shown(
    request: HttpRequest, by: Mandate, *, results: Sequence[Result] = (), error: str = "", status: int = 200
) -> HttpResponse:
    moment = now()
    items = approving.of_cases(by, now=moment, reasons=True) + approving.of_tasks(by, now=moment)
    paths = approving.paths(items)
    units = [(f"unit:{one.id}", (one.name_en if english() else "") or one.name) for one in units_at(paths[0])] \
        if paths else []
    context = {
        "room": "approvals", "items": items, "units": units, "results": results, "error": error,
        "simple": sum(item.simple for item in items),
        "failed": [one for one in results if not one.done], "done": [one for one in results if one.done],
    }  # fmt: skip
    return standing.page(request, "staff/approvals.html", context, by=by, status=status)

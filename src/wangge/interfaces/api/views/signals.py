"""Signals: the worklists of who checks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from wangge.base.errors import InvalidInput
from wangge.base.mandate import Mandate
from wangge.interfaces.api import rendering, schemas
from wangge.interfaces.api.auth import first_that_may
from wangge.interfaces.api.decoding import query
from wangge.interfaces.api.describing import operation
from wangge.interfaces.api.door import json
from wangge.interfaces.api.schemas import signals as shapes
from wangge.interfaces.api.views.indicators import period_out
from wangge.kernel.duties.mandates import Standing
from wangge.kernel.indicators.periods import parse
from wangge.kernel.places.queries import Atlas, atlas
from wangge.kernel.signals.kinds import KINDS, Thresholds
from wangge.kernel.signals.reading import VERB, Found, Signal, Worklist, worklists

router = Router(tags=["Signals"])


@router.get(
    "/signals",
    operation_id="list_signals",
    summary="Worklists of who checks",
    openapi_extra=operation(query=shapes.SignalFilters, gives={200: shapes.SignalsOut}, refuses=(403, 422)),
)
def listing(request: HttpRequest) -> HttpResponse:
    """Signals of a period of at most a quarter, for a person to look at: none takes points or starts anything.

    What was settled on its evidence stands under `done`; it comes back only with later evidence.
    """
    given = query(request, shapes.SignalFilters)
    standing: Standing = request.auth  # type: ignore[attr-defined]
    places, moment = atlas(), standing.recorded_at
    named = places.by_code(given.area) if given.area else None
    if given.area and named is None:
        raise InvalidInput(
            "There is no area with this code.", field="area", value=given.area, expected="the code of an area"
        )

    def asked(by: Mandate) -> HttpResponse:
        area = named or places.by_path[by.scope_path or places.default_root]
        period = parse(given.period, places.timezone(area.path))
        found = worklists(area.path, period, places=places, by=by, now=moment, kinds=given.signal)
        return json(shapes.SignalsOut(
            period_out(period), rendering.area_ref(area), moment,
            [_list(one, found, places) for one in found.lists.values()],
        ))

    return first_that_may(standing, frozenset({VERB}), asked)


def _list(one: Worklist, found: Found, places: Atlas) -> shapes.WorklistOut:
    kind, held = KINDS[one.kind], found.thresholds
    values = held.of(one.kind)
    return shapes.WorklistOut(
        kind.code, kind.name, kind.name_en, kind.told(values, english=False), kind.told(values, english=True),
        kind.not_meant, kind.not_meant_en, _thresholds(one.kind, held), one.open, one.settled, one.more,
        [_row(row, places) for row in one.rows], [_row(row, places) for row in one.done],
    )


def _thresholds(kind: str, held: Thresholds) -> list[shapes.ThresholdOut]:
    return [
        shapes.ThresholdOut(one.code, one.name, one.name_en, held.values[f"{kind}.{one.code}"], one.least, one.most,
                             f"{kind}.{one.code}" in held.set)
        for one in KINDS[kind].thresholds
    ]


def _row(row: Signal, places: Atlas) -> shapes.SignalOut:
    area, done = places.by_path.get(row.path), row.settled
    return shapes.SignalOut(
        row.key, row.version, rendering.area_ref(area) if area else None,
        schemas.Named(row.organisation, row.organisation_name) if row.organisation else None, row.post, row.latest,
        row.data, shapes.SignalOutcome(done.outcome, done.post, done.at, done.task, done.note) if done else None,
    )

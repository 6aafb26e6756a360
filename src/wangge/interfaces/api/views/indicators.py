"""Figures of a period, the cases behind each, and publishing."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import Router

from wangge.base.clock import now
from wangge.base.errors import InvalidInput
from wangge.base.mandate import Mandate
from wangge.interfaces.api import rendering, schemas
from wangge.interfaces.api.auth import reader
from wangge.interfaces.api.decoding import body, query
from wangge.interfaces.api.describing import operation
from wangge.interfaces.api.door import json
from wangge.kernel.duties.mandates import Standing
from wangge.kernel.indicators import freezing
from wangge.kernel.indicators.asking import Question
from wangge.kernel.indicators.naming import names_of
from wangge.kernel.indicators.periods import Period, parse
from wangge.kernel.indicators.queries import Figures, cases_behind, chosen
from wangge.kernel.indicators.table import Indicator
from wangge.kernel.places.queries import AreaInfo, Atlas, atlas

router = Router(tags=["Figures"])
_PUBLICATION = msgspec.json.Decoder(schemas.NewPublication)


@router.get(
    "/indicators",
    operation_id="list_indicators",
    summary="Figures of a period",
    openapi_extra=operation(query=schemas.TableFilters, gives={200: schemas.FiguresOut}, refuses=(403, 422)),
)
def table(request: HttpRequest) -> HttpResponse:
    """The indicators of a day, week, month, quarter or year, over the cases that you see, with their formulas.

    A published period answers with what was published (`frozen`), unless `live` asks how the cases stand now.
    """
    given = query(request, schemas.TableFilters)
    places, moment = atlas(), now()
    question, period, by = _asked(request, given, places)
    wanted = chosen(given.indicator)
    found = freezing.read(question, period, by=by, now=moment, live=given.live, indicators=wanted)
    names = names_of(question, found.table.rows, places)
    area = places.by_path.get(question.area_path)
    known = found.published
    return json(
        schemas.FiguresOut(
            period=period_out(period),
            area=rendering.area_ref(area) if area else None,
            by=question.by,
            as_of=known.published_at if known and found.frozen else moment,
            frozen=found.frozen,
            published=schemas.PublicationOut(known.id, _code(known.area_path), period.text, known.published_at)
            if known
            else None,
            indicators=[_indicator(one) for one in wanted],
            total=_figures(found.table.total, wanted),
            published_total=_figures(known.table.total, wanted) if known and not found.frozen else None,
            rows=[
                schemas.FigureRow(key, *names.get(key, ("", "")), _figures(row, wanted))
                for key, row in sorted(found.table.rows.items())
            ],
        )
    )


@router.get(
    "/indicators/{indicator}/cases",
    operation_id="list_cases_behind",
    summary="The cases behind a figure",
    openapi_extra=operation(query=schemas.BehindFilters, gives={200: schemas.BehindOut}, refuses=(403, 404, 422)),
)
def behind(request: HttpRequest, indicator: str) -> HttpResponse:
    """The cases of a figure's numerator or denominator as they stand now, the newest first, a page at a time."""
    given = query(request, schemas.BehindFilters)
    places, moment = atlas(), now()
    question, period, by = _asked(request, given, places)
    found = cases_behind(
        indicator, given.part, question, period, key=given.row, by=by, now=moment, cursor=given.cursor or None,
        limit=given.limit,
    )  # fmt: skip
    items = [rendering.item(row, places, moment) for row in found.page.rows]
    return json(schemas.BehindOut(found.cases, items, found.page.next_cursor))


@router.post(
    "/publications",
    operation_id="publish_period",
    summary="Publish the figures of a period",
    openapi_extra=operation(
        takes=schemas.NewPublication,
        gives={201: schemas.PublicationOut},
        refuses=(400, 403, 409, 413, 415, 422),
    ),
)
def publish(request: HttpRequest) -> HttpResponse:
    """Write down the figures of a period that has ended. They never change again; 409 where it is published already."""
    given = body(request, _PUBLICATION)
    places, standing = atlas(), _standing(request)
    area = _area(given.area, places)
    by = standing.mandate(verb=freezing.VERB, path=area.path)
    made = freezing.publish(
        area=area, period=parse(given.period, places.timezone(area.path)), places=places, by=by, now=now()
    )
    return json(schemas.PublicationOut(made.id, area.code, made.period, made.published_at), 201)


def _standing(request: HttpRequest) -> Standing:
    return request.auth  # type: ignore[attr-defined,no-any-return]


def _asked(request: HttpRequest, given: schemas.FigureFilters, places: Atlas) -> tuple[Question, Period, Mandate]:
    """The question, its period, and the duty that reads it: the broadest that sees all of the ground, else its own."""
    standing = _standing(request)
    by = reader(standing)
    path = _area(given.area, places).path if given.area else by.scope_path or places.default_root
    held = standing.mandates()
    by = next((one for verb in ("see", "see_own") for one in held if one.allows(verb, path)), by)
    question = Question(
        area_path=path, by=given.by, class_prefix=given.case_class, source=given.source or "", tier=given.tier,
        organisation=given.organisation, post=given.post, mine=given.mine,
    )  # fmt: skip
    return question, parse(given.period, places.timezone(path)), by


def _area(code: str, places: Atlas) -> AreaInfo:
    area = places.by_code(code)
    if area is None:
        raise InvalidInput(
            "There is no area with this code.", field="area", value=code, expected="the code of an area"
        )
    return area


def _code(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


def period_out(period: Period) -> schemas.PeriodOut:
    """A period with its days and moments."""
    last = period.until.fromordinal(period.until.toordinal() - 1)
    return schemas.PeriodOut(
        period.text, period.kind, period.first, last, period.start, period.end, period.timezone
    )


def _indicator(one: Indicator) -> schemas.IndicatorOut:
    measure = "median" if one.numerator is None else "ratio"
    return schemas.IndicatorOut(
        one.code, one.set, one.name, one.name_en, one.formula, one.formula_en, measure, one.good
    )


def _figures(row: Figures, wanted: Sequence[Indicator]) -> list[schemas.FigureOut]:
    found = []
    for one in wanted:
        figure = row[one.code]
        value = None if figure.value is None else str(figure.value)
        found.append(schemas.FigureOut(one.code, figure.numerator, figure.denominator, value, figure.seconds))
    return found

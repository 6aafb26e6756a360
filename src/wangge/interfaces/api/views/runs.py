"""Runs of the assessment: list, one's own lines and another's, appeals, and bringing a run on."""

from __future__ import annotations

from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import Router

from wangge.assessment.core.amounts import points_text, units_text
from wangge.assessment.models import Appeal, Run, StatementLine
from wangge.assessment.running import queries, services
from wangge.assessment.running.appeals import file_appeal
from wangge.assessment.running.posting import post_run
from wangge.base.errors import NotFound
from wangge.base.mandate import Mandate
from wangge.interfaces.api import schemas
from wangge.interfaces.api.auth import first_that_may, reader
from wangge.interfaces.api.decoding import body, query
from wangge.interfaces.api.describing import operation
from wangge.interfaces.api.door import json
from wangge.kernel.duties.mandates import Standing

router = Router(tags=["Assessment"])
_APPEAL = msgspec.json.Decoder(schemas.AppealIn)
_ACTION = msgspec.json.Decoder(schemas.RunAction)
MOST = 200
ACTS = {
    "notify": (services.NOTICE, services.give_notice), "finish": (services.SETTLE, services.finish_run),
    "post": (services.SETTLE, post_run), "drop": ("assess", services.drop_run),
}


@router.get(
    "/runs",
    operation_id="list_runs",
    summary="List assessed periods",
    openapi_extra=operation(query=schemas.RunFilters, gives={200: schemas.RunPage}, refuses=(403, 422)),
)
def listing(request: HttpRequest) -> HttpResponse:
    """The periods of your ground that were assessed, the newest first; provisional ones only for who assesses."""
    given = query(request, schemas.RunFilters)
    found = queries.runs(reader(request.auth))  # type: ignore[attr-defined]
    if given.period:
        found = found.filter(period=given.period)
    return json(schemas.RunPage([_item(one) for one in found[:MOST]]))


@router.get(
    "/runs/{run}/lines",
    operation_id="get_lines",
    summary="A statement, line by line",
    openapi_extra=operation(query=schemas.LineFilters, gives={200: schemas.LinesOut}, refuses=(404, 403, 422)),
)
def lines(request: HttpRequest, run: UUID) -> HttpResponse:
    """Your own lines, or those of somebody who serves below you: such a look is on record, and they see it."""
    given = query(request, schemas.LineFilters)
    standing: Standing = request.auth  # type: ignore[attr-defined]

    def attempt(by: Mandate) -> tuple[queries.Own, UUID]:
        holder = given.holder or by.actor
        if holder is None:
            raise NotFound("There is no such statement that you may see.", field="holder")
        return queries.statement_of(run, holder, by), holder

    every = frozenset(verb for row in standing.rows for verb in row.verbs)
    own, holder = first_that_may(standing, every, attempt)
    return json(schemas.LinesOut(
        run=_item(own.run), holder=holder, points=points_text(sum(one.points for one in own.lines)),
        lines=[_line(one) for one in own.lines], before=[_line(one) for one in own.before],
    ))


@router.post(
    "/runs/{run}/appeals",
    operation_id="file_appeal",
    summary="Appeal against a line of one's own",
    openapi_extra=operation(
        takes=schemas.AppealIn, gives={201: schemas.AppealOut}, refuses=(400, 403, 404, 409, 413, 415, 422)
    ),
)
def appeal(request: HttpRequest, run: UUID) -> HttpResponse:
    """Say which finding is wrong. Two people without a part in it look; an appeal never makes anybody lose more."""
    given = body(request, _APPEAL)
    by = reader(request.auth)  # type: ignore[attr-defined]
    made = file_appeal(run=run, line=given.line, finding=given.finding, words=given.words, by=by)
    return json(_appeal(made), 201)


@router.post(
    "/runs/{run}/actions",
    operation_id="act_on_run",
    summary="Bring a run on",
    openapi_extra=operation(
        takes=schemas.RunAction, gives={200: schemas.RunItem}, refuses=(400, 403, 404, 409, 413, 415, 422)
    ),
)
def act(request: HttpRequest, run: UUID) -> HttpResponse:
    """Give notice, make it final, put it into the books, or give a provisional statement up."""
    given = body(request, _ACTION)
    verb, do = ACTS[given.action]
    after = first_that_may(
        request.auth, frozenset({verb}),  # type: ignore[attr-defined]
        lambda by: do(run=run, expected_version=given.expected_version, by=by),
    )
    return json(_item(Run.objects.select_related("area", "policy").get(id=after.id)))


def _item(one: Run) -> schemas.RunItem:
    return schemas.RunItem(
        id=one.id, area=one.area.code, period=one.period, stage=one.stage, version=one.version, revision=one.revision,
        policy=f"{one.policy.name}/{one.policy.number}", digest=one.digest, assessed_at=one.assessed_at,
        notified_at=one.notified_at, appeal_until=one.appeal_until, final_at=one.final_at, posted_at=one.posted_at,
    )


def _line(one: StatementLine) -> schemas.LineOut:
    return schemas.LineOut(
        key=one.key, clause=one.clause, post=one.post, place=one.place, points=points_text(one.points),
        units=units_text(one.ticks), fen=one.fen, arithmetic=one.arithmetic, sentence=one.sentence,
        sentence_en=one.sentence_en, findings=list(one.findings),
    )


def _appeal(one: Appeal) -> schemas.AppealOut:
    return schemas.AppealOut(
        id=one.id, run=one.run_id, finding=f"{one.finding.source}/{one.finding.ref}", line=one.line_key,
        state=one.state, version=one.version, filed_at=one.filed_at, due_at=one.due_at,
    )

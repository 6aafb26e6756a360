"""Cases: list, one, its timeline, trace and proof, and acts upon it."""

from __future__ import annotations

from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse

from wangge.base.clock import now
from wangge.base.errors import InvalidInput
from wangge.base.geometry import parse_point
from wangge.base.mandate import Mandate
from wangge.interfaces.api import rendering, schemas
from wangge.interfaces.api.auth import SEEING, first_that_may, reader
from wangge.interfaces.api.decoding import body, query
from wangge.interfaces.api.describing import operation
from wangge.interfaces.api.door import json
from wangge.interfaces.api.views.reports import FOLLOW, router
from wangge.kernel.cases import queries, services
from wangge.kernel.cases.access import may_read
from wangge.kernel.cases.contacts import has_contact
from wangge.kernel.cases.facts import Part
from wangge.kernel.cases.loading import load, missing
from wangge.kernel.cases.reference import reference
from wangge.kernel.cases.rules import allowed_actions
from wangge.kernel.cases.state import CaseState
from wangge.kernel.duties.mandates import Standing
from wangge.kernel.duties.queries import chain
from wangge.kernel.journal.proofs import prove
from wangge.kernel.places.queries import atlas
from wangge.kernel.tracing.services import read_case

__all__ = ["router"]
_ACTION = msgspec.json.Decoder(schemas.Action)
_READS = (404, 403, 422)


@router.get(
    "/cases",
    operation_id="list_cases",
    summary="List cases",
    openapi_extra=operation(query=schemas.CaseFilters, gives={200: schemas.CasePage}, refuses=(403, 422)),
)
def listing(request: HttpRequest) -> HttpResponse:
    """The cases that your broadest duty sees, newest first, a page at a time. Lists are separated by commas."""
    given = query(request, schemas.CaseFilters)
    by = reader(request.auth)  # type: ignore[attr-defined]
    moment, places = now(), atlas()
    path = ""
    if given.area:
        info = places.by_code(given.area)
        if info is None:
            raise InvalidInput(
                "There is no area with this code.", field="area", value=given.area, expected="the code of an area"
            )
        path = info.path
    filters = queries.Filters(
        states=tuple(given.state),
        class_prefix=given.case_class,
        area_path=path,
        tier=given.tier,
        source=given.source or "",
        bbox=box(given.bbox) if given.bbox else None,
        overdue=given.overdue,
        reported_after=given.reported_after,
        reported_before=given.reported_before,
        q=given.q,
        order=given.order,
        waiting=given.waiting,
    )
    page = queries.queue(by, filters, now=moment, places=places, cursor=given.cursor or None, limit=given.limit)
    return json(schemas.CasePage([rendering.item(row, places, moment) for row in page.rows], page.next_cursor))


@router.get(
    "/cases/{case}",
    operation_id="get_case",
    summary="One case",
    openapi_extra=operation(query=schemas.Nothing, gives={200: schemas.CaseOut}, refuses=_READS, links=FOLLOW[1:]),
)
def one(request: HttpRequest, case: str) -> HttpResponse:
    """The case with this id or number: where it is, who answers for it, its clock, and what you may do now."""
    query(request, schemas.Nothing)
    standing: Standing = request.auth  # type: ignore[attr-defined]
    moment, key = now(), key_of(case)
    found = first_that_may(standing, SEEING, lambda by: queries.case_detail(key, by, now=moment))
    return json(
        rendering.detail(
            found,
            atlas(),
            moment,
            allowed=_allowed(found.case, standing),
            answerable=chain(found.case.path, moment),
        )
    )


@router.post(
    "/cases/{case}/actions",
    operation_id="act_on_case",
    summary="Act upon a case",
    openapi_extra=operation(
        takes=schemas.Action, gives={200: schemas.ActOut}, refuses=(400, 403, 404, 409, 413, 415, 422)
    ),
)
def act(request: HttpRequest, case: str) -> HttpResponse:
    """Accept, register, dispatch, sign, handle, inspect, close and every way back and aside, as the state allows.

    409 with `present` where somebody else acted first: look again, then decide again.
    """
    given = body(request, _ACTION)
    standing: Standing = request.auth  # type: ignore[attr-defined]
    key = key_of(case)
    command = services.Command(
        act=given.action,
        reason=given.reason,
        note=given.note,
        case_class=given.case_class or None,
        condition=given.condition,
        organisation=given.organisation,
        post=given.post or None,
        files=tuple(given.files),
        until=given.until,
        other=given.other or None,
        parts=tuple(Part(task=part.task, organisation=part.organisation, post=part.post) for part in given.parts),
        satisfaction=given.satisfaction,
    )

    def attempt(by: Mandate) -> CaseState:
        return services.act(case_id=key, command=command, expected_version=given.expected_version, by=by)

    after = first_that_may(standing, frozenset({given.action}), attempt)
    return json(
        schemas.ActOut(
            id=after.id,
            number=after.number,
            version=after.version,
            state=after.state,
            due_at=after.due_at,
            stage_due_at=after.stage_due_at,
            allowed_actions=_allowed(after, standing),
        )
    )


@router.get(
    "/cases/{case}/candidates",
    operation_id="list_candidates",
    summary="Open cases that may be about the same thing",
    openapi_extra=operation(query=schemas.Nothing, gives={200: schemas.Candidates}, refuses=_READS),
)
def candidates(request: HttpRequest, case: str) -> HttpResponse:
    """Within 50 m and 24 hours, of the same class or of none yet. `merge` joins the case to one of them."""
    query(request, schemas.Nothing)
    standing: Standing = request.auth  # type: ignore[attr-defined]
    key = key_of(case)
    found = first_that_may(standing, SEEING, lambda by: queries.candidates_for(load(key, by), by))
    return json(schemas.Candidates([rendering.candidate(one) for one in found]))


@router.get(
    "/cases/{case}/timeline",
    operation_id="get_timeline",
    summary="Every entry about a case",
    openapi_extra=operation(query=schemas.Nothing, gives={200: schemas.Timeline}, refuses=_READS),
)
def timeline(request: HttpRequest, case: str) -> HttpResponse:
    """The journal of the case, oldest first, with the texts that were not erased."""
    state, words = _seen(request, case)
    found = queries.timeline(state.id, words=words)
    return json(schemas.Timeline([rendering.entry(moment) for moment in found]))


@router.get(
    "/cases/{case}/trace",
    operation_id="trace_case",
    summary="Who answered at each step",
    openapi_extra=operation(query=schemas.Nothing, gives={200: schemas.TraceOut}, refuses=_READS),
)
def trace(request: HttpRequest, case: str) -> HttpResponse:
    """Tracing back: who reported, who held which duty at each step, how long against what limit, up the chain.

    Where the class is not public, or whoever reported it left a contact, the reading is an entry.
    """
    state, words = _seen(request, case, "trace")
    standing: Standing = request.auth  # type: ignore[attr-defined]
    level = reference().level_of(state.case_class)
    personal = level == "public" and words and has_contact(state.id)
    read_case(state, level=level, personal=personal, by=standing.mandate(verb="trace", path=state.path))
    return json(rendering.trace(queries.trace(state, now=now(), words=words)))


@router.get(
    "/cases/{case}/proof",
    operation_id="prove_case",
    summary="A proof to keep",
    openapi_extra=operation(
        query=schemas.Nothing, gives={200: None}, media={"application/x-ndjson": {"type": "string"}}, refuses=_READS
    ),
)
def proof(request: HttpRequest, case: str) -> HttpResponse:
    """A file that `wangge check-proof` accepts without a database, and refuses after any change: JSON and its digest.

    It shows codes, ids, times and digests; texts stay here, since they hold names and contacts.
    """
    state, _words = _seen(request, case, "prove")
    answer = HttpResponse(prove(state.id, contents=False), content_type="application/x-ndjson")
    answer["Content-Disposition"] = f'attachment; filename="{state.number}.proof.json"'
    return answer


def key_of(case: str) -> UUID | str:
    """An id, or a number. Raises `NotFound` for what can be neither."""
    if case.isascii() and case.isdigit() and len(case) <= 40:
        return case
    try:
        return UUID(case)
    except ValueError:
        raise missing(case) from None


def _seen(request: HttpRequest, case: str, verb: str | None = None) -> tuple[CaseState, bool]:
    """The case, if a duty of the asker sees it and, where a verb is given, allows that too; whether one reads its
    words."""
    query(request, schemas.Nothing)
    standing: Standing = request.auth  # type: ignore[attr-defined]
    key = key_of(case)
    state = first_that_may(standing, SEEING, lambda by: load(key, by))
    if verb is not None:
        standing.mandate(verb=verb, path=state.path)
    level = reference().level_of(state.case_class)
    return state, any(may_read(state, level, by) for by in standing.mandates())


def _allowed(state: CaseState, standing: Standing) -> list[str]:
    """What any of the asker's duties may do, in the order of the table."""
    return list(dict.fromkeys(name for by in standing.mandates() for name in allowed_actions(state, by)))


def box(text: str) -> tuple[int, int, int, int]:
    """“west,south,east,north” in degrees as 1e-7 degree. Raises `InvalidInput`."""
    parts = text.split(",")
    if len(parts) != 4:
        raise InvalidInput("A box has four sides.", field="bbox", value=text, expected="west,south,east,north")
    low, high = (parse_point(parts[at], parts[at + 1], field="bbox") for at in (0, 2))
    if low.lon_e7 > high.lon_e7 or low.lat_e7 > high.lat_e7:
        raise InvalidInput("The box is turned inside out.", field="bbox", value=text, expected="west,south,east,north")
    return low.lon_e7, low.lat_e7, high.lon_e7, high.lat_e7

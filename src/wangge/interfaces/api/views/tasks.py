"""Tasks: list, issue, one, and acts upon it."""

from __future__ import annotations

from datetime import datetime

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import Router

from wangge.base.errors import InvalidInput
from wangge.base.mandate import Mandate
from wangge.interfaces.api import schemas, tasking
from wangge.interfaces.api.auth import SEEING, first_that_may
from wangge.interfaces.api.decoding import body, query
from wangge.interfaces.api.describing import operation
from wangge.interfaces.api.door import json
from wangge.kernel.cases.loading import load
from wangge.kernel.duties.catalogue import TASK_VERBS
from wangge.kernel.duties.mandates import Standing
from wangge.kernel.places.queries import atlas
from wangge.kernel.tasks import queries, rules, services
from wangge.kernel.tasks.access import OVERSEE
from wangge.kernel.tasks.addressing import case_key
from wangge.kernel.tasks.state import Command, NewTask, TaskState

router = Router(tags=["Tasks"])
_NEW = msgspec.json.Decoder(schemas.NewTaskIn)
_ACTION = msgspec.json.Decoder(schemas.TaskAction)
_ANY = TASK_VERBS | {OVERSEE}


@router.get(
    "/tasks",
    operation_id="list_tasks",
    summary="List tasks",
    openapi_extra=operation(query=schemas.TaskFilters, gives={200: schemas.TaskPage}, refuses=(403, 404, 422)),
)
def listing(request: HttpRequest) -> HttpResponse:
    """Directives and calls in which one of your duties is a party, or which it oversees; newest first."""
    given = query(request, schemas.TaskFilters)
    standing: Standing = request.auth  # type: ignore[attr-defined]
    duties = _duties(standing)
    places, path = atlas(), ""
    if given.area:
        info = places.by_code(given.area)
        if info is None:
            raise InvalidInput(
                "There is no area with this code.", field="area", value=given.area, expected="the code of an area"
            )
        path = info.path
    case = None
    if given.case:
        case = first_that_may(standing, SEEING, lambda by: load(case_key(given.case), by)).id
    filters = queries.Filters(
        box=given.box, states=tuple(given.state), kind=given.kind, case=case, area_path=path, overdue=given.overdue,
        now=standing.recorded_at,
    )  # fmt: skip
    page = queries.listing(duties, filters, cursor=given.cursor or None, limit=given.limit)
    moment = standing.recorded_at
    return json(schemas.TaskPage([tasking.item(row, places, moment) for row in page.rows], page.next_cursor))


@router.post(
    "/tasks",
    operation_id="issue_task",
    summary="Give a directive, or call who leads",
    openapi_extra=operation(
        takes=schemas.NewTaskIn, gives={201: schemas.TaskActed}, refuses=(400, 403, 404, 409, 413, 415, 422)
    ),
)
def issue(request: HttpRequest) -> HttpResponse:
    """A directive goes to a post or an organisation on your own ground, a call to the leader who answers for the place.

    The same `key` of the same sender is answered with the task that it made.
    """
    given = body(request, _NEW)
    standing: Standing = request.auth  # type: ignore[attr-defined]
    new = NewTask(
        kind=given.kind, note=given.note, case=given.case, area=given.area, post=given.post or None,
        organisation=given.organisation, due_at=given.due_at, key=given.key,
    )  # fmt: skip
    verbs = frozenset({services.VERBS[given.kind]})
    made = first_that_may(standing, verbs, lambda by: services.issue(new=new, by=by))
    return json(_acted(made, standing), 201)


@router.get(
    "/tasks/{task}",
    operation_id="get_task",
    summary="One task",
    openapi_extra=operation(query=schemas.Nothing, gives={200: schemas.TaskOut}, refuses=(404, 403, 422)),
)
def one(request: HttpRequest, task: str) -> HttpResponse:
    """The task with this id or number: its journal, the card that may be posted in a group, and what you may do.

    Reading it here is no receipt: send `read_task`.
    """
    query(request, schemas.Nothing)
    standing: Standing = request.auth  # type: ignore[attr-defined]
    moment = standing.recorded_at
    found = first_that_may(standing, _ANY, lambda by: queries.task_detail(task, by, now=moment))
    allowed = _allowed(found.row.task, standing, moment)
    return json(tasking.detail(found, atlas(), moment, request=request, allowed=allowed, language=standing.language))


@router.post(
    "/tasks/{task}/actions",
    operation_id="act_on_task",
    summary="Act upon a task",
    openapi_extra=operation(
        takes=schemas.TaskAction, gives={200: schemas.TaskActed}, refuses=(400, 403, 404, 409, 413, 415, 422)
    ),
)
def act(request: HttpRequest, task: str) -> HttpResponse:
    """Receive it, say how it goes, answer, give it back; accept the answer or send it back, remind, redirect, withdraw.

    `read_task`, `progress` and `remind` need no version. That a deadline passed cannot be sent.
    """
    given = body(request, _ACTION)
    standing: Standing = request.auth  # type: ignore[attr-defined]
    command = Command(
        act=given.action, note=given.note, reason=given.reason, due_at=given.due_at, post=given.post or None,
        organisation=given.organisation,
    )  # fmt: skip

    def attempt(by: Mandate) -> TaskState:
        return services.act(task_id=task, command=command, expected_version=given.expected_version, by=by)

    return json(_acted(first_that_may(standing, frozenset({given.action}), attempt), standing))


def _duties(standing: Standing) -> list[Mandate]:
    found = [by for by in standing.mandates() if by.may & _ANY]
    return found or [standing.mandate(verb=OVERSEE)]  # raises, saying which duties there are


def _allowed(task: TaskState, standing: Standing, moment: datetime) -> list[str]:
    """What any of the asker's duties may do, in the order of the table."""
    return list(dict.fromkeys(name for by in standing.mandates() for name in rules.allowed_actions(task, by, moment)))


def _acted(task: TaskState, standing: Standing) -> schemas.TaskActed:
    return schemas.TaskActed(
        id=task.id, number=task.number, version=task.version, state=task.state, due_at=task.due_at,
        allowed_actions=_allowed(task, standing, standing.recorded_at),
    )  # fmt: skip

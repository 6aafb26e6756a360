"""Tasks at the desk: the list, giving a directive or calling a leader, one task, its receipt, acts, and its QR code."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from wangge.base.clock import now
from wangge.base.errors import Conflict, InvalidInput, NotFound, WanggeError
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import filters as bar
from wangge.interfaces.staff import rows, ruleswords, standing, taskpage, taskwords
from wangge.interfaces.web import refusals, sharing
from wangge.kernel.cases.loading import load
from wangge.kernel.cases.reference import reference
from wangge.kernel.cases.reporting import LIMITS
from wangge.kernel.duties.catalogue import TASK_VERBS
from wangge.kernel.places.queries import atlas
from wangge.kernel.tasks import queries, services
from wangge.kernel.tasks.access import OVERSEE
from wangge.kernel.tasks.addressing import Ground, case_key, ground_of
from wangge.kernel.tasks.lifecycle import OPEN, Kind
from wangge.kernel.tasks.rules import ANSWER_WITHIN
from wangge.kernel.tasks.state import Command, NewTask

PAGE = 50
SEEN_BY = ("direct", "read_task", OVERSEE)
"""Who gives, gets or oversees tasks; which of them somebody sees, the kernel says."""
BOXES = ("in", "out", "all")
PARAMS = ("box", "state", "area", "case")
NOTHING: dict[str, str] = {"act": "", "words": "", "due_at": "", "target": ""}
FORM = ("kind", "case", "area", "target", "note", "due_at", "minutes", "key")
MINUTES = (30, 60, 120, 240, 1440)
"""What a call may wait for its answer, to choose from."""


@standing.at_desk(*SEEN_BY)
def tasks(request: HttpRequest, by: Mandate) -> HttpResponse:
    """One page of the list: those for the reader, those that the reader gave, or all that are overseen."""
    context, status = standing.usable(request, PARAMS, partial(_page, by))
    return standing.page(request, "staff/tasks.html", context, by=by, status=status)


def _page(by: Mandate, params: dict[str, str], cursor: str | None) -> dict[str, Any]:
    moment, places = now(), atlas()
    for name, text in params.items():
        if "\0" in text:
            raise InvalidInput("This holds the character NUL.", field=name, expected="text without NUL")
    box, state = params.get("box", "in"), params.get("state", "")
    states = tuple(one.value for one in OPEN) if state in ("", "overdue") else () if state == bar.ANY else (state,)
    names = bar.names_of(places, reference(), by)
    filters = queries.Filters(
        box=box, states=states, overdue=state == "overdue", now=moment,
        area_path=names.area_path(params["area"]) if "area" in params else "",
        case=_case(params["case"], by) if "case" in params else None,
    )  # fmt: skip
    page = queries.listing([by], filters, cursor=cursor, limit=PAGE)
    waiting = queries.counts(by, now=moment)
    labels = {"in": _("For me"), "out": _("Given by me"), "all": _("All I oversee")}
    numbers = {"in": waiting.to_take + waiting.in_hand, "out": waiting.answers + waiting.declined, "all": 0}
    return {
        "room": "tasks",
        "params": params,
        "boxes": [
            {"name": labels[key], "address": "?" + urlencode({**params, "box": key}), "current": key == box,
             "n": numbers[key]}
            for key in BOXES if key != "all" or OVERSEE in by.may or "case" in params
        ],
        "states": [("", pgettext("task", "All that are open")), ("overdue", _("Overdue")),
                   *((code, str(name)) for code, name in taskwords.STATES.items()), (bar.ANY, _("All tasks"))],
        "places": ruleswords.area_choices(by, moment) if box == "all" else [],
        "rows": [row_of(row, moment) for row in page.rows],
        "may_direct": "direct" in by.may,
        "may_call": "call_leader" in by.may,
        "next": "?" + urlencode({**params, "cursor": page.next_cursor}) if page.next_cursor else "",
    }  # fmt: skip


def _case(number: str, by: Mandate) -> UUID:
    try:
        return load(case_key(number), by).id
    except NotFound as error:
        raise InvalidInput("There is no such case that you may see.", field="case", value=number,
                           expected="the number of a case") from error


def row_of(row: queries.TaskRow, moment: datetime) -> dict[str, Any]:
    """A task as a line of a list."""
    places = atlas()
    return {
        "number": row.task.number, "title": taskwords.title(row), "kind": taskwords.KINDS[row.task.kind],
        "place": standing.ground_name(places, row.task.path), "to": taskwords.addressee(row, places),
        "from": taskwords.issuer(row, places), "state": taskwords.STATES[row.task.state],
        "pie": taskwords.PIES[row.task.state], "due": taskwords.due(row.task, moment), "it": row.task,
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@standing.at_desk("direct", "call_leader")
def new(request: HttpRequest, by: Mandate) -> HttpResponse:
    """The form of a directive or a call, and sending it. A refusal shows it again with everything that was typed."""
    given = request.POST if request.method == "POST" else request.GET
    form = {name: given.get(name, "").replace("\0", "") for name in FORM}
    form |= {name: text.strip() for name, text in form.items() if name != "note"}
    if form["kind"] not in set(Kind):
        form["kind"] = Kind.DIRECTIVE.value if "direct" in by.may else Kind.CALL.value
    form["key"] = form["key"] or str(new_id())
    error: WanggeError | None = None
    if request.method == "POST":
        try:
            task = services.issue(new=_new(form), by=by)
        except WanggeError as refused:
            error = refused
        else:
            said = _("Sent. Copy the card below into the group if you like.")
            messages.success(request, said, extra_tags="done")
            return redirect("staff:task", task.number)
    return standing.page(request, "staff/newtask.html", _form(by, form, error), by=by,
                         status=error.status if error else 200)


def _new(form: dict[str, str]) -> NewTask:
    organisation, post = _target(form["target"])
    call = form["kind"] == Kind.CALL
    minutes = int(form["minutes"]) if form["minutes"] in map(str, MINUTES) else 0
    due_at = (now() + timedelta(minutes=minutes) if minutes else None) if call else _time(form["due_at"])
    return NewTask(kind=form["kind"], note=form["note"], case=form["case"], area=form["area"], post=post,
                   organisation=organisation, due_at=due_at, key=_uuid(form["key"], "key"))


def _form(by: Mandate, form: dict[str, str], error: WanggeError | None) -> dict[str, Any]:
    """What the form offers. Where the place is known, whom it may go to; else the places to choose from."""
    moment, ground = now(), None
    if form["case"] or form["area"]:
        try:
            ground = ground_of(NewTask(kind=form["kind"], note="", case=form["case"], area=form["area"]), by)
        except WanggeError as unknown:
            error = error or unknown
    call = form["kind"] == Kind.CALL
    path = ground.path if ground else by.scope_path if call else ""
    return {
        "room": "tasks",
        "form": form,
        "call": call,
        "about": _about(ground),
        "places": [] if ground else ruleswords.area_choices(by, moment),
        "choices": taskpage.addressees(path, form["kind"], moment, units=by.scope_path.count("/") <= 1) if path else [],
        "minutes": [(one, _minutes(one)) for one in MINUTES],
        "default": form["minutes"] or str(int(ANSWER_WITHIN.total_seconds()) // 60),
        "due_at": form["due_at"] or _evening(moment),
        "most": LIMITS["note"],
        "error": refusals.said(error) if error else "",
    }


def _about(ground: Ground | None) -> str:
    if ground is None:
        return ""
    place = standing.ground_name(atlas(), ground.path)
    if ground.case is None:
        return place
    return _("case {number}, {place}").format(number=rows.short(ground.case.number), place=place)


def _minutes(count: int) -> str:
    return _("{n} minutes").format(n=count) if count < 120 else _("{n} hours").format(n=count // 60)


def _evening(moment: datetime) -> str:
    """Six in the evening, today's or tomorrow's, as the browser's field takes it."""
    local = timezone.localtime(moment)
    day = local if local.hour < 16 else local + timedelta(days=1)
    return f"{day:%Y-%m-%d}T18:00"


@standing.at_desk(*SEEN_BY, whole=OVERSEE)
def task(request: HttpRequest, by: Mandate, number: str) -> HttpResponse:
    """The page of one task."""
    return shown(request, by, number)


def shown(
    request: HttpRequest, by: Mandate, number: str, *, tried: dict[str, str] = NOTHING,
    error: WanggeError | None = None,
) -> HttpResponse:
    """The page; after a refused act with what was tried and why it was refused."""
    moment, places = now(), atlas()
    detail = queries.task_detail(number, by, now=moment)
    card = sharing.task_card(detail.row, places, root=request.build_absolute_uri("/"))
    context = {
        "room": "tasks",
        "page": taskpage.build(detail, card, places=places, now=moment),
        "tried": tried,
        "due_at": tried["due_at"] or _evening(moment),
        "error": refusals.said(error) if error else "",
    }
    return standing.page(request, "staff/task.html", context, by=by, status=error.status if error else 200)


@require_POST
@standing.at_desk(*TASK_VERBS, whole=OVERSEE)
def seen(request: HttpRequest, by: Mandate, number: str) -> HttpResponse:
    """The read receipt: the page that was opened by somebody addressed says so, once. Where an act of theirs came in
    between, that act says it."""
    detail = queries.task_detail(number, by, now=now())
    if "read_task" in detail.allowed:
        with suppress(Conflict):
            services.act(task_id=detail.row.task.id, command=Command(act="read_task"), expected_version=None, by=by)
    return HttpResponse(status=204)


@require_POST
@standing.at_desk(*TASK_VERBS, whole=OVERSEE)
def act(request: HttpRequest, by: Mandate, number: str) -> HttpResponse:
    """Do it and show the task; a refusal shows it as it is now, with everything that was typed."""
    given = request.POST
    tried = {
        "act": given.get("act", ""), "words": given.get("note") or given.get("reason") or "",
        "due_at": given.get("due_at", ""), "target": given.get("target", ""),
    }  # fmt: skip
    version = given.get("expected_version", "")
    try:
        organisation, post = _target(tried["target"])
        command = Command(
            act=tried["act"], note=given.get("note", ""), reason=given.get("reason", ""),
            due_at=_time(tried["due_at"]) if tried["act"] in taskwords.TIMES else None, post=post,
            organisation=organisation,
        )  # fmt: skip
        seen_at = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else None
        after = services.act(task_id=number, command=command, expected_version=seen_at, by=by)
    except WanggeError as error:
        return shown(request, by, number, tried=tried, error=error)
    said = _("{act}. {number} is now: {state}").format(
        act=taskwords.DONE[command.act], number=after.number, state=taskwords.STATES[after.state])
    messages.success(request, said, extra_tags="done")
    return redirect("staff:task", number)


@standing.at_desk(*SEEN_BY, whole=OVERSEE)
def code(request: HttpRequest, by: Mandate, number: str) -> HttpResponse:
    """The task's link as a QR code."""
    detail = queries.task_detail(number, by, now=now())
    card = sharing.task_card(detail.row, atlas(), root=request.build_absolute_uri("/"))
    return HttpResponse(sharing.qr(card.link), content_type="image/svg+xml")


def _target(value: str) -> tuple[UUID | None, str | None]:
    kind, _sep, rest = value.partition(":")
    if kind == "post" and rest:
        return None, rest
    if kind == "unit":
        return _uuid(rest, "organisation"), None
    return None, None


def _uuid(text: str, field: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise InvalidInput("This is not an id.", field=field, value=text, expected="a UUID") from error


def _time(text: str) -> datetime | None:
    """A time as the browser's field gives it, on the wall clock of the page."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput("This is not a time.", field="due_at", value=text,
                           expected="such as 2026-12-01T18:00") from error
    return found if found.tzinfo else found.replace(tzinfo=timezone.get_current_timezone())

"""Acting on a case: one press, one or two acts of the kernel, one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import zip_longest
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wangge.base.errors import InvalidInput, WanggeError
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import actions, standing
from wangge.interfaces.staff.deeds import target_of
from wangge.interfaces.staff.views.case import PARTS, shown
from wangge.interfaces.web import sending, words
from wangge.kernel.cases.access import may_see
from wangge.kernel.cases.facts import Part
from wangge.kernel.cases.loading import load
from wangge.kernel.cases.needs import MOST_PARTS
from wangge.kernel.cases.services import Command
from wangge.kernel.cases.services import act as act_on_case
from wangge.kernel.duties.catalogue import CASE_VERBS


@require_POST
@standing.at_desk(*CASE_VERBS)
def act(request: HttpRequest, by: Mandate, number: str) -> HttpResponse:
    """Do it and show the case, or the list where it has left the actor's view; a refusal shows the case as it is now,
    with everything that was typed."""
    tried = _tried(request)
    try:
        tried["kept"] = [str(one) for one in sending.keep(request, by)]
        case = load(number, by)
        steps = actions.steps(tried["act"], case)
        commands = [_command(request, name, tried, first=name == steps[0]) for name in steps]
        with transaction.atomic():
            version = tried["version"]
            for command in commands:
                after = act_on_case(case_id=case.id, command=command, expected_version=version, by=by)
                version = after.version
    except WanggeError as error:
        return shown(request, by, number, tried=tried, error=error)
    messages.success(
        request,
        _("{act}. {number} is now: {state}").format(
            act=words.DONE.get(commands[-1].act, commands[-1].act),
            number=number,
            state=words.STATES[after.state],
        ),
        extra_tags="done",
    )
    return redirect("staff:case", number) if may_see(after, by) else redirect("staff:queue")


def _tried(request: HttpRequest) -> dict[str, Any]:
    """What was sent, as the form needs it to be filled again."""
    given = request.POST
    version = given.get("expected_version", "")
    return {
        "act": given.get("act", ""),
        "words": given.get("note") or given.get("reason") or "",
        "condition": given.get("condition", ""),
        "target": given.get("target", ""),
        "unit": given.get("unit", ""),
        "other": given.get("other", ""),
        "until": given.get("until", ""),
        "parts": list(zip_longest(given.getlist("task")[:MOST_PARTS], given.getlist("part")[:MOST_PARTS], fillvalue=""))
        or [("", "")] * PARTS,
        "kept": [],
        "version": int(version) if version.isascii() and version.isdigit() and len(version) < 10 else None,
    }


def _command(request: HttpRequest, name: str, tried: dict[str, Any], *, first: bool) -> Command:
    """The command of the kernel; words and photos go with the first act of a press."""
    organisation, post = target_of(tried["unit"] or tried["target"]) if name in _ADDRESSED else (None, None)
    code, number = _condition(tried["condition"]) if name in _SORTED else (None, None)
    return Command(
        act=name,
        reason=request.POST.get("reason", "") if first else "",
        note=request.POST.get("note", "") if first else "",
        case_class=code,
        condition=number,
        organisation=organisation,
        post=post,
        files=tuple(UUID(one) for one in tried["kept"]) if first else (),
        until=_until(tried["until"]) if name in actions.UNTIL else None,
        other=tried["other"].strip() or None if name == "merge" else None,
        parts=tuple(_parts(tried["parts"])) if name == "share" else (),
    )


def _parts(rows: Iterable[tuple[str, str]]) -> Iterator[Part]:
    """The parts that were filled in, each with its task and to whom it goes; untouched rows do not count."""
    for task, value in rows:
        if task.strip() or value:
            organisation, post = target_of(value)
            yield Part(task=task, organisation=organisation, post=post)


_ADDRESSED = frozenset({"dispatch", "rule", "whistle"})
_SORTED = frozenset({"register", "dispose"})


def _until(text: str) -> datetime | None:
    """A time as the browser's field gives it, on the wall clock of the page."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(
            "This is not a time.", field="until", value=text, expected="a date and a time such as 2026-12-01T18:00"
        ) from error
    return found if found.tzinfo else found.replace(tzinfo=timezone.get_current_timezone())


def _condition(value: str) -> tuple[str | None, int | None]:
    code, _sep, number = value.rpartition(":")
    return (code or None), (int(number) if number.isascii() and number.isdigit() and len(number) < 5 else None)

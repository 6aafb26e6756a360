"""Functions that the central rules bar: off, and on only where somebody asked with scene and document, another
approved, and until it expires. Code asks `require_on`; the database asks `patrols_require` beside it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from wangge.base.errors import Forbidden, InvalidInput
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.cases.guards import moment_of
from wangge.kernel.cases.reporting import check_text
from wangge.kernel.places.paths import ancestors
from wangge.patrols.lifecycle import FUNCTIONS
from wangge.patrols.models import Switch
from wangge.patrols.recording import advance, begin, locked, missing
from wangge.patrols.rules import check_switch
from wangge.patrols.services import place_at

SUBJECT = "switch"
ASK, APPROVE, REFUSE, END = "ask_switch", "approve_switch", "refuse_switch", "end_switch"


class NewSwitch(NamedTuple):
    """A function asked for: where (code), in which scene (code and words), by which document, from when until when."""

    function: str
    area: str
    scene: str
    document: str
    expires: datetime
    begins: datetime | None = None
    words: str = ""


def ask_switch(*, new: NewSwitch, by: Mandate) -> Switch:
    """Ask for a function; nothing is on by this. Raises `InvalidInput`, `NotFound`, `Forbidden`."""
    moment = moment_of(by)
    place = place_at(new.area, moment)
    by.require(ASK, place.path)
    if by.actor is None:
        raise Forbidden("A person asks for this.", field="actor")
    if new.function not in FUNCTIONS:
        raise InvalidInput("There is no such function.", field="function", value=new.function,
                           expected="one of " + ", ".join(FUNCTIONS))
    begins, document = new.begins or moment, new.document.strip()
    check_switch(new.scene, document, begins, new.expires, moment)
    words = check_text("reason", new.words)
    if not words:
        raise InvalidInput("Say which scene it is.", field="reason", expected="some words")
    row = Switch(
        id=new_id(), version=1, function=new.function, area_id=place.id, path=place.path, scene=new.scene,
        document=document, asked_by_id=by.actor, asked_at=moment, begins=begins, expires=new.expires, state="asked",
    )
    with transaction.atomic():
        return begin(row, SUBJECT, ASK, area=place.id, by=by, content={"reason": words})


def approve_switch(*, switch: UUID, expected_version: int | None, by: Mandate) -> Switch:
    """Turn it on until it expires; by another than who asked."""
    return _decide(switch, APPROVE, "on", expected_version, by)


def refuse_switch(*, switch: UUID, expected_version: int | None, by: Mandate) -> Switch:
    """Leave it off; by another than who asked."""
    return _decide(switch, REFUSE, "refused", expected_version, by)


@transaction.atomic
def _decide(switch: UUID, verb: str, state: str, expected_version: int | None, by: Mandate) -> Switch:
    row = _locked(switch, expected_version, verb, by)
    moment = moment_of(by)
    if by.actor is None or by.actor == row.asked_by_id:
        raise Forbidden("Who asked for a function does not decide.", field="action", value=verb,
                        expected="another person")
    if verb == APPROVE and row.expires <= moment:
        raise InvalidInput("This time is over.", field="expires", value=row.expires.isoformat(),
                           expected="a request that has not expired")
    updates: dict[str, Any] = {"state": state, "approver": by.actor, "decided_at": moment}
    return advance(row, SUBJECT, verb, updates, area=row.area_id, by=by)


@transaction.atomic
def end_switch(*, switch: UUID, expected_version: int | None, by: Mandate) -> Switch:
    """Turn it off before it expires."""
    row = _locked(switch, expected_version, END, by)
    return advance(row, SUBJECT, END, {"state": "ended", "ended_at": moment_of(by)}, area=row.area_id, by=by)


def _locked(switch: UUID, expected_version: int | None, verb: str, by: Mandate) -> Switch:
    path = Switch.objects.filter(id=switch).values_list("path", flat=True).first()
    if path is None:
        raise missing(SUBJECT, switch)
    by.require(verb, path)
    return locked(Switch, SUBJECT, switch, expected_version, verb)


def require_on(function: str, path: str, at: datetime) -> UUID:
    """The switch by which a function is on at a place and moment. Raises `Forbidden`: off is what it is by default."""
    found = Switch.objects.filter(
        function=function, path__in=ancestors(path), state="on", begins__lte=at, expires__gt=at
    ).order_by("expires").values_list("id", flat=True).last()
    if found is None:
        raise Forbidden("This function is switched off.", field="function", value=function,
                        expected="a switch that was asked for, approved by another, and has not expired")
    return UUID(str(found))

"""Controlled areas and times (管控): where and when classes are not to be reported, and what the reporter is told.

A report under such a class is refused with that text; a report whose class nobody has named yet is taken, and
refused when somebody would register it so.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from wangge.base.errors import Conflict, InvalidInput, NotFound
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.cases.lifecycle import ENDED
from wangge.kernel.cases.models import Control
from wangge.kernel.cases.reference import ControlInfo, Reference, reference
from wangge.kernel.cases.replaying import plain
from wangge.kernel.cases.settling import CONTROL, stated
from wangge.kernel.cases.state import CaseState
from wangge.kernel.journal.services import Act, append
from wangge.kernel.places.models import Area

LONGEST_TEXT = 300
FARTHEST = timedelta(days=10 * 366)
"""How far off a control begins or ends at most, on either side of now."""
_AT_ONCE = timedelta(microseconds=1)
"""The shortest time: a control that is called off ends with its beginning."""


def controls_at(known: Reference, path: str, at: datetime) -> list[ControlInfo]:
    """The controls in force at a place at a moment."""
    return [one for one in known.controls if path.startswith(one.area_path) and one.valid_from <= at < one.valid_to]


def controls_of(known: Reference, path: str, at: datetime) -> list[ControlInfo]:
    """The controls that hold at a place now or later, set there or above, the first to begin first."""
    return [one for one in known.controls if path.startswith(one.area_path) and holds(one, at)]


def holds(one: ControlInfo, at: datetime) -> bool:
    """Whether it is in force or to come; one that was called off never is."""
    return one.valid_to > at and one.valid_to - one.valid_from > _AT_ONCE


def controls_on(known: Reference, case: CaseState, at: datetime) -> list[ControlInfo]:
    """The controls under which an open case lies: those of every class, and of its own where that is known.

    A case that was registered before a control began goes on, and is not told of it.
    """
    if case.state in ENDED:
        return []
    info = known.classes.get(case.case_class) if case.case_class else None
    return [
        one
        for one in controls_at(known, case.path, at)
        if (info.code if info else "").startswith(one.class_prefix)
        and (case.registered_at is None or case.registered_at >= one.valid_from)
    ]


def check_controls(known: Reference, code: str, path: str, at: datetime, *, field: str) -> None:
    """Raise `Conflict` with the text of the control under which this class is not to be reported here now."""
    for one in controls_at(known, path, at):
        if code.startswith(one.class_prefix):
            raise Conflict(
                one.text,
                field=field,
                value=code,
                expected=f"not before {one.valid_to.isoformat()}",
                extra={"control": str(one.id), "text_en": one.text_en, "valid_to": one.valid_to.isoformat()},
            )


@transaction.atomic
def set_control(
    *,
    area_code: str,
    class_prefix: str,
    valid_from: datetime,
    valid_to: datetime,
    text: str,
    by: Mandate,
    text_en: str = "",
    requested_by: UUID | None = None,
) -> Control:
    """Let these classes not be reported on this area and below between two moments. Needs `manage_classes` there."""
    area = Area.objects.filter(code=area_code).first()
    if area is None:
        raise NotFound("There is no area with this code.", field="area_code", value=area_code)
    by.require("manage_classes", area.path)
    if not any(info.code.startswith(class_prefix) for info in reference().classes.values()):
        raise InvalidInput(
            "No class has this code or begins so.", field="class_prefix", value=class_prefix,
            expected="the code of a class, its beginning, or nothing for every class",
        )
    if valid_to <= valid_from:
        raise InvalidInput("A control ends after it begins.", field="valid_to", value=valid_to, expected="a later time")
    for field, at in (("valid_from", valid_from), ("valid_to", valid_to)):
        if abs(at - by.recorded_at) > FARTHEST:
            raise InvalidInput("This time is too far off.", field=field, value=at, expected="a time within ten years")
    for field, said, least in (("text", text, 1), ("text_en", text_en, 0)):
        if not least <= len(said.strip()) <= LONGEST_TEXT or "\0" in said:
            raise InvalidInput(
                "Say what a reporter is told.", field=field, value=said[:80],
                expected=f"{least} to {LONGEST_TEXT} characters",
            )  # fmt: skip
    one = Control(
        id=new_id(),
        version=1,
        area=area,
        class_prefix=class_prefix,
        valid_from=valid_from,
        valid_to=valid_to,
        text=text.strip(),
        text_en=text_en.strip(),
        requested_by_id=requested_by,
    )
    content = {"text": one.text} | ({"text_en": one.text_en} if one.text_en else {})
    append([Act(one.id, CONTROL, "set", area.id, {"set": stated(CONTROL, one)}, content)], by=by)
    one.save(force_insert=True)
    return one


@transaction.atomic
def end_control(*, control_id: UUID, at: datetime, by: Mandate) -> None:
    """End a control at a moment before its time. One that has not begun by then is called off: it never holds."""
    one = Control.objects.select_for_update(of=("self",)).select_related("area").filter(id=control_id).first()
    if one is None:
        raise NotFound("There is no such control.", field="control", value=control_id)
    by.require("manage_classes", one.area.path)
    if at >= one.valid_to:
        raise InvalidInput(
            "A control ends before its time is over.", field="at", value=at,
            expected=f"before {one.valid_to.isoformat()}",
        )  # fmt: skip
    at = max(at, one.valid_from + _AT_ONCE)
    one.valid_to = at
    data = {"set": plain({"valid_to": at})}
    append([Act(one.id, CONTROL, "end", one.area_id, data, version=one.version)], by=by)
    one.version += 1
    one.save(update_fields=["valid_to", "version"])

"""The classes of the ground, for who manages them: a list by major class, and forms to add, edit and end one."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from wangge.base.errors import InvalidInput, WanggeError
from wangge.base.mandate import Mandate
from wangge.base.units import Limit, LimitUnit
from wangge.interfaces.staff import standing
from wangge.interfaces.staff.rows import english
from wangge.interfaces.web import refusals, words
from wangge.kernel.cases.classes.editing import VERB, add_class, edit_class, retire_class
from wangge.kernel.cases.models import CONFIDENTIALITY
from wangge.kernel.cases.reference import ClassInfo, Reference, reference
from wangge.kernel.cases.setup import ConditionRow
from wangge.kernel.places.queries import atlas

UNITS: dict[str, Promise] = {
    "calendar_hour": gettext_lazy("hours, day and night"),
    "calendar_day": gettext_lazy("days, holidays too"),
    "working_hour": gettext_lazy("working hours"),
    "working_day": gettext_lazy("working days"),
}
LEVELS: dict[str, Promise] = {
    "public": gettext_lazy("open to all on the ground"),
    "restricted": gettext_lazy("restricted"),
    "confidential": gettext_lazy("confidential"),
}
assert tuple(LEVELS) == CONFIDENTIALITY


class Line(NamedTuple):
    """A class in the list; `own` where it belongs to the area of the duty and so can be edited here."""

    info: ClassInfo
    name: str
    tier: str
    level: str
    limits: list[tuple[int, str, Limit]]
    own: bool


@require_safe
@standing.at_desk(VERB)
def classes(request: HttpRequest, by: Mandate) -> HttpResponse:
    """The list of one major class."""
    by.require(VERB, by.scope_path)
    known, places = reference(), atlas()
    held = known.classes_at(by.scope_path or places.default_root)
    majors = [info for info in held if info.parent is None]
    chosen = next((info for info in majors if info.code == request.GET.get("major")), majors[0] if majors else None)
    context = {
        "room": "classes",
        "majors": [(info.code, _name(info), info is chosen) for info in majors],
        "chosen": chosen.code if chosen else "",
        "lines": [_line(info, by) for info in held if chosen and _major_of(info, known) == chosen.code],
        "tiers": list(words.TIERS.items()),
        "levels": list(LEVELS.items()),
        "units": list(UNITS.items()),
    }
    return standing.page(request, "staff/classes.html", context, by=by)


@require_POST
@standing.at_desk(VERB)
def change(request: HttpRequest, by: Mandate) -> HttpResponse:
    """Add, edit or end a class; back to the list with what came of it."""
    given = request.POST
    area = by.scope_path.rstrip("/").rpartition("/")[2] or atlas().default_root.rstrip("/")
    major = given.get("major", "")
    try:
        act = _ACTS.get(given.get("do", ""))
        if act is None:
            raise InvalidInput("There is no such act.", field="do", value=given.get("do"), expected=", ".join(_ACTS))
        messages.success(request, act(given, area, by), extra_tags="done")
    except WanggeError as error:
        messages.error(request, f"{refusals.said(error)} ({error.detail})", extra_tags="late")
    return redirect(f"{reverse('staff:classes')}?major={major}" if major.isalnum() else "staff:classes")


def _add(given: Any, area: str, by: Mandate) -> str:
    condition = ConditionRow(1, given.get("text", ""), "", given.get("closing", ""), "", _limit(given, ""))
    made = add_class(
        area_code=area, major=given.get("major", ""), name=given.get("name", ""), name_en=given.get("name_en", ""),
        tier=given.get("tier", "grid"), confidentiality=given.get("level", "public"), conditions=[condition], by=by,
    )  # fmt: skip
    return _("{code} was added.").format(code=made.code)


def _edit(given: Any, area: str, by: Mandate) -> str:
    numbers = [name.removeprefix("amount") for name in given if name.startswith("amount")]
    limits = {number: _limit(given, str(number)) for text in numbers if (number := _count(text))}
    made = edit_class(
        area_code=area, code=given.get("code", ""), name=given.get("name", ""), tier=given.get("tier", ""),
        confidentiality=given.get("level", ""), limits=limits, by=by,
    )  # fmt: skip
    return _("{code} was changed; it holds from now on.").format(code=made.code)


def _retire(given: Any, area: str, by: Mandate) -> str:
    made = retire_class(area_code=area, code=given.get("code", ""), by=by)
    return _("{code} has ended; old cases keep it.").format(code=made.code)


_ACTS = {"add": _add, "edit": _edit, "retire": _retire}


def _limit(given: Any, number: str) -> Limit:
    amount, unit = given.get(f"amount{number}", ""), given.get(f"unit{number}", "")
    if not _count(amount) or unit not in UNITS:
        raise InvalidInput(
            "This is no limit.", field="limit", value=f"{amount} {unit}"[:40], expected="a whole number and a unit"
        )
    return Limit(int(amount), LimitUnit(unit))


def _count(text: str) -> int:
    """A whole number of at most four digits, 0 for what is none."""
    return int(text) if len(text) <= 4 and text.isascii() and text.isdigit() else 0


def _line(info: ClassInfo, by: Mandate) -> Line:
    limits = [
        (one.number, (one.text_en if english() else one.text) or one.text, one.limit)
        for one in info.conditions.values()
    ]
    tier = str(words.TIERS.get(info.tier, info.tier))
    return Line(info, _name(info), tier, str(LEVELS[info.confidentiality]), limits, info.area_path == by.scope_path)


def _major_of(info: ClassInfo, known: Reference) -> str:
    above = known.classes.get(info.parent) if info.parent else None
    return above.code if above else ""


def _name(info: ClassInfo) -> str:
    return (info.name_en if english() else info.name) or info.name

"""The form of a finding as it is typed in. The form makes the key: an inspection of the subdistrict's own, which has no
number yet, takes its own from it, so that sent twice it is one."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal, InvalidOperation
from uuid import uuid4

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise

from wangge.assessment.services import OWN, NewFinding
from wangge.base.clock import now
from wangge.base.errors import InvalidInput
from wangge.base.geometry import Point, parse_point
from wangge.base.mandate import Mandate
from wangge.interfaces.staff.assessing.words import SOURCES
from wangge.interfaces.staff.formfields import id_of, time_of
from wangge.kernel.places.queries import atlas, locate

TYPED = ("subdistrict", "sample", "district", "city")
"""The sources in the order of the form; what people report themselves is never typed in as a finding."""


@dataclass(frozen=True, slots=True)
class Form:
    """What stands in the form, as typed."""

    key: str = ""
    source: str = ""
    ref: str = ""
    area: str = ""
    case_class: str = ""
    discovered_at: str = ""
    occurred_at: str = ""
    points: str = ""
    note: str = ""
    lon: str = ""
    lat: str = ""


def read(request: HttpRequest) -> Form:
    """What was sent; of a fresh form a key of its own and the present minute."""
    given = {one.name: request.POST.get(one.name, "") for one in fields(Form)}
    given = {name: text.replace("\r\n", "\n").strip() for name, text in given.items()}
    given["key"] = given["key"] or str(uuid4())
    if request.method != "POST":
        given |= {"source": TYPED[0], "discovered_at": f"{timezone.localtime(now()):%Y-%m-%dT%H:%M}",
                  "area": request.GET.get("area", "")}
    return Form(**given)


def finding_of(form: Form, by: Mandate) -> NewFinding:
    """The finding that the form makes. Raises `InvalidInput` naming the field."""
    if form.source not in TYPED:
        raise InvalidInput("This source is not known.", field="source", value=form.source[:40],
                           expected="one of " + ", ".join(TYPED))
    if not form.discovered_at:
        raise InvalidInput("A finding has a time.", field="discovered_at", expected="a date and a time")
    discovered = time_of("discovered_at", form.discovered_at)
    if discovered > now():
        raise InvalidInput("This time lies ahead.", field="discovered_at", value=form.discovered_at, expected="now")
    point = _point(form)
    return NewFinding(
        form.source, form.ref or _own_number(form, discovered), form.area or _area_of(point, discovered), discovered,
        _points(form.points), form.case_class,
        time_of("occurred_at", form.occurred_at) if form.occurred_at else None, point, form.note,
    )


def sources() -> list[tuple[str, Promise]]:
    """The sources to choose from."""
    return [(code, SOURCES[code]) for code in TYPED]


def _own_number(form: Form, at: datetime) -> str:
    if form.source not in OWN:
        return ""
    return f"{timezone.localtime(at):%Y%m%d}-{id_of('key', form.key).hex[:8]}"


def _area_of(point: Point | None, at: datetime) -> str:
    path = locate(point, at=at).path if point else None
    area = atlas().by_path.get(path) if path else None
    if area is None:
        raise InvalidInput("Say where it is.", field="area", expected="a place of the list, or a point on the map")
    return area.code


def _point(form: Form) -> Point | None:
    return parse_point(form.lon, form.lat) if form.lon and form.lat else None


def _points(text: str) -> Decimal:
    try:
        found = Decimal(text or "0")
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise InvalidInput("This is no number of points.", field="points", value=text[:40],
                           expected="a number such as 0.10")
    return found

"""Forms of codes that an area declares: on it and below, new grids, communities or case numbers follow them.

Codes that are there already stay; who declares a form is told how many differ.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from wangge.base import codes
from wangge.base.errors import InvalidInput
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.journal.services import Act, append
from wangge.kernel.places.models import DECLARED, Area, CodeForm
from wangge.kernel.places.queries import ancestors, below

KINDS = {"grid": ("grid",), "region": ("subdistrict", "community", "village")}
"""Which areas of the administrative layer have a code of which form."""
_LAYER = "administrative"


@transaction.atomic
def declare_form(*, area: str, kind: str, last: int, by: Mandate) -> int:
    """Let codes of a kind have their form on an area (its code) and below. Returns how many present codes differ."""
    place = Area.objects.filter(code=area).first()
    if place is None:
        raise InvalidInput("There is no such area.", field="area", value=area, expected="the code of an area")
    by.require("manage_areas", place.path)
    if kind not in DECLARED:
        raise InvalidInput(
            "No area declares this form.", field="kind", value=kind, expected="one of " + ", ".join(DECLARED)
        )
    codes.check_last(kind, last)
    CodeForm.objects.update_or_create(area=place, kind=kind, defaults={"last": last})
    append([Act(new_id(), "code_form", "set", place.id, {"kind": kind, "last": last})], by=by)
    standing = Area.objects.filter(below(place.path), kind__in=KINDS.get(kind, ()), layer=_LAYER, valid_to=None)
    return sum(not _fits(kind, code, last) for code in standing.values_list("code", flat=True))


def check_codes(areas: Iterable[Area]) -> None:
    """Raise `InvalidInput` for the first new area whose code has not the form that is declared above it."""
    forms = {
        (path, kind): last
        for path, kind, last in CodeForm.objects.values_list("area__path", "kind", "last")
    }
    if not forms:
        return
    for area in areas:
        kind = next((name for name, kinds in KINDS.items() if area.kind in kinds), None)
        if kind is None or area.layer != _LAYER:
            continue
        declared = (forms.get((path, kind)) for path in reversed(ancestors(area.path)))
        last = next((one for one in declared if one is not None), None)
        if last is not None:
            codes.read(kind, area.code, last)


def _fits(kind: str, code: str, last: int) -> bool:
    try:
        codes.read(kind, code, last)
    except InvalidInput:
        return False
    return True

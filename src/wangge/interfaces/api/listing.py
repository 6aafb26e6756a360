"""Reference data as it goes out: classes and public parts."""

from __future__ import annotations

from typing import Any

from wangge.base.units import Limit
from wangge.interfaces.api import schemas as out
from wangge.kernel.cases.parts.queries import PartView
from wangge.kernel.cases.reference import ClassInfo, Reference
from wangge.kernel.places.queries import Atlas


def limit(value: Limit) -> dict[str, Any]:
    """A limit as amount and unit."""
    return {"amount": value.amount, "unit": str(value.unit)}


def part(view: PartView, places: Atlas) -> out.PartOut:
    """A public part; `metres` is from the point that was asked for, or from the case."""
    area = places.by_path.get(view.path)
    owner, supervisor, keeper = (
        out.Named(unit.id, unit.name) if unit else None for unit in (view.owner, view.supervisor, view.keeper)
    )
    return out.PartOut(
        id=view.id,
        code=view.code,
        name=view.name,
        case_class=view.class_code,
        state=view.state,
        location=out.Location(view.lon_e7 / 1e7, view.lat_e7 / 1e7),
        crs=view.crs,
        area=area.code if area else "",
        owner=owner,
        supervisor=supervisor,
        keeper=keeper,
        initial_on=view.initial_on,
        changed_on=view.changed_on,
        metres=view.metres,
    )


def case_class(info: ClassInfo, known: Reference) -> out.ClassOut:
    """A class with its parent's code and what it is elsewhere."""
    parent = known.classes.get(info.parent) if info.parent else None
    return out.ClassOut(
        code=info.code,
        scheme=info.scheme,
        name=info.name,
        name_en=info.name_en,
        parent=parent.code if parent else None,
        tier=info.tier,
        confidentiality=info.confidentiality,
        area=info.area_path.rstrip("/").rpartition("/")[2],
        elsewhere=[out.ClassElsewhere(*other) for other in sorted(known.crosswalk.get((info.scheme, info.code), ()))],
        conditions=[
            out.ConditionOut(one.number, one.text, one.text_en, one.closing, one.closing_en, limit(one.limit))
            for one in info.conditions.values()
        ],
    )

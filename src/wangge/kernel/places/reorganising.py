"""Re-parenting: an area and all that stands below it end, and successors with new codes open elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from wangge.base import events
from wangge.base.errors import InvalidInput
from wangge.base.mandate import Mandate
from wangge.kernel.places.events import AreasEnded, Move
from wangge.kernel.places.models import Area, Boundary, CodeForm
from wangge.kernel.places.queries import below
from wangge.kernel.places.rules import NewArea, check_area, next_code
from wangge.kernel.places.services import advance, create_checked, end_locked, locked


def reparent_area(
    *, area: str, parent: str, at: datetime, by: Mandate, codes: Mapping[str, str] | None = None
) -> Area:
    """Move the area with the code `area` below `parent` from `at` on; returns its successor.

    A path holds the codes above it, and a code is used once for ever: so every area of the moved tree ends and
    gets a successor of its own. `codes` gives new codes by old code; the others count a generation (`next_code`).
    The people who live there are counted on, as on the predecessor.
    """
    with transaction.atomic():
        top = locked(area, by=by)
        target = locked(parent, by=by)
        if target.path.startswith(top.path):
            raise InvalidInput("An area cannot move below itself.", field="parent", value=parent,
                               expected="an area outside " + top.path)
        tree = list(
            Area.objects.select_for_update(of=("self",)).select_related("parent")
            .filter(below(top.path), valid_to__isnull=True).order_by("path")
        )
        fresh = {one.code: (codes or {}).get(one.code) or next_code(one.code) for one in tree}
        grounds = {
            row.area_id: bytes(row.geometry)
            for row in Boundary.objects.filter(area__in=tree, valid_to__isnull=True)
        }
        rows = [
            check_area(NewArea(
                fresh[one.code], one.name, one.kind, at,
                parent if one.id == top.id else fresh[one.parent.code] if one.parent else None,
                one.layer, one.name_en, grounds.get(one.id), one.timezone, one.region,
            ))
            for one in tree
        ]
        successors = create_checked(rows, by=by, predecessors={fresh[one.code]: one.id for one in tree})
        pairs = list(zip(tree, successors, strict=True))
        for old, new in reversed(pairs):
            end_locked(old, at=at, successor=new, by=by)
        for old, new in pairs:
            CodeForm.objects.filter(area=old).update(area=new)
            if old.residents is not None:
                new.residents = old.residents
                advance(new, "count", {"residents": old.residents}, by=by)
        moves = tuple(Move(old.id, old.path, new.id, new.path) for old, new in reversed(pairs))
        events.publish(AreasEnded(moves, at, by))
    return successors[0]

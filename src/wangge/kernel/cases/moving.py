"""What changes hands when grids are redrawn: told beforehand, and moved when the day has come.

What has a point goes where the point lies; what has none stays with its grid, or goes with what takes that grid's
place. Only what stands on a grid itself moves: an estate or a building keeps its cases.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec
from shapely.geometry.base import BaseGeometry

from wangge.base.geometry import Locator, Point
from wangge.kernel.cases.access import after
from wangge.kernel.cases.bulk import draw
from wangge.kernel.cases.lifecycle import LIVE, State
from wangge.kernel.cases.loading import lock_many, read_many
from wangge.kernel.cases.models import Part
from wangge.kernel.cases.recording import record
from wangge.kernel.cases.rules import SUBJECT, plain
from wangge.kernel.cases.state import CaseState, Change
from wangge.kernel.journal.services import append
from wangge.kernel.journal.writing import Act, Head
from wangge.kernel.places.events import GroundRedrawn
from wangge.kernel.places.queries import AreaInfo, Atlas, atlas

OPEN = [state.value for state in (*LIVE, State.SUSPENDED)]


class Handed(NamedTuple):
    """An open case that another grid will hold: the grid it is in, and the code of the drawn one."""

    case: CaseState
    old: AreaInfo
    new: str


def would_move(
    community: str, drawn: Sequence[tuple[str, BaseGeometry]], ended: Mapping[str, str | None], *, places: Atlas
) -> list[Handed]:
    """The open cases of a community (its path) that change hands if its grids are `drawn` (code, ground in degrees).

    `ended` gives for each grid that ends the one that takes over. One statement.
    """
    locator = Locator(sorted(drawn, key=lambda one: (one[1].area, one[0])))
    values = [community, after(community), OPEN]
    found = []
    for case in read_many("c.path >= %s AND c.path < %s AND c.state = ANY(%s)", values):
        old = places.by_id.get(case.area) if case.area else None
        if old is None or old.kind != "grid":
            continue
        new = old.code
        if old.code in ended:
            new = ended[old.code] or old.code
        if case.lon_e7 is not None and case.lat_e7 is not None:
            new = next(iter(locator.locate(Point(case.lon_e7, case.lat_e7))), new)
        if new != old.code:
            found.append(Handed(case, old, new))
    return found


def relocate(event: GroundRedrawn) -> None:
    """Open cases and parts on these grids go to the grid that holds their point now."""
    places = atlas()
    _cases(event, places)
    _parts(event, places)


def _cases(event: GroundRedrawn, places: Atlas) -> None:
    path = event.community_path
    found = lock_many(
        "c.path >= %s AND c.path < %s AND c.state = ANY(%s) AND c.area = ANY(%s) AND c.lon_e7 IS NOT NULL",
        [path, after(path), OPEN, list(event.areas)],
    )
    points = [Point(case.lon_e7 or 0, case.lat_e7 or 0) for case, _ in found]
    held = places.locate_many(points, root_path=path, at=event.at)
    changes = [
        _moved(case, head, places.by_id[case.area], area)
        for (case, head), area in zip(found, held, strict=True)
        if area is not None and case.area is not None and area.id != case.area
    ]
    if changes:
        record(changes, draw("journal_entry_ordinal", len(changes)), by=event.by)


def _moved(case: CaseState, head: Head, old: AreaInfo, new: AreaInfo) -> Change:
    updates: dict[str, object] = {"path": new.path, "area": new.id}
    if case.post_path == old.path:
        updates["post_path"] = new.path
    act = Act(case.id, SUBJECT, "move", case.area, {"set": plain(updates)}, version=case.version)
    return Change(msgspec.structs.replace(case, version=case.version + 1, **updates), (act,), case, head)


def _parts(event: GroundRedrawn, places: Atlas) -> None:
    parts = list(Part.objects.select_for_update(of=("self",)).filter(area_id__in=event.areas).order_by("id"))
    points = [Point(part.lon_e7, part.lat_e7) for part in parts]
    held = places.locate_many(points, root_path=event.community_path, at=event.at)
    acts, moved = [], []
    for part, area in zip(parts, held, strict=True):
        if area is None or area.id == part.area_id:
            continue
        values = {"path": area.path, "area": str(area.id)}
        acts.append(Act(part.id, "part", "move", part.area_id, {"set": values}, {}, part.version))
        part.path, part.area_id, part.version = area.path, area.id, part.version + 1
        moved.append(part)
    append(acts, by=event.by)
    Part.objects.bulk_update(moved, ["version", "path", "area_id"], batch_size=500)



"""What files do when told: they move along when their area ends. And how they take part in erasing."""

from __future__ import annotations

from uuid import UUID

from wangge.base.events import subscribe
from wangge.base.geometry import Point
from wangge.kernel.cases.access import after
from wangge.kernel.journal.services import Act, append, place_of
from wangge.kernel.places.events import AreasEnded, GroundRedrawn, Move
from wangge.kernel.places.queries import atlas
from wangge.kernel.spots.loading import Step, advance_many, path_of
from wangge.kernel.spots.models import RULE_SUBJECT, SUBJECT, Spot, SpotRule


def register() -> None:
    """Called once, when the application is ready."""
    subscribe(AreasEnded, move_files)
    subscribe(GroundRedrawn, relocate_files)
    place_of(SUBJECT, path_of)


def move_files(event: AreasEnded) -> None:
    """Files of an ended area go to its successor, or to the area above; its rule goes to the successor."""
    for move in event.moves:
        found = list(
            Spot.objects.select_for_update(of=("self",))
            .filter(path__gte=move.old_path, path__lt=after(move.old_path)).order_by("id")
        )
        if found:
            advance_many([(one, "move", _moved(one, move), {}) for one in found], by=event.by)
        if move.new_id is not None:
            _move_rule(move.old_id, move.new_id, event)


def relocate_files(event: GroundRedrawn) -> None:
    """Files on redrawn grids go to the grid that holds their point now."""
    files = list(Spot.objects.select_for_update(of=("self",)).filter(area_id__in=event.areas).order_by("id"))
    points = [Point(spot.lon_e7, spot.lat_e7) for spot in files]
    held = atlas().locate_many(points, root_path=event.community_path, at=event.at)
    steps: list[Step] = [
        (spot, "move", {"path": area.path, "area": area.id}, {})
        for spot, area in zip(files, held, strict=True) if area is not None and area.id != spot.area_id
    ]
    if steps:
        advance_many(steps, by=event.by)


def _moved(spot: Spot, move: Move) -> dict[str, object]:
    if move.new_path is not None and move.new_id is not None:
        path = move.new_path + spot.path[len(move.old_path):]
        area: UUID | None = move.new_id
    else:
        path = move.old_path.rstrip("/").rpartition("/")[0] + "/"
        above = atlas().by_path.get(path)
        area = above.id if above else None
    updates: dict[str, object] = {"path": path if path != "/" else spot.path}
    if spot.area_id == move.old_id:
        updates["area"] = area
    return updates


def _move_rule(old: UUID, new: UUID, event: AreasEnded) -> None:
    rule = SpotRule.objects.select_for_update(of=("self",)).filter(area_id=old).first()
    if rule is None:
        return
    [written] = append([Act(rule.id, RULE_SUBJECT, "move", old, {"set": {"area": str(new)}}, version=rule.version)],
                       by=event.by)
    rule.area_id, rule.version = new, written.seq
    rule.save(force_update=True)

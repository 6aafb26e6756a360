"""Places in words: the tree of areas with who leads each and what is vacant there, and one area's page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from wangge.interfaces.staff import seating, standing
from wangge.kernel.duties.catalogue import STANDING
from wangge.kernel.duties.roster import Holding, Roster
from wangge.kernel.places.queries import AreaInfo, Atlas

KINDS: dict[str, Promise] = {
    "district": pgettext_lazy("area", "district"),
    "subdistrict": pgettext_lazy("area", "subdistrict"),
    "community": pgettext_lazy("area", "community"),
    "village": pgettext_lazy("area", "village"),
    "estate": pgettext_lazy("area", "housing estate"),
    "grid": pgettext_lazy("area", "grid"),
    "building": pgettext_lazy("area", "building"),
    "stairwell": pgettext_lazy("area", "stairwell"),
    "unit": pgettext_lazy("area", "flat"),
    "zone": pgettext_lazy("area", "responsibility zone"),
    "line": pgettext_lazy("area", "street or river"),
    "point": pgettext_lazy("area", "point"),
}
LEADS: Mapping[str, str] = {
    "subdistrict": "leader", "community": "secretary", "village": "secretary", "grid": "grid_leader", "zone": "officer",
}
"""Whose name stands beside an area of a kind in the tree."""
SHOWN = ("district", "subdistrict", "community", "village", "grid")
"""The kinds of the tree; what lies deeper stands on the page of its area."""


@dataclass(slots=True)
class Branch:
    """An area of the tree. `open` is its number of open cases, None where it was not counted."""

    area: AreaInfo
    name: str
    kind: str
    lead: str
    lead_post: str
    vacant: int
    open: int | None = None
    below: list[Branch] = field(default_factory=list)

    @property
    def grids(self) -> int:
        """How many grids lie in it."""
        return sum(one.grids + (one.area.kind == "grid") for one in self.below)


def tree(
    places: Atlas, root_path: str, held: Sequence[Holding], vacant: Mapping[str, int], opens: Mapping[str, int],
    at: datetime,
) -> list[Branch]:
    """The top branches at and below a path."""
    roster = Roster(held)
    made: dict[str, Branch] = {}
    tops: list[Branch] = []
    for area in places.below(root_path, at=at):
        if area.kind not in SHOWN or area.layer != "administrative":
            continue
        branch = made[area.path] = branch_of(area, places, roster, at)
        branch.vacant, branch.open = vacant.get(area.path, 0), opens.get(area.path)
        above = made.get(area.path.rstrip("/").rpartition("/")[0] + "/")
        (above.below if above else tops).append(branch)
    return tops


def branch_of(area: AreaInfo, places: Atlas, roster: Roster, at: datetime) -> Branch:
    """An area with who leads it."""
    post = LEADS.get(area.kind, "")
    lead = seating.names(roster.on(area.path, post, at)) if post else ""
    return Branch(area, standing.area_name(places, area.path), str(KINDS[area.kind]), lead,
                  standing.post_name(post) if post else "", 0)


class Answers(NamedTuple):
    """Who answers on an area, one post a line."""

    post: str
    code: str
    area: str
    area_code: str
    names: str
    how: str


def chain(places: Atlas, area: AreaInfo, roster: Roster, at: datetime) -> list[Answers]:
    """Who answers above a place, up to its root; the holders of one post on one area in a line."""
    lines: dict[tuple[str, str, str], list[Holding]] = defaultdict(list)
    for row in roster.chain(area.path, at):
        if row.area_path == area.path:
            continue
        lines[row.area_path, row.post, row.kind].append(row)
    return [
        Answers(standing.post_name(post), post, standing.area_name(places, path), path.rstrip("/").rpartition("/")[2],
                seating.names(rows, most=3), "" if kind == "regular" else str(seating.KINDS[kind]))
        for (path, post, kind), rows in lines.items()
    ]


def seats_here(area: AreaInfo, held: Sequence[Holding], at: datetime) -> list[dict[str, Any]]:
    """Every post that somebody holds on exactly this area, leaves and deputies included."""
    by_post: dict[str, list[Holding]] = defaultdict(list)
    for row in held:
        if row.area_path == area.path:
            by_post[row.post].append(row)
    return [
        {"code": post, "post": standing.post_name(post),
         "people": [(row.name, "" if row.kind == "regular" else seating.KINDS[row.kind]) for row in by_post[post]]}
        for post in sorted(by_post, key=lambda code: (STANDING.get(code, 99), code))
    ]

"""Who sits where, in words: the cells of the table of posts, its figures, and the holders of one seat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from wangge.interfaces.staff import standing
from wangge.kernel.duties.board import Board, Seat
from wangge.kernel.duties.conflicts import Conflict
from wangge.kernel.duties.roster import Holding
from wangge.kernel.places.queries import AreaInfo, Atlas

KINDS: dict[str, Promise] = {
    "regular": pgettext_lazy("duty", "regular"),
    "acting": pgettext_lazy("duty", "acting"),
    "deputy": pgettext_lazy("duty", "deputy"),
    "leave": pgettext_lazy("duty", "on leave"),
}
WHY: dict[str, Promise] = {
    "assesses": gettext_lazy("assesses where they answer themselves ({other})"),
    "inspects": gettext_lazy("inspects where they handle themselves ({other})"),
    "referee": gettext_lazy("dispatches and inspects ({other})"),
    "audits": gettext_lazy("audits what they do themselves ({other})"),
    "administers": gettext_lazy("administers and acts ({other})"),
    "kin": gettext_lazy("kin at {other}, which works here"),
    "stake": gettext_lazy("a stake in {other}, which works here"),
    "former": gettext_lazy("came from {other}, which works here"),
}
COUNTED = frozenset({"volunteer"})
"""Posts of many, of which the table gives the number."""
_TICK = timedelta(microseconds=1)


class Cell(NamedTuple):
    """A seat in the table. `kind` is vac, dep, con or empty; `title` is what a long text says in full."""

    main: str
    sub: str
    kind: str
    url: str
    post: str
    title: str = ""


class Line(NamedTuple):
    """An area with its cells; `missing` seats are vacant."""

    area: AreaInfo
    name: str
    missing: int
    cells: tuple[Cell, ...]
    residents: int | None = None
    cadres: int = 0

    @property
    def per_cadre(self) -> int | None:
        """Residents for each cadre, rounded down; None where nobody counted them or there is no cadre."""
        return self.residents // self.cadres if self.residents is not None and self.cadres else None

    @property
    def telling(self) -> list[Cell]:
        """The cells that a narrow page shows: what is not as it should be."""
        return [cell for cell in self.cells if cell.kind]


class Figures(NamedTuple):
    """What stands above the table."""

    seats: int
    areas: int
    posts: int
    filled: int
    acting: int
    covered: int
    vacant: int
    longest: str
    conflicts: int


def lines(board: Board, found: Sequence[Conflict], places: Atlas, units: Mapping[UUID, str]) -> list[Line]:
    """A line for each area, in the order of their codes."""
    marked = {(one.duty.area_path, one.duty.post): why(one, units) for one in found}
    heads = {(row.person_id, row.area_path) for row in board.held if row.post == "secretary" and row.kind == "regular"}
    told = []
    for area in board.areas:
        seats = [board.seats[area.path, post] for post in board.posts]
        cells = tuple(_cell(seat, board.at, marked.get((area.path, seat.post)), heads) for seat in seats)
        missing = sum(seat.vacant for seat in seats)
        told.append(Line(area, standing.area_name(places, area.path), missing, cells, area.residents,
                         cadres(board.held, area)))
    return told


CADRES = frozenset({"secretary", "grid_leader", "grid_liaison", "grid_worker", "city_inspector", "party_supervisor",
                    "police_assistant"})
"""Whose number stands for the cadres of a place (干部): its secretary and who of the group leads, keeps or patrols it;
not helpers, volunteers and firms' people."""


def cadres(held: Sequence[Holding], area: AreaInfo) -> int:
    """How many people hold such a post on the area or its grids."""
    return len({row.person_id for row in held if row.person_id and row.post in CADRES and row.kind != "leave"
                and row.area_path.startswith(area.path)})


def figures(board: Board, found: Sequence[Conflict], places: Atlas) -> Figures:
    """The sums of the table."""
    seats = list(board.seats.values())
    empty = board.vacant
    longest = ""
    if empty and empty[0].since:
        longest = _("longest {days}, {area}").format(
            days=days(empty[0].since, board.at), area=standing.area_name(places, empty[0].area.path)
        )
    return Figures(
        len(seats), len(board.areas), len(board.posts), len(seats) - len(empty),
        sum(bool(seat.acting) and not seat.away and not seat.holders for seat in seats),
        sum(bool(seat.acting and seat.away) for seat in seats),
        len(empty), longest, len({one.duty.assignment_id for one in found}),
    )


def why(one: Conflict, units: Mapping[UUID, str]) -> str:
    """A conflict in words."""
    if one.organisation_id is not None:
        return str(WHY[one.why]).format(other=units.get(one.organisation_id, ""))
    return str(WHY[one.why]).format(other=standing.post_name(one.other.post) if one.other else "")


def _cell(seat: Seat, at: datetime, conflict: str | None, heads: set[tuple[UUID | None, str]]) -> Cell:
    url = reverse("staff:seat", args=[seat.area.code, seat.post])
    post = standing.post_name(seat.post)
    if seat.since is not None:
        return Cell(_("vacant {days}").format(days=days(seat.since, at)), _beside(seat), "vac", url, post)
    if conflict:
        return Cell(names(seat.holders or seat.acting), _("to stand aside"), "con", url, post, conflict)
    if seat.away and not seat.holders:
        said = _("on leave, {name} acts").format(name=names(seat.acting))
        return Cell(names(seat.away), said, "dep", url, post)
    if seat.acting and not seat.holders:
        until = seat.acting[0].valid_to
        said = _("acting, until {day}").format(day=short_day(until)) if until else _("acting")
        return Cell(names(seat.acting), said, "dep", url, post)
    if seat.post in COUNTED:
        count = len(seat.holders)
        return Cell(ngettext("{n} person", "{n} people", count).format(n=count), "", "", url, post)
    both = any((row.person_id, row.area_path) in heads for row in seat.holders if row.person_id)
    return Cell(names(seat.holders), _("also secretary") if both else "", "", url, post, names(seat.holders, most=99))


def _beside(seat: Seat) -> str:
    """What is said below a vacancy: who is on leave, who stands by, or that nobody was named."""
    if seat.deputies:
        return _("{name} as deputy").format(name=names(seat.deputies))
    if seat.away:
        return _("{name} on leave, nobody acts").format(name=names(seat.away))
    return _("nobody named")


def names(rows: Sequence[Holding], most: int = 2) -> str:
    """The names of holders; more than `most` as the first and how many there are."""
    told = [row.name or _("(erased)") for row in rows]
    if len(told) <= most:
        return _(", ").join(told)
    return _("{name} and {n} more").format(name=told[0], n=len(told) - 1)


def days(since: datetime, at: datetime) -> str:
    """Whole days between two moments, by the days of the place."""
    count = (timezone.localtime(at).date() - timezone.localtime(since).date()).days
    return ngettext("{n} day", "{n} days", count).format(n=count) if count else _("since today")


def short_day(until: datetime) -> str:
    """The last day of a range that ends before `until`: 10-31, with the year where it is another."""
    day = last_day(until)
    return f"{day:%m-%d}" if day.year == timezone.localdate().year else f"{day:%Y-%m-%d}"


def last_day(until: datetime) -> date:
    """The last whole or begun day before a moment."""
    return timezone.localtime(until - _TICK).date()

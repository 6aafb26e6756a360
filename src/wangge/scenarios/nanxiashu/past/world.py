"""The simulated past's own subdistrict: areas, units, people, classes, routing and calendar, by the services.

Its ground is the demo's, but only for the time of the history: today no point is located in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from wangge.base.mandate import Mandate
from wangge.kernel.cases.intake import setting_of
from wangge.kernel.cases.reference import reference
from wangge.kernel.cases.reporting import Place
from wangge.kernel.cases.setup import load_class_set, set_routing
from wangge.kernel.duties.calendars import calendar_for
from wangge.kernel.duties.hours import create_calendar, fill_calendar
from wangge.kernel.duties.queries import duties_during
from wangge.kernel.duties.roster import Holding, Roster
from wangge.kernel.duties.services import NewDuty, assign_many
from wangge.kernel.people.services import create_account, create_organisation
from wangge.kernel.places.models import Area
from wangge.kernel.places.queries import atlas
from wangge.kernel.places.rules import NewArea
from wangge.kernel.places.services import create_areas, set_boundary
from wangge.runtime import secrets
from wangge.scenarios.nanxiashu import areas, rulebook
from wangge.scenarios.nanxiashu.layout import COMMUNITIES
from wangge.scenarios.nanxiashu.past import assumptions as given
from wangge.scenarios.nanxiashu.past.clockface import local_seconds, moment
from wangge.scenarios.nanxiashu.past.docket import Ground
from wangge.scenarios.nanxiashu.past.names import ACCOUNT, Codes
from wangge.scenarios.nanxiashu.past.staff import SINCE, Staff, staff_up
from wangge.scenarios.nanxiashu.spots import Grid

_KINDS = frozenset({"subdistrict", "community", "village", "grid"})


class World(NamedTuple):
    """What was made: the common ground of all cases, grids as places, people, and all their duties."""

    codes: Codes
    ground: Ground
    places: Mapping[Grid, Place]
    staff: Staff
    holdings: list[Holding]

    def plain(self, where: str | UUID) -> str:
        """A name of an area or unit that is the same in every telling."""
        if isinstance(where, str):
            return self.codes.plain(where)
        return next(code for code, unit in self.ground.units.items() if unit == where)


def make(codes: Codes, *, share: float, seed: int, by: Mandate, accounts: bool = False) -> World:
    """Make the subdistrict with `share` of its people. In the caller's transaction."""
    made = {area.code: area for area in create_areas(_areas(codes), by=by)}
    root = made[codes.root]
    calendar = create_calendar(area=root.code, source="CN", by=by)
    fill_calendar(calendar=calendar, years=range(given.BEGINS.year, given.ENDS.year + 1), by=by)
    units = _units(codes, by)
    _rules(root, units, by)
    _contractor(root, codes, by)
    staff = staff_up(units, calendar_for(root.path), codes, share=share, seed=seed, by=by)
    if accounts:
        _account(staff, by)
    until = given.ENDS + timedelta(days=1)
    for area in made.values():
        set_boundary(area=area.code, boundary=None, valid_from=moment(local_seconds(until)), by=by)
    return _world(codes, root, made, units, staff)


def _areas(codes: Codes) -> list[NewArea]:
    rows = [row for row in areas.rows(SINCE) if row.kind in _KINDS and row.layer == "administrative"]
    return [_area(row, codes) for row in rows]


def _area(row: NewArea, codes: Codes) -> NewArea:
    code, parent = codes.of(row.code), codes.of(row.parent) if row.parent else None
    if parent is not None:
        return replace(row, code=code, parent=parent)
    label, label_en = codes.label
    return replace(row, code=code, name=f"{row.name}（{label}）", name_en=f"{row.name_en} ({label_en})")


def _units(codes: Codes, by: Mandate) -> dict[str, UUID]:
    return {
        row["code"]: create_organisation(
            code=codes.of(f"NXS-{row['code'].replace('_', '-')}"), name=row["name"], name_en=row["name_en"],
            kind="department", by=by,
        ).id
        for row in rulebook.table("departments.csv")
    }


def _contractor(root: Area, codes: Codes, by: Mandate) -> None:
    """The cleaning contractor answers as an organisation."""
    firm = create_organisation(code=codes.of("NXS-cleaning"), name="净蓝保洁", name_en="Jinglan Cleaning (invented)",
                               kind="contractor", by=by)
    assign_many([NewDuty("contractor", root.code, SINCE, None, firm.id)], by=by)


def _rules(root: Area, units: Mapping[str, UUID], by: Mandate) -> None:
    classes = list(rulebook.classes(["governance_classes.csv"]))
    load_class_set(area_id=root.id, area_path=root.path, scheme="governance-nine", classes=classes, by=by)
    rules = [rule for rule in rulebook.rules(units) if rule.class_prefix.startswith("G")]
    set_routing(area_id=root.id, area_path=root.path, rules=rules, valid_from=SINCE, by=by)


def _account(staff: Staff, by: Mandate) -> None:
    leader = next((person for person, member in zip(staff.people, staff.members, strict=True)
                   if member.post == "leader"), None)
    if leader is not None:
        create_account(username=ACCOUNT, password=secrets.demo_password(), person=leader, by=by, check_strength=False)


def _world(codes: Codes, root: Area, made: Mapping[str, Area], units: Mapping[str, UUID], staff: Staff) -> World:
    setting = setting_of(root.path, atlas(), reference().version)
    holdings = duties_during(root.path, SINCE, moment(local_seconds(given.ENDS + timedelta(days=2))))
    classes = {info.code: info for info in setting.reference.classes_at(root.path) if info.reportable}
    places = {}
    for community in COMMUNITIES:
        for number in range(1, community.grids + 1):
            area = made[codes.of(areas.grid_code(community.code, number))]
            places[community.code, number] = Place(area.id, area.path)
    ground = Ground(root.path, setting, Roster(holdings), classes, units)
    return World(codes, ground, places, staff, holdings)


def workdays(world: World) -> dict[int, bool]:
    """Whether each day (its number since 1970) of the time and the year after is a workday."""
    first = local_seconds(given.BEGINS) // 86_400 - 40
    calendar = world.ground.setting.calendar
    return {day: calendar.is_workday(date(1970, 1, 1) + timedelta(days=day)) for day in range(first, first + 760)}

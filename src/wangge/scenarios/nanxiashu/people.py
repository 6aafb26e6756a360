"""Who works there: organisations, people with plainly invented names, the posts that they hold, demo accounts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple
from uuid import UUID

from wangge.base.mandate import Mandate
from wangge.kernel.duties.catalogue import ELEVEN
from wangge.kernel.duties.interests import declare
from wangge.kernel.duties.services import NewDuty, assign_many
from wangge.kernel.people.services import NewPerson, create_account, create_organisation, create_people
from wangge.scenarios.nanxiashu.areas import ZONES, grid_code, zone_code
from wangge.scenarios.nanxiashu.layout import COMMUNITIES, ROOT
from wangge.scenarios.nanxiashu.rulebook import table

SURNAMES = "王李赵周孙陈吴郑钱冯沈韩杨朱许何张刘曹严"
GIVEN = ("示范", "样例", "模拟", "试样", "样本", "假名", "虚拟", "演示", "例样", "甲例", "乙例", "丙例", "丁例", "戊例",
         "样一", "样二", "样三")
"""No such given names: nobody real is meant."""

ACCOUNTS = ("operator", "leader", "secretary", "worker", "unit", "inspector", "auditor", "admin")
DEMO_COMMUNITY, DEMO_UNIT = "NXS-02", "sanitation"
"""Where the demo's secretary and worker answer, and the department of `unit`."""
OUTSIDE = {"property_manager": "property", "cleaner": "cleaning", "sanitation_worker": "cleaning"}
"""Posts of the group that belong to firms."""
VACANT = frozenset({
    ("NXS-05", "police_assistant"), ("NXS-08", "resident_assistant"), ("NXS-10", "property_manager"),
    ("NXS-11", "property_manager"), ("NXS-12", "volunteer"), ("NXS-13", "volunteer"), ("NXS-13", "property_manager"),
    ("NXS-14", "city_inspector"), ("NXS-14", "police_assistant"), ("NXS-11", "grid_liaison"),
})
BOUND = ("NXS-09", "property_manager")
"""Whose holder has kin at the cleaning contractor, which works here too."""
HANDOVERS = (
    ("NXS-02", "grid_worker", 34), ("NXS-04", "city_inspector", 21), ("NXS-07", "grid_worker", 12),
    ("NXS-01", "sanitation_worker", 47), ("NXS-03", "secretary", 60), ("NXS-09", "cleaner", 80),
)
"""Area, post, days ago: one holder left, the next one came on the same day at midnight."""


class Seat(NamedTuple):
    """A post to be filled. `account` signs in as its holder; seats with one `holder` are one person's."""

    post: str
    area: str
    organisation: str | None = None
    account: str | None = None
    holder: str | None = None


class Staff(NamedTuple):
    """What was made. `accounts` gives the person behind each demo account."""

    accounts: dict[str, UUID]
    people: int
    assignments: int


def create_units(by: Mandate) -> dict[str, UUID]:
    """Departments of the shipped table, the cleaning contractor and a property firm; ids by short code."""
    made = {
        row["code"]: create_organisation(code=f"NXS-{row['code'].replace('_', '-')}", name=row["name"],
                                         name_en=row["name_en"], kind="department", by=by).id
        for row in table("departments.csv")
    }
    for short, name, name_en, kind in (
        ("cleaning", "净蓝保洁", "Jinglan Cleaning (invented)", "contractor"),
        ("property", "示范物业服务中心", "Sample Property Services (invented)", "property"),
    ):
        made[short] = create_organisation(code=f"NXS-{short}", name=name, name_en=name_en, kind=kind, by=by).id
    return made


def seats() -> Iterator[Seat]:
    """Every post that is filled, the subdistrict's first."""
    yield Seat("operator", ROOT, account="operator")
    yield Seat("operator", ROOT)
    yield Seat("leader", ROOT, account="leader")
    yield Seat("leader", ROOT)
    for post in ("acceptor", "acceptor", "inspector", "inspector"):
        yield Seat(post, ROOT)
    yield Seat("inspector", ROOT, account="inspector")
    yield Seat("auditor", ROOT, account="auditor")
    yield Seat("admin", ROOT, account="admin")
    for row in table("departments.csv"):
        account = "unit" if row["code"] == DEMO_UNIT else None
        yield Seat("unit_clerk", ROOT, row["code"], account)
    yield Seat("contractor", ROOT, "cleaning")
    yield Seat("contractor", ROOT, "property")
    for community in COMMUNITIES:
        here = community.code == DEMO_COMMUNITY
        yield Seat("secretary", community.code, account="secretary" if here else None)
        for post in ELEVEN:
            if (community.code, post) not in VACANT:
                yield Seat(post, community.code, OUTSIDE.get(post))
        for number in range(1, community.grids + 1):
            yield Seat("grid_leader", grid_code(community.code, number))
            if number % 2 == 0:
                account = "worker" if here and number == 2 else None
                yield Seat("grid_worker", grid_code(community.code, number), account=account)
        yield Seat("assessor", community.code)
    for number, (_, members) in enumerate(ZONES, 1):
        for area in (zone_code(number), *members):
            yield Seat("officer", area, holder=f"officer {number}")


def names(count: int, rng: Random) -> list[str]:
    """So many names, each different as far as surname × given name reaches, in an order of the seed."""
    all_names = [surname + given for surname in SURNAMES for given in GIVEN]
    rng.shuffle(all_names)
    repeated = count - len(all_names)
    return all_names[:count] if repeated <= 0 else all_names + [f"{name}二" for name in all_names[:repeated]]


def staff_up(units: Mapping[str, UUID], *, since: datetime, now: datetime, rng: Random, by: Mandate) -> Staff:
    """Fill the seats, with handovers, a leave with its acting holder, and deputies."""
    filled = list(seats())
    moves = {(area, post): midnight(now, days) for area, post, days in HANDOVERS}
    keys = list(dict.fromkeys(seat.holder or f"{seat.post} {number}" for number, seat in enumerate(filled)))
    made = create_people([NewPerson(name) for name in names(len(keys) + len(moves) + 4, rng)], by=by)
    person_of = {key: person.id for key, person in zip(keys, made, strict=False)}
    spare = iter([person.id for person in made[len(keys):]])
    accounts: dict[str, UUID] = {}
    duties: list[NewDuty] = []
    holders: dict[tuple[str, str], UUID] = {}
    for number, seat in enumerate(filled):
        person = person_of[seat.holder or f"{seat.post} {number}"]
        unit = units[seat.organisation] if seat.organisation else None
        moved = moves.get((seat.area, seat.post))
        duties.append(NewDuty(seat.post, seat.area, moved or since, person, unit))
        if moved:
            duties.append(NewDuty(seat.post, seat.area, since, next(spare), unit, valid_to=moved))
        holders[seat.area, seat.post] = person
        if seat.account:
            accounts[seat.account] = person
    away, back = midnight(now, 9), midnight(now, -5)
    absent = holders["NXS-05", "city_inspector"]
    duties += [
        NewDuty("city_inspector", "NXS-05", away, absent, kind="leave", valid_to=back),
        NewDuty("city_inspector", "NXS-05", away, next(spare), kind="acting", valid_to=back),
        NewDuty("secretary", "NXS-06", since, next(spare), kind="deputy"),
        NewDuty("police_assistant", "NXS-08", since, next(spare), kind="deputy"),
        NewDuty("grid_liaison", "NXS-11", midnight(now, 20), next(spare), kind="acting", valid_to=midnight(now, -40)),
    ]
    assign_many(duties, by=by)
    declare(person=holders[BOUND], organisation=units["cleaning"], kind="kin", by=by)
    return Staff(accounts, len(made), len(duties))


def create_accounts(staff: Staff, password: str, *, by: Mandate) -> None:
    """The demo accounts, all with the one printed password."""
    for username in ACCOUNTS:
        create_account(username=username, password=password, person=staff.accounts[username], by=by,
                       check_strength=False)


def midnight(now: datetime, days: int) -> datetime:
    """Midnight in China so many days ago (16:00 UTC of the day before)."""
    day = (now + timedelta(hours=8)).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days)
    return day - timedelta(hours=8)

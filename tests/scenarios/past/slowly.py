"""A slow and obvious reckoning of a stored history by the shipped policy, from plain rows of the tables.

It shares no code with the engine: loops over rows, fractions, the rules as the policy's text says them.
"""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection

ZONE = ZoneInfo("Asia/Shanghai")
POSTS = ("leader", "secretary", "grid_leader", "grid_liaison", "grid_worker", "city_inspector", "officer", "assessor",
         "contractor")
COUNTED = ("subdistrict", "district", "city")


class Found(NamedTuple):
    """A finding: points as they stand and as they were found."""

    key: str
    source: str
    path: str
    code: str
    at: datetime
    points: Fraction
    as_found: Fraction
    void: bool
    lon: int | None
    lat: int | None


class Held(NamedTuple):
    """A duty; `who` is the person, or the organisation where no person is named."""

    who: str
    post: str
    path: str
    kind: str
    begins: datetime
    ends: datetime | None


class Case(NamedTuple):
    """A report with a point."""

    code: str
    lon: int
    lat: int
    reported: datetime
    until: datetime | None


class Rows(NamedTuple):
    """All that is read of a root."""

    kinds: dict[str, str]
    findings: list[Found]
    looks: list[tuple[str, str, datetime, int]]
    duties: list[Held]
    cases: list[Case]


class Told(NamedTuple):
    """What a period comes to."""

    total: Fraction
    units: int
    by_grid: dict[str, int]
    fen: dict[str, int]
    days: dict[tuple[str, str], int]
    exempt: set[str]
    ranking: dict[str, tuple[Fraction, int, str, int | None, str]]
    streak: int


def rows(root: str) -> Rows:
    """Read them."""
    with connection.cursor() as cursor:
        def read(sql: str) -> list[tuple[Any, ...]]:
            cursor.execute(sql, {"root": root + "/"})
            return list(cursor.fetchall())

        kinds = dict(read("SELECT path, kind FROM places_area WHERE starts_with(path, %(root)s)"))
        found = read("SELECT source || '/' || ref, source, area_path, class_code, discovered_at, points, found_points,"
                     " void, lon_e7, lat_e7 FROM assessment_finding WHERE starts_with(area_path, %(root)s)"
                     " AND merged_into IS NULL")
        looks = read("SELECT source, area_path, inspected_at, checks FROM assessment_inspection"
                     " WHERE starts_with(area_path, %(root)s)")
        held = read("SELECT coalesce(person_id, organisation_id)::text, post_id, area_path, kind, lower(valid),"
                    " upper(valid) FROM duties_assignment WHERE starts_with(area_path, %(root)s)"
                    " AND upper_inf(recorded)")
        cases = read("SELECT k.code, c.lon_e7, c.lat_e7, c.reported_at, least(c.closed_at, c.due_at) FROM cases_case c"
                     " JOIN cases_class k ON k.id = c.case_class WHERE starts_with(c.path, %(root)s)"
                     " AND c.lon_e7 IS NOT NULL AND c.state <> 'void'")
    return Rows(
        kinds,
        [Found(key, source, path, code, at, Fraction(now, 1000), Fraction(then, 1000), void, lon, lat)
         for key, source, path, code, at, now, then, void, lon, lat in found],
        looks, [Held(*one) for one in held], [Case(*one) for one in cases],
    )


def told(data: Rows, begins: datetime, ends: datetime, *, as_found: bool = False, steed: int = 1) -> Told:
    """A period [begins, ends) of the place, as things stand, or as they were found."""
    inside = [one for one in data.findings if begins <= one.at < ends and one.source in COUNTED]
    then = [one._replace(points=one.as_found, void=False) for one in inside]
    now = then if as_found else [one for one in inside if not one.void and (one.points or not one.as_found)]
    exempt = {one.key for one in now if any(exempts(one, case) for case in data.cases)}
    free = [one for one in now if one.key not in exempt]
    city, city_then = ([one for one in some if one.source == "city"] for some in (now, then))
    assert not whole_units(city) or not any(one.points for one in city if one.key in exempt), "not in these histories"
    first, second = by_grid(city_then), by_grid(city)
    grids = {grid: min(units, first.get(grid, 0)) for grid, units in second.items()}
    days = above_limit(free)
    return Told(
        sum((one.points for one in city), Fraction(0)), whole_units(city), grids,
        _charged(data, city, city_then, grids, first),
        days, exempt, ranking(data, free, days, begins, ends, steed), streak(data, begins, ends, as_found),
    )


def _charged(data: Rows, city: list[Found], then: list[Found], grids: dict[str, int], first: dict[str, int]
             ) -> dict[str, int]:
    """What each owes: for each post and grid no more than as found, and in all no more than as found."""
    before, after = parts(data, then, first), parts(data, city, grids)
    return lower(fen({key: min(got, before.get(key, 0)) for key, got in after.items()}), fen(before))


def lower(now: dict[Any, int], then: dict[Any, int] | None = None) -> dict[Any, int]:
    """Nobody above what they had; without nothings."""
    found = {key: got if then is None else min(got, then.get(key, 0)) for key, got in now.items()}
    return {key: got for key, got in found.items() if got}


def exempts(one: Found, case: Case) -> bool:
    """Reported before, the same class, within 50 m, at most 30 days old, neither closed nor out of time."""
    if one.code != case.code or one.lon is None or one.lat is None or not case.reported < one.at:
        return False
    if case.reported < one.at - timedelta(days=30) or (case.until is not None and one.at >= case.until):
        return False
    north = (one.lat - case.lat) * 1e-7 * math.pi / 180 * 6_371_008.8
    east = (one.lon - case.lon) * 1e-7 * math.pi / 180 * 6_371_008.8 * math.cos(math.radians(one.lat * 1e-7))
    return math.ceil(math.hypot(north, east)) <= 50


def whole_units(city: list[Found]) -> int:
    """Each full tenth over one point, counted one by one."""
    total, count = sum((one.points for one in city), Fraction(0)), 0
    while 1 + (count + 1) * Fraction(1, 10) <= total:
        count += 1
    return count


def divide(units: int, weights: list[Fraction]) -> list[int]:
    """Everybody gets what is whole of their share, then one more each whoever lacks most."""
    whole = sum(weights)
    if whole == 0:
        return [0 for _ in weights]
    shares = [units * weight / whole for weight in weights]
    got = [math.floor(share) for share in shares]
    while sum(got) < units:
        lacks = [share - given for share, given in zip(shares, got, strict=True)]
        got[lacks.index(max(lacks))] += 1
    return got


def code_of(path: str) -> str:
    """The last code of a path."""
    return path.rstrip("/").split("/")[-1]


def by_grid(city: list[Found]) -> dict[str, int]:
    """Units of each grid, by path."""
    grids = sorted({one.path for one in city}, key=code_of)
    lost = [sum((one.points for one in city if one.path == grid), Fraction(0)) for grid in grids]
    return dict(zip(grids, divide(whole_units(city), lost), strict=True))


def on(data: Rows, post: str, path: str, at: datetime) -> list[str]:
    """Who answers for a post on exactly this area: regular ones not on leave, else acting ones, else deputies."""
    here = [one for one in data.duties if one.post == post and one.path == path and one.begins <= at
            and (one.ends is None or at < one.ends)]
    away = {one.who for one in here if one.kind == "leave"}
    for kind in ("regular", "acting", "deputy"):
        people = sorted({one.who for one in here if one.kind == kind and not (kind == "regular" and one.who in away)})
        if people:
            return people
    return []


def answers(data: Rows, post: str, path: str, at: datetime) -> list[str]:
    """The same, looking upward from a place."""
    while path:
        if people := on(data, post, path, at):
            return people
        *above, _, _ = path.split("/")
        path = "/".join(above) + "/" if above else ""
    return []


def parts(data: Rows, city: list[Found], grids: dict[str, int]) -> dict[tuple[str, str, str], int]:
    """(post, grid, person) → units."""
    found: dict[tuple[str, str, str], int] = defaultdict(int)
    for grid, units in grids.items():
        lost = sorted((one for one in city if one.path == grid and one.points), key=lambda one: (one.at, one.key))
        for post in POSTS:
            groups: list[list[str]] = []
            weights: list[Fraction] = []
            for one in lost:
                people = answers(data, post, grid, one.at)
                if people not in groups:
                    groups.append(people)
                    weights.append(Fraction(0))
                weights[groups.index(people)] += one.points
            for people, got in zip(groups, divide(units, weights), strict=True):
                for person in people:
                    found[post, grid, person] += got
    return dict(found)


def fen(owed: dict[tuple[str, str, str], int]) -> dict[str, int]:
    """Once a person: on each grid the dearest of a person's posts."""
    dearest: dict[tuple[str, str], int] = defaultdict(int)
    for (post, grid, person), units in owed.items():
        price = 500_000 if post == "contractor" else 50_000
        dearest[person, grid] = max(dearest[person, grid], price * units)
    sums: dict[str, int] = defaultdict(int)
    for (person, _), amount in dearest.items():
        sums[person] += amount
    return {person: amount for person, amount in sums.items() if amount}


def above_limit(found: list[Found]) -> dict[tuple[str, str], int]:
    """Problems beyond three a day in a grid."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for one in found:
        counts[code_of(one.path), one.at.astimezone(ZONE).date().isoformat()] += 1
    return {key: count - 3 for key, count in counts.items() if count > 3}


def ranking(data: Rows, free: list[Found], days: dict[tuple[str, str], int], begins: datetime, ends: datetime,
            steed: int) -> dict[str, tuple[Fraction, int, str, int | None, str]]:
    """By community: points, inspections, score, place, flag."""
    lost: dict[str, Fraction] = {}
    looked: dict[str, int] = {}
    for path, kind in data.kinds.items():
        if kind in ("community", "village"):
            code = code_of(path)
            lost[code] = sum((one.points for one in free if one.path.startswith(path)), Fraction(0))
            lost[code] += sum(Fraction(extra, 10) for (grid, _), extra in days.items()
                              if any(code_of(below) == grid and below.startswith(path) for below in data.kinds))
            looked[code] = sum(times for source, where, at, times in data.looks
                               if source in COUNTED and where.startswith(path) and begins <= at < ends)
    exact = {code: max(Fraction(0), 100 - 10 * lost[code] / looked[code]) for code in lost if looked[code]}
    score = {code: Fraction(math.floor(value * 100 + Fraction(1, 2)), 100) for code, value in exact.items()}
    found = {}
    for code in lost:
        if code not in score:
            found[code] = (lost[code], 0, "", None, "")
            continue
        place = 1 + sum(other > score[code] for other in score.values())
        last = not any(other < score[code] for other in score.values())
        flag = "steed" if place <= steed else ""
        if place > steed and last and min(score.values()) < 90 and looked[code] >= 5:
            flag = "snail"
        found[code] = (lost[code], looked[code], f"{float(score[code]):.2f}", place, flag)
    return found


def streak(data: Rows, begins: datetime, ends: datetime, as_found: bool) -> int:
    """Months in a row, from the period's last back, that the city checked and took nothing off in."""
    lost: dict[str, Fraction] = defaultdict(Fraction)
    checked = set()
    for one in data.findings:
        if one.source == "city" and one.at < ends:
            month = one.at.astimezone(ZONE).strftime("%Y-%m")
            checked.add(month)
            lost[month] += one.as_found if as_found and one.at >= begins else one.points
    checked |= {at.astimezone(ZONE).strftime("%Y-%m") for source, _, at, _ in data.looks
                if source == "city" and at < ends}
    count, day = 0, ends.astimezone(ZONE)
    while checked and day.strftime("%Y-%m") > min(checked):
        day = (day.replace(day=1) - timedelta(days=1)).replace(hour=12)
        month = day.strftime("%Y-%m")
        if lost[month]:
            break
        count += month in checked
    return count

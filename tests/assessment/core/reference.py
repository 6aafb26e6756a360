"""A slow and obvious reckoning of the shipped policy's quarter.

It shares no code with the engine: plain loops over days and rows, fractions, the rules as the policy's text says them.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction
from typing import NamedTuple

POSTS = ("leader", "secretary", "grid_leader", "grid_liaison", "grid_worker", "city_inspector", "officer", "assessor",
         "contractor")
CAP, UNIT = Fraction(1), Fraction(1, 10)


class Found(NamedTuple):
    """A finding: grid, local time, points, source, number, whether it repeats another one."""

    grid: str
    at: datetime
    points: Fraction
    source: str
    ref: str
    repeats: bool = False


class Held(NamedTuple):
    """A post on an area of the tree, regularly, [begins, ends)."""

    person: str
    post: str
    area: str
    begins: datetime
    ends: datetime


def city(found: list[Found]) -> list[Found]:
    """What the city took off, in the order of time, then place, then number."""
    rows = [one for one in found if one.source == "city" and not one.repeats]
    return sorted(rows, key=lambda one: (one.at, one.grid, one.ref))


def whole_units(found: list[Found]) -> int:
    """Each full tenth over one point, counted one by one."""
    total = sum((one.points for one in city(found)), Fraction(0))
    count = 0
    while CAP + (count + 1) * UNIT <= total:
        count += 1
    return count


def divide(units: int, weights: list[Fraction]) -> list[int]:
    """Give everybody what is whole of their share, then one more each to whoever lacks most."""
    whole = sum(weights)
    if whole == 0:
        return [0 for _ in weights]
    shares = [units * weight / whole for weight in weights]
    got = [share.numerator // share.denominator for share in shares]
    while sum(got) < units:
        lacks = [share - given for share, given in zip(shares, got, strict=True)]
        got[lacks.index(max(lacks))] += 1
    return got


def by_grid(found: list[Found]) -> dict[str, int]:
    """Units of each grid that lost points."""
    grids = sorted({one.grid for one in city(found)})
    lost = [sum((one.points for one in city(found) if one.grid == grid), Fraction(0)) for grid in grids]
    return dict(zip(grids, divide(whole_units(found), lost), strict=True))


def answers(held: list[Held], parents: dict[str, str], post: str, grid: str, at: datetime) -> list[str]:
    """Who holds the post on the grid, else on what lies above it, at a time."""
    area = grid
    while area:
        people = sorted({one.person for one in held if one.post == post and one.area == area
                         and one.begins <= at < one.ends})
        if people:
            return people
        area = parents.get(area, "")
    return []


def units_of_people(
    found: list[Found], held: list[Held], parents: dict[str, str]
) -> dict[str, dict[str, dict[str, int]]]:
    """person → grid → post → units."""
    result: dict[str, dict[str, dict[str, int]]] = {}
    for grid, units in by_grid(found).items():
        lost = [one for one in city(found) if one.grid == grid and one.points]
        for post in POSTS:
            groups: list[list[str]] = []
            weights: list[Fraction] = []
            for one in lost:
                people = answers(held, parents, post, grid, one.at)
                if people not in groups:
                    groups.append(people)
                    weights.append(Fraction(0))
                weights[groups.index(people)] += one.points
            for people, got in zip(groups, divide(units, weights), strict=True):
                for person in people:
                    mine = result.setdefault(person, {}).setdefault(grid, {})
                    mine[post] = mine.get(post, 0) + got
    return result


def yuan(found: list[Found], held: list[Held], parents: dict[str, str]) -> dict[str, int]:
    """Once a person: on each grid the dearest of a person's posts."""
    price = {post: 5000 if post == "contractor" else 500 for post in POSTS}
    sums = {
        person: sum(max(price[post] * got for post, got in posts.items()) for posts in grids.values())
        for person, grids in units_of_people(found, held, parents).items()
    }
    return {person: amount for person, amount in sums.items() if amount}


def above_limit(found: list[Found]) -> dict[tuple[str, str], int]:
    """Problems beyond three a day, walking through the days one by one."""
    if not found:
        return {}
    day = min(one.at for one in found).replace(hour=0, minute=0)
    result = {}
    while day <= max(one.at for one in found):
        for grid in {one.grid for one in found}:
            count = 0
            for one in found:
                count += (one.grid == grid and day <= one.at < day + timedelta(days=1) and not one.repeats
                          and one.source in ("city", "district", "subdistrict"))
            if count > 3:
                result[grid, day.date().isoformat()] = count - 3
        day += timedelta(days=1)
    return result


def clean_months(found: list[Found], months: tuple[int, int, int]) -> int:
    """Months of the quarter, from the last back, that the city checked and took nothing off in."""
    count = 0
    for month in reversed(months):
        here = [one for one in city(found) if one.at.month == month]
        if any(one.points for one in here):
            return count
        count += bool(here)
    return count

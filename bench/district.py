"""A district for measuring: 20 subdistricts, 180 communities, 720 grids, 3,000 people, cases, findings."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from bench.stage import Stage

CODE, PERIOD = "D", "2025Q4"
SUBDISTRICTS, COMMUNITIES, GRIDS = 20, 9, 4
SINCE = datetime(2020, 1, 1, tzinfo=UTC)
STARTS = datetime(2025, 9, 30, 16, tzinfo=UTC)  # the first midnight of October in Shanghai
DAYS, CASE_DAYS = 92, 122
PLACES = 40
"""What is reported and found lies on so many spots of a grid, some 66 m and more apart."""
AT_COMMUNITY = ("secretary", "officer", "city_inspector", "assessor", "grid_liaison", "police_assistant",
                "property_manager", "cleaner")
AT_SUBDISTRICT = ("leader", "leader", "leader", "operator", "operator", "contractor")
SOURCES = ("city", "city", *["district"] * 3, *["subdistrict"] * 5)
_LON, _LAT, _GRID = 1_190_000_000, 310_000_000, 60_000

def codes() -> Iterator[tuple[str, str, str]]:
    """Code, kind and parent of each place, from above."""
    yield CODE, "district", ""
    for one in range(SUBDISTRICTS):
        street = f"{CODE}-{one:02d}"
        yield street, "subdistrict", CODE
        for two in range(COMMUNITIES):
            yield f"{street}-{two}", "community", street
            for three in range(GRIDS):
                yield f"{street}-{two}-{three}", "grid", f"{street}-{two}"


def build() -> list[str]:
    """Make the places, the people and their duties, every tenth officer handed over in mid-quarter; codes of grids."""
    from wangge.kernel.duties import mandates
    from wangge.kernel.duties.services import NewDuty, assign_many
    from wangge.kernel.people.services import NewPerson, create_organisation, create_people
    from wangge.kernel.places.rules import NewArea
    from wangge.kernel.places.services import create_areas

    by = mandates.console()
    rows = list(codes())
    create_areas([NewArea(code, f"样例{code}", kind, SINCE, parent or None) for code, kind, parent in rows], by=by)
    posts = {"grid": ("grid_leader", "grid_worker"), "community": AT_COMMUNITY, "subdistrict": AT_SUBDISTRICT}
    seats = [(post, code) for code, kind, _ in rows for post in posts.get(kind, ())]
    people = create_people([NewPerson(f"样例{number}") for number in range(len(seats))], by=by)
    firm = create_organisation(code="D-FIRM", name="样例保洁", kind="contractor", by=by).id
    duties, moved, halfway = [], 0, STARTS + timedelta(days=45)
    officers = [person.id for (post, _), person in zip(seats, people, strict=True) if post == "officer"]
    for (post, code), person in zip(seats, people, strict=True):
        unit = firm if post in ("contractor", "cleaner", "property_manager") else None
        hands_over = post == "officer" and officers.index(person.id) % 10 == 0
        duties.append(NewDuty(post, code, SINCE, person.id, unit, valid_to=halfway if hands_over else None))
        if hands_over:
            moved += 1
            duties.append(NewDuty(post, code, halfway, officers[officers.index(person.id) + 1]))
    assign_many(duties, by=by)
    return [code for code, kind, _ in rows if kind == "grid"]


def spot(grid: int, place: int, shift: int) -> tuple[int, int]:
    """Longitude and latitude (1e-7 degree) of a spot of a grid, a few metres shifted."""
    return (_LON + grid % 30 * _GRID + place % 8 * 7_000 + shift,
            _LAT + grid // 30 * _GRID + place // 8 * 10_000 + shift)


def cases(stage: Stage, count: int) -> None:
    """Closed cases of the quarter and the month before it, on the spots of the grids."""
    from tests.kernel.cases.multiplying import multiply
    from tests.kernel.indicators.making import case
    from wangge.kernel.cases.models import CaseClass

    template, step = case(stage.town, state="closed", reported_at=STARTS, closed_at=STARTS), 50_000
    one, other = (str(CaseClass.objects.get(code=code).id) for code in ("E0417", "P0101"))
    at = f"(timestamptz '2025-08-31 16:00+00' + mod(m.n * 7919, {count}) * (interval '{CASE_DAYS} days' / {count}))"
    for begun in range(0, count, step):
        changes = (
            f"(SELECT jsonb_build_object('number', 'D' || lpad(m.n::text, 19, '0'),"
            f" 'lon_e7', {_LON} + mod(m.grid, 30) * {_GRID} + mod(m.place, 8) * 7000 + mod(m.n, 97) * 3,"
            f" 'lat_e7', {_LAT} + m.grid / 30 * {_GRID} + m.place / 8 * 10000 + mod(m.n, 89) * 3,"
            f" 'reported_at', {at}, 'due_at', {at} + interval '4 days',"
            f" 'closed_at', {at} + mod(m.n, 6) * interval '1 day',"
            f" 'case_class', CASE mod(m.n, 2) WHEN 0 THEN '{one}' ELSE '{other}' END)"
            f" FROM (SELECT made.n + {begun} AS n, mod(made.n + {begun}, 720) AS grid,"
            f" mod((made.n + {begun}) / 720, {PLACES}) AS place) m)"
        )
        multiply(template, min(step, count - begun), changes)


def findings(grids: list[str], count: int) -> None:
    """Findings of the quarter on the spots of the grids."""
    from wangge.assessment.services import NewFinding, record_findings
    from wangge.base.geometry import Point
    from wangge.kernel.duties import mandates

    luck, rows = random.Random(1), []
    for number in range(count):
        grid, source = luck.randrange(len(grids)), luck.choice(SOURCES)
        at = STARTS + timedelta(days=luck.randrange(DAYS), hours=luck.randrange(8, 18), minutes=luck.randrange(60))
        points = Decimal(luck.choice((5, 10, 10, 20))) / 100
        rows.append(NewFinding(source, str(number), grids[grid], at, points, luck.choice(("E0417", "P0101")),
                               point=Point(*spot(grid, luck.randrange(PLACES), luck.randrange(300)))))
    for begun in range(0, count, 5_000):
        record_findings(rows[begun : begun + 5_000], by=mandates.console())


def contests(count: int) -> None:
    """Cut so many findings of the city by half."""
    from wangge.assessment.models import FindingRow
    from wangge.assessment.services import amend_finding
    from wangge.kernel.duties import mandates

    for one in FindingRow.objects.filter(source="city").order_by("discovered_at")[:count]:
        amend_finding(finding=one.id, points=Decimal(one.points) / 2000, ground="contest",
                      expected_version=one.version, by=mandates.console())


def inspections(grids: list[str]) -> None:
    """Each grid is inspected by the subdistrict every week, by the district and the city every fourth."""
    from wangge.assessment.inspecting import NewInspection, record_inspections
    from wangge.kernel.duties import mandates

    rows = [
        NewInspection(source, f"{code}/{week}", code, STARTS + timedelta(days=7 * week, hours=9))
        for code in grids for week in range(13) for source in ("city", "district", "subdistrict")
        if source == "subdistrict" or week % 4 == 0
    ]
    for begun in range(0, len(rows), 5_000):
        record_inspections(rows[begun : begun + 5_000], by=mandates.console())

"""What inspectors saw goes on record by the services; and the same counted from the tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection

from wangge.assessment.inspecting import NewInspection, record_inspections
from wangge.assessment.services import NewFinding, record_findings
from wangge.base.geometry import Point
from wangge.base.mandate import Mandate
from wangge.scenarios.nanxiashu.areas import grid_code
from wangge.scenarios.nanxiashu.past.clockface import moment
from wangge.scenarios.nanxiashu.past.names import ROOT, Codes
from wangge.scenarios.nanxiashu.past.rounds import Seen, Visit

BATCH = 2000


def record(visited: Sequence[Visit], found: Iterable[Seen], codes: Codes, *, by: Mandate) -> None:
    """Record visits and findings. In the caller's transaction."""
    looks = [
        NewInspection(one.source, f"{codes.prefix}-{one.number:05d}", codes.of(grid_code(*one.grid)), moment(one.at))
        for one in visited
    ]
    rows = [
        NewFinding(one.source, f"{codes.prefix}-{one.number:05d}", codes.of(grid_code(*one.grid)), moment(one.at),
                   Decimal(one.points) / 1000, one.code, point=Point(*one.spot))
        for one in found
    ]
    for begun in range(0, len(looks), BATCH):
        record_inspections(looks[begun : begun + BATCH], by=by)
    for begun in range(0, len(rows), BATCH):
        record_findings(rows[begun : begun + BATCH], by=by)


def counted(root: str = f"{ROOT}/") -> dict[str, Any]:
    """Inspections and findings by source below a root, and what the city took off."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT source, count(*) FROM assessment_inspection WHERE starts_with(area_path, %s)"
                       " GROUP BY source", [root])
        looks = dict(sorted(cursor.fetchall()))
        cursor.execute("SELECT source, count(*), sum(found_points) FROM assessment_finding"
                       " WHERE starts_with(area_path, %s) GROUP BY source", [root])
        rows = sorted(cursor.fetchall())
    lost = {source: int(points) for source, _, points in rows}
    return {"inspections": looks, "findings": {source: number for source, number, _ in rows},
            "city_points": f"{Decimal(lost.get('city', 0)) / 1000:.2f}"}

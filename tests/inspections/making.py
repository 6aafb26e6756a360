"""Findings of the town, told on Monday 8 June 2026 at ten in the morning; who contests, orders, does and checks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.town import Town
from wangge.assessment.models import FindingRow
from wangge.assessment.services import NewFinding, record_findings
from wangge.base.mandate import Mandate
from wangge.inspections.contesting import contest_finding
from wangge.inspections.models import Contest, Rectification
from wangge.inspections.rectifying import NewRectification, order_rectification, recheck, rectify

NOW = datetime(2026, 6, 8, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(town: Town, who: str, hours: float = 0) -> Mandate:
    """The mandate of one of the people so many hours after `NOW`."""
    moment = NOW + hours * HOUR
    return replace(town.by(who, at=moment), recorded_at=moment)


def found(town: Town, ref: str = "1", *, who: str = "inspector", **given: Any) -> FindingRow:
    """A finding in the first grid, an hour ago."""
    new = {"source": "subdistrict", "area_code": "T-G11", "discovered_at": NOW - HOUR, "points": Decimal("0.50"),
           "class_code": "E0417", "note": "店外堆物"} | given
    return record_findings([NewFinding(ref=ref, **new)], by=at(town, who))[0]


def contest(town: Town, one: FindingRow, who: str = "worker", hours: float = 1) -> Contest:
    """Contested by who answers."""
    return contest_finding(finding=one.id, reason="当时已清走", expected_version=one.version, by=at(town, who, hours))


def order(town: Town, one: FindingRow, who: str = "inspector", hours: float = 1, **given: Any) -> Rectification:
    """Ordered of the grid's worker."""
    new = NewRectification(one.id, **({"post": "grid_worker"} | given))
    return order_rectification(new=new, expected_version=one.version, by=at(town, who, hours))


def done(town: Town, row: Rectification, who: str = "worker", hours: float = 2) -> Rectification:
    """Reported as put right."""
    return rectify(rectification=row.id, words="已清理", expected_version=row.version, by=at(town, who, hours))


def check(town: Town, row: Rectification, who: str = "inspector", hours: float = 3, **given: Any) -> Rectification:
    """Checked again; passed unless said otherwise."""
    told = {"passed": True, "words": ""} | given
    return recheck(rectification=row.id, expected_version=row.version, by=at(town, who, hours), **told)

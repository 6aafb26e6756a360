"""Spot files, from what the queries return to what goes out."""

from __future__ import annotations

from typing import Any

from wangge.interfaces.api import rendering
from wangge.interfaces.api import schemas as out
from wangge.kernel.places.queries import Atlas
from wangge.kernel.spots.queries import CampaignRow, MemberRow, RemedyRow, SpotDetail, SpotRow
from wangge.kernel.spots.recurrence import Change, Rate


def item(row: SpotRow, places: Atlas) -> out.SpotItem:
    """A file in a list."""
    return out.SpotItem(**_columns(row, places))


def detail(found: SpotDetail, places: Atlas, *, allowed: list[str]) -> out.SpotOut:
    """One file."""
    return out.SpotOut(
        **_columns(found.spot, places),
        members=[_case(one) for one in found.cases],
        hidden_cases=found.hidden,
        campaigns=[_campaign(one) for one in found.campaigns],
        remedies=[_remedy(one) for one in found.remedies],
        story=[rendering.entry(moment) for moment in found.story],
        allowed_actions=allowed,
    )


def _columns(row: SpotRow, places: Atlas) -> dict[str, Any]:
    area = places.by_path.get(row.path)
    return {
        "id": row.id, "number": row.number, "version": row.version, "state": row.state,
        "case_class": out.ClassRef(row.class_code, row.class_name, row.class_name_en),
        "area": rendering.area_ref(area) if area else None,
        "location": out.Location(row.lon_e7 / 1e7, row.lat_e7 / 1e7),
        "metres": row.metres, "hold_days": row.hold_days, "opened_at": row.opened_at, "resolved_at": row.resolved_at,
        "reopens": row.reopens, "rebounds": row.rebounds, "cases": row.cases, "last_case_at": row.last_at,
        "remedy": row.remedy, "planned_on": row.planned_on, "finished_at": row.finished_at, "outcome": row.outcome,
        "owner": out.Named(row.organisation, row.organisation_name) if row.organisation else None,
        "owner_post": row.post,
    }  # fmt: skip


def _case(one: MemberRow) -> out.SpotCase:
    location = None
    if one.lon_e7 is not None and one.lat_e7 is not None:
        location = out.Location(one.lon_e7 / 1e7, one.lat_e7 / 1e7)
    return out.SpotCase(
        one.id, one.number, one.state, one.reported_at, one.closed_at, location, one.counts, one.description
    )


def _campaign(row: CampaignRow) -> out.CampaignOut:
    one = row.it
    led = out.Named(one.organisation, one.organisation_name) if one.organisation else None
    return out.CampaignOut(one.id, one.seq, one.at, led, _change(row.change))


def _remedy(row: RemedyRow) -> out.RemedyOut:
    one = row.it
    return out.RemedyOut(
        id=one.id, seq=one.seq, kind=one.kind,
        owner=out.Named(one.organisation, one.organisation_name) if one.organisation else None, owner_post=one.post,
        planned_on=one.planned_on, begun_at=one.begun_at, finished_at=one.finished_at, outcome=one.outcome,
        judged_at=one.judged_at, change=_change(row.change) if row.change else None,
    )  # fmt: skip


def _change(one: Change) -> out.ChangeOut:
    return out.ChangeOut(_rate(one.before), _rate(one.after), one.back_after)


def _rate(one: Rate) -> out.RateOut:
    return out.RateOut(one.cases, one.days, one.per_30)

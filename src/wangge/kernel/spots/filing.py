"""Writing down what the rule found: files that open, and cases that join them. Set-wise, an entry a file."""

from __future__ import annotations

from typing import Any

from django.db import connection

from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.cases.bulk import draw
from wangge.kernel.cases.rules import plain
from wangge.kernel.journal.services import Act, append
from wangge.kernel.spots.lifecycle import State
from wangge.kernel.spots.loading import advance_many, moment_of
from wangge.kernel.spots.models import SUBJECT, Member, Spot
from wangge.kernel.spots.rules import Clusters, Opening


def one_at_a_time() -> None:
    """Until the transaction ends no other sweep runs: two would both open the same file."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('wangge.spots', 0))")


def file(found: Clusters, by: Mandate) -> tuple[int, int]:
    """Write it in the caller's transaction; how many files opened, and how many cases joined one that stood."""
    _open(found.openings, by)
    _join(found, by)
    return len(found.openings), sum(map(len, found.joins.values()))


def _open(openings: list[Opening], by: Mandate) -> None:
    if not openings:
        return
    spots, acts, members = [], [], []
    for opening, number in zip(openings, draw("spots_number_seq", len(openings)), strict=True):
        first = opening.by
        by.require("open_spot", first.path)
        columns: dict[str, Any] = {
            "number": f"S{number:06d}", "state": State.OPEN.value, "case_class": first.case_class, "area": first.area,
            "path": first.path, "lon_e7": first.point.lon_e7, "lat_e7": first.point.lat_e7,
            "metres": opening.rule.metres, "hold_days": opening.rule.hold_days, "opened_at": moment_of(by),
            "resolved_at": None, "reopens": 0, "rebounds": 0,
        }
        cases = [str(one.id) for one in opening.members]
        spot = Spot(id=new_id(), version=1, **_model_fields(columns))
        data = {"set": plain(columns), "cases": cases, "opener": str(first.id)}
        acts.append(Act(spot.id, SUBJECT, "open_spot", first.area, data))
        spots.append(spot)
        members += [Member(case_id=one.id, spot=spot, seq=1) for one in opening.members]
    append(acts, by=by)
    Spot.objects.bulk_create(spots)
    Member.objects.bulk_create(members, batch_size=2000)


def _model_fields(columns: dict[str, Any]) -> dict[str, Any]:
    return {f"{name}_id" if name in ("area", "case_class") else name: value for name, value in columns.items()}


def _join(found: Clusters, by: Mandate) -> None:
    if not found.joins:
        return
    locked = list(Spot.objects.select_for_update(of=("self",)).filter(id__in=list(found.joins)).order_by("id"))
    for spot in locked:
        by.require("join_spot", spot.path)
    seqs = advance_many(
        [(spot, "join_spot", {}, {"cases": sorted(map(str, found.joins[spot.id]))}) for spot in locked], by=by
    )
    Member.objects.bulk_create(
        [Member(case_id=case, spot=spot, seq=seq) for spot, seq in zip(locked, seqs, strict=True)
         for case in found.joins[spot.id]],
        batch_size=2000,
    )

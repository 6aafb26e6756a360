"""Writes of policy versions: draft, approve, drop, and the one that ships. Each with its entry.

A version is written once; another wording is another version. It begins with a period, never before the one in which
it was approved, and the version before it ends there. Who approves did not write it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from wangge.assessment.core.clauses import MoneyPerUnit
from wangge.assessment.core.periods import month_of, starts_period
from wangge.assessment.core.policy import Policy, check_policy, plain
from wangge.assessment.models import PolicyVersion
from wangge.assessment.money.guards import check_mode
from wangge.base.clock import to_us
from wangge.base.digests import canonical
from wangge.base.errors import Conflict, InvalidInput, Moved, NotFound
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.journal.services import Act, append
from wangge.kernel.places.models import Area
from wangge.kernel.places.queries import atlas

DRAFT, APPROVE = "draft_policy", "approve_policy"
SUBJECT = "policy"
_SPAN = {"month": 1, "quarter": 3}


def body_of(policy: Policy) -> str:
    """The canonical form, of which the digest is taken."""
    return canonical(plain(policy)).decode()


def draft_policy(*, area: str, policy: Policy, by: Mandate) -> PolicyVersion:
    """A new version as a draft. Raises `InvalidInput`, `NotFound`, `Forbidden`, `Conflict` for a number that stands."""
    place = _place(area)
    by.require(DRAFT, place.path)
    if policy.area and policy.area != place.code:
        raise InvalidInput("The policy is one of another place.", field="area", value=policy.area, expected=place.code)
    return _insert(_row(check_policy(policy), place, by), "draft", by=by)


def ship(*, area: str, policy: Policy, by: Mandate) -> PolicyVersion:
    """Put the policy that ships on record where no other is in force: points only, written and approved by nobody here.

    Needs `assess` there. Raises `InvalidInput` for one that takes money.
    """
    place = _place(area)
    by.require("assess", place.path)
    known = PolicyVersion.objects.filter(area=place, digest=policy.digest, shipped=True).first()
    if known is not None:
        return known
    row = _row(check_policy(policy), place, by)
    row.state, row.shipped, row.author, row.approved_at = "approved", True, None, by.at
    later = PolicyVersion.objects.filter(area=place, period=row.period, state="approved", begins__gt=row.begins)
    row.ends = later.order_by("begins").values_list("begins", flat=True).first() or row.ends
    return _insert(row, "ship", by=by)


@transaction.atomic
def approve_policy(*, version: UUID, expected_version: int, by: Mandate) -> PolicyVersion:
    """A draft takes effect from its first day; the version that was in force until then ends there.

    Raises `Conflict` where the author approves, where it reaches back, and where another version begins later.
    """
    one = _locked(version, expected_version, by=by)
    by.require(APPROVE, one.area_path)
    if one.state != "draft":
        raise Conflict("Only a draft is approved.", field="state", value=one.state, expected="draft")
    if by.actor is None or by.actor == one.author:
        raise Conflict("A policy is approved by a person who did not write it.", field="approver", value=by.actor,
                       expected="somebody else who may approve")
    _check_begin(one, by.at)
    check_mode(one)
    for older in PolicyVersion.objects.select_for_update(of=("self",)).filter(
        area_id=one.area_id, period=one.period, state="approved"
    ):
        _end(older, one, by=by)
    one.state, one.approver, one.approved_at = "approved", by.actor, by.at
    return _advance(one, "approve", {"approver": str(by.actor), "approved_at": to_us(by.at)}, by=by)


@transaction.atomic
def drop_policy(*, version: UUID, expected_version: int, by: Mandate) -> PolicyVersion:
    """A draft is given up. Raises `Conflict` for an approved one: it ends by a successor."""
    one = _locked(version, expected_version, by=by)
    by.require(DRAFT, one.area_path)
    if one.state != "draft":
        raise Conflict("An approved version ends by a successor.", field="state", value=one.state, expected="draft")
    one.state = "dropped"
    return _advance(one, "drop", {}, by=by)


def _place(code: str) -> Area:
    place = Area.objects.filter(code=code).first()
    if place is None:
        raise NotFound("There is no area with this code.", field="area", value=code, expected="the code of an area")
    return place


def _row(policy: Policy, place: Area, by: Mandate) -> PolicyVersion:
    money = policy.one(MoneyPerUnit)
    return PolicyVersion(
        id=new_id(), version=1, area=place, area_path=place.path, name=policy.policy, number=policy.version,
        state="draft", body=body_of(policy), digest=policy.digest, period=policy.period,
        mode=money.mode if money else "points", begins=date.fromisoformat(policy.valid_from),
        ends=date.fromisoformat(policy.valid_to) if policy.valid_to else None, author=by.actor, drafted_at=by.at,
    )


def _insert(one: PolicyVersion, verb: str, *, by: Mandate) -> PolicyVersion:
    data = {
        "name": one.name, "number": one.number, "digest": one.digest, "period": one.period, "mode": one.mode,
        "begins": one.begins.isoformat(), "ends": one.ends and one.ends.isoformat(), "path": one.area_path,
        "author": one.author and str(one.author), "drafted_at": to_us(one.drafted_at),
    }
    with transaction.atomic():
        append([Act(one.id, SUBJECT, verb, one.area_id, data)], by=by)
        try:
            with transaction.atomic():
                one.save(force_insert=True)
        except IntegrityError as error:
            if "assessment_policy_one_in_force" in str(error):
                raise Conflict("Another version is in force there.", field="valid_from", value=one.begins,
                               expected="a draft that is approved as its successor") from error
            if "assessment_policy_number_once" not in str(error):
                raise
            raise Conflict("This version stands already; what it says never changes.", field="version",
                           value=f"{one.name} {one.number}", expected="the next number") from error
    return one


def _check_begin(one: PolicyVersion, at: datetime) -> None:
    today = at.astimezone(ZoneInfo(atlas().timezone(one.area_path))).date()
    first = month_of(today)
    first -= first % _SPAN[one.period]
    if month_of(one.begins) < first:
        raise Conflict("A policy does not reach back.", field="valid_from", value=one.begins,
                       expected=f"{first // 12:04d}-{first % 12 + 1:02d}-01 or later")
    assert starts_period(one.begins, one.period)


def _end(older: PolicyVersion, one: PolicyVersion, *, by: Mandate) -> None:
    """The version in force ends where its successor begins. One that begins no earlier stands in the way."""
    if older.ends is not None and older.ends <= one.begins:
        return
    if one.ends is not None and one.ends <= older.begins:
        return
    if older.begins >= one.begins:
        raise Conflict("Another version begins there or later.", field="valid_from", value=one.begins,
                       expected=f"a day after {older.begins.isoformat()}")
    older.ends = one.begins
    _advance(older, "end", {"ends": one.begins.isoformat(), "successor": str(one.id)}, by=by)


def _locked(version: UUID, expected_version: int, *, by: Mandate) -> PolicyVersion:
    one = PolicyVersion.objects.select_for_update(of=("self",)).filter(id=version).first()
    if one is None or not one.area_path.startswith(by.scope_path):
        raise NotFound("There is no such policy.", field="policy", value=version)
    if one.version != expected_version:
        raise Moved("The policy has moved on.", field="expected_version", value=expected_version,
                    expected=str(one.version), extra={"present": {"version": one.version, "state": one.state}})
    return one


def _advance(one: PolicyVersion, verb: str, data: dict[str, Any], *, by: Mandate) -> PolicyVersion:
    [written] = append([Act(one.id, SUBJECT, verb, one.area_id, data, version=one.version)], by=by)
    one.version = written.seq
    one.save(force_update=True, update_fields=["version", "state", "ends", "approver", "approved_at"])
    return one

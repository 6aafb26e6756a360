"""Reads of policies: the versions of a place, and which one is in force for a period."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple, Protocol, TypeVar
from uuid import UUID

import msgspec
from django.db.models import Q

from wangge.assessment.core.clauses import Sentence
from wangge.assessment.core.difference import difference
from wangge.assessment.core.files import policy_of
from wangge.assessment.core.periods import Period
from wangge.assessment.core.policy import Policy
from wangge.assessment.models import PolicyVersion
from wangge.base.errors import NotFound
from wangge.base.mandate import Mandate
from wangge.kernel.places.queries import ancestors, below


class InForce(NamedTuple):
    """A policy that holds; `row` is None where it is the one that ships and nobody put it on record yet."""

    policy: Policy
    row: PolicyVersion | None


class Dated(Protocol):
    """Anything that says of a policy where and when it holds, and what it states."""

    @property
    def area_path(self) -> str:
        """Where."""

    @property
    def begins(self) -> date:
        """From which day."""

    @property
    def ends(self) -> date | None:
        """Before which day."""

    @property
    def period(self) -> str:
        """Quarter or month."""

    @property
    def body(self) -> str:
        """Its canonical form."""


D = TypeVar("D", bound=Dated)


@lru_cache(maxsize=64)
def stated(body: str) -> Policy:
    """The policy of a stored canonical form."""
    return policy_of(msgspec.json.decode(body))


def versions(by: Mandate, area_path: str = "") -> list[PolicyVersion]:
    """The versions that hold on the reader's ground or above it, and those of the places below; newest first."""
    path = area_path or by.scope_path
    rows = PolicyVersion.objects.select_related("area")
    found = rows.filter(Q(area_path__in=ancestors(path)) | below(path, "area_path")) if path else rows.all()
    return sorted(found, key=lambda one: (one.area_path, one.name, -one.number))


def version(version_id: UUID, by: Mandate) -> PolicyVersion:
    """One version. A policy is no secret: whoever works on its ground, or above, reads it. Raises `NotFound`."""
    found = PolicyVersion.objects.select_related("area").filter(id=version_id).first()
    if found is None or not (found.area_path.startswith(by.scope_path) or by.scope_path.startswith(found.area_path)):
        raise NotFound("There is no such policy.", field="policy", value=version_id)
    return found


def in_force(area_path: str, period: Period) -> PolicyVersion | None:
    """The approved version that holds for a whole period, of the place itself or the nearest one above it."""
    kind = {"day": "quarter"}.get(period.kind, period.kind)
    ends = period.day(period.ends)
    found = [
        one for one in PolicyVersion.objects.filter(
            area_path__in=ancestors(area_path), period=kind, state="approved", begins__lte=period.first_day)
        if one.ends is None or one.ends >= ends
    ]
    return max(found, key=lambda one: len(one.area_path), default=None)


def holding(area_path: str, day: date) -> PolicyVersion | None:
    """The approved version with a daily life on a day: the quarter's, else the month's."""
    rows = PolicyVersion.objects.filter(area_path__in=ancestors(area_path), state="approved", begins__lte=day)
    return held_on(rows, area_path, day)


def approved(path: str) -> list[PolicyVersion]:
    """Every approved version above, at and below a place. One statement."""
    around = Q(area_path__in=ancestors(path)) | below(path, "area_path") if path else Q()
    return list(PolicyVersion.objects.filter(around, state="approved"))


def held_on(rows: Iterable[D], area_path: str, day: date) -> D | None:
    """Which of some approved versions holds at a place on a day: the nearest one's, of the quarter before the month."""
    found = [
        one for one in rows
        if area_path.startswith(one.area_path) and one.begins <= day and (one.ends is None or one.ends > day)
    ]
    return max(found, key=lambda one: (len(one.area_path), one.period == "quarter"), default=None)


def changes(old: PolicyVersion, new: PolicyVersion) -> Sequence[Sentence]:
    """What differs, clause by clause, in plain words."""
    return difference(stated(old.body), stated(new.body))


def before(one: PolicyVersion) -> PolicyVersion | None:
    """The version of the same policy with the number before."""
    return PolicyVersion.objects.filter(area_id=one.area_id, name=one.name, number__lt=one.number).order_by(
        "-number").first()

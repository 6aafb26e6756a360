"""Who answered for a place when something was found there: the posts that the policy names, by the roster then.

A post that nobody held is told as vacant and charges nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from wangge.assessment.core.clauses import DailyLimit, JointLiability
from wangge.assessment.core.counting import moment
from wangge.assessment.core.inputs import Finding
from wangge.assessment.core.policy import Policy
from wangge.assessment.models import FindingRow
from wangge.base.mandate import Mandate
from wangge.kernel.duties.roster import Holding, Roster


class Answering(NamedTuple):
    """A post, and who held it over the place; nobody where it was vacant."""

    post: str
    held: tuple[Holding, ...]


def finding_of(one: FindingRow) -> Finding:
    """The finding as the rules of the assessment know it."""
    return Finding(one.source, one.ref, one.area_path, one.class_code, one.occurred_at, one.discovered_at, one.points,
                   one.found_points, void=one.void)


def posts_of(policy: Policy) -> tuple[str, ...]:
    """The posts that answer by a policy, those who are charged for the city's points first."""
    liable, daily = policy.one(JointLiability), policy.one(DailyLimit)
    named = [role.post for role in liable.roles] if liable else []
    return tuple(dict.fromkeys([*named, *(daily.posts if daily else ())]))


def answering(one: FindingRow, policy: Policy, roster: Roster) -> list[Answering]:
    """Each such post with its holders at the moment of the finding that decides by the policy."""
    at = moment(policy, finding_of(one))
    return [Answering(post, tuple(roster.holders(one.area_path, post, at))) for post in posts_of(policy)]


def answers(found: Sequence[Answering], by: Mandate) -> bool:
    """Whether the actor is one of them, or acts for an organisation that is where no person is named."""
    return by.actor is not None and any(
        row.person_id == by.actor or (row.person_id is None and row.organisation_id == by.organisation)
        for one in found for row in one.held
    )


def people(found: Sequence[Answering]) -> set[UUID]:
    """Everybody who answers by name."""
    return {row.person_id for one in found for row in one.held if row.person_id}

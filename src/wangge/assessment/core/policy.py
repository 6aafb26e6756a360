"""A policy version: clauses as validated data, the text that people agreed on, and a digest over its canonical form."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Literal, TypeVar

import msgspec

from wangge.assessment.core.clauses import (
    AnyClause,
    Brackets,
    CityDeductions,
    Clause,
    DailyLimit,
    Exemption,
    HonoursEligibility,
    JointLiability,
    MoneyPerUnit,
    Words,
)
from wangge.assessment.core.periods import Period, parse_day, parse_month, starts_period
from wangge.base.digests import canonical, digest
from wangge.base.errors import InvalidInput

DIGEST_FORM = 1
FEWEST_NOTICE_DAYS = 5
_SINGLE = (CityDeductions, DailyLimit, Exemption, JointLiability, MoneyPerUnit, HonoursEligibility)
C = TypeVar("C", bound=Clause)


class Streak(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How months without a confirmed city deduction are counted: those with a recorded check, or every month.

    `since` is the first month that counts; with `checks: monthly` it is needed.
    """

    checks: Literal["recorded", "monthly"] = "recorded"
    since: str = ""


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One version of a policy. `moment`: which time of a finding decides its period, its day and who was on duty.
    `notice_days`: for so many working days a statement can be seen and appealed before it becomes final."""

    policy: str
    version: int
    title: Words
    valid_from: str
    clauses: tuple[AnyClause, ...]
    text: str = ""
    approver: str = ""
    area: str = ""
    period: Literal["quarter", "month"] = "quarter"
    moment: Literal["discovered", "occurred"] = "discovered"
    valid_to: str = ""
    notice_days: int = 5
    streak: Streak = Streak()

    def one(self, kind: type[C]) -> C | None:
        """The clause of a kind that stands once at most."""
        return next(self.every(kind), None)

    def every(self, kind: type[C]) -> Iterator[C]:
        """All clauses of a kind, in the order of the policy."""
        return (one for one in self.clauses if isinstance(one, kind))

    def price_of(self, post: str) -> MoneyPerUnit | Brackets | None:
        """The clause that prices a unit for a post: brackets that name it, else the money per unit."""
        for one in self.every(Brackets):
            if post in one.posts:
                return one
        money = self.one(MoneyPerUnit)
        return money if money and post in money.yuan else None

    def holds(self, period: Period) -> bool:
        """Whether it was in force for a whole period."""
        ends = date.fromisoformat(self.valid_to) if self.valid_to else date.max
        return date.fromisoformat(self.valid_from) <= period.first_day and period.day(period.ends) <= ends

    @property
    def digest(self) -> str:
        """Hex SHA-256 of the canonical form: the same however the file was written."""
        return digest(DIGEST_FORM, canonical(plain(self))).hex()


def plain(value: Any) -> Any:
    """A policy or a part of it as text, lists and mappings, decimals in their shortest form; for digests and diffs."""
    if isinstance(value, msgspec.Struct):
        names = [(field.name, field.encode_name) for field in msgspec.structs.fields(value)]
        held = {encoded: plain(getattr(value, name)) for name, encoded in names}
        return {"kind": value.kind, **held} if isinstance(value, Clause) else held
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list | tuple) else value


def check_policy(policy: Policy) -> Policy:
    """The policy as given, or `InvalidInput` that names the value and what would be right."""
    if not policy.policy.strip() or policy.version < 1:
        raise InvalidInput("A policy has a name and a version.", field="version", value=policy.version,
                           expected="a name and a version from 1 on")
    _check_times(policy)
    names: set[str] = set()
    for number, one in enumerate(policy.clauses):
        at = f"clauses[{number}]"
        if one.name in names:
            raise InvalidInput("Two clauses have the same id.", field=f"{at}.id", value=one.name,
                               expected="an id of its own for each")
        names.add(one.name)
        one.check(at)
    for kind in _SINGLE:
        if len(found := list(policy.every(kind))) > 1:
            raise InvalidInput(f"{found[0].kind} stands {len(found)} times.", field="clauses", value=found[1].name,
                               expected="once at most")
    _check_prices(policy)
    return policy


def _check_times(policy: Policy) -> None:
    begins = parse_day(policy.valid_from, "valid_from")
    if not starts_period(begins, policy.period):
        raise InvalidInput(f"A policy begins with a {policy.period}.", field="valid_from", value=policy.valid_from,
                           expected=f"the first day of a {policy.period}, such as 2018-07-01")
    if policy.valid_to:
        ends = parse_day(policy.valid_to, "valid_to")
        if ends <= begins or not starts_period(ends, policy.period):
            raise InvalidInput(f"A policy ends where a {policy.period} begins.", field="valid_to",
                               value=policy.valid_to, expected=f"the first day of a later {policy.period}")
    if not FEWEST_NOTICE_DAYS <= policy.notice_days <= 60:
        raise InvalidInput("A charge can be appealed for five working days at least.", field="notice_days",
                           value=policy.notice_days, expected=f"{FEWEST_NOTICE_DAYS} to 60 working days")
    if policy.streak.since:
        parse_month(policy.streak.since, "streak.since")
    elif policy.streak.checks == "monthly":
        raise InvalidInput("Counting every month needs a first one.", field="streak.since", expected="such as 2018-07")


def _check_prices(policy: Policy) -> None:
    """Each post that answers has one price; nobody else has one."""
    liable = policy.one(JointLiability)
    money = policy.one(MoneyPerUnit)
    bracketed = [post for one in policy.every(Brackets) for post in one.posts]
    if len(set(bracketed)) != len(bracketed):
        twice = next(post for post in bracketed if bracketed.count(post) > 1)
        raise InvalidInput("A post stands in two brackets.", field="clauses", value=twice, expected="one price a post")
    if liable and not policy.one(CityDeductions):
        raise InvalidInput("Nobody can answer for units that are not made.", field="clauses", value=liable.name,
                           expected="a clause city_deductions beside joint_liability")
    posts = [role.post for role in liable.roles] if liable else []
    if (money or bracketed) and (lacking := [post for post in posts if policy.price_of(post) is None]):
        raise InvalidInput("A post that answers has no price.", field="clauses", value=lacking[0],
                           expected=f"an amount for {', '.join(lacking)} in money_per_unit.yuan or brackets.posts")
    priced = [*bracketed, *(money.yuan if money else ())]
    if unknown := [post for post in priced if post not in posts]:
        raise InvalidInput("A post has a price but does not answer.", field="clauses", value=unknown[0],
                           expected="a role of joint_liability, such as " + (", ".join(posts) or "grid_leader"))

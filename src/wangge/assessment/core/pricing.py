"""From parts to charges: what each holder owes, once a person or once a role, and the sum that shows it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from wangge.assessment.core.amounts import UNIT, fen, half_up, milli, units_text, yuan_text
from wangge.assessment.core.clauses import CityDeductions, JointLiability, MoneyPerUnit, Sentence
from wangge.assessment.core.clauses.base import post_en, post_zh
from wangge.assessment.core.deposits import DepositState, charged
from wangge.assessment.core.policy import Policy
from wangge.assessment.core.results import Charge, Deposit, Ground, Part


class _Owed(NamedTuple):
    """What one post makes a holder owe: ticks, fen, and the sum in words."""

    post: str
    ticks: int
    fen: int
    arithmetic: str


class _Merged(NamedTuple):
    """The parts of one holder, post and area as one (a duty may have been held in several spans)."""

    post: str
    area: str
    ticks: int
    fen: int | None
    duty_area: str


def charges(policy: Policy, liable: JointLiability, parts: Sequence[Part]) -> list[Charge]:
    """One charge a holder, or one a holder and post where the policy sums roles; nothing for who owes nothing."""
    by_holder: dict[str, list[Part]] = defaultdict(list)
    for part in parts:
        if part.holder:
            by_holder[part.holder].append(part)
    found: list[Charge] = []
    for holder in sorted(by_holder):
        found += _of_holder(policy, liable, holder, by_holder[holder])
    return found


def lowered(now: Sequence[Charge], found: Sequence[Charge]) -> list[Charge]:
    """The charges now, where nobody owes more in all than as everything was found (prices may fall with units)."""
    room: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for charge in found:
        room[charge.holder][0] += charge.fen
        room[charge.holder][1] += charge.points
    kept = []
    for charge in now:
        left = room[charge.holder]
        amount, lost = min(charge.fen, left[0]), min(charge.points, left[1])
        left[0] -= amount
        left[1] -= lost
        kept.append(charge._replace(fen=amount, points=lost))
    return kept


def deposits(policy: Policy, owed: Sequence[Charge]) -> list[Deposit]:
    """What each person's deposit would be after the charges, where the policy names one."""
    money = policy.one(MoneyPerUnit)
    start = fen(money.deposit, "deposit") if money else 0
    if not start:
        return []
    states: dict[str, DepositState] = {}
    for charge in owed:
        states[charge.holder] = charged(states.get(charge.holder, DepositState(start)), charge.fen)
    return [Deposit(holder, state.balance, start - state.balance, state.shortfall) for holder, state in states.items()]


def _of_holder(policy: Policy, liable: JointLiability, holder: str, parts: Sequence[Part]) -> list[Charge]:
    order = {role.post: place for place, role in enumerate(liable.roles)}
    merged = _merge(parts)
    counted = set(merged) if liable.once_a == "role" else _chosen(policy, liable, merged, order)
    by_post: dict[str, list[_Merged]] = defaultdict(list)
    for one in sorted(counted, key=lambda one: (order[one.post], one.area)):
        by_post[one.post].append(one)
    owed = [_owed(policy, liable, post, rows) for post, rows in by_post.items()]
    groups = [[one] for one in owed] if liable.once_a == "role" else [owed]
    made = []
    for group in groups:
        posts = {one.post for one in group}
        rows = [one for one in merged if one in counted and one.post in posts]
        others = [one for one in merged if one.post in posts or liable.once_a == "person"]
        charge = _charge(policy, liable, holder, group, rows, others, counted)
        found = tuple(dict.fromkeys(
            key for part in parts if part.ticks and (part.post in posts or liable.once_a == "person")
            for key in part.findings
        ))
        if charge.ticks or charge.fen:
            made.append(charge._replace(findings=found))
    return made


def _merge(parts: Sequence[Part]) -> list[_Merged]:
    found: dict[tuple[str, str], _Merged] = {}
    for part in parts:
        old = found.get((part.post, part.area))
        ticks = part.ticks + (old.ticks if old else 0)
        money = part.fen if old is None or part.fen is None else (old.fen or 0) + part.fen
        found[part.post, part.area] = _Merged(part.post, part.area, ticks, money, part.duty_area)
    return [one for one in found.values() if one.ticks or one.fen]


def _chosen(
    policy: Policy, liable: JointLiability, merged: Sequence[_Merged], order: dict[str, int]
) -> set[_Merged]:
    """For each area the post that counts: which owes most there; then which answers for most in all; then the first."""
    total: dict[str, int] = defaultdict(int)
    for one in merged:
        total[one.post] += one.ticks
    best: dict[str, _Merged] = {}
    for one in sorted(merged, key=lambda one: (
        -_owed(policy, liable, one.post, [one]).fen, -one.ticks, -total[one.post], order[one.post],
    )):
        best.setdefault(one.area, one)
    return set(best.values())


def _owed(policy: Policy, liable: JointLiability, post: str, rows: Sequence[_Merged]) -> _Owed:
    """What a post's parts cost: those divided as money as they are, the rest by the price of their units together."""
    clause = policy.price_of(post)
    share = next(role.share for role in liable.roles if role.post == post)
    ticks = sum(one.ticks for one in rows)
    priced = sum(one.ticks for one in rows if one.fen is None)
    fixed = [one.fen for one in rows if one.fen is not None]
    if clause is None:
        return _Owed(post, ticks, sum(fixed), "")
    terms = [yuan_text(one) for one in fixed]
    amount = half_up(clause.price(post, priced) * Fraction(share))
    if priced or not fixed:
        said = clause.arithmetic(post, priced)
        terms.append(said if share == 1 else f"({said}) × {share} = {yuan_text(amount)}")
    return _Owed(post, ticks, amount + sum(fixed), " + ".join(terms))


def _charge(policy: Policy, liable: JointLiability, holder: str, owed: Sequence[_Owed], rows: Sequence[_Merged],
            others: Sequence[_Merged], counted: set[_Merged]) -> Charge:
    if not rows:
        return Charge("", holder, "", "", (), 0, 0, (), "", (), ())
    main = max(owed, key=lambda one: one.fen)
    areas: dict[str, int] = defaultdict(int)
    for one in rows:
        areas[one.area] += one.ticks
    ticks, amount = sum(one.ticks for one in owed), sum(one.fen for one in owed)
    grounds = tuple(Ground(one.post, one.area, one.ticks, one in counted) for one in others)
    duty_areas = sorted({one.duty_area for one in rows if one.post == main.post})
    arithmetic = "; ".join(one.arithmetic for one in owed if one.arithmetic)
    lost = _points(policy, liable, rows)
    key = holder if liable.once_a == "person" else f"{holder}/{main.post}"
    said = [_ground_sentence(one) for one in grounds]
    payable = (money := policy.one(MoneyPerUnit)) is not None and money.mode != "points"
    said.append(_sum_sentence(ticks, arithmetic, payable))
    return Charge(key, holder, main.post, ", ".join(duty_areas), tuple(sorted(areas.items())), ticks, amount, grounds,
                  arithmetic, tuple(said), (), lost)


def _points(policy: Policy, liable: JointLiability, rows: Sequence[_Merged]) -> int:
    """The units of a charge in points, each by the share of its post; rounded once."""
    clause = policy.one(CityDeductions)
    shares = {role.post: Fraction(role.share) for role in liable.roles}
    unit = milli(clause.unit, "unit") if clause else 0
    return half_up(sum((Fraction(one.ticks * unit, UNIT) * shares[one.post] for one in rows), Fraction(0)))


def _ground_sentence(one: Ground) -> Sentence:
    got = units_text(one.ticks)
    where_zh, where_en = (one.area, one.area) if one.area else ("全部区域", "all areas")
    if one.counted:
        return Sentence(f"作为{post_zh(one.post)}对 {where_zh} 的 {got} 档负责。",
                        f"As {post_en(one.post)}: {got} units of {where_en}.")
    return Sentence(f"同时是{post_zh(one.post)}，{where_zh} 的 {got} 档按一人一次不再重复计。",
                    f"Also {post_en(one.post)}: {got} units of {where_en}, counted once a person.")


def _sum_sentence(ticks: int, arithmetic: str, payable: bool) -> Sentence:
    got = units_text(ticks)
    if not arithmetic:
        return Sentence(f"合计 {got} 档。", f"Together {got} units.")
    if payable:
        return Sentence(f"合计 {got} 档：{arithmetic} 元。", f"Together {got} units: {arithmetic} yuan.")
    return Sentence(f"合计 {got} 档：{arithmetic} 元，仅作模拟，不收取。",
                    f"Together {got} units: {arithmetic} yuan, as a shadow only: nothing is payable.")

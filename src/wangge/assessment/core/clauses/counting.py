"""Clauses that count what was found: the daily limit, the city's deductions over a cap, what exempts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from wangge.assessment.core.amounts import Rounding, milli, points_text, units_of, units_text
from wangge.assessment.core.clauses.base import (
    ROUNDING_ZH,
    Clause,
    Sentence,
    Source,
    check_post,
    check_some,
    post_en,
    post_zh,
)
from wangge.base.errors import InvalidInput

_SOURCES = "some of city, district, subdistrict, sample, each once"
AreaKind = Literal["grid", "community", "village", "subdistrict", "district", "zone"]


def check_positive(value: int, field: str, given: object, expected: str) -> None:
    """A number must be above zero."""
    if value <= 0:
        raise InvalidInput("This must be more than nothing.", field=field, value=given, expected=expected)


class DailyLimit(Clause, frozen=True, kw_only=True, tag="daily_limit"):
    """A grid may have at most `limit` problems found in a day; each further one costs `points_each`.

    `posts` are those who answer for the further ones, each by who held it on that grid when one was found.
    """

    limit: int = 3
    points_each: Decimal = Decimal("0.1")
    sources: tuple[Source, ...] = ("subdistrict", "district", "city")
    area_kind: AreaKind = "grid"
    posts: tuple[str, ...] = ()

    def check(self, at: str) -> None:
        """Whole numbers, known sources and posts."""
        for number, post in enumerate(self.posts):
            check_post(post, f"{at}.posts[{number}]")
        if self.posts:
            check_some(self.posts, f"{at}.posts", "posts, each once")
        if self.limit < 0:
            raise InvalidInput("A limit is not below zero.", field=f"{at}.limit", value=self.limit,
                               expected="such as 3")
        milli(self.points_each, f"{at}.points_each")
        check_some(self.sources, f"{at}.sources", _SOURCES)

    def above(self, found: int) -> int:
        """How many lie above the limit."""
        return max(0, found - self.limit)

    def points(self, found: int) -> int:
        """What they cost, in milli."""
        return self.above(found) * milli(self.points_each, "points_each")

    def sentence(self, area: str, day: date, found: int) -> Sentence:
        """One area's day."""
        extra, cost = self.above(found), points_text(self.points(found))
        return Sentence(
            f"{area} {day.isoformat()} 发现问题 {found} 个，每日限 {self.limit} 个，超出 {extra} 个，"
            f"每个扣 {self.points_each} 分，共扣 {cost} 分。",
            f"{area}, {day.isoformat()}: {found} problems found, at most {self.limit} a day, {extra} more, "
            f"{self.points_each} points each: {cost} points.",
        )


    def slip_sentence(self, post: str, area: str, day: date, found: int, extra: int) -> Sentence:
        """What one holder answers for on an area's day."""
        zh, en = post_zh(post), post_en(post)
        return Sentence(
            f"{day.isoformat()} {area} 查出 {found} 个问题，比每天 {self.limit} 个的限额多 {self.above(found)} 个；"
            f"其中 {extra} 个查出时您是{zh}。",
            f"{day.isoformat()}, {area}: {found} problems found, {self.above(found)} above the limit of {self.limit}; "
            f"{extra} of them while you were {en}.",
        )


class CityDeductions(Clause, frozen=True, kw_only=True, tag="city_deductions"):
    """Points taken off in the period; those over `cap` make units of `unit` points, allotted to areas."""

    cap: Decimal
    unit: Decimal = Decimal("0.1")
    rounding: Rounding = "floor"
    allotment: Literal["largest_remainder", "order_of_crossing"] = "largest_remainder"
    sources: tuple[Source, ...] = ("city",)
    area_kind: AreaKind = "grid"

    def check(self, at: str) -> None:
        """A cap of zero or more, a unit above zero."""
        milli(self.cap, f"{at}.cap")
        check_positive(milli(self.unit, f"{at}.unit"), f"{at}.unit", self.unit, "such as 0.1")
        check_some(self.sources, f"{at}.sources", _SOURCES)

    def excess(self, total: int) -> int:
        """What lies over the cap, in milli."""
        return max(0, total - milli(self.cap, "cap"))

    def units(self, excess: int) -> int:
        """The ticks of an excess; rounded once a period, never for each finding."""
        return units_of(excess, milli(self.unit, "unit"), self.rounding)

    def total_sentence(self, total: int, ticks: int) -> Sentence:
        """The whole period."""
        cap, excess = points_text(milli(self.cap, "cap")), self.excess(total)
        over = points_text(excess)
        if not excess:
            return Sentence(f"本期共扣 {points_text(total)} 分，上限 {cap} 分，未超过。",
                            f"{points_text(total)} points were taken off; the cap is {cap}: not exceeded.")
        way = self.rounding.replace("_", " ")
        return Sentence(
            f"本期共扣 {points_text(total)} 分，上限 {cap} 分，超出 {over} 分；每 {self.unit} 分为一档，"
            f"{ROUNDING_ZH[self.rounding]}，计 {units_text(ticks)} 档。",
            f"{points_text(total)} points were taken off, the cap is {cap}: {over} over; a unit is {self.unit} points, "
            f"{way}: {units_text(ticks)} units.",
        )

    def area_sentence(self, area: str, points: int, total: int, ticks: int) -> Sentence:
        """One area's part of the units."""
        lost, of, got = points_text(points), points_text(total), units_text(ticks)
        zh = "按失分比例（最大余数法）" if self.allotment == "largest_remainder" else "按越过上限的先后"
        en = "by points, largest remainder" if self.allotment == "largest_remainder" else "in the order of crossing"
        return Sentence(f"{area} 失 {lost} 分（共 {of} 分），{zh}分得 {got} 档。",
                        f"{area} lost {lost} of {of} points: {got} units, {en}.")


class Exemption(Clause, frozen=True, kw_only=True, tag="exemption"):
    """What was reported before the inspector came exempts inside: same class, near by, still in its time."""

    within_m: int = 50
    same_class: bool = True
    oldest_days: int = 30
    sources: tuple[Source, ...] = ("city", "district", "subdistrict")

    def check(self, at: str) -> None:
        """Distances and days above zero."""
        check_positive(self.within_m, f"{at}.within_m", self.within_m, "metres, such as 50")
        check_positive(self.oldest_days, f"{at}.oldest_days", self.oldest_days, "days, such as 30")
        check_some(self.sources, f"{at}.sources", _SOURCES)

    def sentence(self, finding: str, report: str, metres: int) -> Sentence:
        """Why one finding is exempt."""
        return Sentence(f"{finding}：{metres} 米内同类问题此前已上报（{report}），内部免责；市里的扣分不变。",
                        f"{finding}: the same was reported before, {metres} m away ({report}); nobody answers for it "
                        "inside, the city's deduction stands.")

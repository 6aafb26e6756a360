"""Clauses that say who answers and what a unit costs."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Literal

import msgspec

from wangge.assessment.core.amounts import UNIT, fen, half_up, ratio, units_text, yuan_text
from wangge.assessment.core.clauses.base import Clause, Sentence, check_post, check_some, post_en, post_zh
from wangge.base.errors import InvalidInput

Mode = Literal["points", "performance_pay", "deposit"]


class Role(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A post that answers: `share` of the price; several holders pay `each` in full or `split` one charge."""

    post: str
    share: Decimal = Decimal(1)
    holders: Literal["each", "split"] = "each"


class JointLiability(Clause, frozen=True, kw_only=True, tag="joint_liability"):
    """Bundled duty: which posts answer for the units of a grid, by who held them on the day.

    `reach` bound: those answerable for the grids that lost points; everyone: all holders below the place that is
    assessed, for all units. `handover` says what is divided where a duty changed hands: whole units or the money.
    """

    roles: tuple[Role, ...]
    reach: Literal["bound", "everyone"] = "bound"
    once_a: Literal["person", "role"] = "person"
    handover: Literal["units", "money"] = "units"

    def check(self, at: str) -> None:
        """Known posts, each once."""
        check_some([role.post for role in self.roles], f"{at}.roles", "posts, each once")
        for number, role in enumerate(self.roles):
            check_post(role.post, f"{at}.roles[{number}].post")
            ratio(role.share, f"{at}.roles[{number}].share")

    def gap_sentence(self, post: str, area: str, ticks: int) -> Sentence:
        """A post that nobody held."""
        got = units_text(ticks)
        return Sentence(f"{area} 当时无人担任{post_zh(post)}，{got} 档不追究个人，报告空缺。",
                        f"Nobody was {post_en(post)} of {area} then: {got} units charge nobody; the gap is reported.")


class MoneyPerUnit(Clause, frozen=True, kw_only=True, tag="money_per_unit"):
    """The price of a unit for each post, in yuan, and in which mode money is meant.

    `points` (default): what is computed is a shadow statement, nothing is payable. The other two modes need the
    `basis` that was filed. `deposit` is what each person has deposited, in yuan, for a statement of deposits.
    """

    yuan: dict[str, Decimal]
    mode: Mode = "points"
    basis: str = ""
    deposit: Decimal = Decimal(0)

    def check(self, at: str) -> None:
        """Known posts and amounts; a basis where money is payable."""
        check_some(list(self.yuan), f"{at}.yuan", "posts with an amount")
        for post, amount in self.yuan.items():
            check_post(post, f"{at}.yuan")
            fen(amount, f"{at}.yuan.{post}")
        fen(self.deposit, f"{at}.deposit")
        if self.mode != "points" and not self.basis.strip():
            raise InvalidInput("This mode of money needs its legal basis, consultation and publication on file.",
                               field=f"{at}.basis", value=self.mode, expected="the number of the filed document")

    def price(self, post: str, ticks: int) -> Fraction:
        """What so many ticks cost a post, in fen, exact."""
        return Fraction(fen(self.yuan[post], "yuan") * ticks, UNIT)

    def arithmetic(self, post: str, ticks: int) -> str:
        """`2 × 500 = 1,000`."""
        amount = yuan_text(half_up(self.price(post, ticks)))
        return f"{units_text(ticks)} × {yuan_text(fen(self.yuan[post], 'yuan'))} = {amount}"


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Units up to and including `up_to` (0: no end) cost `yuan` each."""

    yuan: Decimal
    up_to: int = 0


class Brackets(Clause, frozen=True, kw_only=True, tag="brackets"):
    """Prices that depend on how many units there are: marginal (each unit its bracket) or slab (all the last one's)."""

    posts: tuple[str, ...]
    steps: tuple[Step, ...]
    manner: Literal["marginal", "slab"] = "marginal"

    def check(self, at: str) -> None:
        """Steps that rise, the last one without end."""
        check_some(self.posts, f"{at}.posts", "posts, each once")
        for post in self.posts:
            check_post(post, f"{at}.posts")
        check_some(self.steps, f"{at}.steps", "steps, the last without up_to")
        ends = [step.up_to for step in self.steps]
        if ends[-1] != 0 or any(b <= a for a, b in zip([0, *ends[:-1]], ends[:-1], strict=False)):
            raise InvalidInput("The steps do not follow one another.", field=f"{at}.steps",
                               value=", ".join(map(str, ends)), expected="rising up_to, the last step without one")
        for number, step in enumerate(self.steps):
            fen(step.yuan, f"{at}.steps[{number}].yuan")

    def price(self, post: str, ticks: int) -> Fraction:
        """What so many ticks cost, in fen, exact."""
        return sum((Fraction(count * rate, UNIT) for count, rate in self._counted(ticks)), Fraction(0))

    def arithmetic(self, post: str, ticks: int) -> str:
        """`3 × 500 + 2 × 800 = 3,100`."""
        terms = [f"{units_text(count)} × {yuan_text(rate)}" for count, rate in self._counted(ticks)] or ["0"]
        return " + ".join(terms) + f" = {yuan_text(half_up(self.price(post, ticks)))}"

    def _counted(self, ticks: int) -> list[tuple[int, int]]:
        """How many ticks at which price."""
        begin, found = 0, []
        for step in self.steps:
            end = step.up_to * UNIT if step.up_to else max(ticks, begin)
            rate = fen(step.yuan, "yuan")
            if self.manner == "slab" and begin < ticks <= end:
                return [(ticks, rate)]
            if self.manner == "marginal" and ticks > begin:
                found.append((min(ticks, end) - begin, rate))
            begin = end
        return found

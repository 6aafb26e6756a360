"""What is asked for: which cases (ground and filters) and by what they are grouped, as SQL over `cases_case c`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from wangge.base.errors import Forbidden, InvalidInput
from wangge.base.mandate import Mandate
from wangge.kernel.cases.access import after, visible_sql
from wangge.kernel.cases.reporting import root_of
from wangge.kernel.indicators.bases import BACK_WITHIN, COUNTED, FIRST_ANSWER_TARGET
from wangge.kernel.indicators.periods import Period


class Grouping(NamedTuple):
    """What rows stand for: names in both languages and the key of a case's row, '' where it has none."""

    name: str
    name_en: str
    key: str


GROUPINGS: dict[str, Grouping] = {
    "area": Grouping("区域", "Area", "split_part(substr(c.path, length(%(area)s::text) + 1), '/', 1)"),
    "organisation": Grouping("单位", "Organisation", "coalesce(c.organisation::text, '')"),
    "post": Grouping("岗位", "Post", "coalesce(c.post, '')"),
    "person": Grouping("本人", "Oneself", "coalesce(c.handler::text, '')"),
    "major": Grouping("大类", "Major class", "coalesce(m.code, '')"),
    "class": Grouping("小类", "Class", "coalesce(k.code, '')"),
    "source": Grouping("来源", "Source", "c.source"),
    "tier": Grouping("层级", "Tier", "c.tier"),
}
"""`area` groups by the areas directly below the one that is asked for; keys of areas and classes are their codes."""

BY_UNITS = frozenset({"organisation", "post", "person"})
"""Here the parts of a shared case are counted and not the whole: each unit answers for its part."""


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """Which figures: the ground (a path), the grouping ('' for the whole only), and conditions on the cases.

    `class_prefix` matches a class code and all below it; `mine` keeps what the asker handled. A wall asks
    `without_confidential`: cases of such classes are in no sum there.
    """

    area_path: str
    by: str = ""
    class_prefix: str = ""
    source: str = ""
    tier: str = ""
    organisation: UUID | None = None
    post: str = ""
    mine: bool = False
    without_confidential: bool = False

    @property
    def filtered(self) -> bool:
        """Whether there is a condition beside the ground."""
        return bool(self.class_prefix or self.source or self.tier or self.organisation or self.post or self.mine
                    or self.without_confidential)

    @property
    def personal(self) -> bool:
        """Whether it is about one person's own cases."""
        return self.by == "person" or self.mine


class Asked(NamedTuple):
    """A question as SQL: joins, conditions, the key of a row, and the named values of it all."""

    joins: str
    conditions: list[str]
    key: str
    values: dict[str, Any]


def check_grouping(question: Question) -> None:
    """Raise `InvalidInput` for an unknown grouping."""
    if question.by and question.by not in GROUPINGS:
        raise InvalidInput(
            "Figures are not grouped by this.", field="by", value=question.by, expected="one of " + ", ".join(GROUPINGS)
        )


def asked(question: Question, period: Period, *, by: Mandate, now: datetime) -> Asked:
    """The question over the cases that the mandate sees.

    Raises `InvalidInput` for an unknown grouping, and `Forbidden` for who sees no cases, for ground elsewhere, and
    where a person's own figures are asked for by nobody.
    """
    check_grouping(question)
    by.require("see_own" if "see" not in by.may and "see_own" in by.may else "see", question.area_path)
    visible, seen = visible_sql(by)
    values: dict[str, Any] = {
        "start": period.start, "end": period.end, "now": now, "reached": min(period.end, now),
        "area": question.area_path, "after_area": after(question.area_path), "target": FIRST_ANSWER_TARGET,
    }  # fmt: skip
    visible = named(visible, seen, "seen", values)
    units = question.by in BY_UNITS or question.organisation or question.post or question.mine
    conditions = [
        visible, COUNTED, "c.parts = 0" if units else "c.parent IS NULL",
        "c.path >= %(area)s AND c.path < %(after_area)s",
        *_filters(question, by, values),
    ]  # fmt: skip
    joins = ""
    if question.class_prefix or question.by in ("class", "major") or question.without_confidential:
        joins = "LEFT JOIN cases_class k ON k.id = c.case_class"
    if question.by == "major":
        joins += " LEFT JOIN cases_class m ON m.id = coalesce(k.parent_id, k.id)"
    return Asked(joins, conditions, GROUPINGS[question.by].key if question.by else "''", values)


def named(sql: str, given: Sequence[Any], name: str, values: dict[str, Any]) -> str:
    """A condition with its values under names; they are added to `values`."""
    for number, value in enumerate(given):
        sql = sql.replace("%s", f"%({name}_{number})s", 1)
        values[f"{name}_{number}"] = value
    return sql


def _filters(question: Question, by: Mandate, values: dict[str, Any]) -> list[str]:
    found = []
    if question.class_prefix:
        found.append("k.code >= %(prefix)s AND k.code < %(after_prefix)s")
        values |= {"prefix": question.class_prefix, "after_prefix": after(question.class_prefix)}
    if question.without_confidential:
        found.append("coalesce(k.confidentiality, 'public') <> 'confidential'")
    for column in ("source", "tier", "organisation", "post"):
        if value := getattr(question, column):
            found.append(f"c.{column} = %({column})s")
            values[column] = value
    if question.personal:
        if by.actor is None:
            raise Forbidden("A person's figures are read by that person only.", field="by", value="person")
        found.append("c.handler = %(actor)s")
        values["actor"] = by.actor
    return found


def recurring(question: Question) -> dict[str, Any]:
    """The values that `bases.came_back` takes beside the period's."""
    root = root_of(question.area_path)
    return {"root": root, "after_root": after(root), "back": BACK_WITHIN}

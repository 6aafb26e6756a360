"""What every clause shares: a kind, an id, a check of its values, and sentences in two languages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import msgspec

from wangge.base.errors import InvalidInput
from wangge.kernel.duties.catalogue import POSTS

Source = Literal["city", "district", "subdistrict", "sample"]
COUNTED: tuple[Source, ...] = ("city", "district", "subdistrict", "sample")
SOURCES = (*COUNTED, "self")
"""Who found it. `self` is what people reported or fixed themselves: no policy can count it against them."""

SOURCE_ZH = {"city": "市", "district": "区", "subdistrict": "街道", "sample": "盲抽", "self": "自查"}
ROUNDING_ZH = {"floor": "不足一档不计", "ceiling": "不足一档按一档", "half_up": "四舍五入", "pro_rata": "按比例"}


class Sentence(NamedTuple):
    """One explanation in Chinese and in English."""

    zh: str
    en: str


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A name in two languages; without an English one the Chinese stands."""

    zh: str
    en: str = ""

    @property
    def english(self) -> str:
        """The English one, or the Chinese."""
        return self.en or self.zh


class Clause(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """A clause of a policy; `id` names it in lines (default: its kind)."""

    id: str = ""

    @property
    def kind(self) -> str:
        """The code of its kind."""
        return str(type(self).__struct_config__.tag)

    @property
    def name(self) -> str:
        """Its id, or its kind."""
        return self.id or self.kind

    def check(self, at: str) -> None:
        """Raise `InvalidInput` that names the value below the field `at` and what would be right."""


def check_some(values: Sequence[object], field: str, expected: str) -> None:
    """A list must hold something, and nothing twice."""
    if not values or len(set(values)) != len(values):
        raise InvalidInput("The list is empty or names something twice.", field=field,
                           value=", ".join(map(str, values)) or "[]", expected=expected)


def check_post(code: str, field: str) -> None:
    """A post must be one of the catalogue."""
    if code not in POSTS:
        raise InvalidInput("There is no such post.", field=field, value=code, expected="one of " + ", ".join(POSTS))


def post_zh(code: str) -> str:
    """The Chinese name of a post."""
    return POSTS[code].name if code in POSTS else code


def post_en(code: str) -> str:
    """The English name of a post."""
    return POSTS[code].name_en if code in POSTS else code
